/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/values.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"

/* Ways to write a unit, and the divisor that goes with it. */
static const struct {
    const char *unit, *written;
    double divisor;
} UNITS[] = {
    {"fraction", "%", 100},
    {"fraction", "\xef\xbc\x85", 100},
    {"fraction", "fraction", 1},
    {"fraction/year", "%", 100},
    {"fraction/year", "%/year", 100},
    {"fraction/year", "\xef\xbc\x85", 100},
    {"fraction/year", "fraction/year", 1},
    {"year", "year", 1},
    {"years", "years", 1},
    {"years", "year", 1},
    {"yuan", "yuan", 1},
    {"yuan/person", "yuan/person", 1},
    {"yuan/person", "yuan", 1},
    {"months", "months", 1},
    {"months", "month", 1},
    {"persons", "persons", 1},
    {"index", "index", 1},
    {"year", "年", 1},
    {"years", "年", 1},
    {"yuan", "元", 1},
    {"yuan/person", "元/人", 1},
    {"yuan/person", "元", 1},
    {"months", "月", 1},
    {"months", "个月", 1},
    {"persons", "人", 1},
};

static int unit_divisor(const char *unit, const char *written, double *divisor)
{
    *divisor = 1;
    if (written[0] == 0) {
        return 1;
    }
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        if (strcmp(UNITS[i].unit, unit) == 0 && strcmp(UNITS[i].written, written) == 0) {
            *divisor = UNITS[i].divisor;
            return 1;
        }
    }
    return 0;
}

static void range_text(const pc_param *param, char *buffer, size_t size)
{
    char lo[PC_NUMBER_SIZE], hi[PC_NUMBER_SIZE];

    pc_format_double(lo, sizeof lo, param->lo);
    pc_format_double(hi, sizeof hi, param->hi);
    if (param->kind == PC_PARAM_INT && param->hi >= 0x1p64) { /* a seed: below 2^64 */
        snprintf(hi, sizeof hi, "%" PRIu64, UINT64_MAX);
    }
    if (isinf(param->lo) && isinf(param->hi)) {
        snprintf(buffer, size, "%s", "");
    } else if (isinf(param->hi)) {
        snprintf(buffer, size, _(" of at least %s"), lo);
    } else if (isinf(param->lo)) {
        snprintf(buffer, size, _(" of at most %s"), hi);
    } else {
        snprintf(buffer, size, _(" from %s to %s"), lo, hi);
    }
}

const char *pc_value_allowed(const pc_param *param, char *buffer, size_t size)
{
    const char *unit = param->unit ? param->unit : "";
    char range[96], units[64] = "";
    size_t used = 0;

    range_text(param, range, sizeof range);
    if (strncmp(unit, "fraction", 8) == 0) {
        snprintf(units, sizeof units, _(" (%s, %% may be written)"), _(unit));
    } else if (unit[0]) {
        snprintf(units, sizeof units, _(" (%s)"), _(unit));
    }
    switch (param->kind) {
    case PC_PARAM_NUMBER:
        snprintf(buffer, size, _("a number%s%s"), range, units);
        break;
    case PC_PARAM_INT:
        snprintf(buffer, size, _("a whole number%s%s"), range, units);
        break;
    case PC_PARAM_BOOL:
        snprintf(buffer, size, "%s", _("true or false"));
        break;
    case PC_PARAM_SERIES:
        snprintf(buffer, size, _("a number%s%s, a map {year: number} or a CSV file"), range, units);
        break;
    case PC_PARAM_TEXT:
        snprintf(buffer, size, "%s",
                 strcmp(param->unit, "regions") == 0 ? _("codes of regions, rows of regions.csv, as a list")
                                                     : _("a text"));
        break;
    case PC_PARAM_CHOICE:
        used = (size_t)snprintf(buffer, size, "%s", _("one of "));
        for (const char *c = param->choices; *c && used + 3 < size; c++) {
            if (*c == '|') {
                buffer[used++] = ',';
                buffer[used++] = ' ';
            } else {
                buffer[used++] = *c;
            }
        }
        buffer[used < size ? used : size - 1] = 0;
        break;
    }
    return buffer;
}

static int refuse(const pc_param *param, const char *name, const char *found, const char *why, pc_spot spot,
                  pc_problems *problems)
{
    char allowed[512];

    pc_problem(problems, spot, "found %s for %s%s, allowed %s", found, name, why,
               pc_value_allowed(param, allowed, sizeof allowed));
    return 0;
}

static int choice_index(const char *choices, const char *text)
{
    const size_t length = strlen(text);
    int index = 0;

    for (const char *c = choices;; c++, index++) {
        const size_t n = strcspn(c, "|");
        if (n == length && memcmp(c, text, n) == 0) {
            return index;
        }
        c += n;
        if (*c == 0) {
            return -1;
        }
    }
}

static int bool_value(const char *text)
{
    static const char *const words[] = {"false", "true", "no", "yes"};

    for (int i = 0; i < 4; i++) {
        if (strcmp(text, words[i]) == 0) {
            return i % 2;
        }
    }
    return -1;
}

int pc_value_parse(const pc_param *param, const char *name, const char *text, pc_spot spot, pc_problems *problems,
                   double *number)
{
    const char *end = text;
    char found[200];
    double value = 0, divisor = 1;
    int kind;

    snprintf(found, sizeof found, text[0] ? "\"%s\"" : _("nothing"), text);
    if (param->kind == PC_PARAM_BOOL || param->kind == PC_PARAM_CHOICE) {
        kind = param->kind == PC_PARAM_BOOL ? bool_value(text) : choice_index(param->choices, text);
        if (kind < 0) {
            return refuse(param, name, found, "", spot, problems);
        }
        *number = kind;
        return 1;
    }
    kind = pc_parse_double(text, &end, &value);
    if (kind == PC_NUMBER_NAN || kind == PC_NUMBER_RANGE || strcmp(text, ".nan") == 0 || strcmp(text, ".NaN") == 0 ||
        strcmp(text, ".inf") == 0 || strcmp(text, "-.inf") == 0 || strcmp(text, "inf") == 0 ||
        strcmp(text, "-inf") == 0) {
        return refuse(param, name, found, _(", which is not a finite number"), spot, problems);
    }
    if (kind == PC_NUMBER_NONE) {
        return refuse(param, name, found, "", spot, problems);
    }
    end += strspn(end, " \t");
    if (!unit_divisor(param->unit ? param->unit : "", end, &divisor)) {
        char why[200];
        snprintf(why, sizeof why, _(", whose unit \"%s\" does not fit"), end);
        return refuse(param, name, found, why, spot, problems);
    }
    value /= divisor;
    if (!(value >= param->lo && value <= param->hi)) {
        return refuse(param, name, found, value < param->lo ? _(", which is too low") : _(", which is too high"), spot,
                      problems);
    }
    if (param->kind == PC_PARAM_INT && value != floor(value)) {
        return refuse(param, name, found, "", spot, problems);
    }
    *number = value;
    return 1;
}

int pc_value_node(const pc_param *param, const char *name, const pc_node *node, pc_problems *problems, double *number)
{
    char found[200];

    if (node->kind != PC_NODE_SCALAR || pc_node_empty(node)) {
        return refuse(param, name, pc_node_found(node, found, sizeof found), "", node->spot, problems);
    }
    return pc_value_parse(param, name, node->text, node->spot, problems, number);
}

void pc_value_unknown(const char *what, const char *name, pc_spot spot, const char *const *known, int n_known,
                      pc_problems *problems)
{
    const char *nearest;
    char list[420];
    size_t used = 0;

    if (problems->n >= PC_PROBLEMS_SHOWN) { /* only counted: spare the search */
        pc_problem(problems, spot, "found the unknown %s \"%s\"", _(what), name);
        return;
    }
    nearest = pc_nearest_name(name, known, (size_t)n_known);
    if (nearest) {
        pc_problem(problems, spot, "found the unknown %s \"%s\", allowed \"%s\" (the nearest known name)", _(what),
                   name, nearest);
        return;
    }
    list[0] = 0;
    for (int i = 0; i < n_known; i++) {
        int repeated = 0;
        for (int j = 0; j < i && !repeated; j++) {
            repeated = strcmp(known[i], known[j]) == 0;
        }
        if (repeated) {
            continue;
        }
        if (used + strlen(known[i]) + 8 > sizeof list) {
            used += (size_t)snprintf(list + used, sizeof list - used, ", ...");
            break;
        }
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? _(", ") : "", known[i]);
    }
    pc_problem(problems, spot, "found the unknown %s \"%s\", allowed %s", _(what), name, used ? list : _("none here"));
}

int pc_value_year(const char *name, const char *text, pc_spot spot, pc_problems *problems, int *year)
{
    static const pc_param calendar = {"year", PC_PARAM_INT, "year", 1900, 2400, 0, NULL, ""};
    double number;

    if (!pc_value_parse(&calendar, name, text, spot, problems, &number)) {
        return 0;
    }
    *year = (int)number;
    return 1;
}

void pc_points_join(const pc_points *points, int base_year, int n_years, double *out)
{
    int i = 0;

    for (int t = 0; t <= n_years; t++) {
        const int year = base_year + t;
        while (i < points->n && points->years[i] <= year) {
            i++;
        }
        if (i == 0) {
            out[t] = points->values[0];
        } else if (i == points->n || points->years[i - 1] == year) {
            out[t] = points->values[i - 1];
        } else {
            const double y0 = points->values[i - 1], y1 = points->values[i];
            out[t] = y0 + (y1 - y0) * (year - points->years[i - 1]) / (points->years[i] - points->years[i - 1]);
        }
    }
}
