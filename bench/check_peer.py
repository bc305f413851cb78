#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a few paths and lets a peer redo them from the results file: every saved cell to 1e-9. Ends with 77 where a library is missing.
usage: check_peer.py plain_numpy|fast_numpy|fast_numba PROGRAM"""
import importlib
import os
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):  # the packages are Debian's
    os.execv("/usr/bin/python3", ["/usr/bin/python3", "-B"] + sys.argv)
sys.path.insert(0, os.path.join(here, "peers"))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_CACHE_DIR", os.path.join(os.getcwd(), "numba-cache"))
try:
    import known
    import problem
    peer = importlib.import_module(sys.argv[1])
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

N = 70  # more than a block of lanes, and no multiple of one
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "x.h5")
    subprocess.run([sys.argv[2], "run", os.path.join(here, "../scenarios/zhejiang"), "-q", "-o", file, "--horizon", "30",
                    "--policies", "city,unified_2029", "--paths", str(N), "--save-paths", str(N), *known.OPTIONS], check=True)
    p = problem.Problem(file)
    worst = problem.check(file, p, peer.run(p, 0, N), N)
print(f"{sys.argv[1]}: {N} paths, largest relative difference {worst:.1e}, allowed 1e-9")
sys.exit(0 if worst <= 1e-9 else 1)
