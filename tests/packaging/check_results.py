#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of scenarios/smoke, as the program writes them, opened by h5py, netCDF4, xarray (both engines) and ncdump: named
dimensions and coordinates everywhere, the same numbers from every reader and from `poolcast show --csv`. Exit 77 without
the packages.

usage: check_results.py PROGRAM SOURCE
"""
import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import h5netcdf  # noqa: F401  (an engine of xarray)
    import h5py
    import netCDF4
    import numpy as np
    import xarray
except ImportError as error:
    other = "/usr/bin/python3"  # the distribution's, where another one comes first on PATH
    if os.path.realpath(sys.executable) != os.path.realpath(other) and os.path.exists(other):
        os.execv(other, [other] + sys.argv)
    print("skipped:", error)
    sys.exit(77)

ENGINES = ("netcdf4", "h5netcdf")
REGIONS = ["R1", "R2", "R3", "smoke"]
YEARS = list(range(2025, 2045))
POLICIES = ("city", "adjustment", "unified")
SCHEMES = ("employee", "resident", "both")
STATISTICS = ["mean", "sd", "se", "central"]
N_PATHS, N_SAVED = 300, 5


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def groups():
    yield from (f"policy/{policy}/{scheme}" for policy in POLICIES for scheme in SCHEMES)
    yield from (f"difference/{policy}/{scheme}" for policy in POLICIES[1:] for scheme in SCHEMES)


def check_h5py(path):
    """Each dataset of a result group carries the scales of its dimensions, units and a long name."""
    with h5py.File(path, "r") as file:
        assert file.attrs["Conventions"] == "CF-1.10" and file.attrs["complete"] == 1
        assert file.attrs["paths"] == N_PATHS and file.attrs["baseline"] == "city"
        seen = 0
        for name in [*groups(), "people", "economy"]:
            group = file[name]
            for key, data in group.items():
                if h5py.h5ds.is_scale(data.id):
                    continue
                seen += 1
                scales = [axis[0].name.split("/")[-1] for axis in data.dims]
                assert scales == [axis.label for axis in data.dims], (name, key, scales)
                assert all(axis[0].parent == group for axis in data.dims), (name, key)
                assert "long_name" in data.attrs and data.attrs["long_name"], (name, key)
                assert data.dtype.kind == "O" or np.isnan(data.attrs["_FillValue"]).all(), (name, key)
        assert seen > 100, seen
        return {name: file[name]["balance"][:] for name in groups()}


def check_netcdf4(path, balance):
    with netCDF4.Dataset(path) as file:
        for name in groups():
            data = file[name]["balance"]
            assert data.dimensions == ("statistic", "region", "year"), name
            assert data.units == "yuan"
            np.testing.assert_array_equal(np.ma.filled(data[:], np.nan), balance[name])
            assert list(file[name]["region"][:]) == REGIONS and list(file[name]["year"][:]) == YEARS


def check_xarray(path, engine, balance):
    for name in groups():
        with xarray.open_dataset(path, group=name, engine=engine) as data:
            assert data.balance.dims == ("statistic", "region", "year"), (engine, name)
            assert list(data.region.values) == REGIONS and list(data.year.values) == YEARS, (engine, name)
            assert list(data.statistic.values) == STATISTICS, (engine, name)
            assert data.balance_quantile.dims == ("quantile", "region", "year")
            np.testing.assert_array_equal(data.balance.values, balance[name])
            for key, variable in data.data_vars.items():
                assert set(variable.dims) <= set(data.coords), (engine, name, key, variable.dims)
            for key in ("depleted_by", "deficit", "member_weighted_depletion"):
                assert key in data and key + "_se" in data, (engine, name, key)
    with xarray.open_dataset(path, group="policy/city/employee", engine=engine) as data:
        chance = data.depleted_by
        assert chance.dims == ("region", "year") and chance.attrs["long_name"].startswith("probability")
        assert float(chance.min()) >= 0 and float(chance.max()) <= 1
        assert bool((chance.diff("year") >= 0).all()), "by a year never falls"
        quantile = data.balance_quantile.sel(region="R2", year=2040).values
        assert (np.diff(quantile) > 0).all(), quantile
    with xarray.open_dataset(path, group="paths/city/employee", engine=engine) as data:
        assert data.balance.dims == ("path", "region", "year") and data.sizes["path"] == N_SAVED
        whole = data.balance.sel(region="smoke").values
        parts = data.balance.sel(region=REGIONS[:3]).sum("region").values
        np.testing.assert_allclose(whole, parts, rtol=1e-12, atol=1)


def check_difference(path):
    """A difference is what its name says, on the means."""
    def balance(group):
        with xarray.open_dataset(path, group=group, engine="netcdf4") as data:
            return data.balance.sel(statistic="mean").values

    for policy in POLICIES[1:]:
        minus = balance(f"policy/{policy}/employee") - balance("policy/city/employee")
        np.testing.assert_allclose(balance(f"difference/{policy}/employee"), minus, rtol=1e-9, atol=1e3)


def check_show(program, path):
    """The program's own reader gives the same numbers."""
    rows = list(csv.DictReader(io.StringIO(run(program, "show", path, "--csv", "--what", "reserve_months,deficit",
                                               "--year", "2040"))))
    assert len(rows) == len(POLICIES) * len(SCHEMES) * len(REGIONS) * (len(STATISTICS) + 2), len(rows)
    for name in {f"policy/{row['policy']}/{row['scheme']}" for row in rows}:
        with xarray.open_dataset(path, group=name, engine="netcdf4") as data:
            check_rows(data.load(), [row for row in rows if f"policy/{row['policy']}/{row['scheme']}" == name])


def check_rows(data, rows):
    for row in rows:
        place = {"region": row["region"], "year": int(row["year"])}
        if row["measure"] == "deficit":
            value = data["deficit" if row["statistic"] == "mean" else "deficit_se"].sel(place)
        else:
            value = data.reserve_months.sel(dict(place, statistic=row["statistic"]))
        wanted = float(row["value"]) if row["value"] else float("nan")
        np.testing.assert_allclose(float(value), wanted, rtol=1e-6)


def check_ncdump(path):
    if not shutil.which("ncdump"):
        print("ncdump is not installed: left out")
        return
    header = run("ncdump", "-h", path)
    for part in ("group: policy", "group: city", "group: employee", "string region(region)", "int64 year(year)",
                 "double balance(statistic, region, year)", "float balance_quantile(quantile, region, year)",
                 "double depleted_by(region, year)", 'string :Conventions = "CF-1.10"', "group: paths"):
        assert part in header, part + " is not in\n" + header
    assert "phony" not in header, "a dimension without a name"
    values = run("ncdump", "-v", "/policy/city/employee/region", path)
    assert '"R1", "R2", "R3", "smoke"' in values


def check_documented(path, source):
    """Every dataset's name stands in docs/results.md, or that of which it is the error, quantile or bound."""
    with open(os.path.join(source, "docs/results.md"), encoding="utf-8") as file:
        text = file.read()  # names in `` and, of axes, in brackets
        named = set(re.findall(r"[a-z][a-z_0-9]*", " ".join(re.findall(r"`[^`]*`|\([^)]*\)", text))))
    missing = set()

    def look(name, item):
        if isinstance(item, h5py.Dataset):
            own = re.sub(r"(_quantile_rank_bound|_quantile|_controlled|_se|_gain)+$", "", name.split("/")[-1])
            if own not in named:
                missing.add(own)

    with h5py.File(path, "r") as file:
        file.visititems(look)
    assert not missing, sorted(missing)


def main():
    program, source = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "smoke.h5")
        run(program, "run", os.path.join(source, "scenarios/smoke"), "-q", "--paths", str(N_PATHS), "--save-paths",
            str(N_SAVED), "-o", path)
        balance = check_h5py(path)
        check_netcdf4(path, balance)
        for engine in ENGINES:
            check_xarray(path, engine, balance)
        check_difference(path)
        check_show(program, path)
        check_ncdump(path)
        check_documented(path, source)
    print("all readers agree on real results")


main()
