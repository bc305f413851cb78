/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many threads a run may use. */
#ifndef PC_ENGINE_CPUS_H
#define PC_ENGINE_CPUS_H

/* What is asked for, if above 0; else what OMP_NUM_THREADS says; else the processors that this process may run on, but
 * no more than its control group's quota of processor time is worth (rounded up). At least 1. */
int pc_cpus_threads(int asked);

/* The quota of a control group, in processors (1.5: one and a half), the least of the group's and of all above it;
 * infinite without one. `membership` is the file that names the groups of the process, `root` the folder where control
 * groups are mounted: "/proc/self/cgroup" and "/sys/fs/cgroup". Reads versions 1 (cpu.cfs_quota_us) and 2 (cpu.max). */
double pc_cpus_quota(const char *membership, const char *root);

#endif
