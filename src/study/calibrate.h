/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a history to parameters of a scenario, each with its standard error. */
#ifndef PC_STUDY_CALIBRATE_H
#define PC_STUDY_CALIBRATE_H

#include "history/ar1.h"
#include "history/lee_carter.h"
#include "results/results.h"
#include "study/history.h"

typedef struct pc_calibrate_options {
    int base_year;       /* the scenario's; 0: the last year of the history */
    int jump_off_fitted; /* see pc_lee_carter_history */
    int no_prior;        /* the history alone */
    unsigned lines;      /* bit c: the mean of series c is a straight line; PC_CALIBRATE_... */
} pc_calibrate_options;

/* The processes that are fitted. */
typedef enum pc_calibrate_series {
    PC_CALIBRATE_FERTILITY,  /* ln TFR */
    PC_CALIBRATE_EMPLOYMENT, /* ln level */
    PC_CALIBRATE_WAGES,      /* growth of ln wage */
    PC_CALIBRATE_COST,       /* growth of ln cost per employee member less that of the wage */
    PC_CALIBRATE_RESIDENT,   /* the same of residents */
    PC_CALIBRATE_RETURNS,    /* rate of interest */
    PC_CALIBRATE_SERIES
} pc_calibrate_series;
extern const char *const pc_calibrate_names[PC_CALIBRATE_SERIES]; /* "fertility" ... as in the scenario */

enum { PC_CALIBRATE_MOST = 48, PC_CALIBRATE_DRIVERS = 6 };

/* A key of the scenario with what was found. */
typedef struct pc_calibrated {
    char key[96];
    pc_ar1_figure figure; /* se, low, high NaN where there is none */
    int n;                /* observations */
} pc_calibrated;

typedef struct pc_calibration {
    int base_year;
    int n_found;
    pc_calibrated found[PC_CALIBRATE_MOST];
    int has_series[PC_CALIBRATE_SERIES];
    int first_year, n_span; /* of the history */
    double *observed;       /* [series][year of the span] what was fitted, see pc_calibrate_series; NaN: none */
    double *fitted;         /* [series][year of the span] its mean or line; NaN outside the series; the arena's, both */
    pc_ar1_fit series[PC_CALIBRATE_SERIES];
    int has_mortality;
    pc_lee_carter_fit mortality;
    double *kappa; /* [rate years]; the arena's */
    double *e0;    /* [observed, fitted][rate year][sex] life expectancy at birth, see lee_carter.h; the arena's */
    /* correlation of yearly innovations in the model's order (mortality, fertility, employment, wages, cost, returns)
     */
    double correlation[PC_CALIBRATE_DRIVERS * PC_CALIBRATE_DRIVERS],
        shrunk[PC_CALIBRATE_DRIVERS * PC_CALIBRATE_DRIVERS];
    double shrinkage; /* part that was taken off */
} pc_calibration;

/* Fits everything that the history has enough of. PC_ERR_INPUT when there is nothing to fit. */
pc_code pc_calibrate_history(const pc_history *history, const pc_calibrate_options *options, pc_arena *arena,
                             pc_calibration *out, pc_status *status);
/* A result set with /calibration. Release with pc_results_free; NULL after a failure. */
pc_results *pc_calibrate_results(const pc_calibration *calibration, const pc_history *history, const pc_files *files,
                                 const char *command, pc_status *status);

#endif
