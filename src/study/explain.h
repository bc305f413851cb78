/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drives a measure: shares of its variance by groups of drivers and by years (Sobol indices), what one standard
 * deviation of each driver and parameter does, and paths that are typical of a bad, a middling and a good end. */
#ifndef PC_STUDY_EXPLAIN_H
#define PC_STUDY_EXPLAIN_H

#include "stats/variance_share.h"
#include "study/study.h"

enum {
    PC_EXPLAIN_SHARES = 40,
    PC_EXPLAIN_BARS = 64,
    PC_EXPLAIN_PERIODS = 5,
    PC_EXPLAIN_TOP = 3,
    PC_EXPLAIN_ENDS = 3,
    PC_EXPLAIN_NAME = 64
};

typedef enum pc_explain_kind {
    PC_EXPLAIN_GROUP,  /* a group of drivers */
    PC_EXPLAIN_SPLIT,  /* "process": all groups but behaviour and parameters, which are the other two parts */
    PC_EXPLAIN_PERIOD, /* all of the process in some years */
    PC_EXPLAIN_CROSS,  /* one of the groups with the largest shares in some years */
    PC_EXPLAIN_KINDS
} pc_explain_kind;

typedef struct pc_explain_share {
    char name[PC_EXPLAIN_NAME]; /* "wages", "process", "2025-2029", "wages 2025-2029" */
    pc_explain_kind kind;
    pc_variance_share *index; /* [n_main] */
} pc_explain_share;

/* Change of the mean by one standard deviation down and up, on the same paths. */
typedef struct pc_explain_bar {
    char name[PC_EXPLAIN_NAME];            /* "wages", "region.migration", "param:wages.growth" */
    double *low, *low_se, *high, *high_se; /* [n_main] */
} pc_explain_bar;

/* What a typical path's story is told from; ratios to the central path less 1, years 0 where it never happens. */
typedef enum pc_explain_item {
    PC_EXPLAIN_WAGE,         /* in the last year */
    PC_EXPLAIN_COST,         /* expenditure per member, in the last year */
    PC_EXPLAIN_CONTRIBUTORS, /* in the last year */
    PC_EXPLAIN_RETIREES,     /* in the last year */
    PC_EXPLAIN_REVENUE,      /* sum to the last year */
    PC_EXPLAIN_EXPENDITURE,  /* sum to the last year */
    PC_EXPLAIN_MONTHS,       /* reserve in the last year */
    PC_EXPLAIN_CENTRAL_MONTHS,
    PC_EXPLAIN_DEFICIT,  /* first year */
    PC_EXPLAIN_DEPLETED, /* first year */
    PC_EXPLAIN_ITEMS
} pc_explain_item;
extern const char *const pc_explain_item_names[PC_EXPLAIN_ITEMS];
extern const double pc_explain_ends[PC_EXPLAIN_ENDS]; /* 0.05, 0.5, 0.95 */

typedef struct pc_explain_path {
    uint64_t path;
    double value; /* the quantile itself: it is that of a path */
    double item[PC_EXPLAIN_ITEMS];
} pc_explain_path;

typedef struct pc_explained {
    int n_main; /* the study's first questions, one a policy, are explained; the next n_main say what an end is (for an
                   event, which has no ends of its own) where there are any */
    int last_year;
    double *mean, *mean_se, *variance; /* [n_main] */
    double between;                    /* variance of the means over policies */
    int n_shares, n_bars;
    pc_explain_share share[PC_EXPLAIN_SHARES];
    pc_explain_bar bar[PC_EXPLAIN_BARS];
    pc_explain_path *typical; /* [n_main][PC_EXPLAIN_ENDS] */
} pc_explained;

/* Runs it all. The study has been started, with questions as above. Released with pc_explain_release, also after a
 * failure. */
pc_code pc_explain(pc_study *study, int n_main, int with_bars, pc_explained *out, pc_status *status);
void pc_explain_release(pc_explained *explained);

/* src/study/typical.c: finds and replays the typical paths; values[n_main][n_paths] are what ends are taken of. */
pc_code pc_explain_typical(pc_study *study, const double *values, pc_explained *out, pc_status *status);

#endif
