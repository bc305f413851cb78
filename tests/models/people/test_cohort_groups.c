/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cost sums of age groups, and carve-outs: regions whose members are counted among the people of another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

static const pc_age_group groups[] = {{0, 44}, {45, 79}, {80, 100}};
enum { GROUPS = sizeof groups / sizeof *groups };

static void near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected)))) {
        fail_msg("found %.17g, expected %.17g", found, expected);
    }
}

/* Groups that cut all ages into pieces add up to the sums of all ages; asking for them moves no other bit; both kernels
 * agree to the bit. */
static void add_up(double health_shift)
{
    static const int whole[PC_GROUP_RULE_SUMS] = {PC_RULE_CONTRIBUTOR_COST, PC_RULE_RETIREE_COST,
                                                  PC_RULE_CONTRIBUTOR_RCOST, PC_RULE_RETIREE_RCOST};
    world *w = world_new();
    double *without, *with, *plain;

    w->p.health_shift = health_shift;
    without = world_run(w, PC_LANES, 1, NULL);
    w->p.n_age_groups = GROUPS;
    w->p.age_groups = groups;
    with = world_run(w, PC_LANES, 1, NULL);
    plain = world_run(w, PC_LANES, 0, NULL);
    assert_memory_equal(with, plain,
                        (size_t)(YEARS + 1) * (size_t)pc_people_n_sums(&w->p) * REGIONS * PC_LANES * sizeof *with);
    for (int i = 0; i < (YEARS + 1) * REGIONS * 7; i++) {
        const int t = i % (YEARS + 1), r = i / (YEARS + 1) % REGIONS, lane = i * 37 % PC_LANES;
        double all = 0;
        for (int g = 0; g < GROUPS; g++) {
            all += sum_at(w, with, t, pc_sum_of_group(RULES, g, -1, 0), r, lane);
        }
        near(all, sum_at(w, with, t, PC_SUM_RESIDENT_COST, r, lane));
        for (int k = 0; k < RULES * PC_GROUP_RULE_SUMS; k++) {
            const int rule = k / PC_GROUP_RULE_SUMS, sum = k % PC_GROUP_RULE_SUMS;
            all = 0;
            for (int g = 0; g < GROUPS; g++) {
                all += sum_at(w, with, t, pc_sum_of_group(RULES, g, rule, sum), r, lane);
            }
            near(all, sum_at(w, with, t, PC_SUM_OF_RULE(rule, whole[sum]), r, lane));
        }
        for (int sum = 0; sum < PC_SUM_OF_RULE(RULES, 0); sum++) {
            const size_t n = PC_SUM_OF_RULE(RULES, 0);
            assert_true(sum_at(w, with, t, sum, r, lane) ==
                        without[(((size_t)t * n + (size_t)sum) * REGIONS + (size_t)r) * PC_LANES + (size_t)lane]);
        }
    }
    pc_free(without);
    pc_free(with);
    pc_free(plain);
    pc_free(w);
}

static void test_groups(void **state)
{
    (void)state;
    add_up(0);
}

static void test_groups_health_shift(void **state)
{
    (void)state;
    add_up(0.5);
}

/* A carve-out with its host's membership has its host's members, no people, and leaves other regions' bits alone. */
static void carve(double health_shift)
{
    static const int host[REGIONS] = {-1, -1, 0};
    world *w = world_new();
    double *without, *with;

    w->p.health_shift = health_shift;
    w->p.n_age_groups = GROUPS;
    w->p.age_groups = groups;
    for (int j = 0; j < RULES; j++) {
        for (int t = 0; t <= YEARS; t++) {
            memcpy(w->e[j][t][2], w->e[j][t][0], sizeof w->e[j][t][0]);
        }
    }
    without = world_run(w, PC_LANES, 1, NULL);
    w->p.host = host;
    with = world_run(w, PC_LANES, 1, NULL);
    for (int t = 0; t <= YEARS; t++) {
        for (int sum = 0; sum < pc_people_n_sums(&w->p); sum++) {
            const int lane = (t * 31 + sum * 17) % PC_LANES;
            int common = sum < PC_SUM_COMMON;
            for (int g = 0; g < GROUPS; g++) {
                common |= sum == pc_sum_of_group(RULES, g, -1, 0);
            }
            for (int r = 0; r < 2; r++) {
                assert_true(sum_at(w, with, t, sum, r, lane) == sum_at(w, without, t, sum, r, lane));
            }
            near(sum_at(w, with, t, sum, 2, lane), common ? 0 : sum_at(w, with, t, sum, 0, lane));
        }
    }
    pc_free(without);
    pc_free(with);
    pc_free(w);
}

static void test_carve_out(void **state)
{
    (void)state;
    carve(0);
}

static void test_carve_out_health_shift(void **state)
{
    (void)state;
    carve(0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_groups_health_shift),
        cmocka_unit_test(test_carve_out),
        cmocka_unit_test(test_carve_out_health_shift),
    };

    return cmocka_run_group_tests_name("age groups and carve-outs", tests, NULL, NULL);
}
