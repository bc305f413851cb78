# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the file of make_sample as others would: h5py, netCDF4, h5netcdf, xarray with both engines, ncdump.

usage: check_netcdf.py FILE [MAKE_SAMPLE]     MAKE_SAMPLE, when given, is run first to write FILE
Exit code 77 when the Python packages are missing: CTest's SKIP_RETURN_CODE.
"""
import os
import shutil
import subprocess
import sys

try:
    import h5netcdf
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

GROUPS = ["policy/baseline/employee", "policy/全国统筹/employee"]
REGIONS = ["东部", "中部", "西部", "whole"]
STATISTICS = ["mean", "sd", "se", "central"]


def check_h5py(path):
    with h5py.File(path, "r") as file:
        assert file.attrs["Conventions"] == "CF-1.10" and file.attrs["title"] == "样本 sample"
        assert file.attrs["seed"] == 42 and file.attrs["scale"] == 0.25
        assert file.attrs["history"] == ""
        for g, name in enumerate(GROUPS):
            group = file[name]
            balance = group["balance"]
            assert balance.shape == (4, 4, 40) and balance.dtype == "<f8"
            assert balance.compression == "gzip" and balance.compression_opts == 1
            assert balance.shuffle and balance.fletcher32
            assert [d.label for d in balance.dims] == ["statistic", "region", "year"]
            assert [d[0].name.split("/")[-1] for d in balance.dims] == ["statistic", "region", "year"]
            assert [t.decode() for t in balance.dims[1][0][:]] == REGIONS
            assert h5py.h5ds.is_scale(group["year"].id) and list(group["year"][:3]) == [2024, 2025, 2026]
            assert np.isnan(balance.fillvalue) and np.isnan(balance.attrs["_FillValue"][0])
            assert group["balance_quantile"].attrs["_FillValue"].dtype == "<f4"
            assert np.isnan(balance[0, 0, 7]) and balance[1, 0, 0] == 160 + 1000 * g
            assert "_FillValue" not in group["depleted"].attrs
            assert group["depleted"].attrs["flag_values"].dtype == "u1"
            assert list(group["depleted"].attrs["flag_values"]) == [0, 1]
            assert [t.decode() for t in group["note"][:]] == ["", "第二个", "", ""]
            assert list(group)[:3] == ["statistic", "region", "year"], "creation order"
            uses = [file[reference].name for reference, _ in group["region"].attrs["REFERENCE_LIST"]]
            assert [u.split("/")[-1] for u in uses] == ["balance", "balance_quantile", "depleted", "note"]
        assert file["quality/n_paths"][()] == 4096
        assert file["inputs/scenario"][()].decode() == "title: 样本\nseed: 42\n"


def check_netcdf4(path):
    with netCDF4.Dataset(path) as file:
        assert file.Conventions == "CF-1.10" and file.seed == 42
        group = file[GROUPS[1]]
        assert list(group.dimensions) == ["statistic", "region", "year", "quantile"]
        assert group["balance"].dimensions == ("statistic", "region", "year")
        assert list(group["region"][:]) == REGIONS
        assert list(group["note"][:]) == ["", "第二个", "", ""]
        assert group["balance"][:].mask.sum() == 1
        assert group["balance"].filters()["fletcher32"] and group["balance"].filters()["shuffle"]
        assert list(group["depleted"].flag_values) == [0, 1]
        assert list(file["paths"].dimensions) == ["path", "year"]
        assert list(file["paths"].variables) == ["year", "revenue"]


def check_h5netcdf(path):
    with h5netcdf.File(path, "r") as file:
        group = file[GROUPS[0]]
        assert group["balance"].dimensions == ("statistic", "region", "year")
        assert sorted(group.dimensions) == ["quantile", "region", "statistic", "year"]
        assert file["paths"]["revenue"].dimensions == ("path", "year")


def check_xarray(path, engine):
    for g, name in enumerate(GROUPS):
        with xarray.open_dataset(path, group=name, engine=engine) as data:
            assert data.balance.dims == ("statistic", "region", "year")
            assert sorted(data.coords) == ["quantile", "region", "statistic", "year"], list(data.coords)
            assert list(data.region.values) == REGIONS and list(data.statistic.values) == STATISTICS
            assert list(data["quantile"].values) == [0.05, 0.5, 0.95]
            assert data.balance.attrs["units"] == "yuan", data.balance.attrs
            assert data.balance.attrs["long_name"] == "balance at year end"
            assert float(data.balance.sel(statistic="sd", region="东部", year=2024)) == 160 + 1000 * g
            assert bool(np.isnan(data.balance.sel(statistic="mean", region="东部", year=2031)))
            assert data.balance_quantile.dims == ("quantile", "region", "year")
            assert data.depleted.dtype == np.uint8 and int(data.depleted.sum()) == 54
            assert list(np.atleast_1d(data.depleted.attrs["flag_values"])) == [0, 1]
            assert list(data.note.values) == ["", "第二个", "", ""]
    with xarray.open_dataset(path, group="paths", engine=engine) as data:
        assert data.revenue.dims == ("path", "year") and list(data.coords) == ["year"]
    with xarray.open_dataset(path, group="quality", engine=engine) as data:
        assert int(data.n_paths) == 4096 and data.n_paths.dims == ()
    with xarray.open_dataset(path, engine=engine) as data:
        assert data.attrs["title"] == "样本 sample" and data.attrs["seed"] == 42


def check_ncdump(path):
    if not shutil.which("ncdump"):
        print("ncdump is not installed: left out")
        return
    header = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
    for part in ["group: employee", "double balance(statistic, region, year)", "path = 5", "string region(region)",
                 "ubyte depleted(region, year)", 'depleted:flag_values = 0UB, 1UB', 'string :Conventions = "CF-1.10"']:
        assert part in header, part + " is not in\n" + header
    subprocess.run(["ncdump", path], check=True, capture_output=True)


def main():
    path = sys.argv[1]
    if len(sys.argv) > 2:
        subprocess.run([sys.argv[2], path], check=True)
    check_h5py(path)
    check_netcdf4(path)
    check_h5netcdf(path)
    check_xarray(path, "netcdf4")
    check_xarray(path, "h5netcdf")
    check_ncdump(path)
    print("all readers agree")


main()
