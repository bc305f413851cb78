#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the .deb, looks at its control file, unpacks it and runs the program in it. Exit 77 without Debian's tools.

usage: check_deb.py BUILD CPACK
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

build, cpack = sys.argv[1:3]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=build)
    if done.returncode != 0:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    if not all(shutil.which(tool) for tool in ("dpkg-deb", "dpkg-shlibdeps")):
        print("skipped: dpkg-deb or dpkg-shlibdeps (package dpkg-dev) is missing")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as scratch:
        run(cpack, "-G", "DEB", "-B", scratch)
        (package,) = glob.glob(os.path.join(scratch, "*.deb"))
        control = dict(line.split(": ", 1) for line in run("dpkg-deb", "-f", package).splitlines()
                       if not line.startswith(" ") and ": " in line)
        assert control["Package"] == "poolcast" and control["Version"][0].isdigit(), control
        assert control["Section"] == "science" and "@" in control["Maintainer"], control
        for library in ("libc6", "libgomp1", "libgsl", "libhdf5", "libsmartcols1", "libyaml-0-2"):
            assert library in control["Depends"], (library, control["Depends"])
        assert "-dev" not in control["Depends"], control["Depends"]
        assert "Monte Carlo" in control["Description"], control
        names = [line.split()[-1] for line in run("dpkg-deb", "-c", package).splitlines()]
        for name in ("usr/bin/poolcast", "usr/include/poolcast/poolcast.h", "usr/share/man/man1/poolcast.1",
                     "usr/share/bash-completion/completions/poolcast", "usr/share/doc/poolcast/copyright",
                     "usr/share/poolcast/scenarios/zhejiang/scenario.yaml",
                     "usr/share/locale/zh_CN/LC_MESSAGES/poolcast.mo"):
            assert "./" + name in names, name
        assert any(name.endswith("/pkgconfig/poolcast.pc") for name in names)
        owners = {line.split()[1] for line in run("dpkg-deb", "-c", package).splitlines()}
        assert owners == {"root/root"}, owners
        root = os.path.join(scratch, "root")
        run("dpkg-deb", "-x", package, root)
        program = os.path.join(root, "usr/bin/poolcast")
        run(program, "init", os.path.join(scratch, "mine"))
        run(program, "run", os.path.join(scratch, "mine"), "-q", "--paths", "0", "-o", os.path.join(scratch, "a.h5"))
    print("packed, unpacked and run")


main()
