# SPDX-License-Identifier: GPL-3.0-or-later
"""poolcast export: every number of CSV, JSON and workbook against the results file, and files that must be refused.

usage: check_export.py POOLCAST RESULTS.h5 WORKDIR"""
import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile

try:
    import h5py
    import numpy as np
    import openpyxl

    from sealed import changed
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

program, results, work = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3]


def run(*args, code=0, **more):
    done = subprocess.run([program, *args], capture_output=True, text=True, env={**os.environ, "LANGUAGE": "en"}, **more)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def texts(dataset):
    return [x.decode() for x in dataset[()]]


def same(text, number, dtype):
    """The text of a cell is the number in the precision of the file."""
    if text == "":
        return not np.isfinite(number)
    if dtype == np.float32:
        return np.float32(text) == number
    return float(text) == number


def check_csv(f):
    folder = os.path.join(work, "csv")
    run("export", results, "--csv", folder)
    with open(os.path.join(folder, "dictionary.csv"), encoding="utf-8-sig", newline="") as file:
        dictionary = {row["table"] + ":" + row["measure"]: row for row in csv.DictReader(file)}
    n = tables = 0
    for tree in ("policy", "difference", "people", "economy"):
        for name in sorted(os.listdir(os.path.join(folder, tree))):
            path = os.path.join(folder, tree, name)
            with open(path, "rb") as file:
                assert file.read(3) == b"\xef\xbb\xbf", path
            measure = name[:-4]
            assert dictionary["%s/%s:%s" % (tree, name, measure)]["meaning"], name
            tables += 1
            seen, groups = 0, {}
            with open(path, encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    place = tree if tree in ("people", "economy") else "/".join((tree, row["policy"], row["scheme"]))
                    if place not in groups:
                        g = f[place]
                        groups[place] = (g, texts(g["region"]), {})
                    g, regions, cache = groups[place]
                    statistic, dataset = row["statistic"], measure
                    if statistic.startswith("q"):
                        dataset += "_quantile"
                    elif statistic == "se" and measure + "_se" in g:
                        dataset += "_se"
                    if dataset not in cache:
                        d = g[dataset]
                        cache[dataset] = (d[()], [l.decode() if isinstance(l, bytes) else l
                                                  for l in d.attrs["DIMENSION_LABELS"]], d.dtype, {})
                    data, axes, dtype, where = cache[dataset]
                    index = []
                    for axis in axes:
                        if axis not in where:
                            c = g[axis][()]
                            where[axis] = {(x.decode() if isinstance(x, bytes) else
                                            "q%g" % x if axis == "quantile" else "%g" % x): i for i, x in enumerate(c)}
                        key = {"region": row["region"], "year": row["year"]}.get(axis, row.get(axis, statistic))
                        index.append(where[axis][key])
                    assert same(row["value"], data[tuple(index)], dtype), (path, row, data[tuple(index)])
                    seen += 1
            expected = 0
            for place, (g, _, _) in groups.items():
                expected += g[measure].size
                for ending in ("_se", "_quantile"):
                    expected += g[measure + ending].size if measure + ending in g else 0
            assert seen == expected, (path, seen, expected)
            n += seen
    listed = [k for k in dictionary if k.startswith(("policy/", "difference/", "people/", "economy/"))]
    assert len(listed) == tables
    # a second export over the first, of one policy and two measures
    run("export", results, "--csv", folder, "--policy", texts(f["inputs/policies/policy"])[0], "--what",
        "balance,depleted_by")
    print("CSV: %d numbers in %d tables" % (n, tables))


def check_json(f):
    path = os.path.join(work, "all.json")
    run("export", results, "--json", path)
    with open(path, encoding="utf-8") as file:
        all_of_it = json.load(file)
    assert all_of_it["about"]["seed"] == f.attrs["seed"]
    n = 0
    for place, group in all_of_it["results"].items():
        for name, measure in group.items():
            dataset = f[place][name]
            values = np.array([np.nan if x is None else x for x in np.array(measure["values"], object).ravel()], float)
            expected = dataset[()].ravel()
            assert measure["meaning"] == dataset.attrs["long_name"]
            assert np.array_equal(values.astype(dataset.dtype), expected, equal_nan=True), (place, name)
            n += values.size
    done = run("export", results, "--json", "-", "--what", "balance", "--scheme", "resident")
    assert set(json.loads(done.stdout)["results"][
        "policy/%s/resident" % f.attrs["baseline"]]) == {"balance", "balance_quantile"}
    print("JSON: %d numbers" % n)


def rows_of(sheet):
    rows = sheet.iter_rows(min_row=3, values_only=True)
    header = next(rows)
    return [dict(zip(header, row)) for row in rows]


def close(cell, number, scale=1.0):
    if cell is None:
        return not np.isfinite(number)
    return abs(cell - number * scale) <= 5.1e-9 * abs(number * scale) + 1e-300


def check_workbook(f):
    path = os.path.join(work, "book.xlsx")
    run("export", results, "--xlsx", path)
    book = openpyxl.load_workbook(path, data_only=True)
    n = 0
    names = book.sheetnames
    assert names[:3] == ["README", "Answer", "Charts"], names
    for needed in ("Depletion", "Heat map", "First year", "Winners", "Fan", "Months", "Balance", "Flows", "Chances",
                   "Transfers", "Differences", "Members", "People", "Equity", "Warning bands", "Treasury", "Policies",
                   "Base year", "Parameters", "Quality", "Scenario"):
        assert needed in names, needed
        if needed not in ("Fan", "Quality", "Scenario", "Policies"):
            assert book[needed].freeze_panes and book[needed].auto_filter.ref, needed
    baseline = f.attrs["baseline"]
    schemes = {"employees": "employee", "residents": "resident", "both schemes": "both"}
    regions, names_of = texts(f["areas/region"]), texts(f["areas/name_en"])
    price = dict(zip(f["inputs/prices/input_year"][()], f["inputs/prices/price_level"][()]))
    base_year = f.attrs["base_year"]
    checks = (  # sheet, header, dataset, statistic or quantile, scale, real
        ("Months", "Reserve months, mean (months)", "reserve_months", 0, 1, 0),
        ("Months", "Reserve months, standard error (months)", "reserve_months", 2, 1, 0),
        ("Months", "Reserve months, 5 % quantile (months)", "reserve_months_quantile", 2, 1, 0),
        ("Balance", "Balance, mean (100 million yuan)", "balance", 0, 1e-8, 0),
        ("Balance", "Balance, real, mean (100 million yuan of %d)" % base_year, "balance", 0, 1e-8, 1),
        ("Flows", "Expenditure, standard error (100 million yuan)", "expenditure", 2, 1e-8, 0),
        ("Chances", "Has run out by the end of the year, chance (%)", "depleted_by", None, 1, 0),
        ("Chances", "Deficit in the year, standard error (%)", "deficit_se", None, 1, 0),
        ("Transfers", "Received less paid per member, mean (yuan)", "net_transfer_per_member", 0, 1, 0),
        ("Members", "Retirees, mean (persons)", "retirees", 0, 1, 0),
        (("Warning bands", "Less reserve than the bound, 3 months, chance (%)", "months_below", 1, 1, 0)
         if "months_below" in f["policy/%s/employee" % baseline] else
         ("Warning bands", "Less than 3 months of reserve, chance (%)", "months_below_3", None, 1, 0)),
    )
    for sheet, header, name, statistic, scale, real in checks:
        for row in rows_of(book[sheet]):
            g = f["policy/%s/%s" % (row["policy"], schemes[row["scheme"]])]
            if name not in g:
                assert row[header] is None
                continue
            a, t = names_of.index(row["region (English)"]), row["year"] - base_year - 1
            x = g[name][a, t] if statistic is None else g[name][statistic, a, t]
            x = float(x) / (price[row["year"]] if real else 1)
            assert close(row[header], x, scale), (sheet, row, x)
            n += 1
    for row in rows_of(book["Treasury"]):
        g = f["policy/%s/%s" % (row["policy"], schemes[row["scheme"]])]
        if row["what"].startswith("Treasury, net"):
            for k, header in enumerate(("mean", "standard deviation", "standard error", "central path")):
                assert close(row[header], g["treasury_net"][k], 1e-8), row
            assert close(row["mean of the worst 5 % (TVaR)"], g["treasury_net"][5], 1e-8), row
            n += 5
    for row in rows_of(book["Differences"]):
        g = f["difference/%s/%s" % (row["policy"], schemes[row["scheme"]])]
        a, t = names_of.index(row["region (English)"]), row["year"] - base_year - 1
        assert close(row["Has run out by the end of the year, mean (points)"], g["depleted_by"][a, t], 100)
        n += 1
    for row in rows_of(book["Depletion"]):
        g = f["policy/%s/%s" % (baseline, schemes[row["scheme"]])]
        x = g["member_weighted_depletion_by"][row["year"] - base_year - 1]
        assert close(row["Members' fund has run out by the end of the year, %s (%%)" % baseline], x), row
        n += 1
    # the fan's formulas hold the numbers of the choice that the book opens with
    fan, formulas = book["Fan"], openpyxl.load_workbook(path)["Fan"]
    g = f["policy/%s/employee" % baseline]
    for t, year in enumerate(f["policy/%s/employee/year" % baseline][()]):
        assert fan.cell(10 + t, 1).value == year
        for c, q in enumerate((2, 4, 5, 6, 8)):
            assert close(fan.cell(10 + t, 3 + c).value, g["reserve_months_quantile"][q, -1, t]), (year, q)
            assert str(formulas.cell(10 + t, 3 + c).value).startswith("=INDEX('Months'!")
        assert rows_of(book["Months"])[fan.cell(10 + t, 2).value - 4]["year"] == year if t in (0, 3) else True
    with zipfile.ZipFile(path) as zipped:
        charts = [x for x in zipped.namelist() if x.startswith("xl/charts/chart")]
        assert zipped.testzip() is None
        assert all(b"<c:f>" in zipped.read(c) for c in charts)
    assert len(charts) >= 12, charts
    print("workbook: %d numbers, %d sheets, %d charts" % (n, len(names), len(charts)))


def broken(name, change):
    return changed(results, os.path.join(work, name), change)


def check_refusals():
    out = os.path.join(work, "never.xlsx")
    whole = broken("whole.h5", None)
    run("show", whole, "--what", "balance", "--year", "2030")  # the seal is right
    cut = os.path.join(work, "cut.h5")
    shutil.copy(results, cut)
    os.truncate(cut, os.path.getsize(cut) // 2)
    other = os.path.join(work, "other.h5")
    with h5py.File(other, "w") as file:
        file["x"] = np.arange(3)

    def older(file):
        file.attrs.modify("format_version", np.int64(0))

    cases = [(cut, "cut short"), (other, "not a results file"), (os.path.join(work, "none.h5"), "cannot open"),
             (__file__, "not a results file"), (broken("older.h5", older), "format version 0")]
    for group in ("people", "areas", "inputs/policies", "quality"):
        cases.append((broken("lacks.h5", lambda file: file.__delitem__(group)), "lacks group /" + group))
        for command in (("export", cases[-1][0], "--xlsx", out), ("show", cases[-1][0])):
            done = run(*command, code=2)
            assert done.stderr.count("\n") == 1 and cases[-1][1] in done.stderr, done.stderr
    for path, reason in cases[:-4]:
        for command in (("export", path, "--xlsx", out), ("show", path), ("export", path, "--json", "-")):
            done = run(*command, code=2)
            assert done.stderr.count("\n") == 1 and reason in done.stderr, (path, done.stderr)
            assert done.stdout == ""
    assert not os.path.exists(out)
    for words in (("--policy", "nobody"), ("--what", "balanse", "--json", "-"), ("--scheme", "all"), ("--what", "x")):
        done = run("export", results, "--xlsx", out, *words, code=2)
        assert done.stderr.count("\n") == 1, done.stderr
    run("export", results, code=2)
    print("%d broken files refused" % len(cases))


def check_full_disk():
    """A limit on the size of files stands for a full disk: exit 74, the old file stays, no half-written one is left."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    folder = os.path.join(work, "full")
    os.makedirs(folder, exist_ok=True)
    whole = os.path.join(folder, "whole.xlsx")
    run("export", results, "--xlsx", whole)
    # the workbook itself fits, the library's temporary sheets don't: it would write cut sheets and say nothing
    for option, name, most in (("--xlsx", "a.xlsx", os.path.getsize(whole) + 1000), ("--json", "a.json", 50000),
                               ("--csv", "tables", 50000)):
        path = os.path.join(folder, name)
        if option != "--csv":
            with open(path, "w") as file:
                file.write("old")
        done = run("export", results, option, path, code=74, preexec_fn=limit)
        assert done.stderr.count("\n") == 1 and "cannot write" in done.stderr, done.stderr
        if option != "--csv":
            with open(path) as file:
                assert file.read() == "old"
    left = [x for _, _, files in os.walk(folder) for x in files if x.endswith(".tmp") or x == "dictionary.csv"]
    assert not left, left
    run("export", results, "--xlsx", "/dev/full", code=74)
    run("export", results, "--csv", os.path.join(folder, "a.json"), code=74)
    run("export", results, "--json", "/no/such/folder/a.json", code=74)
    with open("/dev/full", "w") as full:
        done = subprocess.run([program, "export", results, "--json", "-"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 74
    print("full disk: exit 74, nothing half-written")


shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
with h5py.File(results) as opened:
    check_csv(opened)
    check_json(opened)
    check_workbook(opened)
check_refusals()
check_full_disk()
shutil.rmtree(work)
