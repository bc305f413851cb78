/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "list.h"

enum { MAX_NAMES = 256 };

typedef struct cursor {
    const char *option, *text, *at;
    pc_status *status;
} cursor;

static void blanks(cursor *c)
{
    while (*c->at == ' ' || *c->at == '\t') {
        c->at++;
    }
}

static pc_code wrong(const cursor *c, const char *allowed)
{
    return pc_fail(c->status, PC_ERR_INPUT, "%s '%s', column %d: found '%s', allowed %s", c->option, c->text,
                   (int)(c->at - c->text) + 1, *c->at ? c->at : "the end", allowed);
}

/* A number and perhaps a percent sign, moving on; 0 when there is none. */
static int number(cursor *c, double *out)
{
    const char *end;

    if (pc_parse_double(c->at, &end, out) != PC_NUMBER_OK) {
        return 0;
    }
    c->at = end;
    while (*end == ' ') {
        end++;
    }
    if (*end == '%') {
        c->at = end + 1;
        *out /= 100;
    }
    return 1;
}

pc_code pc_quantity_number(const char *option, const char *text, double *out, pc_status *status)
{
    cursor c = {option, text, text, status};

    blanks(&c);
    if (!number(&c, out)) {
        return wrong(&c, "a number, % may be written");
    }
    blanks(&c);
    return *c.at ? wrong(&c, "the end of the number") : PC_OK;
}

static void copy_trimmed(char *out, size_t size, const char *from, const char *past)
{
    while (past > from && (past[-1] == ' ' || past[-1] == '\t')) {
        past--;
    }
    snprintf(out, size, "%.*s", (int)(past - from), from);
}

static int is_statistic(const char *word, pc_quantity *q)
{
    static const struct {
        const char *name;
        pc_statistic statistic;
    } known[] = {{"mean", PC_STATISTIC_MEAN},
                 {"sd", PC_STATISTIC_SD},
                 {"var", PC_STATISTIC_QUANTILE},
                 {"tvar", PC_STATISTIC_TVAR}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(word, known[i].name) == 0) {
            q->statistic = known[i].statistic;
            q->probability = NAN;
            return 1;
        }
    }
    return 0;
}

/* One argument between the brackets. */
static pc_code argument(cursor *c, pc_quantity *q)
{
    const char *start = c->at, *end = c->at + strcspn(c->at, ",()<>=");
    char word[128];
    double x;
    cursor inside = {c->option, word, word, NULL};

    copy_trimmed(word, sizeof word, start, end);
    if (!*word) {
        return wrong(c, "a year, a region or a statistic");
    }
    if (number(&inside, &x) && !*inside.at) {
        const int whole = x == floor(x) && !strpbrk(word, "%.");
        if (whole && x >= 1900 && x <= 2300) {
            if (q->year) {
                return wrong(c, "one year only");
            }
            q->year = (int)x;
        } else if (x > 0 && x < 1) {
            q->statistic = PC_STATISTIC_QUANTILE;
            q->probability = x;
        } else {
            snprintf(q->region, sizeof q->region, "%s", word); /* codes of regions are numbers */
        }
    } else if (!is_statistic(word, q)) {
        if (q->region[0]) {
            return wrong(c, "one region only");
        }
        snprintf(q->region, sizeof q->region, "%s", word);
    }
    c->at = end;
    return PC_OK;
}

static pc_code condition_of(cursor *c, pc_quantity *q)
{
    blanks(c);
    if (*c->at != '<' && *c->at != '>') {
        return wrong(c, "<= or >= and a number");
    }
    q->relation = *c->at == '<' ? -1 : 1;
    c->at++;
    c->at += *c->at == '=';
    blanks(c);
    if (!number(c, &q->bound)) {
        return wrong(c, "a number, % may be written");
    }
    return PC_OK;
}

pc_code pc_quantity_read(const char *option, const char *text, int condition, pc_quantity *q, pc_status *status)
{
    static const char prefix[] = "difference.", suffix[] = "_quantile";
    cursor c = {option, text, text, status};
    const char *start;
    size_t length;
    pc_code code = PC_OK;

    *q = (pc_quantity){.statistic = PC_STATISTIC_MEAN, .probability = NAN};
    blanks(&c);
    start = c.at;
    if (strncmp(c.at, prefix, sizeof prefix - 1) == 0) {
        q->difference = 1;
        c.at += sizeof prefix - 1;
    }
    for (length = 0; isalnum((unsigned char)c.at[length]) || c.at[length] == '_';) {
        length++;
    }
    if (length == 0 || length >= sizeof q->name) {
        return wrong(&c, "the name of a measure, as in 'poolcast models measure'");
    }
    snprintf(q->name, sizeof q->name, "%.*s", (int)length, c.at);
    c.at += length;
    blanks(&c);
    if (*c.at == '(') {
        c.at++;
        blanks(&c);
        while (!code && *c.at != ')') {
            code = argument(&c, q);
            blanks(&c);
            if (!code && *c.at == ',') {
                c.at++;
                blanks(&c);
            } else if (!code && *c.at != ')') {
                return wrong(&c, ", or )");
            }
        }
        if (code) {
            return code;
        }
        c.at++;
    }
    copy_trimmed(q->text, sizeof q->text, start, c.at);
    length = strlen(q->name);
    if (length > sizeof suffix - 1 && strcmp(q->name + length - (sizeof suffix - 1), suffix) == 0) {
        q->name[length - (sizeof suffix - 1)] = 0;
        if (q->statistic != PC_STATISTIC_QUANTILE) {
            return pc_fail(status, PC_ERR_INPUT, "%s '%s': found no probability, allowed e.g. %s(2035, 5 %%)", option,
                           text, q->name);
        }
    }
    blanks(&c);
    code = condition ? condition_of(&c, q) : PC_OK;
    blanks(&c);
    if (!code && *c.at) {
        code = wrong(&c, condition ? "the end of the condition" : "the end of the measure");
    }
    return code;
}

const pc_output *pc_quantity_output(const pc_quantity *q, int *subject, int *index)
{
    for (int o = 0; o < pc_outputs_count(); o++) {
        if (strcmp(pc_output_at(o)->name, q->name) == 0) {
            *subject = 1;
            *index = o;
            return pc_output_at(o);
        }
    }
    for (int o = 0; o < pc_weather_outputs_count(); o++) {
        if (strcmp(pc_weather_output_at(o)->name, q->name) == 0) {
            *subject = 0;
            *index = o;
            return pc_weather_output_at(o);
        }
    }
    return NULL;
}

static pc_code unknown(const char *what, const char *word, const char *const *known, int n, pc_status *status)
{
    const char *nearest = pc_nearest_name(word, known, (size_t)n);
    char list[2048] = "";
    size_t used = 0;

    if (nearest) {
        return pc_fail(status, PC_ERR_INPUT, "%s '%s' is unknown; did you mean '%s'?", what, word, nearest);
    }
    for (int i = 0; i < n && used + strlen(known[i]) + 3 < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? _(", ") : "", known[i]);
    }
    return pc_fail(status, PC_ERR_INPUT, "%s '%s' is unknown; known: %s", what, word, list);
}

static pc_code unknown_name(const pc_quantity *q, pc_status *status)
{
    const char *known[MAX_NAMES];
    int n = 0;

    for (int o = 0; o < pc_outputs_count() && n < MAX_NAMES; o++) {
        known[n++] = pc_output_at(o)->name;
    }
    for (int o = 0; o < pc_weather_outputs_count() && n < MAX_NAMES; o++) {
        known[n++] = pc_weather_output_at(o)->name;
    }
    return unknown("measure", q->name, known, n, status);
}

static pc_code find_area(const pc_quantity *q, const pc_plan *plan, int *area, pc_status *status)
{
    const char *known[MAX_NAMES];
    int n = 0;

    *area = plan->n_areas - 1;
    for (int a = 0; a < plan->n_areas && q->region[0]; a++) {
        if (strcasecmp(plan->area_ids[a], q->region) == 0 || strcasecmp(plan->area_names[a], q->region) == 0 ||
            strcasecmp(plan->area_names_en[a], q->region) == 0) {
            *area = a;
            return PC_OK;
        }
        if (n < MAX_NAMES) {
            known[n++] = plan->area_names_en[a];
        }
    }
    return q->region[0] ? unknown("region", q->region, known, n, status) : PC_OK;
}

pc_code pc_quantity_find(const pc_quantity *q, const pc_plan *plan, const pc_layout *layout, int policy, int view,
                         pc_quantity_use *use, pc_status *status)
{
    const int first = plan->scenario->base_year + 1, last = plan->scenario->base_year + plan->n_years;
    int subject, index, area, by_year, by_area;
    pc_code code;

    *use = (pc_quantity_use){.quantity = q, .output = pc_quantity_output(q, &subject, &index), .n_picks = 1};
    if (!use->output) {
        return unknown_name(q, status);
    }
    by_year = use->output->shape == PC_SHAPE_YEAR || use->output->shape == PC_SHAPE_AREA_YEAR;
    by_area = use->output->shape == PC_SHAPE_AREA || use->output->shape == PC_SHAPE_AREA_YEAR;
    if (by_year && (q->year < first || q->year > last)) {
        return q->year ? pc_fail(status, PC_ERR_INPUT, "%s: found the year %d, allowed %d to %d", q->text, q->year,
                                 first, last)
                       : pc_fail(status, PC_ERR_INPUT, "%s: found no year, allowed %d to %d, e.g. %s(%d)", q->text,
                                 first, last, q->name, last);
    }
    if (!by_year && q->year) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found the year %d, allowed none: %s is one number for the whole run",
                       q->text, q->year, q->name);
    }
    if (!by_area && q->region[0]) {
        return pc_fail(status, PC_ERR_INPUT,
                       "%s: found the region '%s', allowed none: %s is one number for all regions", q->text, q->region,
                       q->name);
    }
    if (q->difference && subject == 0) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found a difference of %s, which is the same under every policy",
                       q->text, q->name);
    }
    if (subject == 1 && use->output->views && !(use->output->views >> view & 1u)) {
        return pc_fail(status, PC_ERR_INPUT, "%s: the measure %s is not there for the scheme '%s'", q->text, q->name,
                       pc_scheme_view_names[view]);
    }
    code = find_area(q, plan, &area, status);
    if (code) {
        return code;
    }
    use->picks[0] = (pc_pick){subject == 0 ? 0 : 1 + policy, index, subject == 0 ? PC_EMPLOYEE : view,
                              by_area ? area : 0, by_year ? q->year - first + 1 : 0};
    use->probability = isnan(q->probability) ? plan->scenario->treasury_alpha : q->probability;
    if (q->difference) {
        use->picks[1] = use->picks[0];
        use->picks[1].subject = layout->subjects[1 + policy].baseline;
        use->n_picks = 2;
        if (use->picks[1].subject < 0) {
            return pc_fail(status, PC_ERR_INPUT, "%s: the policy is the baseline itself; name another with --policy",
                           q->text);
        }
    }
    return PC_OK;
}

static pc_estimate estimate(const pc_quantity_use *use, const double *row, size_t n, double *scratch, double *influence)
{
    const int event = (use->output->stats & PC_STAT_EVENT) != 0;

    switch (use->quantity->statistic) {
    case PC_STATISTIC_SD:
        return pc_estimate_sd(row, n, influence);
    case PC_STATISTIC_QUANTILE:
        return pc_estimate_quantile(row, n, use->probability, scratch, influence);
    case PC_STATISTIC_TVAR:
        return pc_estimate_tail(row, n, use->probability, scratch, influence);
    default:
        return pc_estimate_mean(row, n, event, influence);
    }
}

const char *pc_quantity_unit(const pc_output *output)
{
    static const char *const numbers[] = {"ratio", "benefit_per_contribution", "cost_ratio_gini", "cost_ratio_theil",
                                          "benefit_concentration"};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(output->name, numbers[i]) == 0) {
            return "index";
        }
    }
    return output->unit;
}

pc_estimate pc_quantity_estimate(const pc_quantity_use *use, double *rows, size_t n, int n_parts, double *scratch,
                                 double *influence)
{
    pc_estimate out;

    for (size_t i = 0; use->n_picks == 2 && i < n; i++) {
        rows[i] -= rows[n + i];
    }
    out = estimate(use, rows, n, scratch, influence);
    if (n_parts > 1 && out.n > 1 && !out.bounded) {
        out.se = pc_estimate_paired_se(influence, NULL, n, n_parts);
    }
    return out;
}

int pc_quantity_met(const pc_quantity *q, double value)
{
    return q->relation < 0 ? value <= q->bound : value >= q->bound;
}
