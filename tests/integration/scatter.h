/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates over seeds: whether they scatter by the errors that each run states, and lie where they should. */
#ifndef PC_TESTS_INTEGRATION_SCATTER_H
#define PC_TESTS_INTEGRATION_SCATTER_H

#include <gsl/gsl_cdf.h>

#include "scenario_text.h"

typedef struct scatter {
    double sum, squares, stated; /* stated: the sum of squared errors */
    int n;
} scatter;

/* Twelve years of the smoke scenario with a parameter that is drawn; `sampling`, `paths` and `seed` as for --set. */
static inline void sim_sampled(sim *s, const char *sampling, const char *paths, const char *seed)
{
    sim_folder(s, "smoke");
    sim_set(s, sampling);
    sim_set(s, paths);
    sim_set(s, seed);
    sim_set(s, "horizon=12");
    sim_set(s, "wages.growth_se=0.5 %");
}

/* "seed=N" of the i-th run, from 0; fixed. */
static inline const char *scatter_seed(int i)
{
    static const char *const seeds[] = {"seed=1", "seed=2", "seed=3", "seed=4", "seed=5",
                                        "seed=6", "seed=7", "seed=8", "seed=9", "seed=10"};

    assert_true(i < (int)(sizeof seeds / sizeof *seeds));
    return seeds[i];
}

static inline void scatter_add(scatter *c, const char *what, double value, double error)
{
    if (!(error > 0)) {
        fail_msg("%s: error %g of %g", what, error, value);
    }
    c->sum += value;
    c->squares += value * value;
    c->stated += error * error;
    c->n++;
}

/* The ratio of what they scatter by to what is stated has an F distribution and lies within its 1e-5 tails; `freedom`:
 * degrees of freedom of one stated error. The mean lies within 5 errors of `want`. */
static inline void scatter_check(const scatter *c, const char *what, int freedom, double want, double want_error)
{
    const double mean = c->sum / c->n, found = (c->squares - c->sum * mean) / (c->n - 1), stated = c->stated / c->n;
    const double p = gsl_cdf_fdist_P(found / stated, c->n - 1, c->n * (double)freedom);

    print_message("%s: %.6g, scatter %.3g, stated %.3g (p %.3f); wanted %.6g +- %.2g\n", what, mean, sqrt(found),
                  sqrt(stated), p, want, want_error);
    assert_true(p > 1e-5 && p < 1 - 1e-5);
    assert_close(what, mean, want, 5 * sqrt(want_error * want_error + stated / c->n));
}

#endif
