/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listing as tables for the eye: one for each kind of dataset (by region and year, by year, one number), a row for
 * each policy, scheme, region and year, a column for each dataset or quantile. */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/listing_inner.h"
#include "report/tables.h"

typedef struct block {
    const pc_listing *listing;
    int has_area, has_year;
    const char *names[PC_LISTING_MAX]; /* datasets of this shape, in order */
    const pc_listing_item *sample[PC_LISTING_MAX];
    int n_names;
} block;

static int in_block(const block *b, const pc_listing_item *item)
{
    return item->has_area == b->has_area && item->has_year == b->has_year;
}

static void choose_columns(block *b)
{
    for (size_t i = 0; i < b->listing->n_items; i++) {
        const pc_listing_item *item = b->listing->items + i;
        int known = !in_block(b, item);
        for (int n = 0; !known && n < b->n_names; n++) {
            known = strcmp(b->names[n], item->name) == 0;
        }
        if (!known && b->n_names < PC_LISTING_MAX) {
            b->sample[b->n_names] = item;
            b->names[b->n_names++] = item->name;
        }
    }
}

static int is_quantile(const pc_listing_item *item)
{
    return item->statistic && item->statistic->type == PC_F64;
}

static int is_total(const pc_listing_item *item)
{
    return item->statistic && strcmp(item->statistic->name, "total_statistic") == 0;
}

/* Other things than chances have their errors beside them only where they are estimated by control variates. */
static int is_chance(const pc_listing *listing, const pc_listing_item *item)
{
    return item->error && !*pc_listing_unit(listing, item);
}

static void columns_of(pc_text_table *table, const pc_listing *listing, const pc_listing_item *item)
{
    const char *unit = pc_listing_unit(listing, item);
    const char *shown = strcmp(unit, "yuan") == 0
                            ? (listing->options->real ? N_("100m yuan, base year") : N_("100m yuan"))
                        : is_chance(listing, item) && listing->options->difference ? N_("points")
                                                                                   : unit;
    int n = is_quantile(item) || is_total(item) ? (int)item->statistic->size : 1;

    for (int k = 0; k < n; k++) {
        char statistic[64] = "", name[256];
        if (n > 1) {
            pc_listing_statistic(item, k, statistic, sizeof statistic);
        }
        snprintf(name, sizeof name, "%s%s%s", item->name, n > 1 ? " " : "", statistic);
        /* TRANSLATORS: name of a dataset, its unit */
        pc_text_table_column(table, 1, *shown ? _("%s, %s") : "%s", name, pc_view_unit_shown(shown));
    }
}

static void number_cell(pc_text_table *table, double x, double error, const char *unit)
{
    int decimals = strcmp(unit, "persons") == 0 || fabs(x) >= 1e5 ? 0 : fabs(x) >= 100 ? 1 : fabs(x) >= 1 ? 2 : 4;

    if (strcmp(unit, "yuan") == 0) {
        pc_text_table_cell(table, "%s", pc_figure_money(x, error, 0).text);
    } else if (isnan(error) || isnan(x)) {
        pc_text_table_cell(table, "%s", pc_figure_number(x, decimals, 0).text);
    } else {
        pc_text_table_cell(table, "%s ±%s", pc_figure_number(x, decimals, 0).text,
                           pc_figure_number(error, decimals, 0).text);
    }
}

static void cells_of(pc_text_table *table, const pc_listing *listing, const pc_listing_item *item, int area, int year)
{
    const char *unit = pc_listing_unit(listing, item);

    if (is_chance(listing, item)) {
        for (int k = 0; k < (item->statistic ? (int)item->statistic->size : 1); k++) {
            double chance = pc_listing_value(listing, item, k, area, year),
                   error = pc_listing_error(listing, item, k, area, year);
            pc_text_table_cell(table, "%s",
                               listing->options->difference ? pc_figure_points(chance, error).text
                                                            : pc_figure_chance(chance, error, 0).text);
        }
    } else if (is_quantile(item) || is_total(item)) {
        for (int k = 0; k < (int)item->statistic->size; k++) {
            number_cell(table, pc_listing_value(listing, item, k, area, year), NAN, unit);
        }
    } else {
        /* a run of the central path alone has nothing else */
        int central_only = pc_view_central_only(&listing->view);
        long at = item->statistic ? pc_dimension_find_text(item->statistic, central_only ? "central" : "mean") : 0;
        double x = pc_listing_value(listing, item, at < 0 ? 0 : (int)at, area, year);
        number_cell(table, x, central_only ? NAN : pc_listing_error(listing, item, (int)at, area, year), unit);
    }
}

static int same_row(const pc_listing_item *a, const pc_listing_item *b)
{
    return strcmp(a->policy, b->policy) == 0 && strcmp(a->scheme, b->scheme) == 0;
}

/* One row: the datasets of this policy and scheme, in the order of the columns. */
static void add_row(pc_text_table *table, const block *b, const pc_listing_item *first, int area, int year)
{
    const pc_listing *listing = b->listing;

    pc_text_table_row(table);
    pc_text_table_cell(table, "%s", *first->policy ? first->policy : "-");
    pc_text_table_cell(table, "%s", first->scheme);
    if (b->has_area) {
        pc_text_table_cell(table, "%s", pc_view_area_shown(&listing->view, area));
    }
    if (b->has_year) {
        pc_text_table_cell(table, "%d%s", year, year > 2040 ? "*" : "");
    }
    for (int n = 0; n < b->n_names; n++) {
        const pc_listing_item *found = NULL;
        for (size_t i = 0; !found && i < listing->n_items; i++) {
            const pc_listing_item *item = listing->items + i;
            if (in_block(b, item) && same_row(item, first) && strcmp(item->name, b->names[n]) == 0) {
                found = item;
            }
        }
        if (found) {
            cells_of(table, listing, found, area, year);
        } else {
            int width = is_quantile(b->sample[n]) || is_total(b->sample[n]) ? (int)b->sample[n]->statistic->size : 1;
            for (int k = 0; k < width; k++) {
                pc_text_table_cell(table, "%s", "");
            }
        }
    }
}

static pc_code print_block(block *b, int *after_2040, pc_status *status)
{
    const pc_listing *listing = b->listing;
    pc_text_table *table;
    const pc_listing_item *last = NULL;

    choose_columns(b);
    if (b->n_names == 0) {
        return PC_OK;
    }
    table = pc_text_table_new();
    pc_text_table_column(table, 0, "%s", _("policy"));
    pc_text_table_column(table, 0, "%s", _("scheme"));
    if (b->has_area) {
        pc_text_table_column(table, 0, "%s", _("region"));
    }
    if (b->has_year) {
        pc_text_table_column(table, 0, "%s", _("year"));
    }
    for (int n = 0; n < b->n_names; n++) {
        columns_of(table, listing, b->sample[n]);
    }
    for (size_t i = 0; i < listing->n_items; i++) {
        const pc_listing_item *item = listing->items + i;
        int first_area = b->has_area && listing->area >= 0 ? listing->area : 0;
        int last_area = !b->has_area ? 0 : listing->area >= 0 ? listing->area : listing->view.n_areas - 1;
        if (!in_block(b, item) || (last && same_row(last, item))) {
            continue;
        }
        last = item;
        for (int area = first_area; area <= last_area; area++) {
            for (int year = listing->first_year; year <= listing->last_year; year++) {
                if (!b->has_year) {
                    add_row(table, b, item, area, year);
                    break;
                }
                if (pc_listing_has_year(listing, year)) {
                    add_row(table, b, item, area, year);
                    *after_2040 |= year > 2040;
                }
            }
        }
    }
    return pc_text_table_print(table, listing->out, 0, status);
}

pc_code pc_listing_tables(const pc_listing *listing, pc_status *status)
{
    pc_code code = PC_OK;
    int after_2040 = 0, printed = 0;

    if (listing->options->difference) {
        fprintf(listing->out, _("difference to %s, on the same paths\n"), pc_view_text(&listing->view, "baseline"));
    }
    for (int shape = 0; !code && shape < 4; shape++) {
        block *b = pc_calloc(1, sizeof *b);
        if (!b) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for a table");
        }
        b->listing = listing;
        b->has_area = shape < 2;
        b->has_year = shape % 2 == 0;
        for (size_t i = 0; i < listing->n_items; i++) {
            if (in_block(b, listing->items + i)) {
                fputs(printed++ ? "\n" : "", listing->out);
                code = print_block(b, &after_2040, status);
                break;
            }
        }
        pc_free(b);
    }
    if (!code && after_2040) {
        fprintf(listing->out, "%s\n", _("* from the 2040s on: present rules unchanged, not a forecast."));
    }
    return code;
}
