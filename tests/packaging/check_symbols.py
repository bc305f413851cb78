#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every global name of the library begins with pc_ or poolcast_: of the archive, and of a shared library made of it.

usage: check_symbols.py LIBRARY COMPILER FOLDER
"""
import os
import re
import shutil
import subprocess
import sys

library, compiler, folder = sys.argv[1:]
nm = shutil.which("nm")
if not nm:
    print("no nm here")
    sys.exit(77)


def names(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return {line.split()[-1] for line in done.stdout.splitlines() if len(line.split()) == 3}


found = {}
if library.endswith(".a"):
    os.makedirs(folder, exist_ok=True)
    shared = os.path.join(folder, "libsymbols.so")
    subprocess.run([compiler, "-shared", "-o", shared, "-Wl,--whole-archive", library, "-Wl,--no-whole-archive"], check=True)
    found["archive"] = names(nm, "-g", "--defined-only", library)
    found["shared"] = names(nm, "-D", "--defined-only", shared)
    os.remove(shared)
else:
    found["shared"] = names(nm, "-D", "--defined-only", library)
# what the linker adds to a shared library itself
own = {"_init", "_fini", "__bss_start", "_edata", "_end"}
# GCC and LLVM make names of their own of `omp critical(NAME)`
prefix = r"(pc|poolcast)_|\.gomp_critical_user_poolcast_"
wrong = False
for kind, symbols in found.items():
    foreign = sorted(name for name in symbols - own if not re.match(prefix, name))
    public = [name for name in symbols if name.startswith("poolcast_")]
    print(f"{kind}: {len(symbols)} global names, {len(public)} of the public header, {len(foreign)} without prefix", *foreign)
    wrong |= bool(foreign) or not public or len(symbols) < 300
sys.exit(wrong)
