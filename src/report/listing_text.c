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

static void csv_row(const pc_listing *listing, const row *r, void *context)
{
    const char *texts[] = {r->item->policy, r->item->scheme, r->area};
    char year[16] = "", number[PC_NUMBER_SIZE] = "";

    (void)context;
    for (int i = 0; i < 3; i++) {
        pc_listing_csv_text(listing->out, texts[i]);
        fputc(',', listing->out);
    }
    if (r->year) {
        snprintf(year, sizeof year, "%d", r->year);
    }
    if (!isnan(r->value)) {
        pc_format_double(number, sizeof number, r->value);
    }
    fprintf(listing->out, "%s,%s,%s,%s\n", year, r->item->name, r->statistic, number);
}

void pc_listing_csv(const pc_listing *listing)
{
    fputs("policy,scheme,region,year,measure,statistic,value\n", listing->out);
    each_row(listing, csv_row, NULL);
}

static void json_row(const pc_listing *listing, const row *r, void *context)
{
    static const char *const keys[] = {"policy", "scheme", "region", "measure", "statistic", "unit"};
    const char *texts[] = {r->item->policy,      r->item->scheme, r->area,
                           r->item->name, r->statistic,    pc_listing_unit(listing, r->item)};
    char number[PC_NUMBER_SIZE] = "null";
    int *started = context;

    fputs(*started ? ",\n  {" : "\n  {", listing->out);
    *started = 1;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pc_json_text(listing->out, keys[i]);
        fputs(": ", listing->out);
        pc_json_text(listing->out, texts[i]);
        fputs(", ", listing->out);
    }
    if (r->year) {
        fprintf(listing->out, "\"year\": %d, ", r->year);
    } else {
        fputs("\"year\": null, ", listing->out);
    }
    if (isfinite(r->value)) {
        pc_format_double(number, sizeof number, r->value);
    }
    fprintf(listing->out, "\"value\": %s}", number);
}

void pc_listing_json(const pc_listing *listing)
{
    const pc_view *view = &listing->view;
    int started = 0;

    fputs("{\"title\": ", listing->out);
    pc_json_text(listing->out, pc_view_text(view, "title"));
    fputs(", \"baseline\": ", listing->out);
    pc_json_text(listing->out, pc_view_text(view, "baseline"));
    fprintf(listing->out, ", \"base_year\": %.0f, \"paths\": %.0f, \"difference\": %s, \"real\": %s,\n\"rows\": [",
            pc_view_number(view, "base_year", view->first_year - 1), pc_view_number(view, "paths", 0),
            listing->options->difference ? "true" : "false", listing->options->real ? "true" : "false");
    each_row(listing, json_row, &started);
    fputs("\n]}\n", listing->out);
}
