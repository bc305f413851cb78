/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /inputs and /areas of the results: every number the run used, so that an independent program can redo it from the
 * file alone. The names are documented in docs/results.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "list.h"
#include "plan/describe.h"
#include "plan/plan.h"

typedef struct inputs {
    const pc_plan *plan;
    pc_results *results;
    const pc_dimension *region, *year, *sex, *age, *rule, *scheme, *category, *driver;
} inputs;

static void put(const inputs *in, const char *group, const char *name, const double *data, const char *units,
                const char *long_name, int rank, const pc_dimension *a, const pc_dimension *b, const pc_dimension *c,
                const pc_dimension *d)
{
    const pc_dimension *dims[4] = {a, b, c, d};

    if (data) {
        pc_results_put(in->results, group, name, PC_F64, rank, dims, data, units, long_name);
    }
}

static const pc_dimension *texts(const inputs *in, const char *name, size_t n, const char *const *values,
                                 const char *long_name)
{
    return pc_results_dimension(in->results, name, n, PC_TEXT, values, NULL, long_name);
}

static void put_text(const inputs *in, const char *group, const char *name, const pc_dimension *dimension,
                     const char *const *values, const char *long_name)
{
    const pc_dimension *dims[1] = {dimension};
    pc_dataset *set = pc_results_dataset(in->results, group, name, PC_TEXT, 1, dims, NULL, long_name);

    for (size_t i = 0; set && i < dimension->size; i++) {
        pc_dataset_set_text(in->results, set, i, values[i] ? values[i] : "");
    }
}

static void make_dimensions(inputs *in)
{
    static const char *const sexes[] = {"female", "male"}, *const schemes[] = {"employee", "resident"};
    static const char *const categories[] = {"men", "women_cadres", "women_workers"};
    static const char *const drivers[] = {"mortality", "fertility", "employment", "wages", "cost", "returns"};
    const pc_plan *plan = in->plan;
    int64_t years[512], ages[PC_AGES];

    for (int t = 0; t <= plan->n_years && t < 512; t++) {
        years[t] = plan->scenario->base_year + t;
    }
    for (int a = 0; a < PC_AGES; a++) {
        ages[a] = a;
    }
    in->region = texts(in, "input_region", (size_t)plan->n_regions, plan->area_ids, "region");
    in->year = pc_results_dimension(in->results, "input_year", (size_t)plan->n_years + 1, PC_I64, years, "year",
                                    "calendar year, the base year first");
    in->sex = texts(in, "sex", PC_SEXES, sexes, "sex");
    in->age = pc_results_dimension(in->results, "age", PC_AGES, PC_I64, ages, "year", "age last birthday, 100 is open");
    in->rule = texts(in, "rule", (size_t)plan->world.people.n_rules, plan->rule_names,
                     "membership rule: the table of pension ages it follows");
    in->scheme = texts(in, "scheme", PC_SCHEMES, schemes, "scheme");
    in->category = texts(in, "pension_category", 3, categories, "category of pension age");
    in->driver = texts(in, "driver", PC_PROVINCE_NORMALS, drivers, "driver of the whole, in the order of the draws");
}

/* Rows of separate arrays joined into one. */
static double *joined(const double *const *rows, size_t n_rows, size_t n)
{
    double *all = pc_calloc(n_rows * n, sizeof *all);

    for (size_t k = 0; all && k < n_rows; k++) {
        if (rows[k]) {
            memcpy(all + k * n, rows[k], n * sizeof *all);
        }
    }
    return all;
}

static void put_joined(const inputs *in, const char *group, const char *name, const double *const *rows, size_t n_rows,
                       size_t n, const char *units, const char *long_name, int rank, const pc_dimension *a,
                       const pc_dimension *b, const pc_dimension *c, const pc_dimension *d)
{
    double *all = joined(rows, n_rows, n);

    if (!all) {
        in->results->failed = 1;
    }
    put(in, group, name, all, units, long_name, rank, a, b, c, d);
    pc_free(all);
}

static void put_people(const inputs *in)
{
    const pc_people *p = &in->plan->world.people;
    const char *g = "inputs/people";
    size_t years = (size_t)in->plan->n_years + 1, regions = (size_t)in->plan->n_regions;
    enum { MAX_RULES = 64 };
    const double *e[MAX_RULES], *rho[MAX_RULES], *cap[MAX_RULES];
    size_t n_rules = (size_t)(p->n_rules < MAX_RULES ? p->n_rules : MAX_RULES);

    put(in, g, "population", p->population, "persons", "people at 31 December of the base year", 3, in->region, in->sex,
        in->age, NULL);
    put(in, g, "alpha", p->alpha, "1", "level of log death rates", 2, in->sex, in->age, NULL, NULL);
    put(in, g, "beta", p->beta, "1", "response of log death rates to the index kappa", 2, in->sex, in->age, NULL, NULL);
    put(in, g, "mortality_factor", p->mortality_factor, "1", "factor q_r on death rates", 1, in->region, NULL, NULL,
        NULL);
    put(in, g, "fertility_share", p->fertility_share, "1", "share f_a of births by mother's age", 1, in->age, NULL,
        NULL, NULL);
    put(in, g, "tfr_factor", p->tfr_factor, "1", "factor v_r on the total fertility rate", 1, in->region, NULL, NULL,
        NULL);
    put(in, g, "migration_share", p->migration_share, "1", "share psi of net migrants", 2, in->sex, in->age, NULL,
        NULL);
    put(in, g, "migration_rate", p->migration_rate, "1/year", "mean net migration rate", 1, in->region, NULL, NULL,
        NULL);
    put(in, g, "closed_weight", p->closed_weight, "1", "weights of the mean rate taken off in closed migration", 2,
        in->year, in->region, NULL, NULL);
    for (size_t k = 0; k < n_rules; k++) {
        e[k] = p->rules[k].e;
        rho[k] = p->rules[k].rho;
        cap[k] = p->rules[k].h_cap;
    }
    if (p->host) {
        const pc_dimension *dims[1] = {in->region};
        pc_results_put(
            in->results, g, "host", PC_I32, 1, dims, p->host, "1",
            "number of the region among whose people the members of a carve-out are counted, -1: no carve-out");
    }
    g = "inputs/membership";
    put_joined(in, g, "membership_fraction", e, n_rules, years * regions * PC_AGES, "1",
               "membership fraction e of the employee scheme", 4, in->rule, in->year, in->region, in->age);
    put_joined(in, g, "retired_part", rho, n_rules, years * PC_SEXES * PC_AGES, "1", "retired part rho of an age", 4,
               in->rule, in->year, in->sex, in->age);
    put_joined(in, g, "employment_cap", cap, n_rules, years * regions, "1", "cap of the employment level h", 3,
               in->rule, in->year, in->region, NULL);
    put_joined(in, g, "pension_age", in->plan->pension_age, n_rules, years * 3, "year", "pension age", 3, in->rule,
               in->year, in->category, NULL);
    put_joined(in, g, "vesting", in->plan->vesting, n_rules, years, "1",
               "share of members reaching 60 who stay members", 2, in->rule, in->year, NULL, NULL);
    put(in, g, "age_cost_contributor", p->k_act, "1", "age-cost index of contributors", 1, in->age, NULL, NULL, NULL);
    put(in, g, "age_cost_retiree", p->k_ret, "1", "age-cost index of retirees", 1, in->age, NULL, NULL, NULL);
    put(in, g, "age_cost_resident", p->k_res, "1", "age-cost index of residents", 1, in->age, NULL, NULL, NULL);
}

static void put_schemes(const inputs *in)
{
    const pc_schemes *s = &in->plan->world.schemes;
    const char *g = "inputs/calibration";
    size_t n = (size_t)in->plan->n_regions;
    const pc_dimension *sum =
        texts(in, "base_sum", PC_BASE_SUMS, pc_base_sums, "sum over the people, of the first membership rule");
    double *report = pc_calloc(2 * n, sizeof *report);

    if (!report) {
        in->results->failed = 1;
    }
    for (size_t r = 0; report && r < n; r++) {
        report[r] = in->plan->regions[r].lambda;
        report[n + r] = in->plan->regions[r].mu;
    }
    put(in, g, "lambda", report, "1", "level of membership below the lock-in age", 1, in->region, NULL, NULL, NULL);
    put(in, g, "mu", report ? report + n : NULL, "1", "level of membership from 60 on", 1, in->region, NULL, NULL,
        NULL);
    pc_free(report);
    put(in, g, "outside_contributors", s->outside_contributors, "1", "factor o_r on contributors", 1, in->region, NULL,
        NULL, NULL);
    put(in, g, "outside_retirees", s->outside_retirees, "1", "factor o_r on retirees", 1, in->region, NULL, NULL, NULL);
    put(in, g, "enrolment", s->enrolment, "1", "share c_r of non-members who are residents of the scheme", 1,
        in->region, NULL, NULL, NULL);
    put(in, g, "wage", s->wage_start, "yuan/year", "wage of the base year", 1, in->region, NULL, NULL, NULL);
    put(in, g, "base_ratio", s->base_ratio, "1", "contribution base over wage b_r", 1, in->region, NULL, NULL, NULL);
    put(in, g, "rate", s->rate, "1", "contribution rate tau, employer plus employee", 1, in->region, NULL, NULL, NULL);
    put(in, g, "pooled_share", s->pooled_share, "1", "share phi of contributions to the pooled fund", 1, in->region,
        NULL, NULL, NULL);
    put(in, g, "account_balance", s->account_start, "yuan", "individual accounts at the start", 1, in->region, NULL,
        NULL, NULL);
    put(in, g, "retiree_credit", s->credit, "yuan/person/year", "credit to a retiree's account in the base year", 1,
        in->region, NULL, NULL, NULL);
    put(in, g, "financing", s->financing_start, "yuan/person/year", "resident financing F_r of the base year", 1,
        in->region, NULL, NULL, NULL);
    put(in, g, "disposable_income", s->income_start, "yuan/person/year", "disposable income of the base year", 1,
        in->region, NULL, NULL, NULL);
    report = pc_calloc(n, sizeof *report);
    if (!report) {
        in->results->failed = 1;
    }
    for (size_t r = 0; report && r < n; r++) {
        report[r] = in->plan->scenario->regions[r].value[PC_COL_CENTRAL_SUBSIDY_SHARE];
    }
    put(in, g, "central_subsidy_share", report, "1",
        "part of residents' subsidy that the centre pays, missing: resident.central_share", 1, in->region, NULL, NULL,
        NULL);
    pc_free(report);
    put(in, g, "base_exposure", s->base_exposure, "persons", "base-year exposure of the sums", 2, sum, in->region, NULL,
        NULL);
    put_joined(in, g, "cost", s->cost_start, PC_SCHEMES, n, "yuan/person/year", "cost C per unit of cost exposure", 2,
               in->scheme, in->region, NULL, NULL);
    put_joined(in, g, "revenue", s->revenue_start, PC_SCHEMES, n, "yuan", "revenue of the base year", 2, in->scheme,
               in->region, NULL, NULL);
    put_joined(in, g, "expenditure", s->expenditure_start, PC_SCHEMES, n, "yuan",
               "expenditure E of the base year without other outgo", 2, in->scheme, in->region, NULL, NULL);
    put_joined(in, g, "other_outgo", s->other_start, PC_SCHEMES, n, "yuan", "other outgo X of the base year", 2,
               in->scheme, in->region, NULL, NULL);
    put_joined(in, g, "balance", s->balance_start, PC_SCHEMES, n, "yuan", "balance at 31 December of the base year", 2,
               in->scheme, in->region, NULL, NULL);
    put(in, "inputs/prices", "price_level", s->cpi, "1", "price level, 1 in the base year", 1, in->year, NULL, NULL,
        NULL);
}

/* Every parameter of every section: numbers, series, whether written or defaulted. */
static void put_parameters(const inputs *in)
{
    const pc_scenario *scenario = in->plan->scenario;
    size_t n = 0, n_series = 0, i = 0, k = 0, years = (size_t)in->plan->n_years + 1;
    pc_arena arena = {0};
    const char **keys, **units, **series_keys;
    double *values, *series;
    uint8_t *given;

    for (int s = 0; s < scenario->n_sections; s++) {
        for (int p = 0; p < scenario->sections[s].head->n_params; p++) {
            n++;
            n_series += scenario->sections[s].head->params[p].kind == PC_PARAM_SERIES;
        }
    }
    keys = pc_arena_calloc(&arena, n + 1, sizeof *keys);
    units = pc_arena_calloc(&arena, n + 1, sizeof *units);
    series_keys = pc_arena_calloc(&arena, n_series + 1, sizeof *series_keys);
    values = pc_arena_calloc(&arena, n + 1, sizeof *values);
    series = pc_arena_calloc(&arena, n_series * years + 1, sizeof *series);
    given = pc_arena_calloc(&arena, n + 1, sizeof *given);
    if (!keys || !units || !series_keys || !values || !series || !given) {
        in->results->failed = 1;
        pc_arena_release(&arena);
        return;
    }
    for (int s = 0; s < scenario->n_sections; s++) {
        const pc_section *section = &scenario->sections[s];
        for (int p = 0; p < section->head->n_params; p++, i++) {
            const pc_param *param = &section->head->params[p];
            keys[i] = pc_arena_printf(&arena, "%s.%s", section->head->name, param->key);
            in->results->failed |= !keys[i]; /* an input must not go missing in silence */
            units[i] = param->unit ? param->unit : "";
            given[i] = (uint8_t)(section->values[p].given != 0);
            values[i] = param->kind == PC_PARAM_SERIES ? NAN : section->values[p].number;
            if (param->kind == PC_PARAM_SERIES) {
                series_keys[k] = keys[i];
                memcpy(series + k * years, section->values[p].series, years * sizeof *series);
                k++;
            }
        }
    }
    {
        const pc_dimension *parameter = texts(in, "parameter", n, keys, "key of a parameter");
        const pc_dimension *one[1] = {parameter};
        const pc_dimension *name = texts(in, "series", n_series, series_keys, "key of a parameter given by year");
        put(in, "inputs/parameters", "value", values, NULL, "value as used; missing: see inputs/series", 1, parameter,
            NULL, NULL, NULL);
        pc_results_put(in->results, "inputs/parameters", "given", PC_U8, 1, one, given, "1",
                       "1: written in the scenario, 0: default");
        put_text(in, "inputs/parameters", "unit", parameter, units, "unit of the parameter");
        put(in, "inputs/series", "value", series, NULL, "values by year as used", 2, name, in->year, NULL, NULL);
    }
    pc_arena_release(&arena);
}

static void put_drivers(const inputs *in)
{
    static const char *const draws[] = {"migration",     "employment",      "wages",          "cost_employee",
                                        "cost_resident", "claims_employee", "claims_resident"};
    const pc_plan *plan = in->plan;
    const pc_scenario *scenario = plan->scenario;
    const pc_economy *economy = &plan->world.economy;
    size_t n_base = (size_t)PC_SCHEMES * 3 * (size_t)plan->n_regions, n_instances = (size_t)economy->n_shock_instances;
    const size_t n_uncertain = (size_t)plan->n_uncertain_streams;
    int64_t *streams = pc_calloc((size_t)plan->n_regions + n_base + n_instances + n_uncertain + 1, sizeof *streams);
    uint8_t correlated[PC_REGION_DRAWS];
    const pc_dimension *dims[3];
    const char *g = "inputs/drivers";

    if (!streams) {
        in->results->failed = 1;
        return;
    }
    put(in, g, "correlation", scenario->correlation, "1", "correlation of the whole's drivers", 2, in->driver,
        pc_results_dimension(in->results, "driver_other", PC_PROVINCE_NORMALS, PC_TEXT, NULL, NULL, "driver"), NULL,
        NULL);
    put(in, g, "region_correlation", scenario->region_correlation, "1", "correlation of the regions' drivers", 2,
        in->region,
        pc_results_dimension(in->results, "input_region_other", (size_t)plan->n_regions, PC_TEXT, NULL, NULL, "region"),
        NULL, NULL);
    for (int d = 0; d < PC_REGION_DRAWS; d++) {
        correlated[d] = (uint8_t)(scenario->region_correlation && (scenario->region_correlated >> d & 1u));
    }
    dims[0] = texts(in, "region_driver", PC_REGION_DRAWS, draws, "driver of a region, in the order of the draws");
    pc_results_put(in->results, g, "region_correlated", PC_U8, 1, dims, correlated, "1",
                   "1: this driver is correlated across regions");
    for (int r = 0; r < plan->n_regions; r++) {
        streams[r] = plan->region_stream[r];
    }
    dims[0] = in->region;
    pc_results_put(in->results, g, "region_stream", PC_I64, 1, dims, streams, "1",
                   "number of the region's random stream");
    pc_results_attribute_number(in->results, g, "student_nu", scenario->student_nu);
    pc_results_attribute_integer(in->results, g, "drift_stream", plan->drift_stream);
    if (plan->base_stream) {
        static const char *const accounts[] = {"revenue", "expenditure", "balance"};
        for (size_t i = 0; i < n_base; i++) {
            streams[i] = plan->base_stream[i];
        }
        dims[0] = in->scheme;
        dims[1] = texts(in, "account", 3, accounts, "account of the base year");
        dims[2] = in->region;
        pc_results_put(in->results, g, "base_uncertainty_stream", PC_I64, 3, dims, streams, "1",
                       "number of the random stream of an uncertain base-year account");
    }
    if (n_uncertain > 0) {
        for (size_t i = 0; i < n_uncertain; i++) {
            streams[i] = plan->uncertain_stream[i];
        }
        dims[0] = texts(in, "uncertain_parameter", n_uncertain, plan->uncertain_names,
                        "parameter drawn once a path, at a region where it is the region's own");
        pc_results_put(in->results, g, "uncertain_stream", PC_I64, 1, dims, streams, "1",
                       "number of the random stream of an uncertain parameter");
    }
    if (n_instances > 0) {
        for (size_t i = 0; i < n_instances; i++) {
            streams[i] = plan->shock_stream[i];
        }
        dims[0] =
            texts(in, "shock_instance", n_instances, plan->shock_instance_names, "shock, at a region where regional");
        pc_results_put(in->results, g, "shock_stream", PC_I64, 1, dims, streams, "1",
                       "number of the shock's random stream");
    }
    pc_free(streams);
}

static void put_shocks(const inputs *in)
{
    const pc_economy *economy = &in->plan->world.economy;
    static const char *const names[] = {
        "probability",          "duration",         "size_mean",           "size_sd", "regional", "employee.revenue",
        "employee.expenditure", "resident.revenue", "resident.expenditure"};
    enum { N = sizeof names / sizeof *names, MAX_SHOCKS = 256 };
    double x[MAX_SHOCKS * N];
    const char *shock_names[MAX_SHOCKS];
    int n = economy->n_shocks < MAX_SHOCKS ? economy->n_shocks : MAX_SHOCKS;

    if (n == 0) {
        return;
    }
    for (int k = 0; k < n; k++) {
        const pc_shock *shock = &economy->shocks[k];
        double row[N] = {shock->probability,
                         shock->duration,
                         shock->m,
                         shock->s,
                         shock->regional,
                         shock->weight_revenue[PC_EMPLOYEE],
                         shock->weight_expenditure[PC_EMPLOYEE],
                         shock->weight_revenue[PC_RESIDENT],
                         shock->weight_expenditure[PC_RESIDENT]};
        memcpy(x + k * N, row, sizeof row);
        shock_names[k] = shock->name;
    }
    put(in, "inputs/shocks", "value", x, NULL, "parameters of the shocks", 2,
        texts(in, "shock", (size_t)n, shock_names, "shock"), texts(in, "shock_parameter", N, names, "parameter"), NULL,
        NULL);
}

static void put_policies(const inputs *in)
{
    const pc_plan *plan = in->plan;
    const pc_scenario *scenario = plan->scenario;
    size_t n_policies = (size_t)scenario->n_policies, years = (size_t)plan->n_years + 1, n = (size_t)plan->n_regions;
    pc_arena arena = {0};
    const char **names = pc_arena_calloc(&arena, n_policies, sizeof *names);
    const char **titles = pc_arena_calloc(&arena, n_policies, sizeof *titles);
    const char **titles_en = pc_arena_calloc(&arena, n_policies, sizeof *titles_en);
    const char **notes = pc_arena_calloc(&arena, n_policies, sizeof *notes);
    const char **sources = pc_arena_calloc(&arena, n_policies, sizeof *sources);
    const char **timelines = pc_arena_calloc(&arena, n_policies, sizeof *timelines);
    int64_t *rules = pc_arena_calloc(&arena, n_policies, sizeof *rules);
    const double **revenue = pc_arena_calloc(&arena, n_policies * PC_SCHEMES, sizeof *revenue);
    const double **expenditure = pc_arena_calloc(&arena, n_policies * PC_SCHEMES, sizeof *expenditure);
    const char *g = "inputs/policies";
    const pc_dimension *policy, *dims[2];

    if (!names || !titles || !titles_en || !notes || !sources || !timelines || !rules || !revenue || !expenditure) {
        in->results->failed = 1;
        goto out;
    }
    for (size_t p = 0; p < n_policies; p++) {
        names[p] = scenario->policies[p].name;
        titles[p] = scenario->policies[p].title;
        titles_en[p] = scenario->policies[p].title_en;
        notes[p] = scenario->policies[p].note;
        sources[p] = scenario->policies[p].source;
        timelines[p] = pc_describe_policy(&scenario->policies[p], scenario, &arena);
        in->results->failed |= !timelines[p];
        rules[p] = plan->policies[p].spec->rule;
        for (int s = 0; s < PC_SCHEMES; s++) {
            revenue[p * PC_SCHEMES + (size_t)s] = plan->policies[p].central_revenue[s];
            expenditure[p * PC_SCHEMES + (size_t)s] = plan->policies[p].central_expenditure[s];
        }
    }
    policy = texts(in, "policy", n_policies, names, "policy");
    put_text(in, g, "title", policy, titles, "title of the policy");
    put_text(in, g, "title_en", policy, titles_en, "title of the policy in English");
    put_text(in, g, "note", policy, notes, "what the policy assumes");
    put_text(in, g, "source", policy, sources, "document or other source of the policy");
    put_text(in, g, "timeline", policy, timelines, "phases as resolved, JSON");
    dims[0] = policy;
    pc_results_put(in->results, g, "rule", PC_I64, 1, dims, rules, "1", "index of the policy's membership rule");
    put_joined(in, g, "central_revenue", revenue, n_policies * PC_SCHEMES, years * n, "yuan",
               "gross revenue on the central path under the policy's levers", 4, policy, in->scheme, in->year,
               in->region);
    put_joined(in, g, "central_expenditure", expenditure, n_policies * PC_SCHEMES, years * n, "yuan",
               "gross expenditure on the central path under the policy's levers", 4, policy, in->scheme, in->year,
               in->region);
    if (scenario->n_groupings > 0) {
        const char **partitions = pc_arena_calloc(&arena, (size_t)scenario->n_groupings, sizeof *partitions);
        int32_t *group_of = pc_arena_calloc(&arena, (size_t)scenario->n_groupings * n, sizeof *group_of);
        if (!partitions || !group_of) {
            in->results->failed = 1;
            goto out;
        }
        for (int k = 0; k < scenario->n_groupings; k++) {
            partitions[k] = scenario->groupings[k].name;
            for (size_t r = 0; r < n; r++) {
                group_of[(size_t)k * n + r] = scenario->groupings[k].group_of[r];
            }
        }
        dims[0] = texts(in, "partition", (size_t)scenario->n_groupings, partitions, "partition of the regions");
        dims[1] = in->region;
        pc_results_put(in->results, g, "group_of", PC_I32, 2, dims, group_of, "1",
                       "number of the group a region belongs to, -1: none");
    }
out:
    pc_arena_release(&arena);
}

static void put_files(const inputs *in)
{
    const pc_files *files = in->plan->scenario->files;
    size_t n = pc_files_count(files);
    const pc_dimension *file = pc_results_dimension(in->results, "file", n, PC_TEXT, NULL, NULL, "input file"), *one[1];
    pc_dataset *name, *text, *hash;

    one[0] = file;
    name = pc_results_dataset(in->results, "inputs/files", "name", PC_TEXT, 1, one, NULL, "name of the file");
    text = pc_results_dataset(in->results, "inputs/files", "text", PC_TEXT, 1, one, NULL, "the file itself");
    hash = pc_results_dataset(in->results, "inputs/files", "sha256", PC_TEXT, 1, one, NULL, "SHA-256 of the file");
    for (size_t i = 0; name && text && hash && i < n; i++) {
        const pc_file *f = pc_files_at(files, i);
        pc_dataset_set_text(in->results, name, i, f->name);
        pc_dataset_set_text(in->results, text, i, f->text);
        pc_dataset_set_text(in->results, hash, i, f->sha256);
    }
    if (in->plan->scenario->n_overrides > 0) {
        size_t n_overrides = (size_t)in->plan->scenario->n_overrides;
        /* a dataset of its dimension's name: the dimension may then say nothing of itself */
        put_text(in, "inputs/files", "override",
                 pc_results_dimension(in->results, "override", n_overrides, PC_TEXT, NULL, NULL, NULL),
                 (const char *const *)in->plan->scenario->overrides, "key=value, applied over the files");
    }
}

static void put_areas(const inputs *in)
{
    const pc_plan *plan = in->plan;
    size_t n = (size_t)plan->n_regions, n_areas = (size_t)plan->n_areas;
    const pc_dimension *region = pc_results_dimension(in->results, "region", n_areas, PC_TEXT, plan->area_ids, NULL,
                                                      "region, group of regions, or the whole (last)");
    const pc_dimension *dims[2] = {region, in->region};
    pc_arena arena = {0};
    const char **kinds = pc_arena_calloc(&arena, n_areas, sizeof *kinds);
    const char **quality = pc_arena_calloc(&arena, n, sizeof *quality);
    uint8_t *member = pc_arena_calloc(&arena, n_areas * n, sizeof *member);

    if (!kinds || !quality || !member) {
        in->results->failed = 1;
        pc_arena_release(&arena);
        return;
    }
    for (size_t a = 0; a < n_areas; a++) {
        kinds[a] = a < n ? "region" : a + 1 < n_areas ? "group" : "whole";
        for (int k = 0; k < plan->world.areas.n_members[a]; k++) {
            member[a * n + (size_t)plan->world.areas.members[a][k]] = 1;
        }
    }
    for (size_t r = 0; r < n; r++) {
        quality[r] = plan->scenario->regions[r].quality;
    }
    put_text(in, "areas", "name", region, plan->area_names, "name");
    put_text(in, "areas", "name_en", region, plan->area_names_en, "name in Latin letters");
    put_text(in, "areas", "kind", region, kinds, "region, group or whole");
    put_text(in, "areas", "quality", in->region, quality, "quality of the region's figures, as its table says");
    pc_results_put(in->results, "areas", "member", PC_U8, 2, dims, member, "1", "1: the region belongs to the area");
    pc_arena_release(&arena);
}

pc_code pc_plan_inputs(const pc_plan *plan, pc_results *results, pc_status *status)
{
    inputs in = {.plan = plan, .results = results};

    make_dimensions(&in);
    if (results->failed) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the inputs in the results");
    }
    put_areas(&in);
    put_people(&in);
    put_schemes(&in);
    put_parameters(&in);
    put_drivers(&in);
    put_shocks(&in);
    put_policies(&in);
    put_files(&in);
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for the inputs in the results") : PC_OK;
}
