/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/provenance.h"
#include "history/correlation.h"
#include "list.h"

const char *const pc_calibrate_names[PC_CALIBRATE_SERIES] = {"fertility", "employment", "wages",
                                                             "cost",      "resident",   "returns"};
static const int driver_of[PC_CALIBRATE_SERIES] = {1, 2, 3, 4, -1, 5};
/* How much what one would expect without a history weighs, in observations. */
static const double phi_weight = 6, sigma_weight = 4;
/* Of the excess of costs over wages: that costs grow as wages. Nothing is said beforehand of growth or interest. */
static const double excess_weight = 4;

typedef struct fitter {
    const pc_history *history;
    const pc_calibrate_options *options;
    pc_arena *arena;
    pc_calibration *out;
    double *innovations; /* [driver][year from `first`], NaN: none */
    int first, n_span;
    pc_status *status;
} fitter;

static void add(fitter *f, const char *section, const char *key, pc_ar1_figure figure, int n)
{
    pc_calibration *c = f->out;

    if (c->n_found < PC_CALIBRATE_MOST) {
        pc_calibrated *p = &c->found[c->n_found++];
        snprintf(p->key, sizeof p->key, "%s.%s", section, key);
        p->figure = figure;
        p->n = n;
    }
}

static pc_ar1_figure exact(double value)
{
    return (pc_ar1_figure){value, NAN, NAN, NAN};
}

/* The schema's default: what one would expect without a history. */
static double usual(const char *section, const char *key)
{
    const pc_head *head = pc_head_find(section);

    for (int i = 0; head && i < head->n_params; i++) {
        if (strcmp(head->params[i].key, key) == 0) {
            return head->params[i].value;
        }
    }
    return NAN;
}

/* The observations of a series: years and values; how many. */
static int observe(const pc_history *h, int series, int *years, double *y)
{
    static const int column[PC_CALIBRATE_SERIES] = {PC_HISTORY_TFR,           PC_HISTORY_EMPLOYMENT,
                                                    PC_HISTORY_WAGE,          PC_HISTORY_EMPLOYEE_COST,
                                                    PC_HISTORY_RESIDENT_COST, PC_HISTORY_INTEREST};
    const double *x = h->value[column[series]], *wage = h->value[PC_HISTORY_WAGE];
    const int growth = series == PC_CALIBRATE_WAGES || series == PC_CALIBRATE_COST || series == PC_CALIBRATE_RESIDENT;
    const int excess = growth && series != PC_CALIBRATE_WAGES;
    int n = 0;

    for (int t = growth ? 1 : 0; t < h->n_years; t++) {
        double value = series == PC_CALIBRATE_RETURNS ? x[t] : log(x[t]);
        if (growth) {
            value = h->years[t] == h->years[t - 1] + 1 ? log(x[t] / x[t - 1]) : NAN;
            value -= excess ? log(wage[t] / wage[t - 1]) : 0;
        }
        if (!isnan(value)) {
            years[n] = h->years[t];
            y[n++] = value;
        }
    }
    return n;
}

/* A parameter and the standard error that a run draws it with. */
static void add_known(fitter *f, const char *section, const char *key, pc_ar1_figure figure, double drawn_se, int n)
{
    char error[32];

    add(f, section, key, figure, n);
    snprintf(error, sizeof error, "%s_se", key);
    add(f, section, error, exact(drawn_se), n);
}

static pc_code fit_series(fitter *f, int series, int *years, double *y, double *e)
{
    const char *section = series == PC_CALIBRATE_RESIDENT ? "cost" : pc_calibrate_names[series];
    const int n = observe(f->history, series, years, y), line = (int)(f->options->lines >> series & 1u);
    const double none = f->options->no_prior ? 0 : 1;
    const int excess = series == PC_CALIBRATE_COST || series == PC_CALIBRATE_RESIDENT;
    const pc_ar1_prior prior = {.phi = usual(section, "phi"),
                                .phi_weight = none * phi_weight,
                                .sigma = usual(section, "sigma"),
                                .sigma_weight = none * sigma_weight,
                                .mean_weight = excess ? none * excess_weight : 0};
    pc_ar1_fit *fit = &f->out->series[series];
    pc_code code;

    if (n < (line ? 5 : 4)) {
        return PC_OK; /* too little to say anything */
    }
    code = pc_ar1_history(years, y, n, line, &prior, fit, e, f->status);
    if (code) {
        return code;
    }
    f->out->has_series[series] = 1;
    for (int i = 0; i < n; i++) {
        f->out->observed[series * f->n_span + years[i] - f->first] = y[i];
    }
    for (int t = years[0]; t <= years[n - 1]; t++) {
        f->out->fitted[series * f->n_span + t - f->first] =
            fit->mean.value + (line ? fit->slope.value * (t - years[n - 1]) : 0);
    }
    for (int i = 0; i < n && driver_of[series] >= 0; i++) {
        f->innovations[driver_of[series] * f->n_span + years[i] - f->first] = e[i];
    }
    if (series == PC_CALIBRATE_RESIDENT) {
        add_known(f, section, "resident.excess", fit->mean, fit->mean_drawn_se, n);
        return PC_OK;
    }
    if (series == PC_CALIBRATE_WAGES) {
        add_known(f, section, "growth", fit->mean, fit->mean_drawn_se, n);
    } else if (series == PC_CALIBRATE_COST) {
        add_known(f, section, "employee.excess", fit->mean, fit->mean_drawn_se, n);
    } else if (series == PC_CALIBRATE_RETURNS) {
        add_known(f, section, "mean", fit->mean, fit->mean_drawn_se, n);
    }
    if (series == PC_CALIBRATE_FERTILITY) { /* which has no keys for them */
        add(f, section, "phi", fit->phi, n);
        add(f, section, "sigma", fit->sigma, n);
    } else {
        add_known(f, section, "phi", fit->phi, fit->phi.se, n);
        add(f, section, "sigma", fit->sigma, n);
        add(f, section, "sigma_se", exact(fit->sigma.se / fit->sigma.value), n); /* of its logarithm */
    }
    add(f, section, "start",
        exact(fit->last * pow(fit->phi.value, f->out->base_year > years[n - 1] ? f->out->base_year - years[n - 1] : 0)),
        n);
    return PC_OK;
}

static pc_code fit_mortality(fitter *f)
{
    const pc_history *h = f->history;
    pc_calibration *c = f->out;
    pc_code code;

    if (h->n_rate_years < 4) {
        return PC_OK;
    }
    c->kappa = pc_arena_calloc(f->arena, (size_t)h->n_rate_years, sizeof *c->kappa);
    c->e0 = pc_arena_calloc(f->arena, (size_t)(2 * PC_SEXES * h->n_rate_years), sizeof *c->e0);
    if (!c->kappa || !c->e0) {
        return pc_fail(f->status, PC_ERR_FAIL, "no memory for the mortality index");
    }
    code = pc_lee_carter_history(h->rate_years, h->n_rate_years, h->log_rates, f->options->jump_off_fitted,
                                 &c->mortality, c->kappa, c->e0, f->status);
    if (code) {
        return code;
    }
    c->has_mortality = 1;
    for (int t = 1; t < h->n_rate_years; t++) {
        if (h->rate_years[t] == h->rate_years[t - 1] + 1) {
            f->innovations[h->rate_years[t] - f->first] = c->kappa[t] - c->kappa[t - 1] - c->mortality.drift;
        }
    }
    add(f, "mortality", "kappa", exact(c->mortality.drift * (c->base_year - h->rate_years[h->n_rate_years - 1])),
        h->n_rate_years);
    add(f, "mortality", "drift",
        (pc_ar1_figure){c->mortality.drift, c->mortality.drift_se, c->mortality.drift - 1.2816 * c->mortality.drift_se,
                        c->mortality.drift + 1.2816 * c->mortality.drift_se},
        h->n_rate_years);
    add(f, "mortality", "drift_se", exact(c->mortality.drift_se), h->n_rate_years);
    add(f, "mortality", "sigma", exact(c->mortality.sigma), h->n_rate_years);
    return PC_OK;
}

pc_code pc_calibrate_history(const pc_history *history, const pc_calibrate_options *options, pc_arena *arena,
                             pc_calibration *out, pc_status *status)
{
    fitter f = {.history = history, .options = options, .arena = arena, .out = out, .status = status};
    int last = -1, room = history->n_years + 1, *years;
    double *y, *e;
    pc_code code = PC_OK;

    *out = (pc_calibration){0};
    f.first = 1 << 30;
    if (history->n_years > 0) {
        f.first = history->years[0];
        last = history->years[history->n_years - 1];
    }
    if (history->n_rate_years > 0) {
        f.first = history->rate_years[0] < f.first ? history->rate_years[0] : f.first;
        last = history->rate_years[history->n_rate_years - 1] > last ? history->rate_years[history->n_rate_years - 1]
                                                                     : last;
    }
    out->base_year = options->base_year ? options->base_year : last;
    if (last < 0) {
        return pc_fail(status, PC_ERR_INPUT, "found no year in the history, allowed at least four");
    }
    if (out->base_year < last) {
        return pc_fail(status, PC_ERR_INPUT,
                       "found the base year %d before the last year %d of the history, allowed %d on", out->base_year,
                       last, last);
    }
    f.n_span = last - f.first + 1;
    years = pc_arena_calloc(arena, (size_t)room, sizeof *years);
    y = pc_arena_calloc(arena, (size_t)room, sizeof *y);
    e = pc_arena_calloc(arena, (size_t)room, sizeof *e);
    f.innovations = pc_arena_calloc(arena, (size_t)(PC_CALIBRATE_DRIVERS * f.n_span), sizeof(double));
    out->first_year = f.first;
    out->n_span = f.n_span;
    out->observed = pc_arena_calloc(arena, (size_t)(PC_CALIBRATE_SERIES * f.n_span), sizeof(double));
    out->fitted = pc_arena_calloc(arena, (size_t)(PC_CALIBRATE_SERIES * f.n_span), sizeof(double));
    if (!years || !y || !e || !f.innovations || !out->observed || !out->fitted) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the calibration");
    }
    for (int i = 0; i < PC_CALIBRATE_DRIVERS * f.n_span; i++) {
        f.innovations[i] = NAN;
    }
    for (int i = 0; i < PC_CALIBRATE_SERIES * f.n_span; i++) {
        out->observed[i] = out->fitted[i] = NAN;
    }
    code = fit_mortality(&f);
    for (int s = 0; s < PC_CALIBRATE_SERIES && !code && history->n_years > 0; s++) {
        code = fit_series(&f, s, years, y, e);
    }
    if (!code && out->n_found == 0) {
        code = pc_fail(status, PC_ERR_INPUT, "found no series with four observations or more, allowed at least one");
    }
    if (!code) {
        out->shrinkage =
            pc_correlation_history(f.innovations, PC_CALIBRATE_DRIVERS, f.n_span, out->correlation, out->shrunk);
    }
    return code;
}

/* ---- results
 * ---------------------------------------------------------------------------------------------------------- */

static void put_found(const pc_calibration *c, pc_results *results)
{
    static const char group[] = "calibration";
    const char *keys[PC_CALIBRATE_MOST];
    const pc_dimension *dims[1];
    const size_t n = (size_t)c->n_found;
    double x[4][PC_CALIBRATE_MOST];
    int32_t counts[PC_CALIBRATE_MOST];

    for (size_t i = 0; i < n; i++) {
        keys[i] = c->found[i].key;
        x[0][i] = c->found[i].figure.value;
        x[1][i] = c->found[i].figure.se;
        x[2][i] = c->found[i].figure.low;
        x[3][i] = c->found[i].figure.high;
        counts[i] = c->found[i].n;
    }
    dims[0] = pc_results_dimension(results, "parameter", n, PC_TEXT, keys, NULL, "key of the scenario");
    pc_results_put(results, group, "value", PC_F64, 1, dims, x[0], "1", "value found");
    pc_results_put(results, group, "se", PC_F64, 1, dims, x[1], "1", "standard error");
    pc_results_put(results, group, "low80", PC_F64, 1, dims, x[2], "1", "lower end of the central 80 %");
    pc_results_put(results, group, "high80", PC_F64, 1, dims, x[3], "1", "upper end of the central 80 %");
    pc_results_put(results, group, "observations", PC_I32, 1, dims, counts, "1", "observations it rests on");
}

/* The series as they were fitted, those that were. */
static void put_series(const pc_calibration *c, pc_results *results)
{
    static const char group[] = "calibration";
    const char *names[PC_CALIBRATE_SERIES];
    const size_t span = (size_t)c->n_span;
    int64_t *years = pc_calloc(span + 1, sizeof *years);
    const pc_dimension *dims[2];
    size_t n = 0;

    for (size_t s = 0; s < PC_CALIBRATE_SERIES; s++) {
        if (c->has_series[s]) {
            names[n++] = pc_calibrate_names[s];
        }
    }
    for (size_t t = 0; years && t < span; t++) {
        years[t] = c->first_year + (int64_t)t;
    }
    if (n > 0 && years) {
        pc_dataset *observed, *fitted;
        dims[0] = pc_results_dimension(results, "series", n, PC_TEXT, names, NULL, "series of the history");
        dims[1] = pc_results_dimension(results, "history_year", span, PC_I64, years, "year", "year of the history");
        observed = pc_results_dataset(results, group, "observed", PC_F64, 2, dims, "1",
                                      "logarithm of births a woman and of the employment level, growth of the wage, of "
                                      "cost beyond the wage, interest");
        fitted = pc_results_dataset(results, group, "fitted", PC_F64, 2, dims, "1", "mean or line of the process");
        n = 0;
        for (size_t s = 0; observed && fitted && s < PC_CALIBRATE_SERIES; s++) {
            if (c->has_series[s]) {
                memcpy((double *)observed->data + n * span, c->observed + s * span, span * sizeof(double));
                memcpy((double *)fitted->data + n++ * span, c->fitted + s * span, span * sizeof(double));
            }
        }
    }
    pc_free(years);
}

pc_results *pc_calibrate_results(const pc_calibration *c, const pc_history *h, const pc_files *files,
                                 const char *command, pc_status *status)
{
    static const char *const drivers[] = {"mortality", "fertility", "employment", "wages", "cost", "returns"};
    static const char *const sexes[] = {"female", "male"};
    pc_results *results = pc_results_new();
    const pc_dimension *square[2], *table[2], *time[1], *file[1];
    int64_t ages[PC_AGES], *years;
    char source[128];

    if (!results) {
        pc_fail(status, PC_ERR_FAIL, "no memory for results");
        return NULL;
    }
    pc_results_attribute_text(results, "", "Conventions", "CF-1.10");
    pc_results_attribute_text(results, "", "title", "Calibration");
    snprintf(source, sizeof source, "poolcast %s, revision %s", pc_version(), pc_revision());
    pc_results_attribute_text(results, "", "source", source);
    pc_results_attribute_integer(results, "", "format_version", PC_FORMAT_VERSION);
    pc_results_attribute_text(results, "", "study", "calibrate");
    pc_results_attribute_integer(results, "", "base_year", c->base_year);
    if (command) {
        pc_results_attribute_text(results, "", "history", command);
    }
    put_found(c, results);
    put_series(c, results);
    square[0] = pc_results_dimension(results, "driver", PC_CALIBRATE_DRIVERS, PC_TEXT, drivers, NULL, "driver");
    square[1] = pc_results_dimension(results, "other_driver", PC_CALIBRATE_DRIVERS, PC_TEXT, drivers, NULL, "driver");
    pc_results_put(results, "calibration", "correlation", PC_F64, 2, square, c->correlation, "1",
                   "correlation of yearly innovations as observed");
    pc_results_put(results, "calibration", "correlation_shrunk", PC_F64, 2, square, c->shrunk, "1", "the same shrunk");
    pc_results_attribute_number(results, "calibration", "shrinkage", c->shrinkage);
    if (c->has_mortality) {
        years = pc_calloc((size_t)h->n_rate_years, sizeof *years);
        for (int a = 0; a < PC_AGES; a++) {
            ages[a] = a;
        }
        for (int t = 0; years && t < h->n_rate_years; t++) {
            years[t] = h->rate_years[t];
        }
        table[0] = pc_results_dimension(results, "sex", PC_SEXES, PC_TEXT, sexes, NULL, "sex");
        table[1] = pc_results_dimension(results, "age", PC_AGES, PC_I64, ages, "years", "age last birthday, 100: open");
        time[0] =
            years ? pc_results_dimension(results, "rate_year", (size_t)h->n_rate_years, PC_I64, years, "year", "year")
                  : NULL;
        pc_results_put(results, "calibration", "alpha", PC_F64, 2, table, c->mortality.alpha, "1",
                       "log rate of the last year");
        pc_results_put(results, "calibration", "beta", PC_F64, 2, table, c->mortality.beta, "1", "change by the index");
        if (time[0]) {
            pc_results_put(results, "calibration", "kappa", PC_F64, 1, time, c->kappa, "1", "mortality index");
            table[1] = table[0];
            table[0] = time[0];
            pc_results_put(results, "calibration", "e0_observed", PC_F64, 2, table, c->e0, "years",
                           "life expectancy at birth by the rates");
            pc_results_put(results, "calibration", "e0_fitted", PC_F64, 2, table,
                           c->e0 + (size_t)h->n_rate_years * PC_SEXES, "years",
                           "life expectancy at birth by the index, in sample");
        }
        pc_results_attribute_number(results, "calibration", "explained", c->mortality.explained);
        pc_results_attribute_number(results, "calibration", "e0_error", c->mortality.e0_error);
        pc_free(years);
    }
    file[0] = pc_results_dimension(results, "file", pc_files_count(files), PC_I64, NULL, NULL, "file");
    {
        pc_dataset *names = pc_results_dataset(results, "inputs/files", "name", PC_TEXT, 1, file, NULL, "name");
        pc_dataset *texts = pc_results_dataset(results, "inputs/files", "text", PC_TEXT, 1, file, NULL, "content");
        for (size_t i = 0; names && texts && i < pc_files_count(files); i++) {
            pc_dataset_set_text(results, names, i, pc_files_at(files, i)->name);
            pc_dataset_set_text(results, texts, i, pc_files_at(files, i)->text);
        }
    }
    if (results->failed) {
        pc_fail(status, PC_ERR_FAIL, "no memory for results (%s)", results->reason);
        pc_results_free(results);
        return NULL;
    }
    return results;
}
