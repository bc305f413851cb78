/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Constants of regions: what a plan was fitted with, and who is far from the others. */
#include "study_text.h"

#include "study/constants.h"

static void test_scores(void **state)
{
    const double x[] = {exp(3), exp(1), exp(10), 1, exp(2), 0}, equal[] = {2, 2, 2, 2, 9};
    double scores[6], scratch[6];

    (void)state;
    pc_robust_scores(x, 5, scores, scratch);
    assert_true(fabs(scores[2] - 8 / 1.4826) < 1e-12); /* median 2, of the distances 1 */
    assert_true(scores[4] == 0 && fabs(scores[3] + 2 / 1.4826) < 1e-12);
    pc_robust_scores(x, 6, scores, scratch);
    assert_true(isnan(scores[5]) && fabs(scores[2] - 8 / 1.4826) < 1e-12);
    pc_robust_scores(equal, 5, scores, scratch);
    for (int i = 0; i < 5; i++) {
        assert_true(scores[i] == 0); /* most are alike: nothing can be said */
    }
}

static void test_put(void **state)
{
    probe p = {0};
    pc_results *results = pc_results_new();
    const pc_dataset *set, *score;
    pc_status st = {0};

    (void)state;
    sim_small(&p.s);
    sim_plan(&p.s);
    assert_int_equal(pc_region_constants_put(p.s.plan, results, &st), PC_OK);
    set = pc_results_find(results, "calibration", "regional_constant");
    score = pc_results_find(results, "calibration", "regional_score");
    assert_int_equal(set->count, PC_REGION_CONSTANTS * p.s.plan->n_regions);
    for (int r = 0; r < p.s.plan->n_regions; r++) {
        const size_t n = (size_t)p.s.plan->n_regions;
        assert_true(pc_dataset_at(set, (size_t)r) == p.s.plan->regions[r].lambda);
        assert_true(pc_dataset_at(set, 5 * n + (size_t)r) == p.s.plan->regions[r].base_ratio);
        assert_true(pc_dataset_at(set, 8 * n + (size_t)r) == p.s.plan->regions[r].cost[PC_RESIDENT]);
        assert_true(fabs(pc_dataset_at(score, (size_t)r)) < 10);
    }
    pc_results_free(results);
    sim_end(&p.s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_scores), cmocka_unit_test(test_put)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
