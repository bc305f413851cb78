#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads 1, 2, 3, 4, 7, 8, 16 x shards 1, 2, 5 x in one go and stopped after every leaf x ranks 1, 2, 4: one SHA-256.
Several ranks with some numbers of threads alone; with --all with each.

usage: check_invariance.py FOLDER PROGRAM [MPIRUN PROGRAM_MPI [--all]]
"""
import collections
import os
import subprocess
import sys

import launch

folder, program, *mpi = sys.argv[1:]
os.makedirs(folder, exist_ok=True)


def table(ranks, *arguments):
    if ranks == 1:
        done = subprocess.run([program, folder, *arguments], env=launch.environment(), capture_output=True, text=True)
        code, out, err = done.returncode, done.stdout, done.stderr
    else:
        code, out, err = launch.finish(launch.start(mpi[0], ranks, mpi[1], folder, *arguments), 400)
    if code != 0:
        sys.exit(f"{ranks} ranks: exit {code}\n{out}\n{err}")
    return [line.split() for line in out.splitlines()]


def compare(lines, what):
    hashes = collections.Counter(line[6] for line in lines)
    for line in lines:
        if line[6] != lines[0][6]:
            print("differs: ranks {} threads {} shards {} stops {}: {}".format(*line[:4], line[6]))
    print(f"{what}: {len(lines)} combinations, {sum(int(line[4]) for line in lines)} runs, "
          f"{lines[0][5]} rounds of refinement, {len(hashes)} SHA-256: {lines[0][6]}")
    return len(hashes) == 1


every = [1, 2, 3, 4, 7, 8, 16]
threads = {1: every, 2: [1, 3, 8], 4: [2, 16]} if mpi else {1: every}
if "--all" in mpi:
    threads = {ranks: every for ranks in threads}
lines = [line for ranks in threads for line in table(ranks, "1300", "4", *map(str, threads[ranks]))]
good = compare(lines, "small")
assert len(lines) == 3 * 2 * sum(map(len, threads.values())) and int(lines[0][5]) >= 1
# stopped after every leaf: as many runs as there are leaves to come to rest at
assert max(int(line[4]) for line in lines if line[2:4] == ["1", "every"]) >= 6
# tails in bins, which begin with more paths
good &= compare([line for ranks in list(threads)[:2] for line in table(ranks, "33000", "1", "16")], "many paths")
sys.exit(not good)
