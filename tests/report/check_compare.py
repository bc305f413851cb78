# SPDX-License-Identifier: GPL-3.0-or-later
"""poolcast compare: equal runs, longer runs, other seeds, other inputs, and a file with one wrong bit.

The seeds are fixed. Whether runs that differ by chance alone are called the same is a test with 0.05 expected false alarms
a comparison; a right program would fail the four of them, with other seeds, in less than a fifth of all cases (far less, since
values go together).

usage: check_compare.py POOLCAST SCENARIO WORKDIR"""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys

try:
    import h5py  # noqa: F401

    from sealed import changed
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

program, scenario, work = sys.argv[1:]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def call(*args, code=0):
    done = subprocess.run([program, *args], capture_output=True, text=True, env={**os.environ, "LANGUAGE": "en"})
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def make(name, *words):
    path = os.path.join(work, name + ".h5")
    call("run", "--force", scenario, "-q", "-o", path, "--horizon", "12", *words)
    return path


def compare(a, b):
    """The verdict of all three forms, which must agree; the JSON."""
    text, found = call("compare", a, b).stdout, json.loads(call("compare", a, b, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(call("compare", a, b, "--csv").stdout)))
    assert rows[0]["part"] == "verdict" and rows[0]["what"] == found["verdict"]
    assert sum(r["part"] == "input" for r in rows) == len(found["inputs"])
    assert sum(r["part"] == "result" for r in rows) == len(found["results"])
    first = text.splitlines()[2]
    assert first.startswith({"identical": "Same: all", "different": "Different",
                             "same_within_errors": ("Same within", "Inputs differ")}[found["verdict"]]), text
    assert all(i["what"][:50] in text for i in found["inputs"]), text
    return found, text


base = make("base", "--paths", "512")
again = make("again", "--paths", "512", "--threads", "1")
found, text = compare(base, again)
assert found["verdict"] == "identical" and found["unequal"] == 0 and not found["inputs_differ"] and not found["inputs"]
assert "equal to the last bit" in text

longer = make("longer", "--paths", "2048")
for pair in ((base, longer), (longer, base)):
    found, text = compare(*pair)
    assert found["verdict"] == "same_within_errors" and not found["inputs_differ"] and found["compared"] > 5000
    assert {(i["kind"], i["what"]) for i in found["inputs"]} >= {("run", "paths")}
    assert found["expected_false_alarms"] == 0.05 and 4 < found["threshold"] < 6 and "0.05 of the" in text

for seed in ("11", "12"):
    other = make("seed", "--paths", "2048", "--seed", seed)
    found, text = compare(longer, other)
    assert found["verdict"] == "same_within_errors", text
    assert {(i["kind"], i["what"], i["second"]) for i in found["inputs"]} >= {("run", "seed", seed)}

# inputs: an overridden parameter, with results that move by many errors
dearer = make("dearer", "--paths", "512", "--set", "returns.mean=8%")
found, text = compare(base, dearer)
assert found["inputs_differ"] and found["verdict"] == "different" and found["beyond"] > 100
kinds = {(i["kind"], i["what"]) for i in found["inputs"]}
assert ("override", "returns.mean=8%") in kinds, kinds
worst = found["results"][0]
assert worst["apart"] > found["threshold"] and abs(
    abs(worst["first"] - worst["second"]) / worst["error"] - worst["apart"]) < 1e-9 * worst["apart"]
assert abs(worst["error"] ** 2 - worst["first_error"] ** 2 - worst["second_error"] ** 2) < 1e-9 * worst["error"] ** 2
assert [r["apart"] or 1e99 for r in found["results"]] == sorted((r["apart"] or 1e99 for r in found["results"]),
                                                               reverse=True)
# the table: money in 100 million yuan, with the digits that its error leaves
row = next(line for line in text.splitlines() if "100m yuan" in line)
money = next(r for r in found["results"] if [r["group"], r["measure"]] == row.split()[:2])
shown = [float(x.replace(",", "")) for x in re.findall(r"(-?[\d,.]+) ±", row)]
assert len(shown) == 2 and "e+" not in text, row
for number, key in zip(shown, ("first", "second")):
    assert abs(number - money[key] / 1e8) <= money[key + "_error"] / 1e8, (row, money)
# policies, and a file of the scenario with a remark more, which is no other input
folder = os.path.join(work, "scenario")
shutil.copytree(scenario, folder)
with open(os.path.join(folder, "scenario.yaml"), "a") as file:
    file.write("# a remark\n")
scenario = folder
found, text = compare(base, make("remark", "--paths", "512"))
assert found["verdict"] == "identical" and [i["kind"] for i in found["inputs"]] == ["file"], text

# one bit of one number
def spoil(file):
    g = file["policy/%s/employee/balance" % file.attrs["baseline"]]
    x = g[0, 0, 3]
    g[0, 0, 3] = x * (1 + 2.0 ** -52)


found, text = compare(base, changed(base, os.path.join(work, "spoilt.h5"), spoil))
assert found["verdict"] == "different" and found["unequal"] == 1 and "must not be" in text, text
# a central path alone has no errors
central = make("central", "--paths", "0")
text = call("compare", base, central).stdout
assert text.splitlines()[2].startswith("Not decided"), text
for words in ((base,), (base, "none.h5"), (base, __file__), (base, again, "--csv", "--json")):
    done = call("compare", *words, code=2)
    assert done.stderr.count("\n") == 1, done.stderr
shutil.rmtree(work)
print("compare: all pairs judged as they should be")
