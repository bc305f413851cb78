/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the exports: which groups and datasets belong to the choice, and how their numbers and axes are written. */
#ifndef PC_REPORT_EXPORT_INNER_H
#define PC_REPORT_EXPORT_INNER_H

#include "base/numbers.h"
#include "report/export.h"
#include "report/view.h"

/* A group of results that belongs to the choice. */
typedef struct pc_export_group {
    const pc_group *group;
    const char *tree;   /* policy, difference, people, economy */
    char policy[64];    /* "" for people and economy */
    const char *scheme; /* "" for people and economy */
} pc_export_group;

/* The groups of the choice in the order policies (baseline first), differences, people, economy. `room` is at least
 * PC_EXPORT_MAX_GROUPS; returns their number. */
enum { PC_EXPORT_MAX_GROUPS = PC_VIEW_MAX_POLICIES * PC_VIEW_N_SCHEMES * 2 + 2 };
int pc_export_groups(const pc_view *view, const pc_export_options *options, pc_export_group *groups);

/* 1 when a dataset is a measure of its own: no text, no bound, no error of an event, no quantiles of another. */
int pc_export_is_measure(const pc_group *group, const pc_dataset *dataset, const pc_export_options *options);
/* What belongs to a measure; NULL when it has none. */
const pc_dataset *pc_export_quantiles(const pc_group *group, const pc_dataset *dataset);
const pc_dataset *pc_export_error(const pc_group *group, const pc_dataset *dataset);

/* The axis of statistics, totals or quantiles: its index among the dataset's, -1 when it has none. */
int pc_export_statistic_axis(const pc_dataset *dataset);
/* The i-th coordinate of an axis as text: "mean", "q0.05", "2040", "hangzhou". */
void pc_export_coordinate(const pc_dimension *dimension, size_t i, char *text, size_t size);
/* A number with the digits of its own precision; "" when missing or not finite. */
void pc_export_number(const pc_dataset *dataset, size_t index, char text[PC_NUMBER_SIZE]);

#endif
