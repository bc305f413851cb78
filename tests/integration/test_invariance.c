/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not change, or change only as it should: arrangements that come to the same thing, the unit of money, the
 * order of regions, policies and regions beside those looked at, more paths. */
#include "scenario_text.h"

static const char *const schemes[] = {"employee", "resident"};

/* Largest absolute number of a dataset, missing ones left out. */
static double largest(const pc_dataset *set)
{
    double most = 0;

    for (size_t i = 0; i < set->count; i++) {
        const double x = fabs(pc_dataset_at(set, i));
        most = x > most ? x : most;
    }
    return most;
}

/* Equal regions under noise of the whole alone: one fund is as good as four, region by region. */
static void unified_is_city(void **state)
{
    static const char *const names[] = {"balance",     "reserve_months", "deficit", "depleted_by",
                                        "expenditure", "net_transfer"};
    sim s;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "regions.csv",
              SMALL_HEADER EQUAL_REGION("11") EQUAL_REGION("12") EQUAL_REGION("13") EQUAL_REGION("14"));
    small_put(&s.text, "scenario.yaml",
              "title: Four\nbase_year: 2024\nhorizon: 20\npaths: 700\nseed: 3\npolicies:\n"
              "  city: {both: {2025: {shortfall: [borrow: {}]}}}\n"
              "  unified: {both: {2025: {layers: [unified: {over: whole, merge: 100 %}], shortfall: [borrow: {}]}}}\n");
    sim_set(&s, "migration.sigma=0");
    sim_set(&s, "employment.regional_sigma=0");
    sim_set(&s, "wages.regional_sigma=0");
    sim_set(&s, "cost.employee.regional_sigma=0");
    sim_set(&s, "cost.resident.regional_sigma=0");
    sim_set(&s, "claims.employee.cv=0");
    sim_set(&s, "claims.employee.tau=0");
    sim_set(&s, "claims.resident.cv=0");
    sim_set(&s, "claims.resident.tau=0");
    sim_set(&s, "returns.spread=0");
    sim_run(&s);
    for (int v = 0; v < 2; v++) {
        char a[64], b[64];
        snprintf(a, sizeof a, "policy/city/%s", schemes[v]);
        snprintf(b, sizeof b, "policy/unified/%s", schemes[v]);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            const pc_dataset *x = sim_set_of(&s, a, names[k]), *y = sim_set_of(&s, b, names[k]);
            /* transfers are 0 in both: rounding of the flows is all that may be left */
            const double size =
                k == 5 ? largest(sim_set_of(&s, a, "expenditure")) : fmax(largest(x), 1e-300);
            for (size_t i = 0; i < x->count; i++) {
                assert_close(names[k], pc_dataset_at(y, i), pc_dataset_at(x, i), 1e-11 * size);
            }
        }
        assert_true(sim_value(&s, a, "depleted_by", NULL, "11", 2044) > 0.05); /* the comparison meets empty funds */
        /* A gap's debt lies with the members, so a pool that has recovered is not short while a city in debt still is:
         * the first depletion is the same, later years can only be rarer. */
        for (int year = 2025; year <= 2044; year++) {
            const double city = sim_value(&s, a, "depleted_at", NULL, "11", year);
            const double unified = sim_value(&s, b, "depleted_at", NULL, "11", year);
            assert_true(unified <= city && (year > 2025 || unified == city));
        }
    }
    sim_end(&s);
}

/* A levy of nothing is nothing, bit for bit, quantiles too. */
static void levy_zero(void **state)
{
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "policies.adjustment.employee.2026.layers.0.levy=0");
    sim_run(&s);
    assert_same_group(s.results, "policy/city/employee", s.results, "policy/adjustment/employee");
    assert_same_group(s.results, "policy/city/resident", s.results, "policy/adjustment/resident");
    assert_same_group(s.results, "policy/city/both", s.results, "policy/adjustment/both");
    assert_close("no difference", sim_value(&s, "difference/adjustment/employee", "balance", "mean", NULL, 2044), 0, 0);
    assert_close("no difference", sim_value(&s, "difference/adjustment/employee", "balance", "sd", NULL, 2044), 0, 0);
    sim_end(&s);
}

static const char one_region[] =
    "title: One\nbase_year: 2024\nhorizon: 25\npaths: 600\nseed: 4\nreturns: {sigma: 1 %, spread: 0}\npolicies:\n"
    "  city: {both: {2025: {shortfall: [borrow: {}]}}}\n"
    "  fund:\n    both:\n      2026:\n        layers:\n"
    "          - adjustment_fund: {over: whole, levy: 3 %, base: revenue, allocation: ex_ante, retained: 30 %}\n"
    "        shortfall: [borrow: {}]\n"
    "  unified: {both: {2028: {layers: [unified: {over: whole, merge: 100 %}], shortfall: [borrow: {}]}}}\n"
    "  rescue: {both: {2025: {shortfall: [backstop: {payer: province}]}}}\n"
    "  rescue_one:\n    both: {2028: {layers: [unified: {over: whole}], shortfall: [backstop: {payer: city}]}}\n";

/* A policy without levers is counted by the baseline's flows; one whose lever does nothing makes and counts its own. */
static void lever_of_nothing(void **state)
{
    sim s;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "scenario.yaml",
              "title: Two\nbase_year: 2024\nhorizon: 12\npaths: 600\nseed: 3\npolicies:\n"
              "  city: {both: {2025: {shortfall: [borrow: {}]}}}\n"
              "  unified: {both: {2027: {layers: [unified: {over: whole, merge: 100 %}], shortfall: [borrow: {}]}}}\n"
              "  idle: {both: {2027: {layers: [unified: {over: whole, merge: 100 %}], shortfall: [borrow: {}],\n"
              "                       levers: [benefit: {factor: 1}]}}}\n");
    sim_run(&s);
    for (int v = 0; v < 3; v++) {
        static const char *const views[] = {"employee", "resident", "both"};
        char unified[64], idle[64];
        snprintf(unified, sizeof unified, "policy/unified/%s", views[v]);
        snprintf(idle, sizeof idle, "policy/idle/%s", views[v]);
        assert_same_group(s.results, unified, s.results, idle);
        snprintf(unified, sizeof unified, "difference/unified/%s", views[v]);
        snprintf(idle, sizeof idle, "difference/idle/%s", views[v]);
        assert_same_group(s.results, unified, s.results, idle);
    }
    sim_end(&s);
}

/* One region: who holds the money changes nothing in the total, and rescue only moves its cost. */
static void arrangements_of_one_region(void **state)
{
    static const char *const same_total[] = {"fund", "unified"};
    static const char *const all[] = {"fund", "unified", "rescue", "rescue_one"};
    sim s;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "regions.csv", SMALL_HEADER EQUAL_REGION("7"));
    small_put(&s.text, "scenario.yaml", one_region);
    sim_run(&s);
    for (int v = 0; v < 2; v++) {
        char group[96], paired[96];
        double size, net;
        for (size_t k = 0; k < 2; k++) {
            const pc_dataset *x, *y;
            snprintf(group, sizeof group, "policy/city/%s", schemes[v]);
            x = sim_set_of(&s, group, "balance");
            snprintf(group, sizeof group, "policy/%s/%s", same_total[k], schemes[v]);
            y = sim_set_of(&s, group, "balance");
            for (size_t i = 0; i < x->count; i++) {
                assert_close("balance", pc_dataset_at(y, i), pc_dataset_at(x, i), 1e-12 * largest(x));
            }
        }
        snprintf(group, sizeof group, "policy/city/%s", schemes[v]);
        net = sim_value(&s, group, "treasury_net", "mean", NULL, 0);
        size = fabs(net) + sim_value(&s, group, "treasury_net", "sd", NULL, 0);
        for (size_t k = 0; k < 4; k++) {
            snprintf(paired, sizeof paired, "difference/%s/%s", all[k], schemes[v]);
            snprintf(group, sizeof group, "policy/%s/%s", all[k], schemes[v]);
            assert_close("net cost", sim_value(&s, group, "treasury_net", "mean", NULL, 0), net, 1e-12 * size);
            assert_close("path by path", sim_value(&s, paired, "treasury_net", "mean", NULL, 0), 0, 1e-12 * size);
            assert_close("path by path", sim_value(&s, paired, "treasury_net", "sd", NULL, 0), 0, 1e-12 * size);
        }
    }
    /* the comparison meets rescues */
    assert_true(sim_value(&s, "policy/rescue/employee", "treasury_gross", "mean", NULL, 0) > 0);
    assert_true(sim_value(&s, "policy/city/employee", "treasury_gross", "mean", NULL, 0) == 0);
    sim_end(&s);
}

/* Several regions, one fund or many, borrowing or rescued: the same net cost on each path, since no money is lost. */
static void net_cost_everywhere(void **state)
{
    static const char *const all[] = {"adjustment", "unified", "rescue", "rescue_one"};
    sim s;
    double size;

    (void)state;
    sim_folder(&s, "smoke");
    small_append(&s.text, "  rescue:\n    both: {2025: {shortfall: [backstop: {payer: province, limit_months: 12}]}}\n"
                          "  rescue_one:\n    both:\n      2027:\n"
                          "        layers: [unified: {over: whole, merge: 50 %, share_province: 40 %}]\n"
                          "        shortfall: [borrow: {limit_months: 3}, backstop: {payer: city}]\n");
    sim_run(&s);
    size = fabs(sim_value(&s, "policy/city/both", "treasury_net", "mean", NULL, 0)) +
           sim_value(&s, "policy/city/both", "treasury_net", "sd", NULL, 0);
    for (size_t k = 0; k < 4; k++) {
        char paired[96];
        snprintf(paired, sizeof paired, "difference/%s/both", all[k]);
        assert_close(all[k], sim_value(&s, paired, "treasury_net", "mean", NULL, 0), 0, 1e-12 * size);
        assert_close(all[k], sim_value(&s, paired, "treasury_net", "sd", NULL, 0), 0, 1e-12 * size);
    }
    /* borrowing, no layers, no spread: the actuarial balance is the discounted final balance over the base */
    assert_true(sim_value(&s, "policy/city/employee", "treasury_net", "mean", NULL, 0) *
                    sim_value(&s, "policy/city/employee", "actuarial_balance", "mean", NULL, 0) <
                0);
    sim_end(&s);
}

/* ---- the unit of money and the order of regions -------------------------------------------------------------------- */

enum { MAX_CELLS = 64 };

/* Splits a line (no quoted cells) into cells, in place. */
static int split(char *line, char **cell)
{
    int n = 0;

    for (char *at = line; at; n++) {
        assert_true(n < MAX_CELLS);
        cell[n] = at;
        at = strchr(at, ',');
        if (at) {
            *at++ = 0;
        }
    }
    return n;
}

/* regions.csv again: columns of yuan times `factor`, rows in reverse order if `reverse`, a column `stream` of 501, 502,
 * ... in the order of the first file. */
static char *rewrite_regions(const char *text, double factor, int reverse)
{
    char *copy = strdup(text), *lines[40] = {0}, *header[MAX_CELLS], *cell[MAX_CELLS], *made = NULL, *save = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    int n_lines = 0, n;

    assert_non_null(copy);
    assert_non_null(out);
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        assert_true(n_lines < 40);
        lines[n_lines++] = line;
    }
    n = split(lines[0], header);
    for (int c = 0; c < n; c++) {
        fprintf(out, "%s,", header[c]);
    }
    fprintf(out, "stream\n");
    for (int k = 1; k < n_lines; k++) {
        const int row = reverse ? n_lines - k : k;
        assert_int_equal(split(lines[row], cell), n);
        for (int c = 0; c < n; c++) {
            const size_t length = strlen(header[c]);
            if (cell[c][0] && length > 5 && strcmp(header[c] + length - 5, "_yuan") == 0) {
                fprintf(out, "%.17g,", factor * strtod(cell[c], NULL));
            } else {
                fprintf(out, "%s,", cell[c]);
            }
        }
        fprintf(out, "%d\n", 500 + row);
    }
    fclose(out);
    free(copy);
    return made;
}

/* Compares all results in double, `b` against `a` with money times `factor` and regions found by their identifier.
 * Standard deviations carry the rounding of squares and are compared less closely. */
/* Where y holds what x holds at k: axes of names (regions, who gives) may be in another order. */
static size_t same_place(const pc_dataset *x, const pc_dataset *y, size_t k)
{
    size_t other = 0, inner = 1;

    for (int d = x->rank - 1; d >= 0; d--) {
        const size_t n = x->dims[d]->size;
        size_t at = k % n;
        if (x->dims[d]->type == PC_TEXT && x->dims[d]->coordinates) {
            const long found = pc_dimension_find_text(y->dims[d], ((char *const *)x->dims[d]->coordinates)[at]);
            assert_true(found >= 0);
            at = (size_t)found;
        }
        other += at * inner;
        inner *= n;
        k /= n;
    }
    return other;
}

static void compare_scaled(const sim *a, const sim *b, double factor)
{
    int compared = 0;

    for (int g = 0; g < a->results->n_groups; g++) {
        const pc_group *group = a->results->groups[g];
        if (strncmp(group->path, "inputs", 6) == 0 || strcmp(group->path, "quality") == 0 ||
            strcmp(group->path, "areas") == 0) {
            continue;
        }
        for (int i = 0; i < group->n_datasets; i++) {
            const pc_dataset *x = group->datasets[i], *y = pc_results_find(b->results, group->path, x->name);
            const int money = x->units && strncmp(x->units, "yuan", 4) == 0;
            const double by = money ? factor : 1;
            double most = 0;

            assert_non_null(y);
            assert_int_equal(x->count, y->count);
            if (x->type != PC_F64) {
                continue;
            }
            most = fmax(largest(x), money && strcmp(x->units, "yuan") == 0 ? 1e8 : 1e-6);
            for (size_t k = 0; k < x->count; k++) {
                const size_t other = same_place(x, y, k);
                double u, v;
                u = by * pc_dataset_at(x, k);
                v = pc_dataset_at(y, other);
                if (isnan(u) || isnan(v)) {
                    assert_true(isnan(u) && isnan(v));
                } else if (!(fabs(u - v) <= 1e-12 * by * most)) {
                    fail_msg("%s/%s[%zu]: %.17g, want %.17g, off by %g of %g", group->path, x->name, k, v, u, v - u,
                             by * most);
                }
                compared++;
            }
        }
    }
    assert_true(compared > 10000);
}

static void regions_rewritten(const char *folder, double factor, int reverse)
{
    sim a, b;
    char *text;

    sim_folder(&a, folder);
    sim_folder(&b, folder);
    text = rewrite_regions(sim_text(&a, "regions.csv"), 1, 0);
    small_put(&a.text, "regions.csv", text);
    free(text);
    text = rewrite_regions(sim_text(&b, "regions.csv"), factor, reverse);
    small_put(&b.text, "regions.csv", text);
    free(text);
    /* A return of exactly 0, at the floor, leaves an account that was filled to 0 with a year's income equal to its
     * outgo: then rounding decides whether that is a deficit. */
    sim_set(&a, "returns.floor=-0.5");
    sim_set(&b, "returns.floor=-0.5");
    sim_run(&a);
    sim_run(&b);
    compare_scaled(&a, &b, factor);
    sim_end(&a);
    sim_end(&b);
}

static void money_scaled(void **state)
{
    (void)state;
    regions_rewritten("smoke", 10, 0);
}

static void regions_permuted(void **state)
{
    (void)state;
    regions_rewritten("smoke", 1, 1);
}

/* ---- what stands beside ------------------------------------------------------------------------------------------------ */

/* A policy added in front and one behind leave the numbers of the others, weather and differences included, as they
 * were, bit for bit. */
static void policy_added(void **state)
{
    static const char *const groups[] = {"policy/city/employee",       "policy/city/resident",
                                         "policy/city/both",           "policy/adjustment/employee",
                                         "policy/unified/employee",    "policy/unified/resident",
                                         "policy/unified/both",        "difference/adjustment/employee",
                                         "difference/unified/both",    "difference/unified/employee",
                                         "people",                     "economy",
                                         "paths/unified/employee",     "paths/people"};
    sim a, b;

    (void)state;
    sim_folder(&a, "smoke");
    sim_folder(&b, "smoke");
    small_replace(&b.text, "scenario.yaml", "policies:\n",
                  "policies:\n  before: {both: {2030: {layers: [unified: {over: whole}]}}}\n");
    small_append(&b.text, "  after: {employee: {2031: {layers: [adjustment_fund: {over: whole, levy: 9 %}], levers: "
                          "[benefit: {factor: 1.1}]}}}\n");
    sim_run_with(&a, (pc_run_options){.save_paths = 20});
    sim_run_with(&b, (pc_run_options){.save_paths = 20});
    assert_non_null(pc_results_find_group(b.results, "policy/before/employee"));
    for (size_t k = 0; k < sizeof groups / sizeof *groups; k++) {
        assert_same_group(a.results, groups[k], b.results, groups[k]);
    }
    sim_end(&a);
    sim_end(&b);
}

/* The saved paths of a longer run begin with those of a shorter one. */
static void more_paths(void **state)
{
    sim a, b;

    (void)state;
    sim_folder(&a, "smoke");
    sim_folder(&b, "smoke");
    sim_set(&a, "paths=100");
    sim_set(&b, "paths=700");
    sim_run_with(&a, (pc_run_options){.save_paths = 100});
    sim_run_with(&b, (pc_run_options){.save_paths = 100});
    assert_same_group(a.results, "paths/adjustment/employee", b.results, "paths/adjustment/employee");
    assert_same_group(a.results, "paths/unified/both", b.results, "paths/unified/both");
    assert_same_group(a.results, "paths/people", b.results, "paths/people");
    sim_end(&a);
    sim_end(&b);
}

/* Another region changes nothing in the paths of those that were there, city by city. */
static void region_added(void **state)
{
    static const char extra[] = "R4,D,D,2000000,0.13,0.22,6,600000,150000,900000,110000,0.06,0.73,3e9,2.8e9,4e9,1e9,9.8e8,"
                                "5e8,0,1e9,900,50000,illustrative\n";
    static const char *const names[] = {"revenue", "expenditure", "balance", "transfer"};
    sim a, b;
    char *text;
    size_t n;

    (void)state;
    sim_folder(&a, "smoke");
    sim_folder(&b, "smoke");
    n = strlen(sim_text(&b, "regions.csv")) + sizeof extra;
    text = malloc(n);
    assert_non_null(text);
    snprintf(text, n, "%s%s", sim_text(&b, "regions.csv"), extra);
    small_put(&b.text, "regions.csv", text);
    free(text);
    sim_run_with(&a, (pc_run_options){.save_paths = 300});
    sim_run_with(&b, (pc_run_options){.save_paths = 300});
    for (int v = 0; v < 2; v++) {
        char group[64];
        snprintf(group, sizeof group, "paths/city/%s", schemes[v]);
        for (int k = 0; k < 4; k++) {
            const pc_dataset *x = sim_set_of(&a, group, names[k]), *y = sim_set_of(&b, group, names[k]);
            const size_t n_years = x->dims[2]->size, rx = x->dims[1]->size, ry = y->dims[1]->size;
            assert_true(rx == 4 && ry == 5);
            for (size_t p = 0; p < 300; p++) {
                /* the first three of both are the same regions */
                assert_memory_equal((double *)x->data + p * rx * n_years, (double *)y->data + p * ry * n_years,
                                    3 * n_years * sizeof(double));
            }
        }
    }
    sim_end(&a);
    sim_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unified_is_city),     cmocka_unit_test(levy_zero),
        cmocka_unit_test(lever_of_nothing),
        cmocka_unit_test(arrangements_of_one_region), cmocka_unit_test(net_cost_everywhere),
        cmocka_unit_test(money_scaled),        cmocka_unit_test(regions_permuted),
        cmocka_unit_test(policy_added),        cmocka_unit_test(more_paths),
        cmocka_unit_test(region_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
