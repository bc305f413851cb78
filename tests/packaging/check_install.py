#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs the build into a prefix, moves that prefix, and uses it as a stranger would: the program finds its scenarios,
the man page and the completion are there, and docs/forecast.c links through pkg-config and through CMake.

usage: check_install.py BUILD SOURCE CMAKE CC [SANITIZERS]
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

build, source, cmake, compiler = sys.argv[1:5]
sanitize = ["-fsanitize=" + sys.argv[5]] if len(sys.argv) > 5 and sys.argv[5] else []
environment = {key: value for key, value in os.environ.items() if key not in ("POOLCAST_DATA", "DESTDIR")}


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, env=environment, **options)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def found(prefix, *names):
    for folder, _, files in os.walk(prefix):
        for name in files:
            if os.path.join(folder, name).endswith(names):
                return os.path.join(folder, name)
    sys.exit(f"not installed: {names}")


def check_program(prefix, scratch):
    program = os.path.join(prefix, "bin/poolcast")
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as cache:
        version = re.search(r"CMAKE_PROJECT_VERSION:STATIC=(\S+)", cache.read())[1]
    assert version in run(program, "version").splitlines()[0]
    mine = os.path.join(scratch, "mine")
    run(program, "init", mine)
    installed = os.path.join(prefix, "share/poolcast/scenarios")
    for table in ("population.csv", "age_cost.csv"):
        with open(os.path.join(mine, table), "rb") as a, open(os.path.join(installed, "smoke", table), "rb") as b:
            assert a.read() == b.read(), table
    # `init` takes its tables from the installed folder, not from the source tree of the build
    with open(os.path.join(installed, "smoke/age_cost.csv"), "a", encoding="utf-8") as table:
        table.write("\n")
    run(program, "init", mine + "2")
    with open(os.path.join(mine + "2", "age_cost.csv"), encoding="utf-8") as table:
        assert table.read().endswith("\n\n"), "init doesn't read the installed tables"
    run(program, "run", os.path.join(installed, "smoke"), "-q", "--paths", "0", "-o", os.path.join(scratch, "central.h5"))
    # so do the translations: a catalogue that says something of its own is heard
    catalogue = os.path.join(prefix, "share/locale/zh_CN/LC_MESSAGES/poolcast.mo")
    with open(catalogue, "rb") as compiled:
        content = compiled.read()
    assert "没有命令".encode() in content
    with open(catalogue, "wb") as compiled:
        compiled.write(content.replace("没有命令".encode(), "不知命令".encode()))
    told = subprocess.run((program, "--lang", "zh", "nothing"), capture_output=True, text=True, env=environment).stderr
    assert "不知命令" in told, told
    names = sorted(os.listdir(installed))
    assert names == sorted(n for n in os.listdir(os.path.join(source, "scenarios")) if not n.endswith(".h5")), names


def check_documents(prefix):
    with open(found(prefix, "man1/poolcast.1"), encoding="utf-8") as page:
        text = page.read()
    for command in ("run", "validate", "init", "show", "replay", "models"):
        assert f".SS {command}\n" in text, command
    if shutil.which("man"):
        warnings = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                                   found(prefix, "man1/poolcast.1")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  env=dict(environment, LC_ALL="C.UTF-8")).stderr
        assert warnings == "", warnings
    completion = found(prefix, "bash-completion/completions/poolcast")
    words = run("bash", "-c", f"""source {shlex.quote(completion)}
        COMP_WORDS=(poolcast v); COMP_CWORD=1; _poolcast; echo "${{COMPREPLY[*]}}"
        COMP_WORDS=(poolcast run --see); COMP_CWORD=2; _poolcast; echo "${{COMPREPLY[*]}}" """)
    assert words.splitlines() == ["validate version", "--seed"], words


def check_example(program, prefix):
    installed = os.path.join(prefix, "share/poolcast/scenarios/smoke")
    # a shared library outside the loader's folders
    environment["LD_LIBRARY_PATH"] = os.path.dirname(os.path.dirname(found(prefix, "pkgconfig/poolcast.pc")))
    out = run(program, installed, "city", "unified", "2035", "paths=300").splitlines()
    value = [float(line.split()[1]) for line in out]
    assert len(value) == 3, out
    assert 0 <= value[0] <= 100 and 0 <= value[1] <= 100, out
    assert abs(value[1] - value[0] - value[2]) < 0.011 and value[2] != 0, out
    done = subprocess.run([program, installed, "city", "unified", "2035", "pahts=300"], capture_output=True, text=True,
                          env=environment)
    del environment["LD_LIBRARY_PATH"]
    assert done.returncode == 2 and '"paths"' in done.stderr, done.stderr


def check_pkg_config(prefix, scratch):
    if not shutil.which("pkg-config"):
        print("pkg-config is not installed: left out")
        return
    environment["PKG_CONFIG_PATH"] = os.path.dirname(found(prefix, "pkgconfig/poolcast.pc"))
    for static in ([], ["--static"]):
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", *static, "poolcast"))
        program = os.path.join(scratch, "forecast" + "".join(static))
        run(compiler, "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *sanitize,
            os.path.join(source, "docs/forecast.c"), *flags, "-o", program)
        check_example(program, prefix)
    del environment["PKG_CONFIG_PATH"]


def check_cmake_package(prefix, scratch):
    there = os.path.join(scratch, "consumer")
    run(cmake, "-G", "Ninja", "-S", os.path.join(source, "tests/packaging/consumer"), "-B", there, "-DCMAKE_C_COMPILER=" + compiler,
        "-DCMAKE_PREFIX_PATH=" + prefix, "-DCMAKE_C_FLAGS=" + " ".join(sanitize),
        "-DFORECAST_SOURCE=" + os.path.join(source, "docs/forecast.c"))
    run(cmake, "--build", there)
    check_example(os.path.join(there, "forecast"), prefix)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        first, prefix = os.path.join(scratch, "first"), os.path.join(scratch, "moved")
        run(cmake, "--install", build, "--prefix", first)
        os.rename(first, prefix)  # nothing may remember where it was installed
        check_program(prefix, scratch)
        check_documents(prefix)
        check_pkg_config(prefix, scratch)
        check_cmake_package(prefix, scratch)
    print("installed, moved and used")


main()
