#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs over ranks of MPI on the command line: the bytes of one process, states that go on with other numbers of ranks,
ranks that are killed or fail, mistakes that are told once.

usage: check_mpi.py PROGRAM MPIRUN PROGRAM_MPI SOURCE FOLDER
"""
import os
import shutil
import signal
import subprocess
import sys
import time

import launch

program, mpirun, program_mpi, source, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
os.chdir(folder)
smoke = os.path.join(source, "scenarios", "smoke")
small = ["run", smoke, "--paths", "3000", "--reproducible", "--save-paths", "700", "-q", "--force",
         "--control-years", "2030"]
long = ["run", smoke, "--paths", "30000", "--reproducible", "-q", "--force"]
failures = []


def check(what, good, *details):
    if not good:
        failures.append(what)
        print(f"wrong: {what}", *details, sep="\n  ")


def alone(*arguments):
    done = subprocess.run([program, *arguments], env=launch.environment(), capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def over(ranks, *arguments):
    return launch.finish(launch.start(mpirun, ranks, program_mpi, *arguments))


def same(a, b):
    with open(a, "rb") as one, open(b, "rb") as other:
        return one.read() == other.read()


def expect(what, result, code, *texts):
    check(what, result[0] == code and all(text in result[1] + result[2] for text in texts), *result)


def wait_for(path, process):
    for _ in range(2000):
        if os.path.exists(path):
            return True
        if process.poll() is not None:
            break
        time.sleep(0.01)
    return False


def rank_of(process, rank):
    """The process of a rank: a descendant of mpirun with its number in the environment."""
    found = [process.pid]
    for pid in found:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as children:
                found += [int(child) for child in children.read().split()]
    for pid in found[1:]:
        with open(f"/proc/{pid}/environ") as environ:
            if {f"OMPI_COMM_WORLD_RANK={rank}", f"PMI_RANK={rank}"} & set(environ.read().split("\0")):
                return pid
    return None


expect("alone", alone(*small, "-o", "one.h5"), 0)
for ranks in 1, 2, 4:
    for threads in "1", "2":
        name = f"{ranks}-{threads}.h5"
        expect(name, over(ranks, *small, "--threads", threads, "-o", name), 0)
        check(f"bytes of {ranks} ranks x {threads} threads", same("one.h5", name))

# shards of which each is run over ranks, and joined over ranks
for shard in "1/2", "2/2":
    expect(shard, over(2, *small, "--shard", shard, "-o", f"part-{shard[0]}"), 0)
expect("merge", over(2, "merge", "part-2", "part-1", "-q", "-o", "merged.h5"), 0)
check("bytes of merged shards", same("one.h5", "merged.h5"))

# mistakes are told once, and no rank waits
for what, arguments, text in (("key", ["run", smoke, "--set", "wagse.growth=1%", "-o", "x.h5"], "unknown key"),
                              ("file", ["run", "nowhere", "-o", "x.h5"], "nowhere"),
                              ("output", ["run", smoke, "-o", "one.h5"], "exists already"),
                              ("option", ["run", smoke, "--pahts", "3"], "--paths"),
                              ("merge", ["merge", "one.h5", "-o", "x.h5"], "is not the state of a run")):
    code, out, err = over(3, *arguments)
    check(f"mistake: {what}", code == 2 and err.count(text) == 1 and not os.path.exists("x.h5"), code, out, err)
code, out, err = over(2, "run", smoke, "--paths", "300", "-o", "summary.h5", "--threads", "1")
check("one summary", code == 0 and out.count("Results: summary.h5") == 1 and not err, code, out, err)

# a rank that fails ends the job, and says which it is
process = subprocess.Popen([mpirun, "-n", "1", program_mpi, *small, "-o", "x.h5", ":",
                            "-n", "1", program_mpi, *small, "-o", "x.h5", "--threads", "many"],
                           env=launch.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
expect("a rank that fails", launch.finish(process, 30), 2, "rank 1 of 2 on " + os.uname().nodename)
check("no results of a failed job", not os.path.exists("x.h5"))

# a rank that is killed ends the job; the last state goes on with another number of ranks, or with none
expect("long, alone", alone(*long, "-o", "long.h5"), 0)
for killed, go_on in ((1, 3), (0, None)):
    process = launch.start(mpirun, 2, program_mpi, *long, "-o", "killed.h5", "--threads", "1", "--checkpoint", "state",
                           "--every", "0.05s")
    check("a state is kept", wait_for("state", process))
    os.kill(rank_of(process, killed), signal.SIGKILL)
    code, out, err = launch.finish(process, 30)
    check(f"rank {killed} killed", code not in (0, 2) and not os.path.exists("killed.h5"), code, out, err)
    expect("after the kill", over(go_on, "run", "--resume", "state", "-q") if go_on else
           alone("run", "--resume", "state", "-q"), 0)
    check(f"bytes after rank {killed} was killed", same("long.h5", "killed.h5") and not os.path.exists("state"))
    os.remove("killed.h5")

# one rank is told to stop: all do, at the same leaf, and the state goes on
for told in 1, 0:
    process = launch.start(mpirun, 2, program_mpi, *long, "-o", "stopped.h5", "--threads", "1", "--checkpoint", "state",
                           "--every", "0.05s")
    check("a state is kept", wait_for("state", process))
    os.kill(rank_of(process, told), signal.SIGTERM)
    code, out, err = launch.finish(process, 30)
    check(f"rank {told} told to stop", code == 130 and err.count("go on with") == 1, code, out, err)
    expect("after the stop", over(2, "run", "--resume", "state", "-q", "--threads", "2"), 0)
    check(f"bytes after rank {told} was told to stop", same("long.h5", "stopped.h5"))
    os.remove("stopped.h5")
expect("out of time", over(2, *long, "-o", "timed.h5", "--max-time", "0.2s"), 130, "--resume 'timed.h5.checkpoint'")
shutil.copy("timed.h5.checkpoint", "late")
expect("more time", alone("run", "--resume", "timed.h5.checkpoint", "-q"), 0)
check("bytes after running out of time", same("long.h5", "timed.h5"))
expect("done already", over(2, "run", "--resume", "late", "-q"), 0, "this run is done")
check("its state is removed", not os.path.exists("late"))
expect("a value that is none", over(2, *small, "--set", "cost.sigma=1", "--set", "cost.phi=0.99", "-o", "x.h5"), 1,
       "a value must be finite")
left = sorted(os.listdir("."))
check("nothing is left behind", not [name for name in left if name.startswith(".") or "state" in name], left)

print(f"{len(failures)} wrong" if failures else "all as it should be")
sys.exit(bool(failures))
