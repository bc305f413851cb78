/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/regions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/format.h"

enum { SHOWN = 3 };

typedef struct change {
    int area;
    double value, error;
} change;

static int by_value(const void *a, const void *b)
{
    const change *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value ? 1 : x->area - y->area;
}

/* Only what is larger than twice its error is named, the rest may be chance; and what can be seen (`least`). */
static size_t collect(const pc_view *view, const char *policy, const char *scheme, const char *name, int year,
                      double least, change *changes)
{
    const pc_dataset *value = pc_view_find(view, "difference", policy, scheme, name);
    const pc_dataset *error = pc_view_error(view, "difference", policy, scheme, name);
    size_t n = 0;

    for (int area = 0; value && area < view->n_areas; area++) {
        change c = {area, pc_view_value(view, value, "mean", area, year),
                    error ? pc_view_value(view, error, NULL, area, year)
                          : pc_view_value(view, value, "se", area, year)};
        if (pc_view_is_region(view, area) && fabs(c.value) >= least && !(fabs(c.value) < 2 * c.error)) {
            changes[n++] = c;
        }
    }
    qsort(changes, n, sizeof *changes, by_value);
    return n;
}

/* Up to three regions with their changes; "none". */
static void write_side(const pc_view *view, const change *changes, size_t n, int from_end, int negative, int months,
                       char *text, size_t size)
{
    size_t used = 0;

    snprintf(text, size, "%s", _("none"));
    for (size_t i = 0; i < n && i < SHOWN && used < size; i++) {
        const change *c = from_end ? changes + (n - 1 - i) : changes + i;
        if ((c->value < 0) != negative) {
            break;
        }
        used += (size_t)snprintf(
            text + used, size - used, "%s%s %s", i ? _(", ") : "", pc_view_area_shown(view, c->area),
            months ? pc_figure_months(c->value, c->error).text : pc_figure_points(c->value, c->error).text);
    }
}

static void print_line(const pc_view *view, const change *changes, size_t n, int months, FILE *out)
{
    char gain[512], lose[512];

    if (n > 0) {
        write_side(view, changes, n, months, !months, months, gain, sizeof gain);
        write_side(view, changes, n, !months, months, months, lose, sizeof lose);
        fprintf(out,
                months ? _("      months of reserve: gain %s; lose %s\n")
                       : _("      chance of having run out, points: gain %s; lose %s\n"),
                gain, lose);
    }
}

void pc_report_regions(const pc_view *view, const char *scheme, int year, FILE *out)
{
    const size_t n_areas = (size_t)view->n_areas;
    change *chances = pc_calloc(n_areas, sizeof *chances), *months = pc_calloc(n_areas, sizeof *months);
    int headed = 0;

    for (int p = 0; chances && months && view->baseline >= 0 && p < view->n_policies; p++) {
        const char *policy = view->policies[p];
        size_t n_chances, n_months;
        if (p == view->baseline) {
            continue;
        }
        n_chances = collect(view, policy, scheme, "depleted_by", year, 0.0005, chances);
        n_months = collect(view, policy, scheme, "reserve_months", year, 0.05, months);
        if (n_chances + n_months == 0) {
            continue;
        }
        if (!headed) {
            fprintf(out,
                    _("  Regions that gain and lose most against %s in %d (changes beyond two standard errors):\n"),
                    view->policies[view->baseline], year);
            headed = 1;
        }
        fprintf(out, "    %s\n", policy);
        print_line(view, chances, n_chances, 0, out);
        print_line(view, months, n_months, 1, out);
    }
    pc_free(chances);
    pc_free(months);
}
