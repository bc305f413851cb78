/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `--set KEY[FROM:TO]OP=VALUE`: a series in some years alone. OP is nothing (set), + (add) or * (multiply); FROM and TO
 * are calendar years, or +N years after the base year; without TO to the end, [FROM] one year. KEY[...]@W does it with
 * the weight W: that part of the way, W times what is added, the factor to the power of W. Applied in the order given,
 * after the section has been read. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/math.h"
#include "base/numbers.h"
#include "scenario/reader.h"

typedef struct pc_span {
    const char *key, *value;
    int from, to; /* calendar years */
    char op;      /* '=', '+', '*' */
    double weight;
    pc_spot spot;
} pc_span;

/* A calendar year or +N, moving on; 0 where there is none. */
static int read_year(const pc_reader *reader, const char **at, int *year)
{
    const int relative = **at == '+';
    char *end;
    const long n = strtol(*at + relative, &end, 10);

    if (end == *at + relative || n < 0 || n > 2400) {
        return 0;
    }
    *year = relative ? reader->scenario->base_year + (int)n : (int)n;
    *at = end;
    return 1;
}

/* What stands between the key and the value; 0 where it is not understood. */
static int read_span(const pc_reader *reader, const char *at, pc_span *span)
{
    span->weight = 1;
    if (!read_year(reader, &at, &span->from)) {
        return 0;
    }
    span->to = span->from;
    if (*at == ':') {
        at++;
        span->to = 9999;
        if (*at != ']' && !read_year(reader, &at, &span->to)) {
            return 0;
        }
    }
    if (*at++ != ']') {
        return 0;
    }
    if (*at == '@') {
        const char *end;
        at++;
        if (pc_parse_double(at, &end, &span->weight) != PC_NUMBER_OK) {
            return 0;
        }
        at = end;
    }
    span->op = *at == '+' || *at == '*' ? *at++ : '=';
    return *at == 0 && span->from <= span->to;
}

int pc_span_is(const char *override)
{
    const char *open = strchr(override, '['), *equals = strchr(override, '=');

    return open && equals && open < equals;
}

/* An override taken apart; 0 after a problem or without memory. */
static int parse(pc_reader *reader, const char *override, pc_span *span)
{
    char *copy = pc_arena_strdup(reader->scratch, override), *open, *equals;
    const char *label = pc_arena_printf(reader->kept, "--set %s", override);

    if (!copy || !label) {
        pc_fail(reader->status, PC_ERR_FAIL, "out of memory");
        return 0;
    }
    span->spot = (pc_spot){NULL, label, 0, 0};
    open = strchr(copy, '[');
    equals = strchr(copy, '=');
    *open = *equals = 0;
    span->key = copy;
    span->value = equals + 1;
    if (!read_span(reader, open + 1, span)) {
        pc_problem(
            reader->problems, span->spot,
            "found \"[%s\" after the key, allowed years as [2030], [2030:2035], [2030:] or [+1:+5], then perhaps "
            "+ or *",
            open + 1);
        return 0;
    }
    if (span->from <= reader->scenario->base_year) {
        pc_problem(reader->problems, span->spot, "found the year %d, allowed years after the base year %d", span->from,
                   reader->scenario->base_year);
        return 0;
    }
    return 1;
}

/* Section and parameter of a key; NULL after a problem. */
static pc_section *find(pc_reader *reader, const pc_span *span, int *param)
{
    enum { MOST = 256 };
    const char *known[MOST];
    int n = 0;

    for (int i = 0; i < reader->scenario->n_sections; i++) {
        pc_section *section = &reader->scenario->sections[i];
        const size_t length = strlen(section->head->name);
        for (int p = 0; p < section->head->n_params; p++) {
            const int is_series = section->head->params[p].kind == PC_PARAM_SERIES;
            if (strncmp(span->key, section->head->name, length) == 0 && span->key[length] == '.' &&
                strcmp(span->key + length + 1, section->head->params[p].key) == 0) {
                *param = p;
                if (!is_series) {
                    pc_problem(reader->problems, span->spot,
                               "found years for %s, which is one value for all, allowed %s=...", span->key, span->key);
                }
                return is_series ? section : NULL;
            }
            if (is_series && n < MOST) {
                known[n] = pc_arena_printf(reader->scratch, "%s.%s", section->head->name, section->head->params[p].key);
                n += known[n] != NULL;
            }
        }
    }
    pc_value_unknown(N_("key by year"), span->key, span->spot, known, n, reader->problems);
    return NULL;
}

static double changed(const pc_span *span, double was, double value)
{
    switch (span->op) {
    case '+':
        return was + span->weight * value;
    case '*':
        return was * (span->weight == 1  ? value
                      : value > 0        ? pc_exp(span->weight * pc_log(value))
                      : span->weight > 0 ? 0
                                         : was);
    default:
        return span->weight == 1 ? value : was + span->weight * (value - was);
    }
}

static void apply(pc_reader *reader, const pc_span *span)
{
    const int base_year = reader->scenario->base_year, n_years = reader->scenario->horizon;
    int p;
    pc_section *section = find(reader, span, &p);
    const pc_param *param = section ? &section->head->params[p] : NULL;
    pc_param number;
    double value, *series;

    if (!section || !section->values) {
        return;
    }
    number = *param;
    number.kind = PC_PARAM_NUMBER;
    if (span->op != '=') {
        number.lo = span->op == '*' ? 0 : -INFINITY;
        number.hi = INFINITY;
        number.unit = span->op == '*' ? "fraction" : param->unit;
    }
    if (!pc_value_parse(&number, span->key, span->value, span->spot, reader->problems, &value)) {
        return;
    }
    series = pc_reader_keep(reader, (size_t)n_years + 1, sizeof *series);
    for (int t = 0; t <= n_years && series; t++) {
        const int year = base_year + t;
        series[t] = section->values[p].series[t];
        if (year < span->from || year > span->to) {
            continue;
        }
        series[t] = changed(span, series[t], value);
        if (!(series[t] >= param->lo && series[t] <= param->hi)) {
            char found[PC_NUMBER_SIZE], allowed[512];
            pc_format_double(found, sizeof found, series[t]);
            number.lo = param->lo;
            number.hi = param->hi;
            number.unit = param->unit;
            pc_problem(reader->problems, span->spot, "found %s for %s in %d, allowed %s", found, span->key, year,
                       pc_value_allowed(&number, allowed, sizeof allowed));
            return;
        }
    }
    if (series) {
        section->values[p].series = series;
        section->values[p].given = 1;
    }
}

void pc_spans_apply(pc_reader *reader)
{
    const pc_scenario *scenario = reader->scenario;

    for (int i = 0; i < scenario->n_overrides && reader->status->code == PC_OK; i++) {
        pc_span span = {0};
        if (pc_span_is(scenario->overrides[i]) && parse(reader, scenario->overrides[i], &span)) {
            apply(reader, &span);
        }
    }
}
