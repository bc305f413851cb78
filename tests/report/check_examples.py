# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of docs/examples: the numbers they draw are the file's, and a picture comes out.

usage: check_examples.py python|r RESULTS.h5 FOLDER WORKDIR"""
import csv
import io
import os
import shutil
import subprocess
import sys

kind, results, folder, work = sys.argv[1:]
try:
    import h5py
    if kind == "python":
        import matplotlib  # noqa: F401
        import xarray  # noqa: F401
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)
if kind == "r" and (not shutil.which("Rscript") or
                    subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode != 0):
    print("skipped: R or its package ncdf4 is missing")
    sys.exit(77)
os.makedirs(work, exist_ok=True)
picture = os.path.join(work, kind + ".png")
with h5py.File(results) as f:
    policy, region = f.attrs["baseline"], f["areas/region"][()][1].decode()
    group = f["policy/%s/resident" % policy]
    years, quantiles = group["year"][()], group["quantile"][()]
    expected = [list(group["reserve_months_quantile"][[i for i, q in enumerate(quantiles)
                                                       if q in (0.05, 0.25, 0.5, 0.75, 0.95)], 1, t]) +
                [group["reserve_months"][3, 1, t]] for t in range(len(years))]
if kind == "python":
    command = [sys.executable, os.path.join(folder, "fan.py"), results, "--policy", policy, "--scheme", "resident",
               "--region", region]
    numbers, draw = command + ["--csv"], command + ["-o", picture]
else:
    command = ["Rscript", os.path.join(folder, "fan.R"), results, policy, "resident", region]
    numbers, draw = command + ["-"], command + [picture]
text = subprocess.run(numbers, check=True, capture_output=True, text=True).stdout
rows = list(csv.reader(io.StringIO(text)))[1:]
assert [int(r[0]) for r in rows] == list(years)
for row, values in zip(rows, expected):
    for cell, value in zip(row[1:], values):
        assert abs(float(cell) - value) <= 2e-6 * max(1.0, abs(value)), (row, values)
subprocess.run(draw, check=True)
with open(picture, "rb") as file:
    assert file.read(8) == b"\x89PNG\r\n\x1a\n"
assert os.path.getsize(picture) > 15000
shutil.rmtree(work)
print("%s: %d years agree" % (kind, len(rows)))
