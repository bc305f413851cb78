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

/* Seconds of the fastest call of `work`, called for about `seconds` and at least five times. */
static inline double bench_best(void (*work)(void *), void *context, double seconds)
{
    const double end = bench_now() + seconds;
    double best = INFINITY;

    for (int call = 0; call < 5 || bench_now() < end; call++) {
        const double begin = bench_now();
        work(context);
        best = fmin(best, bench_now() - begin);
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
