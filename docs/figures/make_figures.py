#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the README from a results file of scenarios/zhejiang:

    docs/figures/make_figures.py results/zhejiang.h5 docs/figures/zhejiang.svg

Left: member-weighted chance that a fund has run out by a year, one line a policy, with a band of two standard errors each way.
Right: reserve months of Quzhou alone and as a member of one provincial fund: 5, 25, 50, 75 and 95 % of paths.
"""
import sys

import matplotlib

matplotlib.use("svg")
import h5py  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402

LAST = 2050
REGION = "330800"  # Quzhou
POLICIES = [  # name, label, colour, dash
    ("city_old_ages", "city level, old pension ages", "#8c8c8c", (0, (5, 2))),
    ("city", "city level", "#c1272d", "solid"),
    ("zhejiang_2025", "adjustment fund of 2025", "#e08a00", "solid"),
    ("unified_2029", "one fund from 2029", "#0b6e99", "solid"),
]


def depletion(axes, file):
    for name, label, colour, dash in POLICIES:
        group = file[f"policy/{name}/employee"]
        year = group["year"][:]
        keep = year <= LAST
        chance = 100 * group["member_weighted_depletion_by"][:][keep]
        error = 100 * group["member_weighted_depletion_by_se"][:][keep]
        axes.fill_between(year[keep], chance - 2 * error, chance + 2 * error, color=colour, alpha=0.3, linewidth=0)
        axes.plot(year[keep], chance, color=colour, linestyle=dash, linewidth=1.4, label=label)
    axes.set_title("Chance that a member's fund has run out, employees")
    axes.set_ylabel("% of members (band: ±2 standard errors)")
    axes.set_ylim(0, 100)
    axes.legend(loc="upper left", frameon=False)


def fan(axes, file):
    for name, label, colour, _ in (POLICIES[1], POLICIES[3]):
        group = file[f"policy/{name}/employee"]
        year, region = group["year"][:], [text.decode() for text in group["region"][:]]
        level = group["quantile"][:]
        keep = year <= LAST
        months = group["reserve_months_quantile"][:, region.index(REGION), :][:, keep]

        def row(p):
            return months[abs(level - p).argmin()]

        axes.fill_between(year[keep], row(0.05), row(0.95), color=colour, alpha=0.15, linewidth=0)
        axes.fill_between(year[keep], row(0.25), row(0.75), color=colour, alpha=0.3, linewidth=0)
        axes.plot(year[keep], row(0.5), color=colour, linewidth=1.4, label=label)
    axes.axhline(0, color="black", linewidth=0.6)
    axes.set_title("Quzhou's reserve: 5, 25, 50, 75, 95 % of paths")
    axes.set_ylabel("months of expenditure (below 0: debt)")
    axes.legend(loc="lower left", frameon=False)


def main():
    source, target = sys.argv[1:]
    # Text stays text and ids don't change from run to run: equal results give an equal file.
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "poolcast", "font.family": "sans-serif",
                         "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"], "font.size": 8.5,
                         "axes.titlesize": 9.5, "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    with h5py.File(source, "r") as file:
        depletion(left, file)
        fan(right, file)
        paths, seed = int(file.attrs["paths"]), file.attrs["seed"]
    for axes in (left, right):
        axes.grid(color="#dddddd", linewidth=0.5)
        axes.axvspan(2040, LAST, color="#000000", alpha=0.04, linewidth=0)
        axes.set_xlim(2025, LAST)
        axes.text(2040.3, 0.02, "present rules unchanged", transform=axes.get_xaxis_transform(), color="#666666")
    figure.text(0.995, 0.005, f"scenarios/zhejiang, {paths:,} paths, seed {seed}; cities' accounts are estimates",
                ha="right", fontsize=7, color="#666666")
    figure.patch.set_facecolor("white")
    figure.tight_layout(rect=(0, 0.02, 1, 1))
    figure.savefig(target, metadata={"Date": None})


main()
