/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group /explain of a results file, looked at by the text, the data and the page of an explanation. */
#ifndef PC_REPORT_EXPLAIN_VIEW_H
#define PC_REPORT_EXPLAIN_VIEW_H

#include <stdio.h>

#include "base/status.h"
#include "results/results.h"

enum {
    PC_SEEN_FIRST,
    PC_SEEN_FIRST_SE,
    PC_SEEN_TOTAL,
    PC_SEEN_TOTAL_SE,
    PC_SEEN_LOW,
    PC_SEEN_LOW_SE,
    PC_SEEN_HIGH,
    PC_SEEN_HIGH_SE,
    PC_SEEN_PATH,
    PC_SEEN_PATH_VALUE,
    PC_SEEN_STORY,
    PC_SEEN_MEAN,
    PC_SEEN_MEAN_SE,
    PC_SEEN_VARIANCE,
    PC_SEEN_SETS
};
/* Items of a story, in the order of the file. */
enum {
    PC_TOLD_WAGE,
    PC_TOLD_COST,
    PC_TOLD_CONTRIBUTORS,
    PC_TOLD_RETIREES,
    PC_TOLD_REVENUE,
    PC_TOLD_EXPENDITURE,
    PC_TOLD_MONTHS,
    PC_TOLD_CENTRAL_MONTHS,
    PC_TOLD_DEFICIT,
    PC_TOLD_DEPLETED,
    PC_TOLD_ITEMS
};

extern const char *const pc_seen_names[PC_SEEN_SETS]; /* of the datasets */
extern const char pc_seen_group[];

typedef struct pc_explain_view {
    const pc_results *results;
    const pc_dataset *set[PC_SEEN_SETS], *kind;
    char *const *shares, *const *bars, *const *policies;
    const double *ends;
    size_t n_shares, n_bars, n_policies, n_ends;
    const char *unit;
} pc_explain_view;

/* PC_ERR_INPUT where something is missing. */
pc_code pc_explain_view_open(const pc_results *results, pc_explain_view *view, pc_status *status);
/* A number of a share, a bar or (row 0) a mean. */
double pc_explain_at(const pc_explain_view *view, int set, size_t row, size_t policy);
int pc_explain_is_kind(const pc_explain_view *view, size_t share, const char *kind);
/* An item of the story of a policy's end. */
double pc_explain_told(const pc_explain_view *view, size_t policy, size_t end, int item);
/* A driver of the file in the reader's words; a parameter's key; what has neither as it is. */
const char *pc_explain_word(const char *name);

/* Bars in the order of their size under the first policy, largest first. */
typedef struct pc_ranked_bar {
    double size;
    size_t bar;
} pc_ranked_bar;
/* order[n_bars] */
void pc_explain_rank_bars(const pc_explain_view *view, pc_ranked_bar *order);

/* The words of the explanation and the stories of its typical paths. */
void pc_explain_print_words(const pc_explain_view *view, FILE *out);
void pc_explain_print_typical(const pc_explain_view *view, FILE *out);
/* src/report/explain_data.c */
void pc_explain_print_csv(const pc_explain_view *view, FILE *out);
void pc_explain_print_json(const pc_explain_view *view, FILE *out);

#endif
