/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll: a year that comes out as projected changes nothing, what was observed changes what it must, items add up, parts
 * of a year, messages. */
#include "study_text.h"

#include "scenario/schema.h"
#include "study/roll.h"

typedef struct rolling {
    probe p;
    pc_roll roll;
    pc_roll_change change;
} rolling;

static pc_code try_open(rolling *r, const char *accounts, pc_status *st)
{
    pc_files *files = pc_files_memory();
    pc_code code;

    sim_plan(&r->p.s);
    assert_int_equal(pc_files_put(files, "accounts.csv", accounts, strlen(accounts), st), PC_OK);
    code = pc_roll_open(r->p.s.plan, pc_files_get(files, "accounts.csv", st), &r->roll, st);
    pc_files_free(files);
    return code;
}

/* The small scenario without noise, asked for two measures of the whole. */
static void start(rolling *r)
{
    *r = (rolling){0};
    sim_small(&r->p.s);
    sim_calm(&r->p.s);
    sim_set(&r->p.s, "paths=4");
    probe_ask(&r->p, "balance(2034)", "city", PC_EMPLOYEE);
    probe_ask(&r->p, "balance(2026)", "city", PC_EMPLOYEE);
    probe_ask(&r->p, "expenditure(2030, Beta)", "city", PC_RESIDENT);
}

static void explain(rolling *r, const char *accounts)
{
    pc_status st = {0};

    if (try_open(r, accounts, &st)) {
        fail_msg("%s", st.message);
    }
    probe_start(&r->p);
    if (pc_roll_explain(&r->roll, &r->p.study, &r->change, &st)) {
        fail_msg("%s", st.message);
    }
}

static void end(rolling *r)
{
    pc_roll_release(&r->roll);
    probe_end(&r->p);
}

static double change_of(const rolling *r, int item, int ask)
{
    return r->change.change[item * r->p.study.n_asks + ask];
}

static double value_of(const rolling *r, int stage, int ask)
{
    return r->change.value[stage * r->p.study.n_asks + ask];
}

/* Items add up for every question. */
static void adds_up(const rolling *r)
{
    for (int a = 0; a < r->p.study.n_asks; a++) {
        const double old = value_of(r, 0, a), new = value_of(r, PC_ROLL_ITEMS, a);
        double sum = old;
        for (int i = 0; i < PC_ROLL_ITEMS; i++) {
            sum += change_of(r, i, a);
        }
        assert_true(fabs(sum - new) <= 1e-12 * (fabs(old) + fabs(new)));
    }
}

/* Accounts in which every figure that a year moves is what the central path says. */
static char *as_projected(const pc_roll *roll)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs("year,code", out);
    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        if (pc_roll_item_of((pc_region_column)c) >= 0) {
            fprintf(out, ",%s", pc_schema_region.params[c].key);
        }
    }
    for (int r = 0; r < roll->n_regions; r++) {
        fprintf(out, "\n%d,%s", roll->base_year, roll->scenario->regions[r].id);
        for (int c = 0; c < PC_REGION_COLUMNS; c++) {
            if (pc_roll_item_of((pc_region_column)c) >= 0) {
                const double x = roll->projected[r * PC_REGION_COLUMNS + c];
                fprintf(out, isnan(x) ? "," : ",%.17g", x);
            }
        }
    }
    fputc('\n', out);
    fclose(out);
    return text;
}

static void test_as_projected(void **state)
{
    rolling r, first;
    pc_status st = {0};
    char *accounts;

    (void)state;
    start(&first);
    assert_int_equal(try_open(&first, "year,code,wage_yuan\n2025,101,90000\n", &st), PC_OK);
    accounts = as_projected(&first.roll);
    start(&r);
    explain(&r, accounts);
    adds_up(&r);
    for (int a = 0; a < 3; a++) {
        const double old = value_of(&r, 0, a);
        /* the cohorts' own membership and the mean of the year's two ends go on: nothing but rounding */
        for (int i = PC_ROLL_PASSING; i < PC_ROLL_ITEMS; i++) {
            assert_true(fabs(change_of(&r, i, a)) <= 1e-9 * fabs(old));
        }
    }
    free(accounts);
    end(&r);
    pc_roll_release(&first.roll);
    sim_end(&first.p.s);
}

/* One number in the accounts: the item that it belongs to moves, by what follows from it, the others do not. */
static void test_one_item(void **state)
{
    rolling r;
    double projected;
    char accounts[200];
    pc_status st = {0};

    (void)state;
    start(&r);
    sim_set(&r.p.s, "returns.mean=0");
    assert_int_equal(try_open(&r, "year,code,wage_yuan\n2025,101,90000\n", &st), PC_OK);
    projected = r.roll.projected[PC_COL_EMPLOYEE_BALANCE_YUAN];
    pc_roll_release(&r.roll);
    sim_end(&r.p.s);

    start(&r);
    sim_set(&r.p.s, "returns.mean=0");
    snprintf(accounts, sizeof accounts, "year,code,employee_balance_yuan\n2025,101,%.17g\n", projected + 1e8);
    explain(&r, accounts);
    adds_up(&r);
    for (int a = 0; a < 2; a++) { /* without interest a yuan stays a yuan */
        assert_true(fabs(change_of(&r, PC_ROLL_RESERVE, a) - 1e8) < 1);
        for (int i = PC_ROLL_REVENUE; i < PC_ROLL_ITEMS; i++) {
            assert_true(change_of(&r, i, a) == 0);
        }
    }
    assert_true(change_of(&r, PC_ROLL_RESERVE, 2) == 0);
    end(&r);

    start(&r);
    explain(&r, "year,code,resident_expenditure_yuan\n2025,102,4e8\n"); /* E of later years in proportion */
    adds_up(&r);
    {
        const double seen = 4e8 / r.roll.projected[PC_REGION_COLUMNS + PC_COL_RESIDENT_EXPENDITURE_YUAN];
        const double before = value_of(&r, 1 + PC_ROLL_REVENUE, 2);
        assert_true(fabs(change_of(&r, PC_ROLL_EXPENDITURE, 2) - (seen - 1) * before) < 1e-9 * before);
        assert_true(change_of(&r, PC_ROLL_EXPENDITURE, 0) == 0);
    }
    end(&r);
}

/* Half a year: flows are filled up with half of the projection, balances with half of its change. */
static void test_part_of_a_year(void **state)
{
    rolling r;
    pc_status st = {0};
    const double *seen, *thought;

    (void)state;
    start(&r);
    if (try_open(&r,
                 "year,code,months,employee_revenue_yuan,employee_balance_yuan,employee_retirees\n2025,101,6,7e8,2.2e9,"
                 "81000\n",
                 &st)) {
        fail_msg("%s", st.message);
    }
    seen = r.roll.observed;
    thought = r.roll.projected;
    assert_true(fabs(seen[PC_COL_EMPLOYEE_REVENUE_YUAN] - 7e8 - thought[PC_COL_EMPLOYEE_REVENUE_YUAN] / 2) < 1e-3);
    assert_true(fabs(seen[PC_COL_EMPLOYEE_BALANCE_YUAN] - 2.2e9 - (thought[PC_COL_EMPLOYEE_BALANCE_YUAN] - 2e9) / 2) <
                1e-3);
    assert_true(seen[PC_COL_EMPLOYEE_RETIREES] == 81000);
    assert_int_equal(r.roll.n_observed, 3);
    pc_roll_release(&r.roll);
    sim_end(&r.p.s);
}

/* What is written: the year, the index, the figures; the last year stays. */
static void test_files(void **state)
{
    rolling r;
    pc_status st = {0};
    pc_files *files = NULL;
    pc_scenario *s = NULL;
    char text[4000];

    (void)state;
    *(&r) = (rolling){0};
    sim_small(&r.p.s);
    snprintf(text, sizeof text, "%s%s", SMALL_YAML,
             "mortality:\n  drift: -2\nwages: {start: 1 %, phi: 0.5, growth: 4 %}\ncost:\n  employee: {excess: 2 % # "
             "first\n    }\n");
    small_put(&r.p.s.text, "scenario.yaml", text);
    if (try_open(&r, "year,code,employee_contributors,disposable_income_yuan\n2025,101,310000,42000\n", &st) ||
        pc_roll_files(&r.roll, PC_ROLL_ITEMS - 1, &files, &st) || pc_scenario_read(files, NULL, 0, &s, &st)) {
        fail_msg("%s", st.message);
    }
    assert_int_equal(s->base_year, 2025);
    assert_int_equal(s->horizon, 9);
    assert_true(pc_scenario_number(s, "mortality.kappa") == -2);
    assert_true(pc_scenario_number(s, "wages.start") == 0.005);
    assert_true(fabs(pc_scenario_number(s, "cost.employee.excess") - (0.003 + 0.017 * 0.93)) < 1e-15);
    assert_true(s->regions[0].value[PC_COL_EMPLOYEE_CONTRIBUTORS] == 310000);
    assert_true(s->regions[0].value[PC_COL_DISPOSABLE_INCOME_YUAN] == 42000);
    assert_true(s->regions[0].value[PC_COL_EMPLOYEE_RETIREES] == r.roll.projected[PC_COL_EMPLOYEE_RETIREES]);
    assert_true(s->regions[1].value[PC_COL_CENTRAL_SUBSIDY_SHARE] == 0.6);
    assert_string_equal(s->regions[1].quality, "west");
    assert_true(s->has_region_population);
    pc_scenario_free(s);
    pc_files_free(files);
    pc_roll_release(&r.roll);
    sim_end(&r.p.s);
}

static void test_refused(void **state)
{
    static const struct {
        const char *accounts, *set, *part;
    } cases[] = {
        {"year,code,employee_balance_yuan\n2026,101,1\n", NULL, "accounts.csv:2:1: found the year 2026, allowed 2025"},
        {"year,code,employee_balance_yuan\n2025,103,1\n", NULL, "accounts.csv:2:6: found the unknown code \"103\""},
        {"year,code,employee_balance\n2025,101,1\n", NULL, "accounts.csv:1:11:"},
        {"year,code,employee_retirees\n2025,101,-1\n", NULL, "accounts.csv:2:10:"},
        {"year,code,months,employee_retirees\n2025,101,13,1\n", NULL, "accounts.csv:2:10:"},
        {"year,code,employee_retirees\n2025,101,1\n2025,101,2\n", NULL,
         "accounts.csv:3:10: found employee_retirees of 101"},
        {"year,code,employee_retirees\n2025,101,\n", NULL, "found no figure"},
        {"year,code,employee_retirees\n2025,101,1\n", "baseline=fund", "found layers or levers of the baseline fund"},
        {"year,code,employee_retirees\n2025,101,1\n", "membership.pension_age_shift=1",
         "found membership.pension_age_shift"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rolling r = {0};
        pc_status st = {0};
        sim_small(&r.p.s);
        if (cases[i].set) {
            sim_set(&r.p.s, cases[i].set);
            sim_set(&r.p.s, "policy.fund.start=2025");
        }
        assert_int_equal(try_open(&r, cases[i].accounts, &st), PC_ERR_INPUT);
        if (!strstr(st.message, cases[i].part)) {
            fail_msg("no \"%s\" in: %s", cases[i].part, st.message);
        }
        pc_roll_release(&r.roll);
        sim_end(&r.p.s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_projected), cmocka_unit_test(test_one_item),
                                       cmocka_unit_test(test_part_of_a_year), cmocka_unit_test(test_files),
                                       cmocka_unit_test(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
