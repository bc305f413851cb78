#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A run of many paths as a job array of Slurm:
#     sbatch docs/slurm.sh
# and when all jobs are done, on any machine:
#     poolcast merge zhejiang-*-of-16.part -o zhejiang.h5
# A job that the queue ends keeps its state; submitted again (sbatch --array=7 ... would change the count: use scontrol requeue)
# it goes on from there.
#SBATCH --job-name=poolcast
#SBATCH --array=1-16
#SBATCH --cpus-per-task=8
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --signal=TERM@60
set -eu
scenario=${SCENARIO:-scenarios/zhejiang}
options=${OPTIONS:---paths 10000000 --reproducible}
state=poolcast-${SLURM_ARRAY_JOB_ID:-0}-$SLURM_ARRAY_TASK_ID.checkpoint
if [ -e "$state" ] || [ -e "$state.1" ]; then
    exec poolcast run --resume "$state" --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet
fi
# shellcheck disable=SC2086
exec poolcast run "$scenario" $options --shard auto --threads "${SLURM_CPUS_PER_TASK:-1}" --checkpoint "$state" --every 5min
