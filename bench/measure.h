/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timing of one thing: the best of many calls, because on a shared machine everything else only adds. */
#ifndef PC_BENCH_MEASURE_H
#define PC_BENCH_MEASURE_H

#include <math.h>
#include <time.h>

/* The thread's processor time: what others run on the machine is left out. */
static inline double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds of a call of `work` at its fastest, called for about `seconds` and at least five times. Short calls are timed
 * many at a time, since asking for the time costs about as much as one of them. */
static inline double bench_best(void (*work)(void *), void *context, double seconds)
{
    const double end = bench_now() + seconds, shortest = 1e-4;
    double best = INFINITY;

    for (int turn = 0, calls = 1; turn < 5 || bench_now() < end; turn++) {
        const double begin = bench_now();
        for (int call = 0; call < calls; call++) {
            work(context);
        }
        const double took = bench_now() - begin;
        best = fmin(best, took / calls);
        calls = took < shortest ? 2 * calls : calls;
    }
    return best;
}

/* What the machine can do, one core; see limits.c. */
typedef struct bench_limits {
    double flops;                      /* of fused multiply-adds, a second */
    double l1_bytes, l2_bytes;         /* read, a second */
    double dram_bytes, dram_bytes_all; /* read, a second: one core, all cores */
    double exps;                       /* pc_exp in cache, a second */
    double divisions;                  /* of vectors in registers, elements a second */
    double libm_exps;                  /* the C library's exp, one at a time */
    int cores;
} bench_limits;

bench_limits bench_limits_measure(double seconds);

#endif
