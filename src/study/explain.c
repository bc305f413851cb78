/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/explain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "engine/drivers.h"
#include "list.h"
#include "uncertain.h"

typedef struct explainer {
    pc_study *study;
    pc_explained *out;
    pc_plan *plan; /* of the runs, to see what varies at all */
    pc_scenario *scenario;
    size_t n, asks, years; /* years: of the runs, the base year too */
    unsigned char *other;  /* [group][years] */
    double *a, *b, *x;     /* [asks][n] */
    pc_status *status;
} explainer;

static pc_code no_memory(pc_status *status)
{
    return pc_fail(status, PC_ERR_FAIL, "no memory for the explanation");
}

static pc_code run(explainer *e, const pc_driver_mix *mix, const char *label, double *values)
{
    pc_code code;

    e->study->run.mix = mix;
    code = pc_study_values(e->study, label, values, e->status);
    e->study->run.mix = NULL;
    return code;
}

/* Groups whose bits are set in the given years take their draws from the other paths. */
static void take_other(explainer *e, unsigned groups, int first, int last)
{
    for (size_t g = 0; g < PC_DRIVER_GROUPS; g++) {
        for (size_t t = 0; t < e->years; t++) {
            e->other[g * e->years + t] = (groups >> g & 1u) && (int)t >= first && (int)t <= last;
        }
    }
}

static pc_code share(explainer *e, const char *name, pc_explain_kind kind, unsigned groups, int first, int last)
{
    const pc_driver_mix mix = {.other = e->other};
    pc_explain_share *s = &e->out->share[e->out->n_shares++];
    pc_code code;

    snprintf(s->name, sizeof s->name, "%s", name);
    s->kind = kind;
    s->index = pc_calloc((size_t)e->out->n_main, sizeof *s->index);
    if (!s->index) {
        return no_memory(e->status);
    }
    take_other(e, groups, first, last);
    code = run(e, &mix, name, e->x);
    for (int p = 0; p < e->out->n_main && !code; p++) {
        const size_t at = (size_t)p * e->n;
        s->index[p] = pc_variance_share_of(e->a + at, e->b + at, e->x + at, e->n);
    }
    return code;
}

/* A stretch of the years up to the last one asked about, as year indices. */
typedef struct period {
    int first, last;
    char name[24];
} period;

static int cut_periods(const explainer *e, period periods[PC_EXPLAIN_PERIODS])
{
    const int base = e->study->base_year, last = e->out->last_year - base;
    const int n = last < PC_EXPLAIN_PERIODS ? last : PC_EXPLAIN_PERIODS;

    for (int k = 0; k < n; k++) {
        periods[k].first = 1 + last * k / n;
        periods[k].last = last * (k + 1) / n;
        snprintf(periods[k].name, sizeof periods[k].name, "%d-%d", base + periods[k].first, base + periods[k].last);
    }
    return n;
}

/* Of the process the groups with the largest first-order shares of the first policy, largest first. */
static int top_groups(const explainer *e, int top[PC_EXPLAIN_TOP])
{
    int n = 0;

    for (; n < PC_EXPLAIN_TOP; n++) {
        int best = -1;
        double most = 0;
        for (int k = 0; k < e->out->n_shares; k++) {
            const pc_explain_share *s = &e->out->share[k];
            int group = 0, taken = 0;
            while (group < PC_DRIVER_GROUPS && strcmp(pc_driver_group_names[group], s->name) != 0) {
                group++;
            }
            for (int i = 0; i < n; i++) {
                taken |= top[i] == group;
            }
            if (s->kind == PC_EXPLAIN_GROUP && !taken && group != PC_GROUP_BEHAVIOUR && group != PC_GROUP_PARAMETERS &&
                s->index[0].first > most) {
                best = group;
                most = s->index[0].first;
            }
        }
        if (best < 0) {
            break;
        }
        top[n] = best;
    }
    return n;
}

static pc_code shares(explainer *e)
{
    const unsigned all = (1u << PC_DRIVER_GROUPS) - 1, once = 1u << PC_GROUP_BEHAVIOUR | 1u << PC_GROUP_PARAMETERS;
    const int end = (int)e->years - 1;
    period periods[PC_EXPLAIN_PERIODS];
    int top[PC_EXPLAIN_TOP], n_top;
    const int n_periods = cut_periods(e, periods);
    pc_code code = PC_OK;

    for (int g = 0; g < PC_DRIVER_GROUPS && !code; g++) {
        if ((g == PC_GROUP_SHOCKS && e->plan->world.economy.n_shock_instances == 0 && e->scenario->student_nu == 0) ||
            (g == PC_GROUP_BEHAVIOUR && !e->plan->lever_stream)) {
            continue; /* there is nothing that could vary */
        }
        code = share(e, pc_driver_group_names[g], PC_EXPLAIN_GROUP, 1u << g, 0, end);
    }
    code = code ? code : share(e, "process", PC_EXPLAIN_SPLIT, all & ~once, 0, end);
    for (int k = 0; k < n_periods && !code; k++) {
        code = share(e, periods[k].name, PC_EXPLAIN_PERIOD, all & ~once, periods[k].first, periods[k].last);
    }
    n_top = code ? 0 : top_groups(e, top);
    for (int i = 0; i < n_top * n_periods && !code; i++) {
        const period *years = &periods[i % n_periods];
        char name[PC_EXPLAIN_NAME];
        snprintf(name, sizeof name, "%s %s", pc_driver_group_names[top[i / n_periods]], years->name);
        code = share(e, name, PC_EXPLAIN_CROSS, 1u << top[i / n_periods], years->first, years->last);
    }
    return code;
}

/* Mean of x - a and its error. */
static void paired(const double *x, const double *a, size_t n, double *mean, double *se)
{
    double sum = 0, squares = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (isfinite(x[i]) && isfinite(a[i])) {
            sum += x[i] - a[i];
            count++;
        }
    }
    *mean = sum / (double)count;
    for (size_t i = 0; i < n; i++) {
        if (isfinite(x[i]) && isfinite(a[i])) {
            squares += (x[i] - a[i] - *mean) * (x[i] - a[i] - *mean);
        }
    }
    *se = count > 1 ? sqrt(squares / (double)(count - 1) / (double)count) : NAN;
}

static pc_code bar(explainer *e, const char *name, pc_driver_kind kind, int index)
{
    pc_explain_bar *b = &e->out->bar[e->out->n_bars];
    const size_t n_main = (size_t)e->out->n_main;
    double *block;
    char label[PC_EXPLAIN_NAME + 16];
    pc_code code = PC_OK;

    if (e->out->n_bars == PC_EXPLAIN_BARS) {
        return PC_OK;
    }
    block = pc_calloc(4 * n_main, sizeof *block);
    if (!block) {
        return no_memory(e->status);
    }
    e->out->n_bars++;
    snprintf(b->name, sizeof b->name, "%s", name);
    b->low = block;
    b->low_se = block + n_main;
    b->high = block + 2 * n_main;
    b->high_se = block + 3 * n_main;
    for (int side = -1; side <= 1 && !code; side += 2) {
        const pc_driver_mix mix = {.kind = kind, .index = index, .tilt = side};
        snprintf(label, sizeof label, "%s %+d", name, side);
        code = run(e, &mix, label, e->x);
        for (size_t p = 0; p < n_main && !code; p++) {
            paired(e->x + p * e->n, e->a + p * e->n, e->n, (side < 0 ? b->low : b->high) + p,
                   (side < 0 ? b->low_se : b->high_se) + p);
        }
    }
    return code;
}

static int has_error(const explainer *e, const char *format, const char *name)
{
    const char *dot = strchr(name, '.');
    char key[128];

    snprintf(key, sizeof key, format, (int)(dot ? dot - name : 0), name, dot ? dot + 1 : name);
    return pc_scenario_number(e->scenario, key) > 0;
}

static pc_code bars(explainer *e)
{
    static const char *const region[PC_REGION_DRAWS] = {
        "region.migration",     "region.employment",      "region.wages",          "region.cost.employee",
        "region.cost.resident", "region.claims.employee", "region.claims.resident"};
    static const char *const accounts[PC_SCHEMES * PC_DRIVER_ACCOUNTS] = {
        "employee.revenue", "employee.expenditure", "employee.balance",
        "resident.revenue", "resident.expenditure", "resident.balance"};
    static const pc_driver_group province[PC_PROVINCE_NORMALS] = {
        PC_GROUP_MORTALITY, PC_GROUP_FERTILITY, PC_GROUP_EMPLOYMENT, PC_GROUP_WAGES, PC_GROUP_COST, PC_GROUP_RETURNS};
    char name[PC_EXPLAIN_NAME];
    pc_code code = PC_OK;

    for (int d = 0; d < PC_PROVINCE_NORMALS && !code; d++) {
        code = bar(e, pc_driver_group_names[province[d]], PC_DRIVER_PROVINCE, d);
    }
    for (int d = 0; d < PC_REGION_DRAWS && !code; d++) {
        code = bar(e, region[d], PC_DRIVER_REGION, d);
    }
    if (!code && pc_scenario_number(e->scenario, "mortality.drift_se") > 0) {
        code = bar(e, "param:mortality.drift", PC_DRIVER_DRIFT, 0);
    }
    for (int k = 0; k < PC_SCHEMES * PC_DRIVER_ACCOUNTS && !code && e->plan->base_stream; k++) {
        snprintf(name, sizeof name, "base_uncertainty.%s", accounts[k]);
        if (pc_scenario_number(e->scenario, name) > 0) {
            snprintf(name, sizeof name, "param:base_uncertainty.%s", accounts[k]);
            code = bar(e, name, PC_DRIVER_BASE, k);
        }
    }
    for (int k = 0; k < PC_UNCERTAIN_WHOLE && !code && e->plan->uncertain_stream; k++) {
        if (has_error(e, "%.*s.%s_se", pc_uncertain_name(k))) {
            snprintf(name, sizeof name, "param:%s", pc_uncertain_name(k));
            code = bar(e, name, PC_DRIVER_UNCERTAIN, k);
        }
    }
    for (int k = 0; k < PC_UNCERTAIN_REGION && !code && e->plan->uncertain_stream; k++) {
        if (has_error(e, "%.*s.regional_%s_se", pc_uncertain_region_name(k))) {
            snprintf(name, sizeof name, "region.param:%s", pc_uncertain_region_name(k));
            code = bar(e, name, PC_DRIVER_UNCERTAIN_REGION, k);
        }
    }
    for (int k = 0; k < e->plan->n_lever_streams && !code; k++) {
        const pc_lever *lever = pc_lever_drawn(k);
        snprintf(name, sizeof name, "param:%s.%s", lever->head.name, lever->uncertain);
        code = bar(e, name, PC_DRIVER_LEVER, k);
    }
    return code;
}

static void moments(explainer *e)
{
    pc_explained *out = e->out;
    double mean = 0, squares = 0;

    for (int p = 0; p < out->n_main; p++) {
        const double *a = e->a + (size_t)p * e->n, *b = e->b + (size_t)p * e->n;
        double m = 0, v = 0;
        size_t n = 0;
        for (size_t i = 0; i < 2 * e->n; i++) {
            const double x = i < e->n ? a[i] : b[i - e->n];
            if (isfinite(x)) {
                m += x;
                n++;
            }
        }
        m /= (double)n;
        for (size_t i = 0; i < 2 * e->n; i++) {
            const double x = i < e->n ? a[i] : b[i - e->n];
            v += isfinite(x) ? (x - m) * (x - m) : 0;
        }
        out->mean[p] = m;
        out->variance[p] = n > 1 ? v / (double)(n - 1) : NAN;
        out->mean_se[p] = sqrt(out->variance[p] / (double)n);
        mean += m / out->n_main;
    }
    for (int p = 0; p < out->n_main; p++) {
        squares += (out->mean[p] - mean) * (out->mean[p] - mean) / out->n_main;
    }
    out->between = squares;
}

static int last_year(const pc_study *study)
{
    const int year = study->asks[0].quantity->year;

    return year ? year : study->base_year + study->horizon;
}

static pc_code begin(explainer *e)
{
    const size_t values = e->asks * e->n, n_main = (size_t)e->out->n_main;
    pc_code code = pc_study_scenario(e->study, NULL, 0, &e->scenario, e->status);

    code = code ? code : pc_plan_build(e->scenario, &e->plan, e->status);
    if (code) {
        return code;
    }
    e->a = pc_calloc(values, sizeof(double));
    e->b = pc_calloc(values, sizeof(double));
    e->x = pc_calloc(values, sizeof(double));
    e->other = pc_calloc(PC_DRIVER_GROUPS * e->years, 1);
    e->out->mean = pc_calloc(n_main, sizeof(double));
    e->out->mean_se = pc_calloc(n_main, sizeof(double));
    e->out->variance = pc_calloc(n_main, sizeof(double));
    e->out->typical = pc_calloc(n_main * PC_EXPLAIN_ENDS, sizeof *e->out->typical);
    return e->a && e->b && e->x && e->other && e->out->mean && e->out->mean_se && e->out->variance && e->out->typical
               ? PC_OK
               : no_memory(e->status);
}

pc_code pc_explain(pc_study *study, int n_main, int with_bars, pc_explained *out, pc_status *status)
{
    explainer e = {.study = study,
                   .out = out,
                   .n = (size_t)study->n_paths,
                   .asks = (size_t)study->n_asks,
                   .years = (size_t)(study->last_year - study->base_year) + 1,
                   .status = status};
    pc_driver_mix other = {.other = NULL};
    pc_code code;

    *out = (pc_explained){.n_main = n_main, .last_year = last_year(study)};
    code = begin(&e);
    code = code ? code : run(&e, NULL, _("paths A"), e.a);
    if (!code) {
        take_other(&e, (1u << PC_DRIVER_GROUPS) - 1, 0, (int)e.years);
        other.other = e.other;
        code = run(&e, &other, _("paths B"), e.b);
    }
    if (!code) {
        moments(&e);
        code = shares(&e);
    }
    code = !code && with_bars ? bars(&e) : code;
    if (!code) {
        const size_t ends = e.asks > (size_t)n_main ? (size_t)n_main * e.n : 0;
        code = pc_explain_typical(study, e.a + ends, out, status);
    }
    pc_free(e.a);
    pc_free(e.b);
    pc_free(e.x);
    pc_free(e.other);
    pc_plan_free(e.plan);
    pc_scenario_free(e.scenario);
    return code;
}

void pc_explain_release(pc_explained *explained)
{
    for (int k = 0; k < explained->n_shares; k++) {
        pc_free(explained->share[k].index);
    }
    for (int k = 0; k < explained->n_bars; k++) {
        pc_free(explained->bar[k].low); /* one block */
    }
    pc_free(explained->mean);
    pc_free(explained->mean_se);
    pc_free(explained->variance);
    pc_free(explained->typical);
    *explained = (pc_explained){0};
}
