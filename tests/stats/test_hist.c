/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles against the sorted sample. The samples are fixed by a seed, so nothing here fails by chance. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "stats/hist_map.h"
#include "stats/stats.h"

/* True as well where both are equal; false for NaN. */
#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

#define LEAF    256
#define N_P     11
#define N_KINDS 15

static const double P[N_P] = {0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995};

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t *state)
{
    double r = sqrt(-2 * log(uniform(state)));

    return r * cos(6.283185307179586 * uniform(state));
}

static double draw(int kind, uint64_t *s)
{
    double z = normal(s), u = uniform(s), a, b, c;

    switch (kind) {
    case 0:
        return 3 + 5 * z;
    case 1:
        return exp(0.8 * z);
    case 2:
        a = normal(s);
        b = normal(s);
        c = normal(s);
        return z / sqrt((a * a + b * b + c * c) / 3); /* Student t, 3 degrees */
    case 3:
        return z > 0.5 ? z - 0.5 : 0; /* most of it an atom at 0 */
    case 4:
        return exp(2 * z);
    case 5:
        return u < 0.5 ? z : 1e6 + z; /* modes far apart */
    case 6:
        return u < 0.97 ? z : 200 + 3 * z;
    case 7:
        return u < 0.993 ? 0 : exp(z); /* quantiles in a part the pilot hardly sees */
    case 8:
        return u < 0.6 ? 7.25 : u < 0.8 ? -exp(z) : 0; /* two atoms */
    case 9:
        return floor(3 * z); /* nothing but atoms */
    case 10:
        return 1e9 * (1 + 1e-7 * z);
    case 11:
        return u; /* sharp ends */
    case 12:
        return -log(u);
    case 13:
        return u < 0.5 ? z : 4 + 0.3 * z;
    default:
        return exp(exp(1.2 * z)) * (u < 0.5 ? 1 : -1) * (u < 0.01 ? 0 : 1); /* very heavy, an atom of 1 % */
    }
}

static void fill(double *x, size_t n, int kind, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = draw(kind, &seed);
    }
}

/* A cell's pilot row: sets the edges and is counted. */
static void first_row(pc_hist *h, size_t cell, const double *row, int n)
{
    pc_hist_pilot(h, cell, row, n);
    pc_hist_row(h, cell, row, n);
}

static void feed(pc_hist *h, size_t cell, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i += LEAF) {
        (i ? pc_hist_row : first_row)(h, cell, x + i, (int)(n - i < LEAF ? n - i : LEAF));
    }
}

static void feed_again(pc_hist *h, size_t cell, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i += LEAF) {
        pc_hist_refine_row(h, cell, x + i, (int)(n - i < LEAF ? n - i : LEAF));
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Distance of the rank p n from the ranks that v has in the sorted sample. */
static double rank_error(const double *sorted, size_t n, double v, double p)
{
    size_t below = 0, upto = 0, step;
    double rank = p * (double)n;

    for (step = (size_t)1 << 40; step; step /= 2) {
        below += below + step <= n && sorted[below + step - 1] < v ? step : 0;
        upto += upto + step <= n && sorted[upto + step - 1] <= v ? step : 0;
    }
    return rank < (double)below ? (double)below - rank : rank > (double)upto ? rank - (double)upto : 0;
}

/* Over all that was checked. */
static struct {
    long n;
    double rank_error, of_bound; /* largest share of the values, largest part of the bound */
} seen;

/* Every bound is true, and, if `final`, within the requirement. */
static void check(const pc_hist *h, size_t cell, const double *sorted, size_t n, int final, int kind)
{
    double before = -INFINITY;

    for (int i = 0; i < N_P; i++) {
        double bound = NAN, v = pc_hist_quantile(h, cell, P[i], &bound), error = rank_error(sorted, n, v, P[i]);
        if (!(error <= bound * (double)n + 1e-6) || v < before || !(v >= sorted[0] && v <= sorted[n - 1])) {
            fail_msg("kind %d, n %zu, p %g: value %.17g, rank error %g, bound %g", kind, n, P[i], v, error,
                     bound * (double)n);
        }
        if (final && bound > pc_hist_tolerance(P[i], n) * (1 + 1e-9)) {
            fail_msg("kind %d, n %zu, p %g: bound %g", kind, n, P[i], bound * (double)n);
        }
        before = v;
        seen.n++;
        seen.rank_error = fmax(seen.rank_error, final && n >= 10000 ? error / (double)n : 0);
        seen.of_bound = fmax(seen.of_bound, bound > 0 ? error / (bound * (double)n) : 0);
    }
}

/* The number of quantiles that could not be made as exact as asked for in three rounds. */
static size_t run_seed(int kind, size_t n, size_t budget, uint64_t seed)
{
    double *x = malloc(n * sizeof *x), *sorted = malloc(n * sizeof *x);
    pc_status status = {0};
    pc_hist *h = pc_hist_new(1, n, budget, &status);
    size_t left;
    int rounds = 0;

    assert_non_null(h);
    fill(x, n, kind, seed);
    memcpy(sorted, x, n * sizeof *x);
    qsort(sorted, n, sizeof *x, ascending);
    feed(h, 0, x, n);
    assert_int_equal(pc_hist_count(h, 0), n);
    check(h, 0, sorted, n, 0, kind);
    while (pc_hist_refine(h, P, N_P, &status) > 0) {
        assert_true(pc_hist_wants(h, 0));
        feed_again(h, 0, x, n);
        check(h, 0, sorted, n, 0, kind);
        rounds++;
        assert_true(rounds <= 3);
    }
    assert_int_equal(status.code, PC_OK);
    left = pc_hist_unresolved(h);
    assert_true(pc_hist_bytes(h) <= budget);
    check(h, 0, sorted, n, left == 0, kind);
    pc_hist_free(h);
    free(x);
    free(sorted);
    return left;
}

static void run_kind(int kind, size_t n, size_t budget)
{
    assert_int_equal(run_seed(kind, n, budget, 1000 + (uint64_t)kind), 0);
}

/* Other seeds and sizes for POOLCAST_SECONDS. Three rounds are not enough for every sample: its bound then says so, and
 * must be true. */
static void test_many_seeds(void **state)
{
    const double seconds = getenv("POOLCAST_SECONDS") ? atof(getenv("POOLCAST_SECONDS")) : 0;
    const time_t begin = time(NULL);
    uint64_t seed = (uint64_t)begin;
    size_t left = 0;

    (void)state;
    while (difftime(time(NULL), begin) < seconds) {
        const size_t n = (size_t)exp(log(300) + (log(300000) - log(300)) * uniform(&seed));
        left += run_seed((int)(seed >> 33) % N_KINDS, n, 1 << 20, seed);
    }
    printf("%ld quantiles, largest rank error of 10,000 values or more %.4f %%, largest part of the bound %.2f, "
           "%zu coarser than asked for\n",
           seen.n, 100 * seen.rank_error, seen.of_bound, left);
}

static void test_certified(void **state)
{
    (void)state;
    for (int kind = 0; kind < N_KINDS; kind++) {
        run_kind(kind, 100000, 1 << 20);
        run_kind(kind, 10000, 1 << 20);
        run_kind(kind, 100000, 60000); /* room for few windows */
    }
}

static void test_small_samples(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 5, 17, 31, 32, 33, 100, 255, 256, 257, 1000};

    (void)state;
    for (int kind = 0; kind < N_KINDS; kind++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            run_kind(kind, sizes[i], 1 << 20);
        }
    }
}

/* All volatilities 0: every quantile is the one value, to the last bit. */
static void test_degenerate(void **state)
{
    static const double values[] = {0, 0.1, -123456.789, 1e-300, -1e300, 5e-324};
    double row[LEAF], bound;

    (void)state;
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        pc_hist *h = pc_hist_new(1, 100000, 1 << 20, NULL);
        for (int i = 0; i < LEAF; i++) {
            row[i] = values[v];
        }
        for (int leaf = 0; leaf < 40; leaf++) {
            (leaf ? pc_hist_row : first_row)(h, 0, row, LEAF);
        }
        assert_int_equal(pc_hist_refine(h, P, N_P, NULL), 0);
        for (int i = 0; i < N_P; i++) {
            double q = pc_hist_quantile(h, 0, P[i], &bound);
            assert_memory_equal(&q, &values[v], sizeof q);
            assert_true(bound == 0);
        }
        pc_hist_free(h);
    }
}

static void test_atoms_exact(void **state)
{
    enum { N = 100000 };
    static double x[N];
    uint64_t seed = 3;
    pc_hist *h = pc_hist_new(1, 100000, 1 << 20, NULL);
    double bound;

    (void)state;
    for (int i = 0; i < N; i++) { /* 30 % below 0, 40 % at 0, 20 % above, 10 % at a cap */
        double u = uniform(&seed), z = fabs(normal(&seed));
        x[i] = u < 0.3 ? -z : u < 0.7 ? 0 : u < 0.9 ? fmin(z, 12.6) : 12.7;
    }
    feed(h, 0, x, N);
    assert_true(pc_hist_quantile(h, 0, 0.5, &bound) == 0 && bound == 0); /* both atoms without a second pass */
    assert_true(pc_hist_quantile(h, 0, 0.95, &bound) == 12.7 && bound == 0);
    pc_hist_free(h);
    /* An atom of 0.8 % that the pilot does not show. */
    h = pc_hist_new(1, 100000, 1 << 20, NULL);
    for (int i = 0; i < N; i++) {
        x[i] = i >= LEAF && uniform(&seed) < 0.008 ? -5.5 : normal(&seed);
    }
    feed(h, 0, x, N);
    for (int round = 0; pc_hist_refine(h, P, N_P, NULL) > 0; round++) {
        assert_true(round < 3);
        feed_again(h, 0, x, N);
    }
    assert_true(pc_hist_quantile(h, 0, 0.005, &bound) == -5.5 && bound == 0);
    pc_hist_free(h);
}

static void test_missing_and_infinite(void **state)
{
    double row[LEAF], bound, none = NAN;
    pc_hist *h = pc_hist_new(3, 100000, 1 << 20, NULL);

    (void)state;
    for (int i = 0; i < LEAF; i++) {
        row[i] = i % 5 == 0 ? NAN : i;
    }
    first_row(h, 0, row, LEAF);
    pc_hist_row(h, 0, row, 13);
    assert_int_equal(pc_hist_count(h, 0), 204 + 10);
    assert_int_equal(pc_hist_missing(h, 0), 52 + 3);
    first_row(h, 1, &none, 1);
    assert_int_equal(pc_hist_count(h, 1), 0);
    assert_true(isnan(pc_hist_quantile(h, 1, 0.5, &bound)) && isnan(bound));
    row[1] = INFINITY;
    row[2] = -INFINITY;
    first_row(h, 2, row, LEAF);
    assert_int_equal(pc_hist_count(h, 2), 204);
    for (int round = 0; pc_hist_refine(h, P, N_P, NULL) > 0; round++) {
        pc_hist_refine_row(h, 2, row, LEAF);
        pc_hist_refine_row(h, 0, (double[]){1}, 0);
        for (int i = 0; i < LEAF; i++) {
            row[i] = i % 5 == 0 ? NAN : i;
        }
        pc_hist_refine_row(h, 0, row, LEAF);
        pc_hist_refine_row(h, 0, row, 13);
        row[1] = INFINITY;
        row[2] = -INFINITY;
        assert_true(round < 3);
    }
    assert_near(pc_hist_quantile(h, 2, 0.5, NULL), 129, 2);
    assert_int_equal(pc_hist_count(h, 2), 204);
    pc_hist_free(h);
    pc_hist_free(NULL);
}

/* Forwards, backwards, from several threads, in two tables merged: the same bits, through refinement. */
static void test_threads(void **state)
{
    enum { N = 60000, CELLS = N_KINDS, LEAVES = (N + LEAF - 1) / LEAF, WAYS = 3 };
    double *x[CELLS];
    pc_hist *h[WAYS];

    (void)state;
    for (int c = 0; c < CELLS; c++) {
        x[c] = malloc(N * sizeof *x[c]);
        fill(x[c], N, c, 77);
    }
    for (int way = 0; way < WAYS; way++) {
        h[way] = pc_hist_new(CELLS, 100000, 1 << 21, NULL);
        for (size_t c = 0; c < CELLS; c++) {
            first_row(h[way], c, x[c], LEAF);
        }
        for (int pass = 0; pass < 4; pass++) {
            if (pass > 0 && pc_hist_refine(h[way], P, N_P, NULL) == 0) {
                break;
            }
#pragma omp parallel for num_threads(4) schedule(dynamic, 1) if (way == 1)
            for (int i = pass ? 0 : 1; i < LEAVES; i++) {
                int leaf = way == 2 ? (pass ? LEAVES - 1 - i : LEAVES - i) : i;
                for (size_t c = 0; c < CELLS; c++) {
                    (pass ? pc_hist_refine_row : pc_hist_row)(h[way], c, x[c] + leaf * LEAF,
                                                              leaf == LEAVES - 1 ? N - leaf * LEAF : LEAF);
                }
            }
        }
    }
    for (size_t c = 0; c < CELLS; c++) {
        for (int i = 0; i < N_P; i++) {
            double bound, q = pc_hist_quantile(h[0], c, P[i], &bound);
            for (int way = 1; way < WAYS; way++) {
                double bound2, q2 = pc_hist_quantile(h[way], c, P[i], &bound2);
                assert_memory_equal(&q, &q2, sizeof q);
                assert_memory_equal(&bound, &bound2, sizeof bound);
            }
        }
    }
    for (int way = 0; way < WAYS; way++) {
        pc_hist_free(h[way]);
    }
    for (int c = 0; c < CELLS; c++) {
        free(x[c]);
    }
}

/* A first row that comes when the edges are set and others have counted, as where the pilot has been run before. */
static void test_first_row_later(void **state)
{
    double row[LEAF], other[LEAF];
    pc_hist *whole = pc_hist_new(1, 1000, 1 << 21, NULL), *again = pc_hist_new(1, 1000, 1 << 21, NULL);

    (void)state;
    fill(row, LEAF, 0, 1);
    fill(other, LEAF, 0, 2);
    pc_hist_first_row(whole, 0, row, LEAF);
    pc_hist_row(whole, 0, other, LEAF);
    pc_hist_first_row(again, 0, row, LEAF);
    pc_hist_clear(again);
    pc_hist_row(again, 0, other, LEAF);
    pc_hist_first_row(again, 0, row, LEAF);
    pc_hist_settle(again);
    assert_int_equal(pc_hist_count(again, 0), 2 * LEAF);
    for (int i = 0; i < N_P; i++) {
        double a = pc_hist_quantile(whole, 0, P[i], NULL), b = pc_hist_quantile(again, 0, P[i], NULL);
        assert_memory_equal(&a, &b, sizeof a);
    }
    pc_hist_free(whole);
    pc_hist_free(again);
}

/* Rows that wait in the buffers of two threads, some of them short, with values missing, all equal or infinite: the
 * same counters as rows counted at once. */
static void test_buffer(void **state)
{
    enum { CELLS = 40, LEAVES = 23 };
    const size_t budget = CELLS * 12416;

    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        const uint64_t n_values = wide ? 100000 : 20000;
        const size_t bytes = pc_hist_buffer_bytes(CELLS, n_values, 2);
        pc_hist *at_once = pc_hist_new(CELLS, n_values, budget, NULL);
        pc_hist *later = pc_hist_new(CELLS, n_values, budget, NULL);
        int counted = 0;

        assert_true(bytes > 0);
        for (size_t c = 0; c < CELLS; c++) {
            double row[LEAF];
            fill(row, LEAF, (int)(c % N_KINDS), 77 + c);
            first_row(at_once, c, row, LEAF);
            first_row(later, c, row, LEAF);
        }
#pragma omp parallel num_threads(2) reduction(+ : counted)
        {
            pc_hist_buffer *buffer = pc_hist_buffer_new(later, bytes);
#pragma omp for schedule(dynamic, 1)
            for (int leaf = 0; leaf < LEAVES; leaf++) {
                for (size_t c = 0; c < CELLS; c++) {
                    const int n = leaf % 5 == 3 ? 1 + (int)c : LEAF;
                    double row[LEAF];
                    fill(row, LEAF, (int)(c % N_KINDS), 1000 * (uint64_t)leaf + c);
                    row[c] = leaf % 3 ? row[c] : NAN;
                    row[0] = leaf % 4 ? row[0] : INFINITY;
                    for (int i = 0; i < LEAF && leaf == 7; i++) {
                        row[i] = c % 2 ? NAN : -3;
                    }
                    pc_hist_row(at_once, c, row, n);
                    counted += pc_hist_buffer_row(buffer, c, row, n);
                }
            }
            pc_hist_buffer_drain(buffer);
            pc_hist_buffer_drain(buffer); /* nothing is left */
            pc_hist_buffer_free(buffer);
        }
        assert_true(counted > 0);
        for (size_t c = 0; c < CELLS; c++) {
            assert_int_equal(pc_hist_count(at_once, c), pc_hist_count(later, c));
            assert_int_equal(pc_hist_missing(at_once, c), pc_hist_missing(later, c));
            for (int i = 0; i <= 1000; i++) {
                double a[2], b[2];
                a[0] = pc_hist_quantile(at_once, c, i / 1000.0, &a[1]);
                b[0] = pc_hist_quantile(later, c, i / 1000.0, &b[1]);
                assert_memory_equal(a, b, sizeof a);
            }
        }
        pc_hist_free(at_once);
        pc_hist_free(later);
    }
    assert_int_equal(pc_hist_buffer_bytes(1000000, 1 << 20, 2), 0); /* too much memory */
    assert_int_equal(pc_hist_buffer_bytes(1000, 700, 2), 0);        /* or too few rows */
    assert_int_equal(pc_hist_buffer_bytes(0, 1 << 20, 2), 0);
    assert_in_range(pc_hist_buffer_bytes(100000, 1 << 20, 64), 2 * 512 * 100000, (128 << 20) + 100000 * 64);
}

/* Two halves of the values in two tables, the rounds of refinement led by the first: as one table. */
static void test_shared_rounds(void **state)
{
    enum { N = 40000, HALF = 80 * LEAF, CELLS = 4 };
    static double x[N];
    const size_t budget = CELLS * 4000;
    pc_hist *whole = pc_hist_new(CELLS, N, budget, NULL), *lead = pc_hist_new(CELLS, N, budget, NULL);
    pc_hist *other = pc_hist_new(CELLS, N, budget, NULL);
    pc_status status = {0};
    size_t windows;
    int n_rounds = 0;

    (void)state;
    for (size_t c = 0; c < CELLS; c++) {
        fill(x, N, c % 2 ? 5 : 4, 5 + c);
        feed(whole, c, x, N);
        feed(lead, c, x, HALF);
        pc_hist_pilot(other, c, x, LEAF);
        for (int i = HALF; i < N; i += LEAF) {
            pc_hist_row(other, c, x + i, N - i < LEAF ? N - i : LEAF);
        }
    }
    assert_int_equal(pc_hist_merge(lead, other, &status), PC_OK);
    while ((windows = pc_hist_refine(lead, P, N_P, &status)) > 0) {
        pc_pack said = {0}, back = {0};
        pc_unpack from;

        assert_int_equal(pc_hist_refine(whole, P, N_P, NULL), windows);
        pc_hist_pack_windows(lead, &said);
        from = (pc_unpack){said.bytes, said.bytes + said.n, 0};
        assert_int_equal(pc_hist_unpack_windows(other, &from, &status), PC_OK);
        for (size_t c = 0; c < CELLS; c++) {
            assert_int_equal(pc_hist_wants(lead, c), pc_hist_wants(other, c));
            fill(x, N, c % 2 ? 5 : 4, 5 + c);
            feed_again(whole, c, x, N);
            feed_again(lead, c, x, HALF);
            feed_again(other, c, x, N); /* cleared: only what comes after counts */
        }
        pc_hist_clear_round(other);
        for (size_t c = 0; c < CELLS; c++) {
            fill(x, N, c % 2 ? 5 : 4, 5 + c);
            feed_again(other, c, x + HALF, N - HALF);
        }
        pc_hist_pack_round(other, n_rounds, &back);
        from = (pc_unpack){back.bytes, back.bytes + back.n, 0};
        pc_hist_unpack_round(lead, &from);
        assert_false(from.failed);
        for (size_t cut = 0; cut < said.n; cut += 7) { /* never beyond the end */
            pc_hist *none = pc_hist_new(CELLS, N, budget, NULL);
            from = (pc_unpack){said.bytes, said.bytes + cut, 0};
            assert_int_not_equal(pc_hist_unpack_windows(none, &from, NULL), PC_OK);
            pc_hist_free(none);
        }
        pc_pack_free(&said);
        pc_pack_free(&back);
        n_rounds++;
    }
    assert_int_equal(status.code, PC_OK);
    assert_true(n_rounds > 0);
    assert_int_equal(pc_hist_refine(whole, P, N_P, NULL), 0);
    for (size_t c = 0; c < CELLS; c++) {
        for (int i = 0; i < N_P; i++) {
            double a, b, q = pc_hist_quantile(whole, c, P[i], &a), q2 = pc_hist_quantile(lead, c, P[i], &b);
            assert_memory_equal(&q, &q2, sizeof q);
            assert_memory_equal(&a, &b, sizeof a);
        }
    }
    pc_hist_free(whole);
    pc_hist_free(lead);
    pc_hist_free(other);
}

static void test_merge(void **state)
{
    enum { N = 20000 };
    static double x[N];
    pc_hist *whole = pc_hist_new(1, 100000, 1 << 20, NULL), *a = pc_hist_new(1, 100000, 1 << 20, NULL);
    pc_hist *b = pc_hist_new(1, 100000, 1 << 20, NULL), *other = pc_hist_new(1, 100000, 1 << 20, NULL);
    pc_status status = {0};

    (void)state;
    fill(x, N, 2, 5);
    feed(whole, 0, x, N);
    feed(a, 0, x, 40 * LEAF);
    pc_hist_pilot(b, 0, x, LEAF); /* the other half of the work knows the pilot but doesn't count it */
    assert_int_equal(pc_hist_count(b, 0), 0);
    for (int i = 40 * LEAF; i < N; i += LEAF) {
        pc_hist_row(b, 0, x + i, N - i < LEAF ? N - i : LEAF);
    }
    assert_int_equal(pc_hist_merge(a, b, &status), PC_OK);
    for (int i = 0; i < N_P; i++) {
        double q = pc_hist_quantile(whole, 0, P[i], NULL), q2 = pc_hist_quantile(a, 0, P[i], NULL);
        assert_memory_equal(&q, &q2, sizeof q);
    }
    feed(other, 0, x + LEAF, LEAF);
    assert_int_equal(pc_hist_merge(a, other, &status), PC_ERR_FAIL);
    pc_hist_free(whole);
    pc_hist_free(a);
    pc_hist_free(b);
    pc_hist_free(other);
}

static void test_budget(void **state)
{
    enum { N = 30000, CELLS = 40 };
    static double x[N];
    pc_status status = {0};
    pc_hist *h = pc_hist_new(1000, 30000, 100000, &status);
    size_t windows;

    (void)state;
    assert_null(h);
    assert_int_equal(status.code, PC_ERR_INPUT);
    status = (pc_status){0};
    h = pc_hist_new(CELLS, 30000, 78000, &status); /* the least number of bins, room for few windows */
    assert_non_null(h);
    fill(x, N, 9, 11);
    for (size_t c = 0; c < CELLS; c++) {
        feed(h, c, x, N);
    }
    windows = pc_hist_refine(h, P, N_P, &status);
    assert_true(windows > 0 && pc_hist_unresolved(h) > 0);
    assert_true(pc_hist_bytes(h) <= 78000);
    qsort(x, N, sizeof *x, ascending);
    for (size_t c = 0; c < CELLS; c++) {
        feed_again(h, c, x, N);
        check(h, c, x, N, 0, 9); /* wider bounds, but true ones */
    }
    pc_hist_free(h);
    /* Rows of the second pass missing: said, not hidden. */
    h = pc_hist_new(1, 100000, 1 << 20, &status);
    feed(h, 0, x, LEAF);
    feed(h, 0, x, N);
    assert_true(pc_hist_refine(h, P, N_P, &status) > 0);
    assert_int_equal(pc_hist_refine(h, P, N_P, &status), 0);
    assert_int_equal(status.code, PC_ERR_FAIL);
    pc_hist_free(h);
}

/* One byte a counter with many times the values it is meant for: carried, in any order, and merged. */
static void test_carries(void **state)
{
    enum { N = 100000 };
    static double x[N];
    pc_hist *narrow = pc_hist_new(1, 1000, 1 << 20, NULL), *part = pc_hist_new(1, 1000, 1 << 20, NULL);
    pc_hist *wide = pc_hist_new(1, N, 1 << 20, NULL);
    uint64_t seed = 12;
    double bound;

    (void)state;
    for (int i = 0; i < N; i++) { /* 60 % of one value, a tenth missing, the rest crowded */
        double u = uniform(&seed);
        x[i] = u < 0.6 ? 1.5 : u < 0.7 ? (double)NAN : 1 + 1e-3 * normal(&seed);
    }
    pc_hist_pilot(narrow, 0, x, LEAF);
    pc_hist_pilot(part, 0, x, LEAF);
    pc_hist_pilot(wide, 0, x, LEAF);
    for (int i = 0; i < N; i += 250) {
        pc_hist_row(i % 1000 ? narrow : part, 0, x + i, 250);
        pc_hist_row(wide, 0, x + i, 250);
    }
    assert_int_equal(pc_hist_merge(narrow, part, NULL), PC_OK);
    assert_int_equal(pc_hist_count(narrow, 0), pc_hist_count(wide, 0));
    assert_int_equal(pc_hist_missing(narrow, 0), pc_hist_missing(wide, 0));
    assert_true(pc_hist_quantile(narrow, 0, 0.9, &bound) == 1.5 && bound == 0);
    assert_true(pc_hist_quantile(narrow, 0, 0.0, NULL) == pc_hist_quantile(wide, 0, 0.0, NULL));
    for (int round = 0; pc_hist_refine(narrow, P, N_P, NULL) > 0; round++) {
        assert_true(round < 3);
        for (int i = 0; i < N; i += 250) {
            pc_hist_refine_row(narrow, 0, x + i, 250);
        }
    }
    for (int i = 0; i < N_P; i++) {
        pc_hist_quantile(narrow, 0, P[i], &bound);
        assert_true(bound <= pc_hist_tolerance(P[i], pc_hist_count(narrow, 0)) * (1 + 1e-9));
    }
    pc_hist_free(narrow);
    pc_hist_free(part);
    pc_hist_free(wide);
}

/* The first row laid down and found by others, or never needed: the same as set at once. */
static void test_first_row(void **state)
{
    enum { CELLS = 50 };
    double row[LEAF], other[LEAF];
    pc_hist *now = pc_hist_new(CELLS, 1000, 1 << 21, NULL), *later = pc_hist_new(CELLS, 1000, 1 << 21, NULL);
    pc_hist *coarse = pc_hist_new(CELLS, 1000, CELLS * 2200, NULL); /* no room for a row in its counters */

    (void)state;
    assert_non_null(coarse);
    for (size_t c = 0; c < CELLS; c++) {
        fill(row, LEAF, (int)c % N_KINDS, c);
        pc_hist_pilot(now, c, row, LEAF);
        pc_hist_row(now, c, row, LEAF - (int)c);
        pc_hist_first_row(later, c, row, LEAF - (int)c);
        pc_hist_first_row(coarse, c, row, LEAF);
        assert_int_equal(pc_hist_count(coarse, c) + pc_hist_missing(coarse, c), LEAF);
    }
    for (size_t c = 0; c < CELLS; c += 2) {
        pc_hist *both[] = {now, later};
        fill(other, LEAF, (int)c % N_KINDS, 1000 + c);
        for (int k = 0; k < 2; k++) {
            pc_hist_row(both[k], c, other, LEAF);
        }
    }
    pc_hist_settle(later);
    for (size_t c = 0; c < CELLS; c++) {
        assert_int_equal(pc_hist_count(now, c), pc_hist_count(later, c));
        assert_int_equal(pc_hist_missing(now, c), pc_hist_missing(later, c));
        for (int i = 0; i < N_P && c == 0; i++) { /* the others' pilots differ by what was cut off */
            double a = pc_hist_quantile(now, c, P[i], NULL), b = pc_hist_quantile(later, c, P[i], NULL);
            assert_true(a == b || (isnan(a) && isnan(b)));
        }
    }
    pc_hist_free(now);
    pc_hist_free(later);
    pc_hist_free(coarse);
}

static void test_same(void **state)
{
    double row[LEAF], value = 0.3;
    pc_hist *rows = pc_hist_new(1, 1000, 1 << 20, NULL), *same = pc_hist_new(1, 1000, 1 << 20, NULL);

    (void)state;
    fill(row, LEAF, 0, 4);
    first_row(rows, 0, row, LEAF);
    first_row(same, 0, row, LEAF);
    for (int i = 0; i < LEAF; i++) {
        row[i] = value;
    }
    for (int i = 0; i < 5; i++) {
        pc_hist_row(rows, 0, row, LEAF - i);
        pc_hist_same(same, 0, value, LEAF - i);
    }
    assert_int_equal(pc_hist_count(rows, 0), pc_hist_count(same, 0));
    for (int i = 0; i < N_P; i++) {
        double a, b;
        assert_true(pc_hist_quantile(rows, 0, P[i], &a) == pc_hist_quantile(same, 0, P[i], &b) && a == b);
    }
    pc_hist_free(rows);
    pc_hist_free(same);
}

/* The map is non-decreasing, its edges are exact, and both kernels agree. */
static void test_map(void **state)
{
    uint64_t seed = 9;

    (void)state;
    for (int kind = 0; kind < N_KINDS; kind++) {
        for (int n = 0; n <= LEAF; n += n < 8 ? 1 : 31) {
            double row[LEAF], probe[LEAF], extreme[2], extreme2[2];
            uint16_t bin[LEAF], bin2[LEAF];
            pc_hist_map map;
            fill(row, LEAF, kind, (uint64_t)(100 + n));
            pc_hist_map_set(&map, kind % 2 ? 512 : 8192, row, n);
            assert_true(map.n_bins <= (kind % 2 ? 512 : 8192) && map.n_pieces <= PC_HIST_PIECES);
            for (uint32_t b = 1; b < map.n_bins; b += 7) {
                double edge = pc_hist_map_edge(&map, b);
                if (isfinite(edge)) {
                    assert_true(pc_hist_bin(&map, edge) >= b);
                    assert_true(pc_hist_bin(&map, nextafter(edge, -INFINITY)) < b);
                }
            }
            for (int i = 0; i < LEAF; i++) {
                uint32_t b = (uint32_t)(uniform(&seed) * map.n_bins);
                double edge = pc_hist_map_edge(&map, b);
                probe[i] = i % 2 ? edge : i % 4 ? nextafter(edge, 0) : row[i];
                probe[i] = i % 5 ? probe[i] : 1e3 * normal(&seed);
            }
            probe[3] = NAN;
            probe[7] = -INFINITY;
            probe[11] = INFINITY;
            probe[15] = -0.0;
            assert_int_equal(pc_hist_bins(&map, probe, LEAF, bin, extreme), 1);
            assert_int_equal(pc_hist_bins_plain(&map, probe, LEAF, bin2, extreme2), 1);
            assert_memory_equal(bin, bin2, sizeof bin);
            assert_memory_equal(extreme, extreme2, sizeof extreme);
            for (int i = 0; i < LEAF; i++) {
                assert_int_equal(bin[i], pc_hist_bin(&map, probe[i]));
                assert_true(bin[i] < map.n_bins);
            }
            probe[3] = 0;
            qsort(probe, LEAF, sizeof *probe, ascending);
            for (int i = 1; i < LEAF; i++) {
                assert_true(pc_hist_bin(&map, probe[i - 1]) <= pc_hist_bin(&map, probe[i]));
            }
        }
    }
}

static void test_tolerance(void **state)
{
    (void)state;
    assert_near(pc_hist_tolerance(0.005, 1000000), 0.00025, 1e-12);
    assert_near(pc_hist_tolerance(0.99, 1000000), 0.0005, 1e-12);
    assert_near(pc_hist_tolerance(0.5, 1000000), 0.001, 1e-12);
    assert_near(pc_hist_tolerance(0.5, 100), 0.01, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certified),
        cmocka_unit_test(test_many_seeds),
        cmocka_unit_test(test_small_samples),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_atoms_exact),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_missing_and_infinite),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_carries),
        cmocka_unit_test(test_first_row),
        cmocka_unit_test(test_first_row_later),
        cmocka_unit_test(test_buffer),
        cmocka_unit_test(test_shared_rounds),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_tolerance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
