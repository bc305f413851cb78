/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading single values out of a result set by policy, scheme, region and year. */
#ifndef PC_REPORT_VIEW_H
#define PC_REPORT_VIEW_H

#include "results/results.h"

/* Bounds on what a report handles; more is cut off, never overrun. */
enum { PC_VIEW_MAX_POLICIES = 64, PC_VIEW_N_SCHEMES = 3, PC_VIEW_N_YEARS = 4 };
/* employee, resident, both. */
extern const char *const pc_view_schemes[PC_VIEW_N_SCHEMES];

/* The axes of a result set. Nothing is owned but what `results` owns. */
typedef struct pc_view {
    const pc_results *results;
    const pc_dimension *region, *year;
    int n_areas, first_year, last_year; /* the last area is the whole */
    int n_policies;
    char policies[PC_VIEW_MAX_POLICIES][64]; /* the baseline first, then in the order of the file */
    int baseline;                            /* index into policies; -1: not known */
} pc_view;

/* PC_ERR_INPUT when it has no policies, regions or years. */
pc_code pc_view_open(const pc_results *results, pc_view *view, pc_status *status);
/* A text of a root attribute; "" when absent. */
const char *pc_view_text(const pc_view *view, const char *attribute);
double pc_view_number(const pc_view *view, const char *attribute, double standard);
/* A text of a policy (title, title_en, source, note); "" when there is none. */
const char *pc_view_policy_text(const pc_view *view, const char *policy, const char *what);
/* Name and English name of an area, its id where there is none. */
const char *pc_view_area_name(const pc_view *view, int area);
const char *pc_view_area_name_en(const pc_view *view, int area);
/* In the reader's language (pc_language); in the other where there is no text in that one; the id, or "", where there
 * is none at all. */
const char *pc_view_area_shown(const pc_view *view, int area);
const char *pc_view_title_shown(const pc_view *view);
const char *pc_view_policy_shown(const pc_view *view, const char *policy);
/* The unit and the meaning (long_name) of a dataset in the reader's language; "" without. The second writes into
 * `text`, cut to `size`. */
const char *pc_view_unit_shown(const char *unit);
const char *pc_view_meaning(const pc_dataset *dataset, char *text, size_t size);
/* Area by id, name or English name (ASCII case does not count); -1: none. */
int pc_view_area_find(const pc_view *view, const char *text);

/* One value. `statistic`: "mean", "se" ... for datasets over (total_)statistic, ignored by others; `area` and `year`
 * (calendar) are ignored by datasets without these axes. NaN when dataset, statistic or year is absent. */
double pc_view_value(const pc_view *view, const pc_dataset *dataset, const char *statistic, int area, int year);
/* The dataset of one policy and scheme; `tree` is "policy" or "difference". NULL when absent. */
const pc_dataset *pc_view_find(const pc_view *view, const char *tree, const char *policy, const char *scheme,
                               const char *name);
/* The standard error's dataset of an event (NAME_se), NULL when absent. */
const pc_dataset *pc_view_error(const pc_view *view, const char *tree, const char *policy, const char *scheme,
                                const char *name);
/* A value of a dataset with an axis of numbers: a quantile by its probability, a warning band by its bound. The number
 * must be one of the axis. NaN when absent. */
double pc_view_quantile(const pc_view *view, const pc_dataset *dataset, double probability, int area, int year);

typedef struct pc_reading {
    double value, error; /* error NaN: none */
} pc_reading;

/* A measure as reports show it: the mean of an amount or the chance of an event, with its standard error; of a run
 * without paths the central value. NaN when absent. */
pc_reading pc_view_read(const pc_view *view, const char *tree, const char *policy, const char *scheme, const char *name,
                        int area, int year);
typedef struct pc_turning {
    int deficit, overdraft; /* 0: not within the horizon */
} pc_turning;

/* On the central path, all accounts together: the first year in which outgo exceeds income, and the first with a balance
 * below zero. */
pc_turning pc_view_turning(const pc_view *view, const char *policy, const char *scheme);
/* 1 when the run had no paths: there is only the central path, no chance and no error. */
int pc_view_central_only(const pc_view *view);
/* What divides yuan of `year` into yuan of the base year; NaN when the file has no price level. */
double pc_view_price_level(const pc_view *view, int year);
/* 1 for a region, 0 for a group of regions and for the whole. */
int pc_view_is_region(const pc_view *view, int area);

/* The years that reports show first: 2030, 2035, 2040, 2050 as far as the run covers them, else its last year. Returns
 * their number, at least 1. */
int pc_view_usual_years(const pc_view *view, int years[PC_VIEW_N_YEARS]);
/* The first year in which a chance "by the year" (region, year) reaches `share`; 0: not within the horizon. */
int pc_view_share_year(const pc_view *view, const pc_dataset *by, int area, double share);

/* Before a command works on a file: PC_ERR_INPUT, with the reason in one line, when it is of another format version or
 * lacks a group that every results file has. */
pc_code pc_view_check(const pc_results *results, pc_status *status);

#endif
