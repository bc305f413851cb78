/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stats/stats.h"

enum { LEAF = 256, MANY = 100000, LEAVES = (MANY + LEAF - 1) / LEAF, N_KINDS = 4 };

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

/* Logistic about a large mean; heavy upper tail; mostly one value; a constant. */
static void fill(double *x, size_t n, int kind)
{
    uint64_t state = 77 + (uint64_t)kind;

    for (size_t i = 0; i < n; i++) {
        double u = uniform(&state);
        x[i] = kind == 0   ? 1e12 + 3e10 * log(u / (1 - u))
               : kind == 1 ? pow(u, -0.4)
               : kind == 2 ? fmax(0, u - 0.9)
                           : -4.25;
    }
}

static int leaf_size(size_t leaf, size_t n)
{
    return leaf * LEAF + LEAF <= n ? LEAF : (int)(n - leaf * LEAF);
}

static void feed(pc_tails *tails, const double *x, size_t n, size_t from, size_t step)
{
    for (size_t leaf = from; leaf * LEAF < n; leaf += step) {
        pc_tails_row(tails, 0, leaf * LEAF, x + leaf * LEAF, leaf_size(leaf, n));
    }
}

static void test_kept(void **state)
{
    enum { N = 1000 };
    double x[N], var, tvar, want, want_tail, bound;
    pc_tails *tails = pc_tails_new(2, N);

    (void)state;
    fill(x, N, 0);
    x[3] = x[700] = NAN;
    feed(tails, x, N, 0, 1);
    pc_tails_get(tails, 0, 0.95, &var, &tvar, &bound);
    x[3] = x[998];
    x[700] = x[999];
    pc_tail(x, 998, 0.95, &want, &want_tail);
    assert_true(var == want && tvar == want_tail && bound == 0);
    pc_tails_get(tails, 0, 0.9, &var, &tvar, NULL); /* and once more at another level */
    pc_tail(x, 998, 0.9, &want, &want_tail);
    assert_true(var == want && tvar == want_tail);
    pc_tails_get(tails, 1, 0.9, &var, &tvar, NULL);
    assert_true(isnan(var) && isnan(tvar));
    pc_tails_free(tails);
}

static void test_binned(void **state)
{
    static const double levels[] = {0.05, 0.5, 0.9, 0.95, 0.995};
    double *x = malloc(MANY * sizeof *x);

    (void)state;
    assert_true(pc_tails_bytes(3, 1000000000) == pc_tails_bytes(3, MANY));
    for (int kind = 0; kind < N_KINDS; kind++) {
        pc_tails *tails = pc_tails_new(1, MANY);
        fill(x, MANY, kind);
        feed(tails, x, MANY, 0, 1);
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
            double var, tvar, want, want_tail, bound;
            size_t below = 0, up_to = 0;
            pc_tails_get(tails, 0, levels[i], &var, &tvar, &bound);
            pc_tail(x, MANY, levels[i], &want, &want_tail);
            for (size_t k = 0; k < MANY; k++) {
                below += x[k] < var;
                up_to += x[k] <= var;
            }
            assert_true((double)below <= (levels[i] + bound) * MANY + 1 &&
                        (double)up_to >= (levels[i] - bound) * MANY - 1);
            assert_true(bound < 0.002);
            assert_true(fabs(tvar - want_tail) <= 1e-4 * fabs(want_tail - want) + 1e-9 * fabs(want));
        }
        pc_tails_free(tails);
    }
    free(x);
}

/* In path order, and backwards after the pilot: the same bits. */
static void test_order(void **state)
{
    double *x = malloc(MANY * sizeof *x), want[2], got[2];
    pc_tails *forward = pc_tails_new(1, MANY), *backward = pc_tails_new(1, MANY);

    (void)state;
    fill(x, MANY, 1);
    x[500] = NAN;
    feed(forward, x, MANY, 0, 1);
    pc_tails_row(backward, 0, 0, x, LEAF);
    for (size_t leaf = LEAVES; leaf-- > 1;) {
        pc_tails_row(backward, 0, leaf * LEAF, x + leaf * LEAF, leaf_size(leaf, MANY));
    }
    pc_tails_get(forward, 0, 0.95, &want[0], &want[1], NULL);
    pc_tails_get(backward, 0, 0.95, &got[0], &got[1], NULL);
    assert_memory_equal(want, got, sizeof want);
    pc_tails_free(forward);
    pc_tails_free(backward);
    free(x);
}

static void test_merge(void **state)
{
    static const size_t sizes[] = {5000, MANY};
    double *x = malloc(MANY * sizeof *x), want[2], got[2];
    pc_status status = {0};

    (void)state;
    fill(x, MANY, 0);
    for (size_t s = 0; s < 2; s++) {
        size_t n = sizes[s];
        pc_tails *whole = pc_tails_new(1, n), *a = pc_tails_new(1, n), *b = pc_tails_new(1, n),
                 *none = pc_tails_new(2, n);
        feed(whole, x, n, 0, 1);
        feed(a, x, n, 0, 2);
        if (n > PC_TAILS_KEPT) { /* every part of a run has the pilot's edges */
            pc_tails_row(b, 0, 0, x, LEAF);
            assert_int_equal(pc_tails_merge(b, a, &status), PC_OK);
            pc_tails_free(b);
            b = pc_tails_new(1, n);
        }
        assert_int_equal(pc_tails_merge(b, a, &status), PC_OK); /* into nothing yet */
        feed(b, x, n, 1, 2);
        pc_tails_get(whole, 0, 0.95, &want[0], &want[1], NULL);
        pc_tails_get(b, 0, 0.95, &got[0], &got[1], NULL);
        assert_memory_equal(want, got, sizeof want);
        assert_int_equal(pc_tails_merge(none, a, &status), PC_ERR_FAIL);
        status = (pc_status){0};
        pc_tails_free(whole);
        pc_tails_free(a);
        pc_tails_free(b);
        pc_tails_free(none);
    }
    free(x);
}

/* Values of paths after the pilot's that are far beyond all that it has seen: summed like all others, whatever the
 * order and through a state. */
static void test_far_beyond(void **state)
{
    double *x = malloc(MANY * sizeof *x), var, tvar, want, want_tail, again[2];
    pc_tails *tails = pc_tails_new(1, MANY), *other = pc_tails_new(1, MANY);
    pc_pack pack = {0};
    pc_unpack from;

    (void)state;
    fill(x, MANY, 2);
    for (size_t i = 1; i < 30; i++) {
        x[3000 * i] = i % 3 ? 1e20 * (double)i : -1e35; /* the pilot's are below 0.1 */
    }
    feed(tails, x, MANY, 0, 1);
    pc_tails_get(tails, 0, 0.999, &var, &tvar, NULL);
    pc_tails_row(other, 0, 0, x, LEAF);
    for (size_t leaf = LEAVES; leaf-- > LEAVES / 2;) {
        pc_tails_row(other, 0, leaf * LEAF, x + leaf * LEAF, leaf_size(leaf, MANY));
    }
    pc_tails_pack(other, &pack);
    pc_tails_free(other);
    other = pc_tails_new(1, MANY);
    pc_tails_row(other, 0, 0, x, LEAF);
    pc_tails_clear(other);
    for (size_t leaf = LEAVES / 2; leaf-- > 1;) {
        pc_tails_row(other, 0, leaf * LEAF, x + leaf * LEAF, leaf_size(leaf, MANY));
    }
    from = (pc_unpack){pack.bytes, pack.bytes + pack.n, 0};
    pc_tails_unpack(other, &from);
    assert_true(!from.failed && from.at == from.end);
    pc_tails_get(other, 0, 0.999, &again[0], &again[1], NULL);
    assert_true(again[0] == var && again[1] == tvar);
    pc_tail(x, MANY, 0.999, &want, &want_tail); /* which puts x in order */
    assert_true(fabs(var - want) <= 0.01 * want);
    assert_true(fabs(tvar - want_tail) <= 1e-12 * want_tail);
    pc_pack_free(&pack);
    pc_tails_free(tails);
    pc_tails_free(other);
    free(x);
}

static void test_infinite(void **state)
{
    double *x = malloc(MANY * sizeof *x), var, tvar;
    pc_tails *tails = pc_tails_new(1, MANY);

    (void)state;
    fill(x, MANY, 0);
    x[5000] = INFINITY;
    feed(tails, x, MANY, 0, 1);
    pc_tails_get(tails, 0, 0.95, &var, &tvar, NULL);
    assert_true(isnan(var) && isnan(tvar));
    pc_tails_free(tails);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kept),       cmocka_unit_test(test_binned),
                                       cmocka_unit_test(test_order),      cmocka_unit_test(test_merge),
                                       cmocka_unit_test(test_far_beyond), cmocka_unit_test(test_infinite)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
