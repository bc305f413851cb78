#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scenarios/defaults.yaml is what `poolcast help defaults` prints, and reading it means the same as leaving every key out:
two scenarios, one with the file and one with its base year and policies alone, give the same results.

usage: check_defaults.py PROGRAM SOURCE
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile

program, source = sys.argv[1:3]


def run(*command):
    done = subprocess.run(command, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def numbers(scratch, name, yaml):
    folder = os.path.join(scratch, name)
    shutil.copytree(os.path.join(source, "scenarios/smoke"), folder)
    with open(os.path.join(folder, "scenario.yaml"), "wb") as file:
        file.write(yaml)
    results = folder + ".h5"
    run(program, "run", folder, "-q", "--paths", "20", "-o", results)
    return list(csv.reader(run(program, "show", results, "--csv", "--what",
                               "balance,expenditure,contributors,depleted_at,balance_quantile").decode().splitlines()))


def main():
    with open(os.path.join(source, "scenarios/defaults.yaml"), "rb") as file:
        shipped = file.read()
    if shipped != run(program, "help", "defaults"):
        sys.exit("scenarios/defaults.yaml is not what `poolcast help defaults` prints; write it anew:\n"
                 "  poolcast help defaults > scenarios/defaults.yaml")
    policies = b"base_year: 2024\n" + shipped[shipped.index(b"\npolicies:\n") + 1:]  # the one key without a default
    with tempfile.TemporaryDirectory() as scratch:
        written, left_out = numbers(scratch, "written", shipped), numbers(scratch, "left_out", policies)
        other = numbers(scratch, "other", shipped.replace(b"\n  sigma: 0.016\n", b"\n  sigma: 0.017\n"))
    assert len(written) > 1000 and written == left_out, "a default that is written differs from one that is left out"
    assert other != written, "the comparison sees nothing"
    print("the defaults are the built-in ones")


main()
