/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers as they are used, through tests of randomness: words and normals of neighbouring paths, years, draws,
 * streams and seeds, in the orders in which a run takes them. Each test gives a probability p that a right generator
 * does as badly; it fails below 1e-9 (or above 1 - 1e-9: too good), and all p together must be uniform. So a right
 * generator fails one test in 5e8. The first pass has fixed seeds; POOLCAST_SECONDS goes on with others.
 *
 * With --dump the words go to standard output as raw 32-bit numbers, for a battery of another program:
 * test_random_batteries --dump ORDER | dieharder -a -g 200 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "random/streams.h"

#ifdef PC_SLOW_BUILD
enum { N = 1 << 14 };
#else
enum { N = 1 << 18 };
#endif
enum { LANES = 256, YEARS = 24, DRAWS = 10, N_ORDERS = 6 };
static const double LEAST = 1e-9;

static const char *const orders[N_ORDERS] = {"paths", "draws", "years", "streams", "seeds", "leaves"};

/* Word `i` in one of the orders. Neighbours are what a run puts side by side: lanes of a row, draws of a path, years of
 * a path, regions of a year, seeds that differ by one; "leaves": row after row as a run takes them. */
static uint32_t word_at(int order, uint64_t seed, uint64_t i)
{
    switch (order) {
    case 0:
        return pc_stream_word(seed, i, 1, PC_STREAM_PROVINCE, 0);
    case 1:
        return pc_stream_word(seed, i / DRAWS, 1, PC_STREAM_PROVINCE, (uint32_t)(i % DRAWS));
    case 2:
        return pc_stream_word(seed, i / YEARS, 1 + (uint32_t)(i % YEARS), PC_STREAM_PROVINCE, 0);
    case 3:
        return pc_stream_word(seed, i / 31, 1, pc_stream_hash("330100") + (uint32_t)(i % 31), 0);
    case 4:
        return pc_stream_word((seed << 20) + i, 0, 1, PC_STREAM_PROVINCE, 0); /* no seed comes in two passes */
    default: {
        const uint64_t lane = i % LANES, draw = i / LANES % DRAWS, year = i / (LANES * DRAWS) % YEARS;
        return pc_stream_word(seed, i / (LANES * DRAWS * YEARS) * LANES + lane, 1 + (uint32_t)year, PC_STREAM_PROVINCE,
                              (uint32_t)draw);
    }
    }
}

/* Everything below gives p. */
static double of_chi2(double chi2, double degrees)
{
    return gsl_cdf_chisq_Q(chi2, degrees);
}

static double of_normal(double z)
{
    return erfc(fabs(z) * M_SQRT1_2);
}

/* Each of the 32 bits is set half of the time, and so is each pair of neighbouring words' exclusive or. */
static double bits(const uint32_t *x, size_t n, int pairs)
{
    double chi2 = 0;

    for (int bit = 0; bit < 32; bit++) {
        size_t ones = 0;
        for (size_t i = 0; i < n; i++) {
            ones += (x[i] ^ (pairs && i ? x[i - 1] : 0)) >> bit & 1u;
        }
        chi2 += ((double)ones - 0.5 * (double)n) * ((double)ones - 0.5 * (double)n) / (0.25 * (double)n);
    }
    return of_chi2(chi2, 32);
}

/* The upper or lower byte of a word and of the one `lag` later: 65536 cells. No word is in two pairs. */
static double serial(const uint32_t *x, size_t n, size_t lag, int shift)
{
    static uint32_t cells[65536];
    double chi2 = 0, expected = 0;

    memset(cells, 0, sizeof cells);
    for (size_t i = 0; i + lag < n; i += (i + 1) % lag == 0 ? lag + 1 : 1) {
        cells[(x[i] >> shift & 255u) << 8 | (x[i + lag] >> shift & 255u)]++;
        expected += 1.0 / 65536;
    }
    for (int k = 0; k < 65536; k++) {
        chi2 += ((double)cells[k] - expected) * ((double)cells[k] - expected) / expected;
    }
    return of_normal((chi2 - 65535) / sqrt(2 * 65535.0)); /* chi-square of so many degrees is normal */
}

/* Correlation of uniforms with those `lag` later. */
static double correlation(const uint32_t *x, size_t n, size_t lag)
{
    double sum = 0;

    for (size_t i = lag; i < n; i++) {
        sum += ((x[i] + 0.5) * 0x1p-32 - 0.5) * ((x[i - lag] + 0.5) * 0x1p-32 - 0.5);
    }
    return of_normal(12 * sum / sqrt((double)(n - lag)));
}

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Marsaglia's birthday spacings: m words on a circle of 2^32; equal spacings are Poisson with mean m^3 / 2^34, here 4 a
 * group. */
static double birthdays(const uint32_t *x, size_t n)
{
    enum { M = 4096 };
    static uint32_t day[M], gap[M];
    double groups = 0;
    unsigned equal = 0;

    for (size_t from = 0; from + M <= n; from += M) {
        memcpy(day, x + from, sizeof day);
        qsort(day, M, sizeof *day, ascending);
        for (int i = 0; i < M; i++) {
            gap[i] = day[i] - (i ? day[i - 1] : day[M - 1]);
        }
        qsort(gap, M, sizeof *gap, ascending);
        for (int i = 1; i < M; i++) {
            equal += gap[i] == gap[i - 1];
        }
        groups++;
    }
    /* the smaller of both tails, doubled */
    return fmin(1,
                2 * fmin(gsl_cdf_poisson_P(equal, 4 * groups), equal ? gsl_cdf_poisson_Q(equal - 1, 4 * groups) : 1));
}

/* Ranks of 32 x 32 matrices of bits: full, one less, fewer. */
static double matrix_ranks(const uint32_t *x, size_t n)
{
    static const double part[3] = {0.2887880952, 0.5775761902, 0.1336357146};
    double seen[3] = {0}, chi2 = 0, total = 0;

    for (size_t from = 0; from + 32 <= n; from += 32) {
        uint32_t row[32];
        int rank = 0;
        memcpy(row, x + from, sizeof row);
        for (int bit = 0; bit < 32; bit++) {
            int pivot = rank;
            while (pivot < 32 && !(row[pivot] >> bit & 1u)) {
                pivot++;
            }
            if (pivot == 32) {
                continue;
            }
            const uint32_t found = row[pivot];
            row[pivot] = row[rank];
            row[rank] = found;
            for (int i = rank + 1; i < 32; i++) {
                row[i] ^= row[i] >> bit & 1u ? found : 0;
            }
            rank++;
        }
        seen[rank == 32 ? 0 : rank == 31 ? 1 : 2]++;
        total++;
    }
    for (int k = 0; k < 3; k++) {
        chi2 += (seen[k] - total * part[k]) * (seen[k] - total * part[k]) / (total * part[k]);
    }
    return of_chi2(chi2, 2);
}

/* Lengths of gaps between words in the lowest eighth. */
static double gaps(const uint32_t *x, size_t n)
{
    enum { LONGEST = 40 };
    double seen[LONGEST + 1] = {0}, chi2 = 0, total = 0;
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        if (x[i] < 1u << 29) {
            seen[length < LONGEST ? length : LONGEST]++;
            total++;
            length = 0;
        } else {
            length++;
        }
    }
    for (int k = 0; k <= LONGEST; k++) {
        const double expected = total * (k < LONGEST ? 0.125 * pow(0.875, k) : pow(0.875, LONGEST));
        chi2 += (seen[k] - expected) * (seen[k] - expected) / expected;
    }
    return of_chi2(chi2, LONGEST);
}

enum { N_TESTS = 13 };
static const char *const names[N_TESTS] = {"bits",
                                           "bits of pairs",
                                           "upper bytes in turn",
                                           "lower bytes in turn",
                                           "upper bytes 2",
                                           "lower bytes 4",
                                           "correlation 1",
                                           "correlation 2",
                                           "correlation 10",
                                           "correlation 256",
                                           "birthday spacings",
                                           "ranks of bits",
                                           "gaps"};

static double test(int which, const uint32_t *x, size_t n)
{
    switch (which) {
    case 0:
    case 1:
        return bits(x, n, which);
    case 2:
        return serial(x, n, 1, 24);
    case 3:
        return serial(x, n, 1, 0);
    case 4:
        return serial(x, n, 2, 24);
    case 5:
        return serial(x, n, 4, 0);
    case 6:
        return correlation(x, n, 1);
    case 7:
        return correlation(x, n, 2);
    case 8:
        return correlation(x, n, 10);
    case 9:
        return correlation(x, n, 256);
    case 10:
        return birthdays(x, n);
    case 11:
        return matrix_ranks(x, n);
    default:
        return gaps(x, n);
    }
}

/* A battery must be able to fail: a poor generator (the lower half of a linear one) does not come through. */
static void a_poor_generator_fails(void **state)
{
    uint32_t *x = malloc(N * sizeof *x), s = 1;
    int n_failed = 0;

    (void)state;
    assert_non_null(x);
    for (size_t i = 0; i < N; i++) {
        s = s * 69069 + 1;
        x[i] = s;
    }
    for (int t = 0; t < N_TESTS; t++) {
        n_failed += test(t, x, N) < LEAST;
    }
    free(x);
    assert_true(n_failed >= 3);
}

/* The p of one test over many seeds and orders are uniform: 20 equal parts. */
static void words_are_random(void **state)
{
    const double seconds = getenv("POOLCAST_SECONDS") ? atof(getenv("POOLCAST_SECONDS")) : 0;
    const time_t begin = time(NULL);
    uint32_t *x = malloc(N * sizeof *x);
    double part[20] = {0}, chi2 = 0, smallest = 1;
    long n_tests = 0;

    (void)state;
    assert_non_null(x);
    for (uint64_t pass = 0; pass == 0 || difftime(time(NULL), begin) < seconds; pass++) {
        for (int order = 0; order < N_ORDERS; order++) {
            const uint64_t seed = pass == 0 ? 1 : (uint64_t)begin * 1000 + pass;
            for (uint64_t i = 0; i < N; i++) {
                x[i] = word_at(order, seed, i);
            }
            for (int t = 0; t < N_TESTS; t++) {
                const double p = test(t, x, N);
                if (!(p >= LEAST)) {
                    fail_msg("%s in the order of %s, seed %llu: p = %g", names[t], orders[order],
                             (unsigned long long)seed, p);
                }
                /* birthday spacings are few: their p is coarse */
                part[p < 1 ? (int)(20 * p) : 19] += t != 10;
                smallest = fmin(smallest, p);
                n_tests++;
            }
        }
    }
    for (int k = 0; k < 20; k++) {
        const double expected = (double)(n_tests * (N_TESTS - 1) / N_TESTS) / 20;
        chi2 += (part[k] - expected) * (part[k] - expected) / expected;
    }
    printf("%ld tests of %d words, smallest p %.2g, p of all together %.3f\n", n_tests, N, smallest, of_chi2(chi2, 19));
    assert_true(of_chi2(chi2, 19) > 1e-6);
    free(x);
}

static int dump(const char *name)
{
    for (int order = 0; order < N_ORDERS; order++) {
        if (strcmp(name, orders[order]) == 0) {
            static uint32_t x[4096];
            for (uint64_t i = 0;; i += 4096) {
                for (uint64_t k = 0; k < 4096; k++) {
                    x[k] = word_at(order, 1, i + k);
                }
                if (fwrite(x, sizeof *x, 4096, stdout) != 4096) {
                    return 0; /* the reader has enough */
                }
            }
        }
    }
    fprintf(stderr, "found order '%s', allowed: paths, draws, years, streams, seeds, leaves\n", name);
    return 2;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_poor_generator_fails), cmocka_unit_test(words_are_random)};

    if (argc == 3 && strcmp(argv[1], "--dump") == 0) {
        return dump(argv[2]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
