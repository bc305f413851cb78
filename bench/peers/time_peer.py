# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks one peer against a results file and times it; prints JSON. usage: time_peer.py NAME FILE PATHS THREADS"""
import importlib
import json
import sys
import time

import numpy as np

import problem


def main(name, file, n, threads):
    peer, p = importlib.import_module(name), problem.Problem(file)
    # The check needs the program's streams. NumPy's own generator is faster than counters in NumPy: it is what is timed.
    more = {"threads": threads} if name == "fast_numba" else {"source": problem.OwnGenerator}
    n_saved = problem.saved(file)
    worst = problem.check(file, p, peer.run(p, 0, n_saved), n_saved)
    peer.run(p, 0, 256, **more)  # compiled, and libraries loaded
    wall, cpu = time.monotonic(), time.process_time()
    out = peer.run(p, 0, n, **more)
    model_cpu, model_wall = time.process_time() - cpu, time.monotonic() - wall
    problem.summarize(out)
    print(json.dumps({"worst": worst, "model_cpu": model_cpu, "model_wall": model_wall, "cpu": time.process_time() - cpu,
                      "wall": time.monotonic() - wall, "numpy": np.__version__}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
