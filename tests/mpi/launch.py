# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts programs on ranks of MPI, on one machine with few cores, also as root in a container."""
import os
import subprocess


def environment():
    return dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_hwloc_base_binding_policy="none",
                OMP_WAIT_POLICY="passive")


def start(mpirun, ranks, *command):
    return subprocess.Popen([mpirun, "-n", str(ranks), *command], env=environment(), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process, seconds=120):
    """(exit code, standard output, standard error); a job that hangs is a failure."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise SystemExit(f"{process.args}: hangs\n{out}\n{err}")
    return process.returncode, out, err
