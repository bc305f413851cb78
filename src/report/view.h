/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading single values out of a result set by policy, scheme, region and year. */
#ifndef PC_REPORT_VIEW_H
#define PC_REPORT_VIEW_H

#include "results/results.h"

/* Bounds on what a report handles; more is cut off, never overrun. */
enum { PC_VIEW_MAX_POLICIES = 64 };

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

#endif
