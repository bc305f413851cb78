/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poolcast as a library: open a scenario, set values, run it, read numbers, save the results file.
 *
 *   char why[4096];
 *   poolcast *p = poolcast_open("scenarios/zhejiang", why, sizeof why);
 *   poolcast_set(p, "paths=2000");
 *   if (poolcast_run(p, 0, why, sizeof why) == 0) {
 *       double x = poolcast_value(p, "policy/city/employee", "depleted_by", NULL, "330800", 2040);
 *       poolcast_save(p, "zhejiang.h5", why, sizeof why);
 *   }
 *   poolcast_close(p);
 *
 * Functions that can fail return 0 when done, else the program's exit code: 1 failure inside, 2 bad input, 74 cannot
 * write; `why` then holds the message (it may be NULL). The library never prints and never exits. Different handles may
 * be used by different threads at once; one handle by one thread at a time. */
#ifndef POOLCAST_H
#define POOLCAST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct poolcast poolcast;

/* "0.1.0" */
const char *poolcast_version(void);

/* Opens a scenario folder. Nothing is checked yet beyond that its scenario.yaml can be read. NULL on failure. */
poolcast *poolcast_open(const char *folder, char *why, size_t why_size);
/* Releases everything; NULL is allowed. */
void poolcast_close(poolcast *p);

/* Overrides a value, as `--set` does: "paths=500", "mortality.sigma=0". Checked by the next run. */
int poolcast_set(poolcast *p, const char *key_value);

/* Reads, checks and runs the scenario on `threads` threads (0: all). Results of an earlier run are replaced. */
int poolcast_run(poolcast *p, int threads, char *why, size_t why_size);

/* One number of the results. `group` and `dataset` as in the results file; `first` the statistic ("mean", "sd", "se",
 * "central") or the probability of a quantile ("0.5") where the dataset has such an axis, else NULL; `region` an identifier
 * or name (NULL: the whole); `year` a calendar year (0: the dataset has none). NaN when there is no such number or it is
 * missing. */
double poolcast_value(const poolcast *p, const char *group, const char *dataset, const char *first, const char *region,
                      int year);

/* Writes the results file (HDF5, netCDF-4). */
int poolcast_save(const poolcast *p, const char *path, char *why, size_t why_size);

#ifdef __cplusplus
}
#endif
#endif
