/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/regions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static int is_region(const pc_view *view, int area)
{
    const pc_dataset *kind = pc_results_find(view->results, "areas", "kind");

    if (kind && kind->type == PC_TEXT && (size_t)area < kind->count) {
        return strcmp(((char *const *)kind->data)[area], "region") == 0;
    }
    return area < view->n_areas - 1;
}

/* Only what is larger than twice its error is named: the rest may be chance. */
static size_t collect(const pc_view *view, const char *policy, const char *scheme, const char *name, int year,
                      change *changes)
{
    const pc_dataset *value = pc_view_find(view, "difference", policy, scheme, name);
    const pc_dataset *error = pc_view_error(view, "difference", policy, scheme, name);
    size_t n = 0;

    for (int area = 0; value && area < view->n_areas; area++) {
        change c = {area, pc_view_value(view, value, "mean", area, year),
                    error ? pc_view_value(view, error, NULL, area, year)
                          : pc_view_value(view, value, "se", area, year)};
        if (is_region(view, area) && !isnan(c.value) && c.value != 0 && !(fabs(c.value) < 2 * c.error)) {
            changes[n++] = c;
        }
    }
    qsort(changes, n, sizeof *changes, by_value);
    return n;
}

static void print_side(const pc_view *view, const change *changes, size_t n, int from_end, int negative, int months,
                       const char *label, FILE *out)
{
    int shown = 0;

    fprintf(out, "%s", label);
    for (size_t i = 0; i < n && shown < SHOWN; i++) {
        const change *c = from_end ? changes + (n - 1 - i) : changes + i;
        if ((c->value < 0) != negative) {
            break;
        }
        fprintf(out, "%s%s ", shown++ ? ", " : "", pc_view_area_name(view, c->area));
        if (months) {
            fprintf(out, "%+.1f ±%.1f", c->value, c->error);
        } else {
            fputs(pc_figure_points(c->value, c->error).text, out);
        }
    }
    fputs(shown ? "" : "none", out);
}

void pc_report_regions(const pc_view *view, const char *scheme, int year, FILE *out)
{
    change *changes = pc_calloc((size_t)view->n_areas, sizeof *changes);
    int headed = 0;

    for (int p = 0; changes && view->baseline >= 0 && p < view->n_policies; p++) {
        const char *policy = view->policies[p];
        size_t n;
        if (p == view->baseline) {
            continue;
        }
        if (!headed) {
            fprintf(out, "\n  Regions that gain and lose most against %s in %d (changes beyond two standard errors)\n",
                    view->policies[view->baseline], year);
            headed = 1;
        }
        n = collect(view, policy, scheme, "depleted_by", year, changes);
        fprintf(out, "    %s\n      run out by then, points: ", policy);
        print_side(view, changes, n, 0, 1, 0, "gain ", out);
        print_side(view, changes, n, 1, 0, 0, "; lose ", out);
        n = collect(view, policy, scheme, "reserve_months", year, changes);
        print_side(view, changes, n, 1, 0, 1, "\n      months of reserve:       gain ", out);
        print_side(view, changes, n, 0, 1, 1, "; lose ", out);
        fputc('\n', out);
    }
    pc_free(changes);
}
