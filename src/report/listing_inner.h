/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the listing: what was chosen, shared by its files. */
#ifndef PC_REPORT_LISTING_INNER_H
#define PC_REPORT_LISTING_INNER_H

#include "base/json.h"
#include "report/listing.h"
#include "report/view.h"

enum { PC_LISTING_MAX = 128 };

/* A dataset in one group. The same dataset of several policies and schemes are several of these. */
typedef struct pc_listing_item {
    const char *policy, *scheme;     /* policy "" and the group's name for the weather */
    const pc_dataset *value, *error; /* error: the standard error of an event, NULL otherwise */
    char name[96];                   /* the dataset's, and of transfers who gives: "transfers 330100" */
    size_t from;                     /* index on the axis of who gives */
    int has_area, has_year;
    const pc_dimension *statistic; /* statistic, total statistic, quantile or band axis; NULL: none */
} pc_listing_item;

typedef struct pc_listing {
    pc_view view;
    const pc_listing_options *options;
    const char *names[PC_LISTING_MAX]; /* datasets wanted */
    int n_names;
    char name_texts[PC_LISTING_MAX][64];
    int area, first_year, last_year; /* area -1: all */
    int usual_years;                 /* only the usual ones */
    pc_listing_item *items;
    size_t n_items, room;
    FILE *out;
} pc_listing;

int pc_listing_has_year(const pc_listing *listing, int year);
/* Value of an item; k: index on its statistic axis (0 without). Divided by the price level where asked for. */
double pc_listing_value(const pc_listing *listing, const pc_listing_item *item, int k, int area, int year);
/* Its standard error, NaN without; k counts on the axis of an event's bands and is not looked at otherwise. */
double pc_listing_error(const pc_listing *listing, const pc_listing_item *item, int k, int area, int year);
/* The name of the k-th statistic. */
void pc_listing_statistic(const pc_listing_item *item, int k, char *text, size_t size);
const char *pc_listing_unit(const pc_listing *listing, const pc_listing_item *item);

/* PC_ERR_INPUT that names the nearest of `names`, or all of them. `kind` is marked for translation, translated here. */
pc_code pc_listing_unknown(pc_status *status, const char *kind, const char *word, const char *const *names, size_t n);
/* A cell of CSV, quoted where it must be. */
void pc_listing_csv_text(FILE *out, const char *text);

/* One number and what it is; year 0: of no year. */
typedef struct pc_listing_number {
    const char *policy, *scheme, *area, *measure, *statistic, *unit;
    int year;
    double value;
} pc_listing_number;

/* The heading of these rows; a row as CSV; a row as JSON, on a line of its own. */
void pc_listing_csv_head(FILE *out);
void pc_listing_csv_row(FILE *out, const pc_listing_number *cell);
void pc_listing_json_row(pc_json *json, const pc_listing_number *cell);
/* Title, baseline, base year and paths: how each object of such rows begins. */
pc_json pc_listing_json_begin(const pc_view *view, FILE *out);
/* Ends the array of rows, the object and the line. */
void pc_listing_json_end(pc_json *json);

void pc_listing_csv(const pc_listing *listing);
void pc_listing_json(const pc_listing *listing);
pc_code pc_listing_tables(const pc_listing *listing, pc_status *status);

#endif
