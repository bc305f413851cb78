/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's limits, measured where the program runs: fused multiply-adds, reading from the caches and from memory,
 * exponentials. */
#include "measure.h"

#include <omp.h>
#include <stdint.h>

#include "base/math.h"
#include "base/memory.h"

enum { WIDTH = 8 };
typedef double vec __attribute__((vector_size(WIDTH * sizeof(double)), may_alias));

/* Twelve independent chains: more than latency times ports. The loop is unrolled by hand so that each chain keeps its
 * register. */
enum { FMA_TURNS = 20000, FMA_CHAINS = 12 };

PC_KERNEL static void fma_chains(double *out)
{
    const vec a = {0.999, 0.999, 0.999, 0.999, 0.999, 0.999, 0.999, 0.999};
    vec x0 = a, x1 = a + 1, x2 = a + 2, x3 = a + 3, x4 = a + 4, x5 = a + 5, x6 = a + 6, x7 = a + 7, x8 = a + 8,
        x9 = a + 9, x10 = a + 10, x11 = a + 11;

#define FMA(x)                                                                                                         \
    for (int i = 0; i < WIDTH; i++) {                                                                                  \
        (x)[i] = fma((x)[i], a[i], a[i]);                                                                              \
    }
    for (int turn = 0; turn < FMA_TURNS; turn++) {
        FMA(x0) FMA(x1) FMA(x2) FMA(x3) FMA(x4) FMA(x5) FMA(x6) FMA(x7) FMA(x8) FMA(x9) FMA(x10) FMA(x11)
    }
#undef FMA
    *(vec *)(void *)out = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7)) + ((x8 + x9) + (x10 + x11));
}

PC_KERNEL static void divide_chains(double *out)
{
    const vec a = {1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08};
    vec x0 = a, x1 = a + 1, x2 = a + 2, x3 = a + 3;

    for (int turn = 0; turn < FMA_TURNS; turn++) {
        x0 = a / x0;
        x1 = a / x1;
        x2 = a / x2;
        x3 = a / x3;
    }
    *(vec *)(void *)out = (x0 + x1) + (x2 + x3);
}

typedef struct buffer {
    double *data;
    size_t count; /* doubles, a multiple of 64 */
    _Alignas(64) double sum[WIDTH];
    int turns;
} buffer;

PC_KERNEL static void read_all(buffer *b)
{
    vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};

    for (int turn = 0; turn < b->turns; turn++) {
        const vec *x = (const vec *)(void *)b->data;
        __asm__ volatile("" ::: "memory");
        for (size_t i = 0; i < b->count / WIDTH; i += 8) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
            s4 += x[i + 4];
            s5 += x[i + 5];
            s6 += x[i + 6];
            s7 += x[i + 7];
        }
    }
    *(vec *)(void *)b->sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
}

static void do_fma(void *context)
{
    fma_chains(context);
}

static void do_divide(void *context)
{
    divide_chains(context);
}

static void do_read(void *context)
{
    read_all(context);
}

static void do_read_all_cores(void *context)
{
    buffer *b = context;

#pragma omp parallel
    {
        const size_t n = (size_t)omp_get_num_threads(), k = (size_t)omp_get_thread_num();
        const size_t part = b->count / n / 64 * 64;
        buffer own = {.data = b->data + k * part, .count = part, .turns = 1};
        read_all(&own);
    }
}

static void do_exp(void *context)
{
    buffer *b = context;

    pc_exp_rows(b->data + b->count, b->data, b->count);
}

static void do_libm_exp(void *context)
{
    buffer *b = context;

    for (size_t i = 0; i < b->count; i++) {
        b->data[b->count + i] = exp(b->data[i]);
    }
}

static double read_rate(buffer *b, size_t bytes, double seconds, void (*work)(void *))
{
    b->count = bytes / sizeof(double) / 64 * 64;
    b->turns = work == do_read ? (int)(((size_t)8 << 20) / bytes + 1) : 1;
    return (double)b->turns * (double)b->count * sizeof(double) / bench_best(work, b, seconds);
}

bench_limits bench_limits_measure(double seconds)
{
    const size_t dram = (size_t)512 << 20; /* well beyond a last-level cache's share */
    bench_limits limits = {.cores = omp_get_max_threads()};
    _Alignas(64) double out[WIDTH];
    buffer b = {.data = pc_calloc(dram, 1)};

    limits.flops = 2.0 * FMA_TURNS * FMA_CHAINS * WIDTH / bench_best(do_fma, out, seconds);
    limits.divisions = 4.0 * FMA_TURNS * WIDTH / bench_best(do_divide, out, seconds);
    if (!b.data) {
        return limits;
    }
    limits.l1_bytes = read_rate(&b, (size_t)24 << 10, seconds, do_read);
    limits.l2_bytes = read_rate(&b, (size_t)512 << 10, seconds, do_read);
    limits.dram_bytes = read_rate(&b, dram, seconds, do_read);
    limits.dram_bytes_all = read_rate(&b, dram, seconds, do_read_all_cores);
    b.count = 1024;
    for (size_t i = 0; i < b.count; i++) {
        b.data[i] = -0.01 * (double)i; /* arguments as survival has them, and beyond */
    }
    limits.exps = (double)b.count / bench_best(do_exp, &b, seconds);
    limits.libm_exps = (double)b.count / bench_best(do_libm_exp, &b, seconds);
    pc_free(b.data);
    return limits;
}
