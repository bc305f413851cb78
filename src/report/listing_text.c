/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listing as CSV and JSON: one row for each number. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/numbers.h"
#include "report/listing_inner.h"

/* What a row says besides its numbers. */
typedef struct row {
    const pc_listing_item *item;
    const char *area; /* id, "" for items without areas */
    int year;         /* 0 for items without years */
    const char *statistic;
    double value;
} row;

typedef void row_writer(const pc_listing *listing, const row *r, void *context);

static void one_cell(const pc_listing *listing, const pc_listing_item *item, int area, int year, row_writer *write,
                     void *context)
{
    int n = item->statistic ? (int)item->statistic->size : 1;
    char *const *ids = listing->view.region->coordinates;
    row r = {item, item->has_area ? ids[area] : "", item->has_year ? year : 0, NULL, NAN};

    for (int k = 0; k < n; k++) {
        char statistic[64];
        pc_listing_statistic(item, k, statistic, sizeof statistic);
        r.statistic = statistic;
        r.value = pc_listing_value(listing, item, k, area, year);
        write(listing, &r, context);
    }
    for (int k = 0; item->error && k < n; k++) {
        char statistic[64] = "";
        if (item->statistic) {
            pc_listing_statistic(item, k, statistic, sizeof statistic);
        }
        char error[80];
        snprintf(error, sizeof error, "%s%sse", statistic, *statistic ? " " : "");
        r.statistic = error;
        r.value = pc_listing_error(listing, item, k, area, year);
        write(listing, &r, context);
    }
}

static void each_row(const pc_listing *listing, row_writer *write, void *context)
{
    for (size_t i = 0; i < listing->n_items && !ferror(listing->out); i++) {
        const pc_listing_item *item = listing->items + i;
        int first_area = item->has_area ? (listing->area >= 0 ? listing->area : 0) : 0;
        int last_area = item->has_area ? (listing->area >= 0 ? listing->area : listing->view.n_areas - 1) : 0;
        int first_year = item->has_year ? listing->first_year : 0, last_year = item->has_year ? listing->last_year : 0;

        for (int area = first_area; area <= last_area; area++) {
            for (int year = first_year; year <= last_year; year++) {
                one_cell(listing, item, area, year, write, context);
            }
        }
    }
}

/* A cell of CSV, quoted where it must be. */
void pc_listing_csv_text(FILE *out, const char *text)
{
    if (!text[strcspn(text, ",\"\n\r")]) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

void pc_listing_csv_head(FILE *out)
{
    fputs("policy,scheme,region,year,measure,statistic,value\n", out);
}

void pc_listing_csv_row(FILE *out, const pc_listing_number *cell)
{
    const char *texts[] = {cell->policy, cell->scheme, cell->area};
    char year[16] = "", number[PC_NUMBER_SIZE] = "";

    for (int i = 0; i < 3; i++) {
        pc_listing_csv_text(out, texts[i]);
        fputc(',', out);
    }
    if (cell->year) {
        snprintf(year, sizeof year, "%d", cell->year);
    }
    if (!isnan(cell->value)) {
        pc_format_double(number, sizeof number, cell->value);
    }
    fprintf(out, "%s,%s,%s,%s\n", year, cell->measure, cell->statistic, number);
}

void pc_listing_json_row(pc_json *json, const pc_listing_number *cell)
{
    pc_json_break(json, "\n  ");
    pc_json_open(json, NULL, '{');
    pc_json_put_text(json, "policy", cell->policy);
    pc_json_put_text(json, "scheme", cell->scheme);
    pc_json_put_text(json, "region", cell->area);
    pc_json_put_text(json, "measure", cell->measure);
    pc_json_put_text(json, "statistic", cell->statistic);
    pc_json_put_text(json, "unit", cell->unit);
    pc_json_put_number(json, "year", cell->year ? cell->year : NAN);
    pc_json_put_number(json, "value", cell->value);
    pc_json_close(json, '}');
}

pc_json pc_listing_json_begin(const pc_view *view, FILE *out)
{
    pc_json json = {.out = out, .spaced = 1};

    pc_json_open(&json, NULL, '{');
    pc_json_put_text(&json, "title", pc_view_text(view, "title"));
    pc_json_put_text(&json, "baseline", pc_view_text(view, "baseline"));
    pc_json_put_number(&json, "base_year", pc_view_number(view, "base_year", view->first_year - 1));
    pc_json_put_number(&json, "paths", pc_view_number(view, "paths", 0));
    return json;
}

void pc_listing_json_end(pc_json *json)
{
    pc_json_break(json, "\n");
    pc_json_close(json, ']');
    pc_json_close(json, '}');
    fputc('\n', json->out);
}

static pc_listing_number number_of(const pc_listing *listing, const row *r)
{
    return (pc_listing_number){.policy = r->item->policy,
                               .scheme = r->item->scheme,
                               .area = r->area,
                               .measure = r->item->name,
                               .statistic = r->statistic,
                               .unit = pc_listing_unit(listing, r->item),
                               .year = r->year,
                               .value = r->value};
}

static void csv_row(const pc_listing *listing, const row *r, void *context)
{
    const pc_listing_number number = number_of(listing, r);

    (void)context;
    pc_listing_csv_row(listing->out, &number);
}

void pc_listing_csv(const pc_listing *listing)
{
    pc_listing_csv_head(listing->out);
    each_row(listing, csv_row, NULL);
}

static void json_row(const pc_listing *listing, const row *r, void *context)
{
    const pc_listing_number number = number_of(listing, r);

    pc_listing_json_row(context, &number);
}

void pc_listing_json(const pc_listing *listing)
{
    pc_json json = pc_listing_json_begin(&listing->view, listing->out);

    pc_json_put_boolean(&json, "difference", listing->options->difference);
    pc_json_put_boolean(&json, "real", listing->options->real);
    pc_json_break(&json, "\n");
    pc_json_open(&json, "rows", '[');
    each_row(listing, json_row, &json);
    pc_listing_json_end(&json);
}
