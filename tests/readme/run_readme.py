#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands of README.md as written, in a folder of their own, and compares what the README says they print.
README.zh-CN.md may show no other commands; they are run again in Chinese, but for those whose files are there already.

A comment on the line above a code block says what is done with it:
    <!-- run -->          shell; all such blocks run in one shell, one after the other
    <!-- run: slow -->    the same, but only with --slow
    <!-- run: python -->  Python, where xarray is installed
    <!-- run: r -->       R, where hdf5r is installed
    <!-- shows -->        each line stands, in this order, in what the last block run has printed; "..." skips lines
    <!-- file: NAME -->   the block is that file, from the first #include on
The folder holds the sources' scenarios and docs, build/release, and results/zhejiang.h5 as ./quickstart leaves it.

usage: run_readme.py BUILD SOURCE [--slow]
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^<!-- (run|run: slow|run: python|run: r|shows|file: \S+) -->\n```(\w+)\n(.*?)^```$", re.M | re.S)
LANGUAGES = {"run": "sh", "run: slow": "sh", "run: python": "python", "run: r": "r", "shows": "text"}
MARK = "@@end of block@@"


def interpreters(kind):
    """Commands that may run a block of this kind, each with what must work first."""
    if kind == "run: python":
        for program in (sys.executable, "/usr/bin/python3"):
            yield [program, "-c"], "import xarray, h5netcdf"
    else:
        yield ["Rscript", "-e"], "library(hdf5r)"


def interpret(kind, text, folder):
    """What the block prints; None where its language is not installed."""
    for command, probe in interpreters(kind):
        if shutil.which(command[0]) and subprocess.run([*command, probe], capture_output=True).returncode == 0:
            done = subprocess.run([*command, text], cwd=folder, text=True, capture_output=True)
            if done.returncode != 0:
                sys.exit(f"failed: {text}\n{done.stdout}{done.stderr}")
            return done.stdout
    print(f"left out, its language or package is not installed: {kind}")
    return None


class Shell:
    """One bash for all blocks, so that `export` in one is seen by the next."""

    def __init__(self, folder, **language):
        unwanted = ("POOLCAST_DATA", "DESTDIR", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
        environment = {key: value for key, value in os.environ.items() if key not in unwanted}
        environment.update(language, HOME=os.path.join(folder, "home"))
        self.process = subprocess.Popen(["bash"], cwd=folder, env=environment, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, script):
        # -e inside a block: the first failing command ends it; variables and PATH outlive it
        self.process.stdin.write(f"set -e -o pipefail\n{script}\nset +e\necho; echo '{MARK}'\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == MARK:
                return "".join(lines)
            lines.append(line)
        sys.exit(f"failed: {script}\n{''.join(lines)}")


def compare(shown, printed):
    """Lines of `shown` that are not in `printed` in their order."""
    rest, wrong = [line.strip() for line in printed.splitlines()], []
    for line in shown.splitlines():
        if line.strip() in ("", "..."):
            continue
        try:
            rest = rest[rest.index(line.strip()) + 1:]
        except ValueError:
            wrong.append(line)
    return wrong


def read(source, name):
    """The blocks of a README, after a look at what can be seen without running it."""
    with open(os.path.join(source, name), encoding="utf-8") as file:
        readme = file.read()
    blocks = BLOCK.findall(readme)
    assert len(blocks) == readme.count("\n<!-- "), name + ": a comment that is not above a code block, or is unknown"
    assert len([kind for kind, _, _ in blocks if kind == "run"]) >= 5, name + ": too few commands"
    for block in re.findall(r"(?<!-->\n)^```sh\n(.*?)^```$", readme, re.M | re.S):
        assert block.strip() in ("./quickstart", "./quickstart test"), name + ": a command that no test runs:\n" + block
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert os.path.exists(os.path.join(source, target)), f"{name}: {target} is linked and not there"
    return blocks


def check(source, folder, shell, blocks, slow):
    """Runs blocks; what is not as they say."""
    failures, printed = [], None
    for kind, language, text in blocks:
        if kind.startswith("file: "):
            with open(os.path.join(source, kind[6:]), encoding="utf-8") as file:
                wanted = file.read()
            if text != wanted[wanted.index("#include"):]:
                failures.append(kind[6:] + " and its copy in the README differ")
            continue
        assert LANGUAGES[kind] == language, (kind, language)
        if kind == "shows":
            wrong = compare(text, printed) if printed is not None else []
            if wrong:
                failures.append("the README shows\n" + "\n".join(wrong) + "\nbut this was printed:\n" + printed)
        elif kind in ("run: python", "run: r"):
            printed = interpret(kind, text, folder)
        else:
            printed = shell.run(text) if kind == "run" or slow else None
    return failures


def commands(text):
    """The commands of a block, one a line, without remarks."""
    return [re.sub(r"\s*#.*", "", line).replace("衢州", "Quzhou") for line in text.replace("\\\n", "").splitlines()]


def translated(blocks, english):
    """The blocks of a translation with only those commands that make no file: the others have been run."""
    known = [commands(text) for kind, language, text in english if language == "sh"]
    for kind, language, text in blocks:
        if language == "sh":
            assert commands(text) in known, "README.zh-CN.md has a command that README.md has not:\n" + text
            # what a study has found is read from its file
            text = re.sub(r"poolcast (?:solve|stress|explain) .* -o (\S+)", r"poolcast show \1", text.replace("\\\n", ""))
            text = "\n".join(line for line in text.splitlines()
                             if not re.match(r"poolcast (run|init|report|export|plot|solve|merge)|cp |cmake |cc ", line)) + "\n"
        yield kind, language, text


def main():
    build, source = (os.path.realpath(name) for name in sys.argv[1:3])
    slow = "--slow" in sys.argv[3:]
    english, chinese = read(source, "README.md"), read(source, "README.zh-CN.md")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("build", "results", "home"):
            os.mkdir(os.path.join(folder, name))
        os.symlink(build, os.path.join(folder, "build/release"))
        for name in ("scenarios", "docs"):
            os.symlink(os.path.join(source, name), os.path.join(folder, name))
        shell = Shell(folder, LC_ALL="C.UTF-8")
        shell.run("build/release/poolcast run scenarios/zhejiang -q -o results/zhejiang.h5")
        failures = check(source, folder, shell, english, slow)
        failures += check(source, folder, Shell(folder, LANG="zh_CN.UTF-8"), list(translated(chinese, english)), slow)
    if failures:
        sys.exit("\n\n".join(failures))
    print(f"{len(english)} and {len(chinese)} blocks of the two READMEs are as they should be")


main()
