#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 in the middle of the run that ./quickstart starts; the command that it named goes on and gives the same file.

usage: check_quickstart.py PROGRAM SOURCE [--whole]

The command is read from ./quickstart itself. Without --whole it runs 1,000 paths and keeps its state ten times as often."""
import hashlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def command_of(source, whole):
    with open(os.path.join(source, "quickstart")) as file:
        line = re.search(r"^build/release/poolcast (run .*)$", file.read(), re.M).group(1)
    words = [*shlex.split(line), "--reproducible"]
    if not whole:
        every = words.index("--every") + 1
        words[every] = f"{float(words[every].rstrip('s')) / 10:g}s"
        words += ["--paths", "1000"]
    return words


def main():
    program, source = (os.path.abspath(word) for word in sys.argv[1:3])
    words = command_of(source, "--whole" in sys.argv)
    with tempfile.TemporaryDirectory() as place:
        os.symlink(os.path.join(source, "scenarios"), os.path.join(place, "scenarios"))
        os.mkdir(os.path.join(place, "results"))
        results, state = (words[words.index(key) + 1] for key in ("-o", "--checkpoint"))
        path = os.path.join(place, results)
        subprocess.run([program, *words], cwd=place, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        whole = sha256(path)
        os.remove(path)
        killed = subprocess.Popen([program, *words], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while not os.path.exists(os.path.join(place, state)) and killed.poll() is None:
            time.sleep(0.002)
        killed.send_signal(signal.SIGKILL)
        said = killed.communicate()[1]
        assert killed.returncode == -signal.SIGKILL, f"was over before it could be killed: exit {killed.returncode}"
        assert not os.path.exists(path), "a file of results of a killed run"
        named = re.search(r"^ +poolcast (run --resume .*)$", said, re.M)
        assert named, f"no command to go on with was named: {said!r}"
        subprocess.run([program, *shlex.split(named.group(1)), "-q"], cwd=place, check=True, stdout=subprocess.DEVNULL)
        assert sha256(path) == whole, "another file after the resume"
        left = sorted(os.listdir(os.path.dirname(path)))
        assert left == [os.path.basename(results)], f"left behind: {left}"
    print(f"killed, gone on with by 'poolcast {named.group(1)}': the same bytes, {whole[:16]}")


if __name__ == "__main__":
    main()
