# SPDX-License-Identifier: GPL-3.0-or-later
"""The workbook in LibreOffice, without a screen: it opens, every sheet comes over, and the charts are drawn.

usage: check_workbook_opens.py POOLCAST RESULTS.h5 WORKDIR"""
import csv
import os
import shutil
import subprocess
import sys
import zipfile

program, results, work = sys.argv[1:]
office, to_picture = shutil.which("soffice"), shutil.which("pdftoppm")
if not office or not to_picture:
    print("skipped: LibreOffice Calc or poppler-utils is missing")
    sys.exit(77)
try:
    import numpy as np
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
book = os.path.join(work, "book.xlsx")
subprocess.run([program, "export", results, "--xlsx", book, "--scheme", "employee"], check=True,
               env={**os.environ, "LANGUAGE": "en"})


def convert(to):
    subprocess.run([office, "-env:UserInstallation=file://" + os.path.abspath(work) + "/profile", "--headless",
                    "--convert-to", to, "--outdir", work, book], check=True, stdout=subprocess.DEVNULL, timeout=300)


with zipfile.ZipFile(book) as zipped:
    n_sheets = sum(x.startswith("xl/worksheets/sheet") for x in zipped.namelist())
    n_charts = sum(x.startswith("xl/charts/chart") for x in zipped.namelist())
# every sheet as a table: nothing was dropped in a repair, no formula broke
convert("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
tables = {name[len("book-"):-4]: name for name in os.listdir(work) if name.startswith("book-") and name.endswith(".csv")}
assert len(tables) == n_sheets, (sorted(tables), n_sheets)
for sheet, name in tables.items():
    with open(os.path.join(work, name), encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows and any(rows[0]), sheet
    for row in rows:
        assert not any(cell.startswith(("#", "Err:")) and cell[1:4].isupper() for cell in row), (sheet, row)
with open(os.path.join(work, tables["Months"]), encoding="utf-8") as file:
    assert sum(1 for _ in csv.reader(file)) > 100
convert("ods")
with zipfile.ZipFile(os.path.join(work, "book.ods")) as zipped:
    drawn = [x for x in zipped.namelist() if x.startswith("Object ") and x.endswith("/content.xml")]
    assert len(drawn) == n_charts, (len(drawn), n_charts)
convert("pdf")
subprocess.run([to_picture, "-r", "50", "-l", "12", os.path.join(work, "book.pdf"), os.path.join(work, "page")], check=True)
lines = {"blue": (0x00, 0x72, 0xB2), "orange": (0xD5, 0x5E, 0x00)}
found = dict.fromkeys(lines, 0)
for name in sorted(os.listdir(work)):
    if name.endswith(".ppm"):
        with open(os.path.join(work, name), "rb") as file:
            magic, size, depth = file.readline().strip(), file.readline().split(), file.readline().strip()
            assert magic == b"P6" and depth == b"255"
            pixels = np.frombuffer(file.read(), np.uint8).reshape(int(size[1]), int(size[0]), 3).astype(int)
        for color, rgb in lines.items():
            found[color] += int((np.abs(pixels - np.array(rgb)).max(axis=2) < 40).sum())
assert all(n > 300 for n in found.values()), found
print("%d sheets, %d charts, pixels of lines: %s" % (n_sheets, n_charts, found))
shutil.rmtree(work)
