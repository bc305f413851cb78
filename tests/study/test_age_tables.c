/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables by age from counts: by hand, gaps, messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "study/age_tables.h"

static pc_code read_text(const char *name, const char *text, pc_arena *arena, pc_age_tables *out, pc_status *st)
{
    pc_files *files = pc_files_memory();
    pc_code code;

    assert_int_equal(pc_files_put(files, name, text, strlen(text), st), PC_OK);
    code = pc_age_tables_read(files, arena, out, st);
    pc_files_free(files);
    return code;
}

static void near(double got, double want)
{
    assert_true(fabs(got - want) < 1e-12);
}

/* Mean contributor 200 yuan: 0.5 and 1.5; a retiree of 800 yuan 4; residents about their own mean of 50. */
static void test_by_hand(void **state)
{
    static pc_age_tables t;
    pc_arena arena = {0};
    pc_status st = {0};

    (void)state;
    assert_int_equal(read_text("cost_by_age.csv",
                               "age_from,contributor_persons,contributor_yuan,retiree_persons,retiree_yuan,"
                               "resident_persons,resident_yuan\n"
                               "0,,,,,30,3000\n20,10,1000,,,70,2000\n50,10,3000,5,4000,,\n70,,,5,8000,,\n",
                               &arena, &t, &st),
                     PC_OK);
    assert_int_equal(t.n_cost, 4);
    assert_int_equal(t.n_membership, 0);
    near(t.index[PC_AGE_CONTRIBUTORS][0], 0.5); /* nobody: the nearest age */
    near(t.index[PC_AGE_CONTRIBUTORS][1], 0.5);
    near(t.index[PC_AGE_CONTRIBUTORS][2], 1.5);
    near(t.index[PC_AGE_CONTRIBUTORS][3], 1.5);
    near(t.index[PC_AGE_RETIREES][1], 4);
    near(t.index[PC_AGE_RETIREES][2], 4);
    near(t.index[PC_AGE_RETIREES][3], 8);
    near(t.index[PC_AGE_RESIDENTS][0], 2);
    near(t.index[PC_AGE_RESIDENTS][1], 2000.0 / 70 / 50);
    assert_int_equal(read_text("cost_by_age.csv",
                               "age_from,contributor_persons,contributor_yuan\n0,10,1000\n50,10,3000\n", &arena, &t,
                               &st),
                     PC_OK);
    near(t.index[PC_AGE_RETIREES][1], 1.5); /* a kind without persons */
    near(t.index[PC_AGE_RESIDENTS][0], 0.5);
    assert_int_equal(
        read_text("members_by_age.csv", "age_from,members,people\n0,0,500\n20,60,100\n60,90,90\n", &arena, &t, &st),
        PC_OK);
    assert_int_equal(t.n_membership, 3);
    assert_int_equal(t.membership_age[1], 20);
    near(t.profile[1], 0.6);
    near(t.profile[2], 1);
    pc_arena_release(&arena);
}

static void test_refused(void **state)
{
    static const struct {
        const char *name, *text, *part;
    } cases[] = {
        {"members_by_age.csv", "age_from,members,people\n0,5,4\n",
         "members_by_age.csv:2:3: found 5 members of 4 people"},
        {"members_by_age.csv", "age_from,members,people\n20,1,4\n", "members_by_age.csv:2:1: found the age 20"},
        {"members_by_age.csv", "age_from,member,people\n0,1,4\n", "members_by_age.csv:1:10:"},
        {"cost_by_age.csv", "age_from,contributor_persons,contributor_yuan\n0,10,much\n", "cost_by_age.csv:2:6:"},
        {"cost_by_age.csv", "age_from,contributor_persons,contributor_yuan\n0,,\n",
         "cost_by_age.csv:1:10: found no cost"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static pc_age_tables t;
        pc_arena arena = {0};
        pc_status st = {0};
        assert_int_equal(read_text(cases[i].name, cases[i].text, &arena, &t, &st), PC_ERR_INPUT);
        if (!strstr(st.message, cases[i].part)) {
            fail_msg("no \"%s\" in: %s", cases[i].part, st.message);
        }
        pc_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
