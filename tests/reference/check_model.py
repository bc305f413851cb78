#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redoes a results file from its own /inputs, path by path, with a program that shares no code with poolcast, and compares.

    poolcast run scenarios/smoke --save-paths 64 -o smoke.h5
    python3 tests/reference/check_model.py smoke.h5

Needs Python 3.8, NumPy, h5py. A policy with a layer, lever or rule that is not redone here is reported as "not checked" and
counts as a failure. Compares the saved paths, the central path, tables and calibrated constants; where every
path was saved, the statistics too. Ends with 0 when everything agrees, else 1. Differences of paths and of the central path are
relative to the cell itself; those of balances and transfers, which pass through 0, to the larger of the cell and its
revenue; those of /inputs to the largest value of the data set.
"""
import sys

import h5py
import numpy as np

import model
import philox
import pooling

TOLERANCE = 1e-9


class Report:
    def __init__(self):
        self.failed, self.rows, self.skipped = 0, 0, 0

    def skip(self, policy, piece):
        self.skipped += 1
        print(f"not checked: {policy} ({piece})")

    def line(self, name, worst, limit, note=""):
        bad = not worst <= limit  # NaN fails
        self.failed += bad
        self.rows += 1
        print(f"{'FAIL' if bad else 'ok':4}  {name:58} {worst:10.2e}  (limit {limit:.0e}) {note}")

    def compare(self, name, found, file, limit=TOLERANCE, scale=None):
        """Worst difference of two arrays; missing values must be missing in both."""
        found, file = np.asarray(found, float), np.asarray(file, float)
        if found.shape != file.shape:
            self.line(name, np.inf, limit, f"shape {found.shape}, in the file {file.shape}")
            return
        if np.any(np.isnan(found) != np.isnan(file)):
            self.line(name, np.inf, limit, "missing values differ")
            return
        size = np.nanmax(np.abs(file), initial=0) if scale is None else scale
        difference = np.abs(np.nan_to_num(found) - np.nan_to_num(file))
        self.line(name, float(np.max(np.where(difference > 0, difference / np.where(size > 0, size, 1), 0), initial=0)), limit)


class World:
    """The people, economy and flows of a set of paths (None: the central path) under every membership rule."""

    def __init__(self, inputs, rho, e, cap, paths, closed_weight):
        self.drivers = drivers = model.Drivers(inputs, paths)
        self.people, shift, self.bounded = model.run_people(inputs, drivers, closed_weight)
        self.economy = model.run_economy(inputs, drivers)
        self.factors = model.base_factors(inputs, drivers)
        self.sums = [[model.exposure_sums(inputs, n, d, m[t], r[t]) for t, (n, d) in enumerate(zip(self.people, shift))]
                     for m, r in zip(e, rho)]
        self.cohorts = [dict(sums) for sums in self.sums[0][:2]]  # what constants are fitted with
        for rule, sums in enumerate(self.sums):
            model.more_retirees(inputs, drivers, sums, e[rule], rho[rule])
        self.flows = [model.run_schemes(inputs, drivers, self.factors, sums, c, self.economy)
                      for sums, c in zip(self.sums, cap)]

    def parts(self, rule):
        """What a policy is run on."""
        return self.drivers, self.flows[rule], self.economy, self.factors

    def rows(self, of_year):
        """[path, region, year 1 .. H] from a function of the year."""
        return np.stack([of_year(t) for t in range(1, len(self.people))], axis=-1)


def check_tables(report, inputs):
    """Streams, membership tables; returns rho, e, cap, each [rule]."""
    report.line("streams by name (number wrong)", model.check_streams(inputs), 0)
    m = inputs.membership
    for rule in range(len(m["pension_age"])):
        ages = model.pension_ages(inputs, rule)
        if ages is not None:
            report.compare(f"membership: pension ages of rule {rule}", ages, m["pension_age"][rule])
    rho = [model.retired_part(inputs, ages) for ages in m["pension_age"]]
    e = [model.membership_later(inputs, m["membership_fraction"][0, 0], vesting) for vesting in m["vesting"]]
    cap = [np.minimum(inputs.numbers["employment.max"], 1 / np.max(x[:, :, None] * (1 - r[:, None]), axis=(2, 3)))
           for x, r in zip(e, rho)]
    report.compare("membership: rho", rho, m["retired_part"])
    report.compare("membership: e", e, m["membership_fraction"])
    report.compare("membership: employment cap", cap, m["employment_cap"])
    profile = model.step_table(inputs, "age_from", "profile")
    if profile is not None:
        c = inputs.calibration
        start = [model.base_profile(inputs, p, a, b) for p, a, b in zip(profile, c["lambda"], c["mu"])]
        report.compare("membership: e of the base year from lambda and mu", start, m["membership_fraction"][0, 0])
    report.compare("migration shares sum to 1, none at age 0",
                   [inputs.people["migration_share"].sum(), inputs.people["migration_share"][:, 0].sum()], [1, 0])
    report.compare("fertility shares sum to 1", inputs.people["fertility_share"][15:50].sum(), 1)
    return rho, e, cap


def areas(file, regions):
    """Membership of areas [area, region] in the order of the results."""
    member = file["areas/member"][()].astype(float)
    assert member.shape[1] == len(regions)
    return member


def to_areas(member, x):
    return np.einsum("ar,pry->pay", member, x)


def check_people(report, file, world, central, member):
    for name, of_year in (
            ("population", lambda w: lambda t: w.people[t].sum(axis=(2, 3))),
            ("contributors", lambda w: lambda t: w.flows[0][t][0]["contributors"]),
            ("retirees", lambda w: lambda t: w.flows[0][t][0]["retirees"]),
            ("residents", lambda w: lambda t: w.flows[0][t][1]["members"])):
        middle = to_areas(member, central.rows(of_year(central)))
        report.compare(f"people/{name} central", middle[0], file[f"people/{name}"][3], scale=np.abs(middle[0]))
        if world:
            found = to_areas(member, world.rows(of_year(world)))
            report.compare(f"paths/people/{name}", found, file[f"paths/people/{name}"][()], scale=np.abs(found))
    baseline = file.attrs["baseline"]
    account = to_areas(member, central.rows(lambda t: central.flows[0][t][0]["account"]))[0]
    report.compare("individual accounts central", account, file[f"policy/{baseline}/employee/account_balance"][3])
    wage = central.rows(lambda t: central.economy[t]["wage"])[0]
    report.compare("economy/wage central, regions", wage, file["economy/wage"][3][:len(wage)])
    report.compare("economy/interest central", [w["interest"][0] for w in central.economy[1:]], file["economy/interest"][3])


DATASETS = ("revenue", "expenditure", "balance", "transfer")


def view_rows(result, name, view):
    schemes = (0, 1) if view == "both" else (pooling.SCHEMES.index(view),)
    return sum(np.stack([out[name] for out in result[s]["years"]], axis=-1) for s in schemes)


def check_policy(report, file, inputs, number, central, paths, member):
    name = inputs.policies[number]
    for s, scheme in enumerate(pooling.SCHEMES):
        for flow in ("revenue", "expenditure"):
            report.compare(f"inputs central_{flow} {name}/{scheme}", central[s]["growth"][flow],
                           inputs[f"policies/central_{flow}"][number, s])
    account = to_areas(member, np.stack([out["account"] for out in central[pooling.EMPLOYEE]["years"]], axis=-1))[0]
    stored = f"policy/{name}/employee/account_balance"
    if stored in file:
        report.compare(f"{stored} central", account, file[stored][3], scale=np.abs(account))
    for view in ("employee", "resident", "both"):
        for data in DATASETS:
            stored = {"transfer": "net_transfer"}.get(data, data)
            for label, group, result in (("central", f"policy/{name}/{view}/{stored}", central),
                                         ("", f"paths/{name}/{view}/{data}", paths)):
                if result is None:
                    continue
                found = to_areas(member, view_rows(result, data, view))
                scale = np.abs(found)
                if data in ("balance", "transfer"):
                    scale = np.maximum(scale, to_areas(member, view_rows(result, "revenue", view)))
                if label:
                    report.compare(f"{group} central", found[0], file[group][3], scale=scale[0])
                else:
                    report.compare(group, found, file[group][()], scale=scale)


def main(filename):
    philox.self_test()
    inputs = model.Inputs(filename)
    report = Report()
    with h5py.File(filename) as file:
        member = areas(file, inputs.regions)
        rho, e, cap = check_tables(report, inputs)
        first = World(inputs, rho, e, cap, None, None)
        closed_weight = model.closed_weights(first.people)
        if "people/closed_weight" in inputs:
            report.compare("inputs closed_weight", closed_weight, inputs["people/closed_weight"])
        central = first
        for name, (found, stored) in model.recalibrate(inputs, *central.cohorts).items():
            report.compare(f"calibration: {name}", found, stored)
        n_saved = len(file["paths/people/path"]) if "paths" in file else 0
        world = World(inputs, rho, e, cap, np.arange(n_saved), closed_weight) if n_saved else None
        check_people(report, file, world, central, member)
        results = []
        for number, name in enumerate(inputs.policies):
            rule = inputs["policies/rule"][number]
            try:
                pooling.check_known(inputs, number)
            except pooling.Unknown as piece:
                report.skip(name, piece)
                continue
            middle, saved = pooling.run_policy(inputs, number, *central.parts(rule), None), None
            if world:
                saved = pooling.run_policy(inputs, number, *world.parts(rule), middle)
            check_policy(report, file, inputs, number, middle, saved, member)
            results.append((name, saved))
        if inputs.attributes["baseline"] not in [name for name, _ in results]:
            report.skip("statistics", "the baseline is not checked")
        elif n_saved and n_saved == int(inputs.attributes["paths"]):
            import statistics_check
            statistics_check.check(report, file, inputs, results, world, member)
    print(f"{report.rows} comparisons, {report.failed} failed; {n_saved} paths; {report.skipped} policies not checked")
    return 1 if report.failed or report.skipped else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
