/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sampling and control variates were worth, as summary and page say it: from what the results file holds. */
#include "../integration/scenario_text.h"

#include "report/gains.h"

static pc_gains gains_of(sim *s, const char *sampling, const char *years)
{
    pc_gains gains;
    pc_view view;

    sim_folder(s, "smoke");
    sim_set(s, "paths=4096");
    sim_set(s, "horizon=12");
    sim_set(s, sampling);
    sim_set(s, years);
    sim_run(s);
    assert_int_equal(pc_view_open(s->results, &view, &s->status), PC_OK);
    pc_gains_find(&view, &gains);
    return gains;
}

static const pc_gains_row *row_of(const pc_gains *gains, const char *scheme, const char *label, int controlled)
{
    for (int r = 0; r < gains->n_rows; r++) {
        const pc_gains_row *row = &gains->rows[r];
        if (strcmp(row->scheme, scheme) == 0 && strstr(row->label, label) && row->controlled == controlled) {
            return row;
        }
    }
    fail_msg("no %s of %s, %d", label, scheme, controlled);
    return NULL;
}

/* The variance of 4,096 plain paths over the stated one. */
static void sampled(void **state)
{
    double sd, se, p, median[3];
    pc_gains gains;
    sim s;

    (void)state;
    gains = gains_of(&s, "sampling=rqmc", "control_years=[]");
    assert_int_equal(gains.n_years, 2);
    assert_true(gains.years[0] == 2030 && gains.years[1] == 2035 && !gains.has_controlled);
    sd = sim_value(&s, "policy/city/employee", "balance", "sd", NULL, 2035);
    se = sim_value(&s, "policy/city/employee", "balance", "se", NULL, 2035);
    assert_close("balance", row_of(&gains, "employee", "mean balance", 0)->gain[1], sd * sd / 4096 / se / se, 1e-9);
    p = sim_value(&s, "policy/city/resident", "depleted_by", NULL, NULL, 2035);
    se = sim_value(&s, "policy/city/resident", "depleted_by_se", NULL, NULL, 2035);
    assert_close("chance", row_of(&gains, "resident", "run out, all together", 0)->gain[1],
                 p * (1 - p) / 4096 / se / se, 1e-9);
    for (int r = 0; r < 3; r++) {
        static const char *const ids[] = {"R1", "R2", "R3"};
        p = sim_value(&s, "policy/city/resident", "depleted_by", NULL, ids[r], 2035);
        se = sim_value(&s, "policy/city/resident", "depleted_by_se", NULL, ids[r], 2035);
        assert_true(p > 0.002 && p < 0.998);
        median[r] = p * (1 - p) / 4096 / se / se;
    }
    assert_close("median", row_of(&gains, "resident", "median region", 0)->gain[1],
                 median[0] + median[1] + median[2] - fmax(fmax(median[0], median[1]), median[2]) -
                     fmin(fmin(median[0], median[1]), median[2]),
                 1e-9);
    sim_end(&s);
}

static void controlled(void **state)
{
    pc_gains gains;
    sim s;

    (void)state;
    gains = gains_of(&s, "sampling=plain", "control_years=[2028, 2036]");
    assert_true(gains.has_controlled && gains.n_years == 2 && gains.years[0] == 2028 && gains.years[1] == 2036);
    for (int r = 0; r < gains.n_rows; r++) {
        assert_true(gains.rows[r].controlled); /* plain paths are worth themselves */
    }
    assert_true(
        row_of(&gains, "resident", "members' funds", 1)->gain[1] ==
        sim_value(&s, "policy/city/resident", "member_weighted_depletion_by_controlled_gain", NULL, NULL, 2036));
    assert_true(row_of(&gains, "employee", "mean balance", 1)->gain[0] ==
                sim_value(&s, "policy/city/employee", "balance_controlled_gain", NULL, NULL, 2028));
    sim_end(&s);
    gains = gains_of(&s, "sampling=plain", "control_years=[]");
    assert_int_equal(gains.n_rows, 0);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sampled), cmocka_unit_test(controlled)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
