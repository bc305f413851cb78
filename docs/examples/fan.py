#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a results file with xarray and draws the fan of reserve months with matplotlib.

    python3 docs/examples/fan.py results/zhejiang.h5 --policy unified_2029 --region 330800 -o fan.png
    python3 docs/examples/fan.py results/zhejiang.h5 --csv          prints the numbers that it draws

Debian: python3-xarray python3-h5netcdf python3-matplotlib."""
import argparse
import sys

import xarray

parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("--policy", default=None, help="default: the baseline")
parser.add_argument("--scheme", default="employee", choices=("employee", "resident", "both"))
parser.add_argument("--region", default=None, help="identifier or English name; default: the whole, which is last")
parser.add_argument("-o", "--output", default="fan.png")
parser.add_argument("--csv", action="store_true")
args = parser.parse_args()

root = xarray.open_dataset(args.file, engine="h5netcdf")
policy = args.policy or root.attrs["baseline"]
fund = xarray.open_dataset(args.file, group="policy/%s/%s" % (policy, args.scheme), engine="h5netcdf")
areas = xarray.open_dataset(args.file, group="areas", engine="h5netcdf")
names = dict(zip(areas.region.values, areas.name_en.values))
region = args.region or areas.region.values[-1]
if region not in names:
    found = [key for key, name in names.items() if name.lower() == region.lower()]
    if not found:
        sys.exit("region %s is unknown; known: %s" % (region, ", ".join(names.values())))
    region = found[0]

months = fund.reserve_months_quantile.sel(region=region)
central = fund.reserve_months.sel(region=region, statistic="central")

if args.csv:
    print("year,q0.05,q0.25,q0.5,q0.75,q0.95,central")
    for year in fund.year.values:
        row = [float(months.sel(year=year, quantile=q)) for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
        print(int(year), *("%.9g" % x for x in row + [float(central.sel(year=year))]), sep=",")
    sys.exit(0)

import matplotlib  # noqa: E402  (only where a picture is wanted)

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

figure, axes = plt.subplots(figsize=(8, 5))
for low, high, opacity, label in ((0.05, 0.95, 0.22, "5 to 95 % of paths"), (0.25, 0.75, 0.4, "25 to 75 % of paths")):
    axes.fill_between(fund.year, months.sel(quantile=low), months.sel(quantile=high), color="#0072B2", alpha=opacity,
                      linewidth=0, label=label)
axes.plot(fund.year, months.sel(quantile=0.5), color="#0072B2", linewidth=2, label="median")
axes.plot(fund.year, central, color="black", linestyle="--", linewidth=1.2, label="central path")
axes.axhline(0, color="black", linewidth=0.8)
if fund.year.max() > 2040:
    axes.axvspan(2040.5, fund.year.max(), color="0.94", zorder=0)
    axes.set_xlabel("shaded: present rules unchanged, not a forecast")
axes.set_ylabel("months of reserve")
axes.set_title("%s, %s, policy %s" % (names[region], args.scheme, policy))
axes.legend(frameon=False, loc="lower left")
figure.text(0.01, 0.01, "%s paths, seed %s; %s" % (root.attrs["paths"], root.attrs["seed"], root.attrs["source"]), size=7)
figure.tight_layout(rect=(0, 0.02, 1, 1))
figure.savefig(args.output, dpi=150)
