/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A valid small scenario is read to the numbers written in it; every single thing broken in it is refused with code 2
 * and a message that shows the place, the value and what is allowed. */
#include "small.h"

#include <math.h>

static void valid(void **state)
{
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    if (small_read(&s, NULL, 0, &sc, &st) != PC_OK) {
        fail_msg("%s", st.message);
    }
    assert_string_equal(sc->title, "Two");
    assert_int_equal(sc->base_year, 2024);
    assert_int_equal(sc->horizon, 10);
    assert_int_equal(sc->paths, 100);
    assert_int_equal(sc->seed, 7);
    assert_int_equal(sc->n_quantiles, 11);
    assert_true(sc->quantiles[0] == 0.005 && sc->quantiles[10] == 0.995);
    assert_int_equal(sc->n_regions, 2);
    assert_string_equal(sc->regions[0].id, "101");
    assert_string_equal(sc->regions[0].name, "\xe7\x94\xb2");
    assert_string_equal(sc->regions[1].name_en, "Beta");
    assert_int_equal(sc->regions[0].stream, 101);
    assert_true(isnan(sc->regions[0].value[PC_COL_BIRTHS_PER_1000]));
    assert_true(sc->regions[1].value[PC_COL_BIRTHS_PER_1000] == 6.1);
    assert_true(sc->regions[0].value[PC_COL_MORTALITY_FACTOR] == 1 &&
                sc->regions[1].value[PC_COL_MORTALITY_FACTOR] == 1.05);
    assert_true(sc->regions[1].value[PC_COL_EMPLOYEE_RATE] == 0.06);
    assert_true(sc->regions[1].value[PC_COL_RESIDENT_BALANCE_YUAN] == -1e7);
    assert_true(sc->regions[1].value[PC_COL_CENTRAL_SUBSIDY_SHARE] == 0.6);
    assert_true(sc->population[0] == 10000 && sc->population[PC_AGES + 100] == 1000);
    assert_true(sc->alpha[10] == -8.2 && sc->beta[PC_AGES] == 0.01);
    assert_true(sc->fertility_share[30] == 0.66 && sc->fertility_share[14] == 0 && sc->fertility_share[50] == 0);
    /* 0.25 over ages 1..19, 20..39 and 40..100 of two sexes, nothing at age 0 */
    assert_true(sc->migration_share[0] == 0 && sc->migration_share[PC_AGES] == 0);
    assert_true(sc->migration_share[1] == 0.25 / 38 && sc->migration_share[PC_AGES + 20] == 0.5 / 40);
    assert_true(sc->migration_share[100] == 0.25 / 122);
    assert_true(sc->membership_profile[19] == 0 && sc->membership_profile[29] == 0.5 &&
                sc->membership_profile[100] == 1);
    assert_true(sc->age_cost_res[49] == 1.5 && sc->age_cost_res[50] == 2.5 && sc->age_cost_act[0] == 1);
    assert_true(sc->pension_age[0] == 60 && fabs(sc->pension_age[3 * 5] - 61) < 1e-12);
    assert_true(fabs(sc->cpi[10] - pow(1.02, 10)) < 1e-12 && sc->cpi[0] == 1);
    assert_true(sc->correlation[0] == 1 && sc->correlation[1] == 0);
    assert_int_equal(sc->n_groupings, 1);
    assert_string_equal(sc->groupings[0].name, "whole");
    assert_int_equal(sc->n_policies, 2);
    assert_int_equal(sc->baseline, 0);
    assert_int_equal(sc->policies[1].n_phases[PC_EMPLOYEE], 1);
    assert_int_equal(sc->policies[1].n_phases[PC_RESIDENT], 0);
    assert_int_equal(sc->policies[1].phases[PC_EMPLOYEE][0].from_year, 2026);
    assert_int_equal(sc->policies[1].phases[PC_EMPLOYEE][0].layers[0].over, 0);
    assert_string_equal(sc->policies[1].phases[PC_EMPLOYEE][0].layers[0].section.head->name, "adjustment_fund");
    assert_int_equal(sc->policies[1].phases[PC_EMPLOYEE][0].place.line, 10);
    assert_true(pc_scenario_number(sc, "mortality.sigma") == 2.6);
    assert_true(isnan(pc_scenario_number(sc, "mortality.sigmaa")));
    assert_int_equal(pc_files_count(s.files), 9);
    assert_string_equal(pc_files_at(s.files, 0)->name, "scenario.yaml");
    pc_scenario_free(sc);
    small_end(&s);
}

/* ---- everything that may be written ---------------------------------------------------------------------------------
 */

static double layer_value(const pc_scenario *sc, int policy, int scheme, int phase, const char *key)
{
    const pc_section *section = &sc->policies[policy].phases[scheme][phase].layers[0].section;

    for (int p = 0; p < section->head->n_params; p++) {
        if (strcmp(section->head->params[p].key, key) == 0) {
            return section->values[p].number;
        }
    }
    return NAN;
}

static void rich(void **state)
{
    static const char yaml[] =
        "base_year: 2024\nhorizon: 10\nbaseline: fund\nseed: 18446744073709551615\n"
        "whole: {id: w, name: \xe5\x85\xa8\xe9\x83\xa8}\n"
        "quantiles: [5 %, 0.5, 95 %]\nquantiles_for: all\nmonths_bands: [0, 6]\ntreasury_alpha: 99 %\n"
        "distribution: {student_t: 4.5}\n"
        "correlation:\n  - [wages, cost, 0.25]\n"
        "region_correlation: {table: rc.csv, drivers: [wages, claims_employee]}\n"
        "prices: {inflation: {2025: 1 %, 2027: 3 %}}\n"
        "wages: {growth: growth.csv}\n"
        "cost: {employee.elasticity: 0.9, employee: {excess: 1 %}}\n"
        "shocks:\n  epidemic: {probability: 2 %, duration: 2, size_mean: 0.1, scope: region, employee: {revenue: "
        "-0.5}}\n"
        "partitions:\n  zones: {column: quality}\n  one: {groups: {core: [102]}, reported: false}\n"
        "policies:\n"
        "  fund:\n    title: T\n    pension_age: old.csv\n    both:\n      2028:\n        layers: [unified: {over: "
        "zones}]\n"
        "    employee:\n      2026:\n        layers: [adjustment_fund: {over: one, levy: 2 %}]\n        shortfall: "
        "[borrow]\n"
        "  lib: {use: lib/p.yaml, title: mine}\n";
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    small_put(&s, "scenario.yaml", yaml);
    small_put(&s, "rc.csv", "region,102,101\n101,0.3,1\n102,1,0.3\n");
    small_put(&s, "growth.csv",
              "\xef\xbb\xbfyear,value,source,lower80\r\n2020,\"10 %\",\"a, \"\"b\"\"\",1\r\n2030,0,,\r\n");
    small_put(&s, "old.csv", "year,men,women_cadres,women_workers\n2024,60,55,50\n");
    small_put(&s, "lib/p.yaml",
              "title: theirs\nnote: n\npension_age: o.csv\nresident: {2030: {layers: [unified: {over: whole}]}}\n");
    small_put(&s, "lib/o.csv", "year,men,women_cadres,women_workers\n2024,59,54,49\n");
    if (small_read(&s, NULL, 0, &sc, &st) != PC_OK) {
        fail_msg("%s", st.message);
    }
    assert_true(sc->seed == UINT64_MAX);
    assert_string_equal(sc->whole_id, "w");
    assert_int_equal(sc->n_quantiles, 3);
    assert_true(sc->quantiles[0] == 0.05 && sc->quantiles_all == 1 && sc->treasury_alpha == 0.99);
    assert_int_equal(sc->n_months_bands, 2);
    assert_true(sc->student_nu == 4.5);
    assert_true(sc->correlation[3 * 6 + 4] == 0.25 && sc->correlation[4 * 6 + 3] == 0.25);
    assert_true(sc->region_correlation[0] == 1 && sc->region_correlation[1] == 0.3 && sc->region_correlation[3] == 1);
    assert_int_equal(sc->region_correlated, 1u << 2 | 1u << 5);
    assert_true(fabs(sc->cpi[3] - 1.01 * 1.02 * 1.03) < 1e-12 && fabs(sc->cpi[4] / sc->cpi[3] - 1.03) < 1e-12);
    assert_true(fabs(pc_scenario_series(sc, "wages.growth")[0] - 0.06) < 1e-15);
    assert_true(fabs(pc_scenario_series(sc, "wages.growth")[3] - 0.03) < 1e-15);
    assert_true(pc_scenario_series(sc, "wages.growth")[10] == 0);
    assert_true(pc_scenario_value(sc, "wages.growth")->given && !pc_scenario_value(sc, "wages.sigma")->given);
    assert_true(pc_scenario_number(sc, "cost.employee.elasticity") == 0.9);
    assert_true(pc_scenario_number(sc, "cost.employee.excess") == 0.01);
    assert_int_equal(sc->n_shocks, 1);
    assert_string_equal(sc->shock_names[0], "epidemic");
    assert_int_equal(sc->n_groupings, 3);
    assert_int_equal(sc->groupings[1].n_groups, 2);
    assert_string_equal(sc->groupings[1].group_ids[1], "west");
    assert_int_equal(sc->groupings[1].group_of[1], 1);
    assert_true(sc->groupings[2].group_of[0] == -1 && sc->groupings[2].group_of[1] == 0);
    assert_true(sc->groupings[1].reported == 1 && sc->groupings[2].reported == 0);
    assert_int_equal(sc->policies[0].n_phases[PC_EMPLOYEE], 2);
    assert_int_equal(sc->policies[0].phases[PC_EMPLOYEE][0].from_year, 2026);
    assert_int_equal(sc->policies[0].phases[PC_EMPLOYEE][0].layers[0].over, 2);
    assert_true(layer_value(sc, 0, PC_EMPLOYEE, 0, "levy") == 0.02);
    assert_int_equal(sc->policies[0].phases[PC_EMPLOYEE][0].n_shortfalls, 1);
    assert_int_equal(sc->policies[0].phases[PC_RESIDENT][0].layers[0].over, 1);
    assert_true(sc->policies[0].pension_age[3 * 10] == 60);
    assert_string_equal(sc->policies[1].title, "mine");
    assert_string_equal(sc->policies[1].note, "n");
    assert_true(sc->policies[1].pension_age[2] == 49);
    assert_int_equal(sc->policies[1].n_phases[PC_RESIDENT], 1);
    pc_scenario_free(sc);
    small_end(&s);
}

static void own_ages(void **state)
{
    small s;
    pc_scenario *sc;
    pc_status st;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    fprintf(out, "region,sex,age,persons\n");
    for (int i = 0; i < 404; i++) {
        fprintf(out, "%d,%s,%d,%d\n", i < 202 ? 102 : 101, i % 202 < 101 ? "male" : "female", i % 101, i + 1);
    }
    fclose(out);
    small_start(&s);
    small_put(&s, "population.csv", text);
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_OK);
    assert_int_equal(sc->has_region_population, 1);
    assert_true(sc->population[0] == 304 && sc->population[(1 * 2 + 1) * 101 + 5] == 6);
    pc_scenario_free(sc);
    strstr(text, "102,female,37,")[0] = '9';
    small_put(&s, "population.csv", text);
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "unknown region \"902\""));
    free(text);
    small_end(&s);
}

/* Membership by region and the exposures of a base year whose year before is known, as `roll` leaves them. */
static void region_membership(void **state)
{
    static const char head[] = "region,population,aged,resident_cost,contributors,retirees,contributor_cost,"
                               "retiree_cost,contributor_rcost,retiree_rcost\n";
    static const struct {
        const char *membership, *exposure, *message;
    } wrong[] = {
        {"region,age_from,profile\n101,20,0.5\n", NULL, "found no row of the region 102"},
        {"region,age_from,profile\n101,20,0.5\n102,30,1\n101,60,1\n", NULL, "rows of the region 101 a second time"},
        {"region,age_from,profile\n101,20,0.5\n101,20,0.6\n102,30,1\n", NULL, "membership.csv:3"},
        {"region,age_from,profile\n101,20,0.5\n7,20,0.6\n", NULL, "unknown region \"7\""},
        {NULL, "101,1,1,1,1,1,1,1,1,1\n", "found no row of the region 102"},
        {NULL, "101,1,1,1,1,1,1,1,1,1\n101,1,1,1,1,1,1,1,1,1\n", "found the region 101 a second time"},
        {NULL, "101,1,1,1,1,3,1,1,1,1\n102,1,1,1,1,1,1,1,1,1\n", "exposure.csv:2"},
    };
    small s;
    pc_scenario *sc;
    pc_status st = {0};
    char text[512];
    const char *set = "tables.exposure=exposure.csv";

    (void)state;
    small_start(&s);
    small_put(&s, "membership.csv", "region,age_from,profile\n102,20,0.5\n102,60,1\n101,0,0.25\n");
    snprintf(text, sizeof text, "%s102,0.9,1,1,1,1,1,1,1,1\n101,1,1,1,1,1.1,1,1,1,1.5\n", head);
    small_put(&s, "exposure.csv", text);
    if (small_read(&s, &set, 1, &sc, &st)) {
        fail_msg("%s", st.message);
    }
    assert_int_equal(sc->has_region_membership, 1);
    assert_true(sc->membership_profile[0] == 0.25 && sc->membership_profile[100] == 0.25);
    assert_true(sc->membership_profile[101 + 19] == 0 && sc->membership_profile[101 + 20] == 0.5 &&
                sc->membership_profile[101 + 60] == 1);
    assert_true(sc->base_exposure[4] == 1.1 && sc->base_exposure[8] == 1.5 && sc->base_exposure[PC_BASE_SUMS] == 0.9);
    pc_scenario_free(sc);
    small_end(&s);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        small_start(&s);
        if (wrong[i].membership) {
            small_put(&s, "membership.csv", wrong[i].membership);
        } else {
            snprintf(text, sizeof text, "%s%s", head, wrong[i].exposure);
            small_put(&s, "exposure.csv", text);
        }
        st = (pc_status){0};
        assert_int_equal(small_read(&s, &set, wrong[i].exposure ? 1 : 0, &sc, &st), PC_ERR_INPUT);
        if (!strstr(st.message, wrong[i].message)) {
            fail_msg("no \"%s\" in \"%s\"", wrong[i].message, st.message);
        }
        small_end(&s);
    }
}

/* ---- one thing broken at a time -------------------------------------------------------------------------------------
 */

static const struct broken {
    const char *file, *from, *to; /* from NULL: `to` is added to scenario.yaml */
    const char *expect;           /* in the message */
} BROKEN[] = {
    /* keys */
    {"scenario.yaml", "paths: 100", "pahts: 100",
     "scenario.yaml:4:1: found the unknown key \"pahts\", allowed \"paths\""},
    {"scenario.yaml", "paths: 100", "paths: many",
     "scenario.yaml:4:8: found \"many\" for paths, allowed a whole number from 0"},
    {"scenario.yaml", "paths: 100", "paths: 10.5", "found \"10.5\" for paths"},
    {"scenario.yaml", "paths: 100", "paths: [100]", "found a list for paths"},
    {"scenario.yaml", "paths: 100", "paths:", "found nothing for paths"},
    {"scenario.yaml", "paths: 100", "paths: 100 yuan", "whose unit \"yuan\" does not fit"},
    {"scenario.yaml", "horizon: 10", "horizon: 10 months", "whose unit \"months\" does not fit"},
    {"scenario.yaml", "horizon: 10", "horizon: 0",
     "found \"0\" for horizon, which is too low, allowed a whole number from 1 to 200"},
    {"scenario.yaml", "base_year: 2024\n", "", "found no base_year"},
    {"scenario.yaml", "paths: 100", "base_year: 2025", "scenario.yaml:4:1: found the key \"base_year\" a second time"},
    {NULL, NULL, "baseline: citty\n", "scenario.yaml:15:11: found the unknown policy \"citty\", allowed \"city\""},
    {NULL, NULL, "mortality: {sigm: 1}\n",
     "scenario.yaml:15:13: found the unknown key of mortality \"sigm\", allowed \"sigma\""},
    {NULL, NULL, "cost: {employee: {elasticty: 1}}\n",
     "unknown key of cost.employee \"elasticty\", allowed \"elasticity\""},
    {NULL, NULL, "cost: {employee.excess: 1 %, employee: {excess: 1 %}}\n", "found cost.employee.excess a second time"},
    {NULL, NULL, "cost: {employee: 3}\n", "found \"3\" for cost.employee, allowed a map"},
    {NULL, NULL, "mortality: 3\n", "found \"3\" for mortality, allowed a map"},
    {NULL, NULL, "mortality: {sigma: .nan}\n",
     "scenario.yaml:15:20: found \".nan\" for mortality.sigma, which is not a finite number"},
    {NULL, NULL, "mortality: {sigma: 1e999}\n", "not a finite number"},
    {NULL, NULL, "mortality: {sigma: 2 %}\n", "found \"2 %\" for mortality.sigma, whose unit \"%\" does not fit"},
    {NULL, NULL, "quantiles: [50 %, 5 %]\n", "scenario.yaml:15:19: found 0.05 after 0.5 for quantiles"},
    {NULL, NULL, "quantiles: [1.2]\n", "found \"1.2\" for quantiles, which is too high"},
    {NULL, NULL, "quantiles: []\n", "found an empty list for quantiles"},
    {NULL, NULL, "months_bands: [0, x]\n", "found \"x\" for months_bands"},
    {NULL, NULL, "distribution: {student_t: 2}\n", "found \"2\" for distribution.student_t, allowed a number above 2"},
    {NULL, NULL, "distribution: cauchy\n", "found \"cauchy\" for distribution"},
    {NULL, NULL, "tables: {regoins: x.csv}\n", "unknown key of tables \"regoins\", allowed \"regions\""},
    {NULL, NULL, "tables: {regions: x.csv}\n", "x.csv: found no such file"},
    {NULL, NULL, "tables: {regions: /etc/passwd}\n", "found the file name \"/etc/passwd\", allowed a name inside"},
    {NULL, NULL, "tables: {regions: ../../x.csv}\n", "found the file name \"../../x.csv\", allowed a name inside"},
    {"scenario.yaml", "seed: 7", "seed: 18446744073709551616", "found \"18446744073709551616\" for seed"},
    {"scenario.yaml", "seed: 7", "seed: 1.8e19", "found \"1.8e19\" for seed"},
    /* YAML */
    {NULL, NULL, "mortality: &a {sigma: 1}\n", "scenario.yaml:15:12: found the anchor \"&a\""},
    {NULL, NULL, "note: *a\n", "found the alias \"*a\""},
    {NULL, NULL, "note: !!str a\n", "found the tag"},
    {NULL, NULL, "---\nnote: a\n", "found a second document"},
    {NULL, NULL, "note: {a: [1\n", "found a mistake in the YAML"},
    {NULL, NULL, "note: \xff\xfe\n", "scenario.yaml:15:7: found the byte 0xff, which is not valid UTF-8"},
    {NULL, NULL, "note: \x01\n", "found a character that is not allowed in YAML"},
    {NULL, NULL, "note: [[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "found more than 24 levels"},
    {NULL, NULL, "{a: 1}: 2\n", "found a map as a key"},
    /* series */
    {NULL, NULL, "wages: {growth: {2024: 1 %, 2030: 1 %, 2029: 2 %}}\n",
     "scenario.yaml:15:40: found year 2029 after year 2030"},
    {NULL, NULL, "wages: {growth: {2026: 1 %}}\n",
     "scenario.yaml:15:18: found 2026 as the first year for wages.growth (a year gap)"},
    {NULL, NULL, "wages: {growth: {2024: 1 yuan}}\n",
     "scenario.yaml:15:24: found \"1 yuan\" for wages.growth, whose unit"},
    {NULL, NULL, "wages: {growth: {}}\n", "found an empty map for wages.growth"},
    {NULL, NULL, "wages: {growth: {soon: 1 %}}\n", "found \"soon\" for wages.growth"},
    {NULL, NULL, "wages: {growth: [1 %]}\n", "found a list for wages.growth"},
    {NULL, NULL, "wages: {growth: g.csv}\n", "found \"g.csv\", but g.csv: found no such file"},
    {NULL, NULL, "wages: {growth: 80 %}\n",
     "found \"80 %\" for wages.growth, which is too high, allowed a number from -0.2 to 0.3"},
    {NULL, NULL, "wages: {growth: fertility.csv}\n", "found no column \"year\""},
    {NULL, NULL, "prices: {inflation: 2 %}\ntables: {cpi: c.csv}\n", "found both tables.cpi and prices.inflation"},
    /* correlations */
    {NULL, NULL, "correlation:\n  - [wages, wags, 0.3]\n",
     "scenario.yaml:16:13: found the unknown driver \"wags\", allowed \"wages\""},
    {NULL, NULL, "correlation: [[wages, cost, 1.5]]\n",
     "found \"1.5\" for a correlation, which is too high, allowed a number from -1 to 1"},
    {NULL, NULL, "correlation: [[wages, wages, 1]]\n", "found the pair wages, wages of one driver"},
    {NULL, NULL, "correlation: [[wages, cost, 0.1], [cost, wages, 0.2]]\n", "found the pair cost, wages a second time"},
    {NULL, NULL, "correlation: [[wages, cost, 0.9], [wages, returns, 0.9], [cost, returns, -0.5]]\n",
     "(not positive definite) at row returns with wages (0.9) and cost (-0.5)"},
    {NULL, NULL, "correlation: [[mortality, fertility, 1]]\n",
     "(not positive definite) at row fertility with mortality (1)"},
    {NULL, NULL, "correlation: [wages, cost, 1]\n", "found \"wages\", allowed [driver, driver, value]"},
    /* shocks, partitions */
    {NULL, NULL, "shocks: {flu: {probabilty: 1 %}}\n",
     "unknown key of shocks.flu \"probabilty\", allowed \"probability\""},
    {NULL, NULL, "shocks: {flu: {probability: 120 %}}\n",
     "found \"120 %\" for shocks.flu.probability, which is too high"},
    {NULL, NULL, "shocks: [flu]\n", "found a list for shocks"},
    {NULL, NULL, "shocks: {flu: {scope: city}}\n", "found \"city\" for shocks.flu.scope, allowed one of whole, region"},
    {NULL, NULL, "partitions: {whole: {column: quality}}\n", "found the partition name \"whole\""},
    {NULL, NULL, "partitions: {z: {column: qualty}}\n",
     "found the unknown column of regions.csv \"qualty\", allowed \"quality\""},
    {NULL, NULL, "partitions: {z: {}}\n", "found neither column nor groups"},
    {NULL, NULL, "partitions: {z: {groups: {a: [101, 103]}}}\n", "found the unknown region \"103\""},
    {NULL, NULL, "partitions: {z: {groups: {a: [101], b: [101]}}}\n", "found the region \"101\" in a second place"},
    {NULL, NULL, "partitions: {z: {groups: [101]}}\n", "found a list for groups"},
    {NULL, NULL, "partitions: {z: {groups: {}}}\n", "found an empty map for groups"},
    {NULL, NULL, "partitions: {z: {groups: {a: 101}}}\n", "found \"101\" for the group a, allowed a list of regions"},
    {NULL, NULL, "partitions: {z: {groups: {a: []}}}\n", "found an empty list for the group a, allowed a list of"},
    {NULL, NULL, "partitions: {z: {groups: {a: [[101]]}}}\n", "found a list, allowed the code of a region"},
    {NULL, NULL, "partitions: {z: {column: [quality]}}\n", "found a list for column, allowed the name of a column"},
    {NULL, NULL, "partitions: {z: {column: births_per_1000, groups: {a: [101]}}}\n", "found both column and groups"},
    {NULL, NULL, "partitions: [z]\n", "found a list for partitions, allowed a map {NAME: {column: COLUMN}}"},
    {NULL, NULL, "distribution: {t: 5}\n", "found another key than student_t for distribution"},
    {NULL, NULL, "distribution: [normal]\n", "found a list for distribution"},
    /* policies */
    {"scenario.yaml", "over: whole", "over: hole",
     "scenario.yaml:12:37: found the unknown partition \"hole\", allowed \"whole\""},
    {"scenario.yaml", "over: whole, ", "", "found no partition for adjustment_fund"},
    {"scenario.yaml", "adjustment_fund", "ajustment_fund",
     "scenario.yaml:12:13: found the unknown layer \"ajustment_fund\", allowed \"adjustment_fund\""},
    {"scenario.yaml", "levy: 1 %", "levy: 1.5",
     "scenario.yaml:12:50: found \"1.5\" for adjustment_fund.levy, which is too high, allowed "
     "a number from 0 to 1"},
    {"scenario.yaml", "levy: 1 %", "lvy: 1 %", "unknown key of adjustment_fund \"lvy\", allowed \"levy\""},
    {"scenario.yaml", "- borrow: {}", "- borow", "found the unknown shortfall rule \"borow\", allowed \"borrow\""},
    {"scenario.yaml", "2026:", "next year:", "scenario.yaml:10:7: found \"next year\" for a phase"},
    {"scenario.yaml", "layers:", "layer:", "found the unknown key of employee.2026 \"layer\", allowed \"layers\""},
    {"scenario.yaml",
     "employee:", "employees:", "found the unknown key of policies.fund \"employees\", allowed \"employee\""},
    {"scenario.yaml", "city: {}", "city: {both: {2026: {}}, resident: {2026: {}}}",
     "found a second phase from 2026 of the resident scheme"},
    {"scenario.yaml", "city: {}", "city: {both: {2028: {}, 2026: {}}}",
     "scenario.yaml:7:27: found the phase from 2026 after the one from 2028 in both, allowed phases in ascending "
     "order"},
    {"scenario.yaml", "city: {}", "city: {resident: {2026: {}}, resident: {2027: {}}}",
     "scenario.yaml:7:32: found the key \"resident\" a second time"},
    {"scenario.yaml", "city: {}", "city: {both: {2026: {levers: [age_benefit: {from_age: 7, to_age: 6}]}}}",
     "scenario.yaml:7:33: found values of age_benefit that do not fit together (from_age is above to_age)"},
    {"scenario.yaml", "city: {}", "city: {both: {2026: {levers: [siphoning: {hubs: [101, 999]}]}}}", "\"999\""},
    {"scenario.yaml", "city: {}", "city: {vesting: 1.2}", "found \"1.2\" for vesting, which is too high"},
    {"scenario.yaml", "city: {}", "city: {pension_age: no.csv}", "no.csv: found no such file"},
    {"scenario.yaml", "city: {}", "city: {use: no.yaml}", "no.yaml: found no such file"},
    {"scenario.yaml", "city: {}", "city: {use: scenario.yaml}", "unknown key of policies.city \"policies\""},
    {"scenario.yaml", "city: {}", "a/b: {}", "found the name \"a/b\""},
    {"scenario.yaml", "city: {}", "city: {employee: {2026: {layers: {unified: {}}}}}",
     "found a map for layers, allowed a list"},
    {"scenario.yaml", "city: {}", "city: {use: [a, b]}", "found a list for use, allowed the name of a policy"},
    {"scenario.yaml", "over: whole", "over: [whole]", "found a list for adjustment_fund.over, allowed the name of"},
    {"scenario.yaml", "- borrow: {}", "- {}", "found a map of no or several keys in the list under `shortfall rule:`"},
    {"scenario.yaml", "- borrow: {}", "- [borrow]", "found a list in the list under `shortfall rule:`"},
    {"scenario.yaml", "city: {}", "city: {resident: {2026: {levers: [pooled_share: {}]}}}",
     "found the lever \"pooled_share\" for the resident scheme, allowed only for the employee scheme"},
    {"scenario.yaml", "city: {}", "city: {both: [2026]}", "found a list for both, allowed a map {YEAR:"},
    {"scenario.yaml", "city: {}", "city: {both: yes}", "found \"yes\" for both, allowed a map {YEAR:"},
    {"scenario.yaml", "city: {}", "city: {pension_age: {2024: 60}}",
     "found a map for pension_age, allowed the name of"},
    {"scenario.yaml", "city: {}", "city: 3", "found \"3\" for policies.city, allowed a map"},
    {"scenario.yaml", SMALL_POLICIES, "", "found no policies, allowed at least one"},
    {"scenario.yaml", SMALL_POLICIES, "policies:\n", "found no policies, allowed at least one"},
    {"scenario.yaml", SMALL_POLICIES, "policies: [city]\n", "found a list for policies, allowed a map {NAME: {...}}"},
    {"scenario.yaml", SMALL_YAML, "- 1\n", "scenario.yaml:1:1: found a list, allowed a map of keys"},
    {"scenario.yaml", SMALL_YAML, "1\n", "scenario.yaml:1:1: found a single value, allowed a map of keys"},
    /* regions.csv */
    {"regions.csv", "101,\xe7\x94\xb2", "101,", "regions.csv:2:5: found an empty cell for name, allowed a name"},
    {"regions.csv", ",quality", ",", "found a column without a name, allowed a name for each column"},
    {"regions.csv", "102,Beta", "102/3,Beta", "found \"102/3\" for code, allowed up to 64 bytes without"},
    {"regions.csv", "102,Beta", "101,Beta", "regions.csv:3:1: found the region \"101\" a second time"},
    {"regions.csv", "102,Beta", ",Beta", "regions.csv:3:1: found \"\" for code"},
    {"regions.csv", ",births_per_1000,", ",carved_from,", "found \"6.1\" as the host of the carve-out 102"},
    {"regions.csv", ",births_per_1000,", ",carved_from,", "of the carve-out 102, allowed an empty cell"},
    {"regions.csv", "wage_yuan", "wages_yuan", "found no column \"wage_yuan\""},
    {"regions.csv", "wage_yuan", "wages_yuan",
     "regions.csv:1:156: found the unknown column \"wages_yuan\", allowed \"wage_yuan\" (the nearest"},
    {"regions.csv", ",quality", ",region_zone", "found the unknown column \"region_zone\""},
    {"regions.csv", ",90000,", ",,", "regions.csv:2:52: found nothing for wage_yuan, allowed a number from 1"},
    {"regions.csv", "\xe7\x94\xb2,1000000", "\xe7\x94\xb2,-5",
     "regions.csv:2:7: found \"-5\" for population, which is too low"},
    {"regions.csv", "0.15,0.2", "0.8,0.2", "found share_0_14 + share_60_plus = 1 for 101, allowed less than 1"},
    {"regions.csv", "0.15,", "15,", "found \"15\" for share_0_14, which is too high"},
    {"regions.csv", ",west", ",west,", "regions.csv:3:1: found a row of 26 cells, allowed 25"},
    {"regions.csv", ",west", "", "regions.csv:3:1: found a row of 24 cells, allowed 25"},
    {"regions.csv", "Beta", "\"Beta", "found a quoted cell without its closing quote"},
    {"regions.csv", "Beta", "\"Be\"ta", "regions.csv:3:9: found text after a closing quote"},
    {"regions.csv", "Beta", "B\xff", "which is not valid UTF-8"},
    {"regions.csv", "share_0_14", "population", "found the column \"population\" a second time"},
    /* people */
    {"population.csv", "female,37,", "femal,37,",
     "population.csv:39:1: found \"femal\" for sex, allowed female or male"},
    {"population.csv", "female,37,6670\n", "",
     "found no row of female, age 37, allowed a table with every age from 0 to 100"},
    {"population.csv", "female,37,", "female,36,", "population.csv:39:8: found female, age 36 a second time"},
    {"population.csv", "female,37,", "female,101,", "found \"101\" for age, which is too high"},
    {"population.csv", "female,37,6670", "female,37,-1",
     "population.csv:39:11: found \"-1\" for persons, which is too low"},
    {"population.csv", "male,100,1000\n", "male,100,\n", "found nothing for persons"},
    {"mortality.csv", "alpha", "alfa",
     "mortality.csv:1:9: found the unknown column \"alfa\", allowed sex, age, alpha, beta, source, quality, note"},
    {"mortality.csv", "0.01\n", "nan\n", "mortality.csv:2:18: found \"nan\" for beta, which is not a finite number"},
    {"fertility.csv", "30,0.66", "30,0.76", "found shares of births that add up to 1.1"},
    {"fertility.csv", "30,0.66", "30,-0.66", "found \"-0.66\" for share, which is too low"},
    {"fertility.csv", "49,0.01", "50,0.01",
     "fertility.csv:36:1: found \"50\" for age, which is too high, allowed a whole number from 15 to 49"},
    {"fertility.csv", "20,0.01\n", "", "found no row of age 20"},
    {"fertility.csv", "20,0.01\n", "19,0.01\n", "found age 19 a second time"},
    {"migration.csv", "20,0.5", "20,0.6", "found shares of net migrants that add up to 1.1"},
    {"migration.csv", "20,0.5", "0,0.5", "found age 0 after age 0"},
    {"migration.csv", "20,0.5", "1,0.5", "migration.csv:2:3: found a share of 0.25 for age 0 alone"},
    {"membership.csv", "30,0.9", "20,0.9", "membership.csv:3:1: found age 20 after age 20"},
    {"membership.csv", "0.9", "-1", "found \"-1\" for profile"},
    {"age_cost.csv", "0,1,1", "5,1,1", "found 5 as the first age, allowed 0"},
    {"pension_age.csv", "2024,60,55,50", "2024,60,55,44",
     "pension_age.csv:2:12: found \"44\" for women_workers in 2024, which is too low, "
     "allowed a number from 45"},
    {"pension_age.csv", "2039,63", "2026,63",
     "pension_age.csv:3:6: found a pension age of men that rises from 60 in 2024 to 61.5 in 2025"},
    {"pension_age.csv", "2039,63", "2024,63", "found year 2024 after year 2024"},
    {"pension_age.csv", "2024,60", "2026,60", "found 2026 as the first year (a year gap after the base year)"},
    {"pension_age.csv", "year,men,women_cadres,women_workers\n2024,60,55,50\n2039,63,58,55\n", "",
     "found an empty table"},
    {"pension_age.csv", "2024,60,55,50\n2039,63,58,55\n", "", "found a header without rows"},
};

static void broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        small s;
        pc_scenario *sc;
        pc_status st;
        small_start(&s);
        if (BROKEN[i].from) {
            small_replace(&s, BROKEN[i].file, BROKEN[i].from, BROKEN[i].to);
        } else {
            small_append(&s, BROKEN[i].to);
        }
        const pc_code code = small_read(&s, NULL, 0, &sc, &st);
        if (code != PC_ERR_INPUT || !strstr(st.message, BROKEN[i].expect)) {
            fail_msg("case %zu (%s): code %d, expected\n%s\ngot\n%s", i, BROKEN[i].to, code, BROKEN[i].expect,
                     st.message);
        }
        assert_null(sc);
        small_end(&s);
    }
    print_message("%zu broken scenarios refused\n", sizeof BROKEN / sizeof *BROKEN);
}

/* A policy's own file: what is wrong in it is found there. */
static void used_files(void **state)
{
    static const struct {
        const char *text, *expect;
    } files[] = {
        {"- 1\n", "p.yaml:1:1: found a list as a policy, allowed a map of keys"},
        {"use: q.yaml\n", "p.yaml:1:1: found the key \"use\" in a file that is used itself"},
        {"both: {2026: {layrs: []}}\n", "p.yaml:1:15: found the unknown key of both.2026 \"layrs\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        small s;
        pc_scenario *sc;
        pc_status st;
        small_start(&s);
        small_put(&s, "p.yaml", files[i].text);
        small_replace(&s, "scenario.yaml", "city: {}", "city: {use: p.yaml}");
        assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
        if (!strstr(st.message, files[i].expect)) {
            fail_msg("expected\n%s\ngot\n%s", files[i].expect, st.message);
        }
        small_end(&s);
    }
}

/* Files far too large for what they are: refused at once, with the limit. */
static void limits(void **state)
{
    enum { MOST = 6 << 20 };
    static const struct {
        const char *file, *head, *piece, *tail, *expect;
        int n;
    } large[] = {
        {"scenario.yaml", "", "# a long comment\n", "", "bytes, allowed at most 4 MiB", 300000},
        {"scenario.yaml", SMALL_YAML "x: [", "1,", "1]\n", "found more than 200000 values, allowed fewer", 200001},
        {"scenario.yaml", SMALL_YAML "x:\n", "  %d: 1\n", "", "found more than 1000 keys in one map, allowed fewer",
         1001},
        {"scenario.yaml", "", "", "", "found an empty file, allowed a map of keys", 0},
        {"scenario.yaml", "a: \"", "\\0", "\"\n", "found a text with a zero character inside, allowed printable text",
         1},
        {"regions.csv", "code", ",c%d", "\n", "found 1025 columns, allowed at most 1024", 1024},
        {"fertility.csv", "age,share,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r\n", "\n", "",
         "20 columns, allowed at most 4000000", 200001},
    };
    char *text = malloc(MOST);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        small s;
        pc_scenario *sc;
        pc_status st;
        int n = sprintf(text, "%s", large[i].head);
        for (int k = 0; k < large[i].n; k++) {
            n += snprintf(text + n, (size_t)(MOST - n), large[i].piece, k);
        }
        snprintf(text + n, (size_t)(MOST - n), "%s", large[i].tail);
        small_start(&s);
        small_put(&s, large[i].file, text);
        assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
        if (!strstr(st.message, large[i].expect)) {
            fail_msg("expected\n%s\ngot\n%.500s", large[i].expect, st.message);
        }
        small_end(&s);
    }
    free(text);
}

/* ---- the form of messages -------------------------------------------------------------------------------------------
 */

static void caret(void **state)
{
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    small_append(&s, "whole: {name: \xe6\xb5\x99\xe6\xb1\x9f, nam_en: x}\n");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    /* column 19 in characters, but two Chinese characters before it take two columns each */
    assert_string_equal(
        st.message,
        "scenario.yaml:15:19: found the unknown key of whole \"nam_en\", allowed \"name_en\" (the nearest known name)\n"
        "  | whole: {name: \xe6\xb5\x99\xe6\xb1\x9f, nam_en: x}\n"
        "  |                     ^");
    small_end(&s);
}

static void many(void **state)
{
    char text[4000] = "mortality:\n";
    small s;
    pc_scenario *sc;
    pc_status st;
    int lines = 0;

    (void)state;
    for (int i = 0; i < 30; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "  wrong_%d: 1\n", i);
    }
    small_start(&s);
    small_append(&s, text);
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    for (const char *at = st.message; (at = strstr(at, "scenario.yaml:")) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, 20);
    assert_non_null(strstr(st.message, "wrong_19"));
    assert_null(strstr(st.message, "wrong_20"));
    assert_string_equal(st.message + strlen(st.message) - 12, "\nand 10 more");
    /* however long the lines are, the message ends whole and counts what it leaves out */
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    for (int i = 0; i < 30; i++) {
        char name[64], key[900];
        memset(key, 'k', sizeof key);
        snprintf(name, sizeof name, "%d", i);
        memcpy(key, "  a", 3);
        memcpy(key + 3, name, strlen(name));
        memcpy(key + 890, ": 1\n", 5);
        small_append(&s, key);
    }
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message + strlen(st.message) - 14, "\nand "));
    small_end(&s);
}

static void both_files(void **state)
{
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    small_replace(&s, "scenario.yaml", "paths: 100", "paths: -1");
    small_replace(&s, "regions.csv", ",90000,", ",zero,");
    small_replace(&s, "fertility.csv", "30,0.66", "30,0.67");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "scenario.yaml:4:8"));
    assert_non_null(strstr(st.message, "regions.csv:2:52"));
    assert_non_null(strstr(st.message, "fertility.csv:1:5"));
    small_end(&s);
}

/* ---- streams, prices, correlations of regions
 * ------------------------------------------------------------------------- */

static void streams(void **state)
{
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    small_replace(&s, "regions.csv", "code,name,", "code,stream,");
    small_replace(&s, "regions.csv", "\xe7\x94\xb2", "");
    small_replace(&s, "regions.csv", "Beta", "101");
    small_replace(&s, "regions.csv", "quality", "name");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    assert_non_null(
        strstr(st.message, "regions.csv:3:5: found the random stream 101 for region 101 and for region 102"));
    small_replace(&s, "regions.csv", "102,101", "102,4294967295");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_OK);
    assert_true(sc->regions[1].stream == 4294967295u);
    pc_scenario_free(sc);
    /* FNV-1a-32 of "a" is a region's stream where its code is no number */
    small_replace(&s, "regions.csv", "102,4294967295", "a,");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_OK);
    assert_true(sc->regions[1].stream == 0xe40c292cu);
    pc_scenario_free(sc);
    small_replace(&s, "regions.csv", "a,,", "000,,");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "found the random stream 0 for the whole and for region 000"));
    small_end(&s);
}

static void prices(void **state)
{
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    small_append(&s, "tables: {cpi: cpi.csv}\n");
    small_put(&s, "cpi.csv", "year,inflation\n2025,1 %\n2026,2 %\n");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_OK);
    assert_true(fabs(sc->cpi[3] - 1.01 * 1.02 * 1.02) < 1e-12);
    pc_scenario_free(sc);
    small_put(&s, "cpi.csv", "year,inflation\n2025,1 %\n2027,2 %\n");
    assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "cpi.csv:3:1: found a year gap: 2027 after 2025, allowed 2026"));
    small_end(&s);
}

static void region_correlation(void **state)
{
    static const struct {
        const char *table, *expect;
    } cases[] = {
        {"region,101,102\n101,1,0.3\n102,0.2,1\n", "rc.csv:3:5: found the correlation 0.2 of 102 with 101 but 0.3"},
        {"region,101,102\n101,1,1\n102,1,1\n", "(not positive definite) at row 102 with 101 (1)"},
        {"region,101,102\n101,0.9,0\n102,0,1\n", "found the correlation 0.9 of region 101 with itself"},
        {"region,101,102\n101,1,0\n", "found no row of region 102"},
        {"region,101\n101,1\n", "found no column \"102\""},
        {"region,101,102\n101,1,0\n103,0,1\n", "found the unknown region \"103\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        small s;
        pc_scenario *sc;
        pc_status st;
        small_start(&s);
        small_append(&s, "region_correlation: {table: rc.csv}\n");
        small_put(&s, "rc.csv", cases[i].table);
        assert_int_equal(small_read(&s, NULL, 0, &sc, &st), PC_ERR_INPUT);
        if (!strstr(st.message, cases[i].expect)) {
            fail_msg("%s\ngot\n%s", cases[i].expect, st.message);
        }
        small_end(&s);
    }
}

/* ---- --set ----------------------------------------------------------------------------------------------------------
 */

static void overrides(void **state)
{
    static const char *const good[] = {"paths=500",
                                       "mortality.sigma=0",
                                       "policies.fund.employee.2026.layers.0.levy=2%",
                                       "wages.growth={2024: 4 %, 2034: 2 %}",
                                       "cost.employee.excess=0.5 %",
                                       "correlation=[[wages, cost, 0.5]]",
                                       "policies.new={resident: {2030: {layers: [none]}}}",
                                       "policies.fund.employee.2026.shortfall.0.limit_months=6",
                                       "distribution.student_t=5",
                                       "baseline=new"};
    static const struct {
        const char *set, *expect;
    } bad[] = {
        {"paths=abc", "--set paths=abc: found \"abc\" for paths, allowed a whole number from 0 to 1000000000"},
        {"pahts=1", "--set pahts=1: found the unknown key \"pahts\", allowed \"paths\""},
        {"mortality.sgma=1", "found the unknown key of mortality \"sgma\", allowed \"sigma\""},
        {"paths", "--set paths: found \"paths\", allowed key=value"},
        {"=1", "allowed key=value"},
        {"a..b=1", "found an empty or too long key"},
        {"policies.fnd.employee.2026.layers.0.levy=2%", "found the unknown policy \"fnd\", allowed \"fund\""},
        {"policies.fund.employee.2027.layers.0.levy=2%",
         "found the unknown year of a phase \"2027\", allowed \"2026\""},
        {"policies.fund.employee.2026.layers.1.levy=2%", "found the position \"1\" in a list, allowed 0 to 0"},
        {"policies.fund.employee.2026.layers.0.lvy=2%",
         "found the unknown key of adjustment_fund \"lvy\", allowed \"levy\""},
        {"wages.growth={2024: 4 %", "found a mistake in the YAML"},
        {"paths=\xff", "not valid UTF-8"},
        {"mortality.sigma=", "found nothing for mortality.sigma"},
    };
    small s;
    pc_scenario *sc;
    pc_status st;

    (void)state;
    small_start(&s);
    if (small_read(&s, good, sizeof good / sizeof *good, &sc, &st) != PC_OK) {
        fail_msg("%s", st.message);
    }
    assert_int_equal(sc->paths, 500);
    assert_true(pc_scenario_number(sc, "mortality.sigma") == 0);
    assert_true(layer_value(sc, 1, PC_EMPLOYEE, 0, "levy") == 0.02);
    assert_true(fabs(pc_scenario_series(sc, "wages.growth")[5] - 0.03) < 1e-15);
    assert_true(pc_scenario_number(sc, "cost.employee.excess") == 0.005);
    assert_true(sc->correlation[3 * 6 + 4] == 0.5);
    assert_int_equal(sc->n_policies, 3);
    assert_int_equal(sc->baseline, 2);
    assert_true(sc->student_nu == 5);
    assert_int_equal(sc->n_overrides, 10);
    assert_string_equal(sc->overrides[1], "mortality.sigma=0");
    assert_null(strstr(pc_files_at(s.files, 0)->text, "500"));
    pc_scenario_free(sc);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(small_read(&s, &bad[i].set, 1, &sc, &st), PC_ERR_INPUT);
        if (!strstr(st.message, bad[i].expect)) {
            fail_msg("expected\n%s\ngot\n%s", bad[i].expect, st.message);
        }
    }
    small_end(&s);
}

/* `policies=NAMES`: the baseline and those, of the scenario or of the library; the last selection holds. */
static void selection(void **state)
{
    static const char LIBRARY[] = "title: Library\nboth:\n  2030:\n    layers:\n      - adjustment_fund: {over: whole, "
                                  "levy: 5 %}\n    shortfall:\n      - borrow: {}\n";
    static const struct {
        const char *set[3];
        const char *names; /* in order, a star after the baseline */
    } good[] = {
        {{"policies=fund"}, "city* fund"},
        {{"policies=city"}, "city*"},
        {{"policies=shared"}, "city* shared"},
        {{"policies= shared , fund"}, "city* fund shared"},
        {{"policies=all"}, "city* fund"},
        {{"policies=all,shared"}, "city* fund shared"},
        {{"policies=city", "baseline=fund"}, "city fund*"},
        {{"policies=shared", "baseline=fund"}, "fund* shared"},
        {{"policies=shared", "baseline=shared"}, "shared*"},
        {{"policies=shared", "policies=fund"}, "city* fund"},
        {{"policies=city", "policies=all"}, "city* fund"},
    };
    static const struct {
        const char *set, *expect;
    } bad[] = {
        {"policies=fnud", "--policies fnud: found the unknown policy \"fnud\", allowed \"fund\""},
        {"policies=city,nothing_like_it", "found the unknown policy \"nothing_like_it\", allowed city, fund"},
        {"policies=", "found no name of a policy"},
        {"policies=,", "found no name of a policy"},
        {"policies=../policies/shared", "found the unknown policy"},
    };
    pc_scenario *sc;
    pc_status st;
    small s;

    (void)state;
    small_start(&s);
    small_put(&s, "../policies/shared.yaml", LIBRARY);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const int n = good[i].set[1] ? 2 : 1;
        char names[256] = "";
        if (small_read(&s, good[i].set, n, &sc, &st) != PC_OK) {
            fail_msg("%s: %s", good[i].set[0], st.message);
        }
        for (int p = 0; p < sc->n_policies; p++) {
            sprintf(names + strlen(names), "%s%s%s", p ? " " : "", sc->policies[p].name, p == sc->baseline ? "*" : "");
        }
        assert_string_equal(names, good[i].names);
        assert_int_equal(sc->n_overrides, n);
        assert_string_equal(sc->overrides[0], good[i].set[0]);
        pc_scenario_free(sc);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(small_read(&s, &bad[i].set, 1, &sc, &st), PC_ERR_INPUT);
        if (!strstr(st.message, bad[i].expect)) {
            fail_msg("expected\n%s\ngot\n%s", bad[i].expect, st.message);
        }
    }
    { /* what the library gives can be changed, whatever the order */
        const char *const set[] = {"policies.shared.both.2030.layers.0.levy=7 %", "policies=shared"};
        assert_int_equal(small_read(&s, set, 2, &sc, &st), PC_OK);
        assert_true(layer_value(sc, 1, PC_RESIDENT, 0, "levy") == 0.07);
        pc_scenario_free(sc);
    }
    small_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid),
        cmocka_unit_test(rich),
        cmocka_unit_test(own_ages),
        cmocka_unit_test(region_membership),
        cmocka_unit_test(broken),
        cmocka_unit_test(used_files),
        cmocka_unit_test(limits),
        cmocka_unit_test(caret),
        cmocka_unit_test(many),
        cmocka_unit_test(streams),
        cmocka_unit_test(both_files),
        cmocka_unit_test(prices),
        cmocka_unit_test(region_correlation),
        cmocka_unit_test(overrides),
        cmocka_unit_test(selection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
