/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped scenarios: their central paths against what is known or published, and every feature of the reference. */
#include "scenario_text.h"

typedef struct central {
    sim s;
    pc_layout layout;
    double *x;
} central;

static void central_start(central *c, const char *folder, const char *const *sets, int n_sets)
{
    sim_folder(&c->s, folder);
    for (int i = 0; i < n_sets; i++) {
        sim_set(&c->s, sets[i]);
    }
    sim_plan(&c->s);
    c->layout = (pc_layout){0};
    assert_int_equal(pc_layout_for(c->s.plan, &c->layout, &c->s.status), PC_OK);
    c->x = malloc(c->layout.n_cells * sizeof *c->x);
    assert_non_null(c->x);
    assert_int_equal(pc_run_central(c->s.plan, &c->layout, c->x, &c->s.status), PC_OK);
}

static void central_end(central *c)
{
    free(c->x);
    pc_layout_release(&c->layout);
    sim_end(&c->s);
}

/* Subject 0 is the weather, 1 + p policy p; area -1: the whole. */
static double central_value(const central *c, int subject, const char *name, int view, int area, int year)
{
    const pc_subject *sub = &c->layout.subjects[subject];

    for (int o = 0; o < sub->n_outputs; o++) {
        if (strcmp(sub->outputs[o]->name, name) == 0) {
            const int64_t cell = pc_layout_cell(&c->layout, subject, o, view, area < 0 ? c->layout.n_areas - 1 : area,
                                                year - c->s.scenario->base_year);
            assert_true(cell >= 0);
            return c->x[cell];
        }
    }
    fail_msg("no output %s", name);
    return NAN;
}

/* First year in which an event holds on the central path, 0: never. */
static int first_year(const central *c, int subject, const char *name, int area)
{
    for (int t = 1; t <= c->layout.n_years; t++) {
        if (central_value(c, subject, name, PC_EMPLOYEE, area, c->s.scenario->base_year + t) > 0) {
            return c->s.scenario->base_year + t;
        }
    }
    return 0;
}

/* The shipped tables without migration follow the United Nations' medium projection of China. */
static void china_population(void **state)
{
    static const char *const sets[] = {"horizon=51", "migration.fade=0", "migration.start=0", "migration.closed=false"};
    double start = 0, later;
    central c;

    (void)state;
    central_start(&c, "national", sets, 4);
    for (int r = 0; r < c.s.scenario->n_regions; r++) {
        start += c.s.scenario->regions[r].value[PC_COL_POPULATION];
    }
    assert_int_equal(c.s.scenario->n_regions, 31);
    later = central_value(&c, 0, "population", 0, -1, 2050);
    print_message("population 2050/2024 %.4f, 2075/2024 %.4f\n", later / start,
                  central_value(&c, 0, "population", 0, -1, 2075) / start);
    assert_close("2050 over 2024", later / start, 0.885, 0.015 * 0.885);
    assert_close("2075 over 2024", central_value(&c, 0, "population", 0, -1, 2075) / start, 0.655, 0.02 * 0.655);
    central_end(&c);
}

/* The year after the base year against the published one: 2.60 contributors a retiree, 18,293 hundred million yuan. */
static void china_next_year(void **state)
{
    central c;

    (void)state;
    central_start(&c, "national", NULL, 0);
    print_message("ratio %.4f, revenue %.1f\n", central_value(&c, 1, "ratio", PC_EMPLOYEE, -1, 2025),
                  central_value(&c, 1, "revenue", PC_EMPLOYEE, -1, 2025) / 1e8);
    assert_close("ratio", central_value(&c, 1, "ratio", PC_EMPLOYEE, -1, 2025), 2.60, 0.02);
    assert_close("revenue", central_value(&c, 1, "revenue", PC_EMPLOYEE, -1, 2025), 18293e8, 0.03 * 18293e8);
    central_end(&c);
}

/* Zhejiang: the employee scheme as a whole runs a deficit from the early 2030s, is overdrawn about 2042, and its first
 * city about 2030. */
static void zhejiang(void **state)
{
    int deficit, overdraft = 0, first = 9999;
    central c;

    (void)state;
    central_start(&c, "zhejiang", NULL, 0);
    deficit = first_year(&c, 1, "deficit", -1);
    for (int year = 2025; year <= 2074 && !overdraft; year++) {
        overdraft = central_value(&c, 1, "balance", PC_EMPLOYEE, -1, year) < 0 ? year : 0;
    }
    for (int r = 0; r < c.s.scenario->n_regions; r++) {
        const int year = first_year(&c, 1, "depleted_at", r);
        first = year > 0 && year < first ? year : first;
    }
    print_message("deficit %d, overdraft %d, first city %d\n", deficit, overdraft, first);
    assert_true(deficit >= 2030 && deficit <= 2035);
    assert_true(overdraft >= 2038 && overdraft <= 2045);
    assert_true(first >= 2029 && first <= 2032);
    /* pension ages that don't rise can only make it worse: fewer contributors, more retirees */
    assert_true(central_value(&c, 4, "ratio", PC_EMPLOYEE, -1, 2040) <
                0.95 * central_value(&c, 1, "ratio", PC_EMPLOYEE, -1, 2040));
    assert_true(central_value(&c, 4, "balance", PC_EMPLOYEE, -1, 2040) <
                central_value(&c, 1, "balance", PC_EMPLOYEE, -1, 2040));
    central_end(&c);
}

/* Whether a cell is of the region. */
static int is_of(const pc_dataset *set, size_t k, const char *id)
{
    for (int d = set->rank - 1; d >= 0; d--) {
        const size_t at = k % set->dims[d]->size;
        if (strcmp(set->dims[d]->name, "region") == 0) {
            return strcmp(((char *const *)set->dims[d]->coordinates)[at], id) == 0;
        }
        k /= set->dims[d]->size;
    }
    return 0;
}

/* The reference scenario uses every feature, meets every bound, and comes out finite; no money is lost on any path. */
static void reference(void **state)
{
    int seen = 0;
    sim s;

    (void)state;
    sim_folder(&s, "reference");
    sim_set(&s, SLOW ? "paths=256" : "paths=512");
    sim_run(&s);
    assert_true(sim_value(&s, "quality", "drivers_clipped", NULL, NULL, 0) > 0);
    assert_true(sim_value(&s, "quality", "migration_bounded", NULL, NULL, 0) > 0);
    assert_true(sim_value(&s, "quality", "employment_capped", NULL, NULL, 0) > 0);
    assert_true(sim_value(&s, "quality", "identity_residual", NULL, NULL, 0) >= 0);
    assert_true(sim_value(&s, "quality", "identity_residual", NULL, NULL, 0) < 1e-9);
    for (int g = 0; g < s.results->n_groups; g++) {
        const pc_group *group = s.results->groups[g];
        if (strncmp(group->path, "inputs", 6) == 0) {
            continue;
        }
        for (int i = 0; i < group->n_datasets; i++) {
            const pc_dataset *set = group->datasets[i];
            for (size_t k = 0; set->type != PC_TEXT && k < set->count; k++) {
                /* a chance given today's band has no value where no path is in the band; a carve-out has no residents, and
                 * no people of whom a part could be aged */
                const char *without = strstr(group->path, "/resident") || !strcmp(group->path, "people") ? "330001" : "";
                if (!isfinite(pc_dataset_at(set, k)) && strncmp(set->name, "red_in_3", 8) != 0 &&
                    !is_of(set, k, without)) {
                    fail_msg("%s/%s[%zu] = %g", group->path, set->name, k, pc_dataset_at(set, k));
                }
                seen++;
            }
        }
    }
    assert_true(seen > 100000);
    /* layers, rescue and levers leave their marks */
    assert_true(sim_value(&s, "policy/alone/both", "treasury_city", "mean", NULL, 0) > 0);
    assert_true(sim_value(&s, "policy/one_fund_old_ages/employee", "treasury_province", "mean", NULL, 0) > 0);
    assert_true(sim_value(&s, "difference/one_fund_old_ages/employee", "revenue", "mean", NULL, 2045) != 0);
    assert_true(sim_value(&s, "policy/two_tiers/employee", "net_transfer", "sd", "310000", 2030) > 0);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(china_population),
        cmocka_unit_test(china_next_year),
        cmocka_unit_test(zhejiang),
        cmocka_unit_test(reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
