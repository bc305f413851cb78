/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"

static const char *const statistic_names[] = {"mean", "sd", "se", "central"};
static const char *const total_names[] = {"mean", "sd", "se", "central", "var", "tvar"};
enum { N_STATISTICS = 4, N_TOTAL_STATISTICS = 6 };

typedef struct outcome {
    const pc_plan *plan;
    const pc_gathered *gathered;
    const pc_layout *layout;
    pc_results *results;
    pc_dimension *items[PC_ITEMS_KINDS]; /* NULL of PC_ITEMS_ONE */
    pc_dimension *region, *year, *statistic, *total_statistic, *quantile, *path;
    double rank_bound_max;
} outcome;

/* The axes of an output's rows, after `first` (NULL: none). */
static int axes(const outcome *self, const pc_output *output, const pc_dimension *first, const pc_dimension *dims[4])
{
    int rank = 0;

    if (first) {
        dims[rank++] = first;
    }
    if (pc_output_items(output) != PC_ITEMS_ONE) {
        dims[rank++] = self->items[pc_output_items(output)];
    }
    if (output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA) {
        dims[rank++] = self->region;
    }
    if (output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR) {
        dims[rank++] = self->year;
    }
    return rank;
}

static size_t output_rows(const outcome *self, const pc_output *output)
{
    size_t n = (size_t)pc_layout_rows(self->layout, output);

    if (output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR) {
        n *= self->year->size;
    }
    return n;
}

/* Central path's value of a cell, or of its difference from the baseline. */
static double central_value(const outcome *self, int subject, int64_t cell, int difference)
{
    double x = self->gathered->central[cell];

    if (difference) {
        x -= self->gathered->central[pc_layout_baseline_cell(self->layout, subject, cell)];
    }
    /* as for every path */
    return (difference || pc_layout_at(self->layout, cell)->hist >= 0) &&
                   fabs(x) <= self->gathered->rounding[self->layout->use_of_cell[cell]]
               ? 0
               : x;
}

/* Values that sums refuse have ended the run at their leaf (engine/unfit.h). */
static pc_code no_sums(const pc_output *output, const char *group, pc_status *status)
{
    return pc_fail(status, PC_ERR_FAIL, "%s in group %s: no memory for the sums", output->name, group);
}

static pc_code put_moments(outcome *self, const char *group, int subject, const pc_output *output, int64_t first,
                           int difference, pc_status *status)
{
    const pc_dimension *dims[4];
    size_t n = output_rows(self, output);
    int event = (output->stats & PC_STAT_EVENT) != 0;
    int rank = axes(self, output, event ? NULL : self->statistic, dims);
    char name[128], text[512];
    pc_dataset *main_set, *error_set = NULL;

    snprintf(text, sizeof text, "%s%s%s", event ? "probability: " : "", output->long_name,
             difference ? ", policy minus baseline" : "");
    main_set =
        pc_results_dataset(self->results, group, output->name, PC_F64, rank, dims, event ? "1" : output->unit, text);
    if (event) {
        snprintf(name, sizeof name, "%s_se", output->name);
        snprintf(text, sizeof text,
                 "standard error of %s; where no path or every path had the event, the one-sided 95 %% bound 3/n",
                 output->name);
        error_set = pc_results_dataset(self->results, group, name, PC_F64, rank, dims, "1", text);
    }
    if (!main_set || (event && !error_set)) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    for (size_t i = 0; i < n; i++) {
        const pc_cell_use *use = pc_layout_at(self->layout, first + (int64_t)i);
        int32_t moment = difference ? use->moment_difference : use->moment;
        pc_moment m = pc_gathered_moment(self->gathered, (size_t)moment);
        double *data = main_set->data;

        if (m.overflow) {
            return no_sums(output, group, status);
        }
        data[i] = m.mean;
        if (event) {
            int none_or_all = m.sd == 0 && (m.mean == 0 || fabs(m.mean) == 1);
            double certain = m.n > 1 && none_or_all ? 3.0 / (double)m.n : m.se;
            ((double *)error_set->data)[i] = certain;
        } else {
            data[n + i] = m.sd;
            data[2 * n + i] = m.se;
            data[3 * n + i] = central_value(self, subject, first + (int64_t)i, difference);
        }
    }
    return PC_OK;
}

static pc_code put_quantiles(outcome *self, const char *group, const pc_output *output, int64_t first, int difference,
                             pc_status *status)
{
    const pc_scenario *scenario = self->plan->scenario;
    const pc_dimension *dims[4];
    size_t n = output_rows(self, output);
    int rank = axes(self, output, self->quantile, dims);
    char name[128], text[512];
    pc_dataset *values, *bounds;
    double widest;

    snprintf(name, sizeof name, "%s_quantile", output->name);
    snprintf(text, sizeof text, "quantiles: %s%s", output->long_name, difference ? ", policy minus baseline" : "");
    values = pc_results_dataset(self->results, group, name, PC_F32, rank, dims, output->unit, text);
    snprintf(name, sizeof name, "%s_quantile_rank_bound", output->name);
    bounds = pc_results_dataset(self->results, group, name, PC_F32, rank, dims, "1",
                                N_("certified bound of the quantile's error in rank, fraction of the paths"));
    if (!values || !bounds) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    widest = self->rank_bound_max;
#pragma omp parallel for schedule(dynamic, 64) reduction(max : widest)
    for (size_t i = 0; i < n; i++) {
        double x[PC_MAX_QUANTILES], bound[PC_MAX_QUANTILES];
        const pc_cell_use *use = pc_layout_at(self->layout, first + (int64_t)i);
        int32_t hist = difference ? use->hist_difference : use->hist;
        pc_hist_quantiles(self->gathered->hist, (size_t)hist, scenario->quantiles, scenario->n_quantiles, x, bound);
        for (int q = 0; q < scenario->n_quantiles; q++) {
            ((float *)values->data)[(size_t)q * n + i] = (float)x[q];
            ((float *)bounds->data)[(size_t)q * n + i] = (float)bound[q];
            widest = bound[q] > widest ? bound[q] : widest;
        }
    }
    self->rank_bound_max = widest;
    return PC_OK;
}

/* One value a path. */
static pc_code put_total(outcome *self, const char *group, int subject, const pc_output *output, int64_t cell,
                         int difference, pc_status *status)
{
    const pc_dimension *dims[1] = {self->total_statistic};
    const pc_cell_use *use = pc_layout_at(self->layout, cell);
    int32_t moment = difference ? use->moment_difference : use->moment;
    int32_t total = difference ? use->total_difference : use->total;
    pc_moment m = pc_gathered_moment(self->gathered, (size_t)moment);
    char text[512], level[PC_NUMBER_SIZE];
    pc_dataset *set;
    double *data, bound;

    pc_format_double(level, sizeof level, self->plan->scenario->treasury_alpha); /* the same in every locale */
    snprintf(text, sizeof text, "%s%s; var and tvar at level %s", output->long_name,
             difference ? ", policy minus baseline" : "", level);
    set = pc_results_dataset(self->results, group, output->name, PC_F64, 1, dims, output->unit, text);
    if (!set) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    if (m.overflow) {
        return no_sums(output, group, status);
    }
    data = set->data;
    data[0] = m.mean;
    data[1] = m.sd;
    data[2] = m.se;
    data[3] = central_value(self, subject, cell, difference);
    pc_tails_get(self->gathered->totals, (size_t)total, self->plan->scenario->treasury_alpha, &data[4], &data[5],
                 &bound);
    self->rank_bound_max = fmax(self->rank_bound_max, bound);
    return PC_OK;
}

static pc_code put_paths(outcome *self, const char *group, const pc_output *output, const char *name, int64_t first,
                         pc_status *status)
{
    const pc_dimension *dims[4];
    size_t n = output_rows(self, output), n_kept = (size_t)self->gathered->n_kept_paths;
    int rank = axes(self, output, self->path, dims);
    pc_dataset *set =
        pc_results_dataset(self->results, group, name, PC_F64, rank, dims, output->unit, output->long_name);

    if (!set) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for kept paths");
    }
    for (size_t p = 0; p < n_kept; p++) {
        for (size_t i = 0; i < n; i++) {
            size_t row = (size_t)pc_layout_at(self->layout, first + (int64_t)i)->kept;
            ((double *)set->data)[p * n + i] = self->gathered->kept[row * n_kept + p];
        }
    }
    return PC_OK;
}

/* A controlled cell's estimate, its error and what it is worth: the variance with as many plain paths over its own. */
static void read_controlled(const pc_gathered *gathered, const pc_controlled *cell, int32_t plain, int difference,
                            double *value, double *error, double *gain)
{
    const pc_moment m = pc_gathered_moment(gathered, difference ? (size_t)cell->difference : cell->moment);
    const pc_moment p = pc_gathered_moment(gathered, (size_t)plain);
    const int none_or_all = m.sd == 0 && (m.mean == 0 || fabs(m.mean) == 1);
    const int event = gathered->layout->subjects[cell->subject].outputs[cell->output]->stats & PC_STAT_EVENT;

    *value = m.mean;
    *error = event && none_or_all && m.n > 1 ? 3.0 / (double)m.n : m.se;
    *gain = m.se > 0 && p.n > 1 ? p.sd * p.sd / (double)p.n / (m.se * m.se) : NAN;
}

/* Second estimates by control variates, in the years that have them. */
static pc_code put_controlled(outcome *self, const char *group, int subject, int output_index, int view, int difference,
                              pc_status *status)
{
    static const struct {
        const char *suffix, *text;
    } parts[] = {{"", "mean by control variates: %s%s"},
                 {"_se", "standard error by control variates: %s%s"},
                 {"_gain", "plain paths that a path is worth by control variates: %s%s"}};
    const pc_layout *layout = self->layout;
    const pc_output *output = layout->subjects[subject].outputs[output_index];
    const pc_dimension *dims[4];
    const size_t n = output_rows(self, output), n_years = self->year->size;
    const int rank = axes(self, output, NULL, dims), event = (output->stats & PC_STAT_EVENT) != 0;
    double *data[3];

    for (int k = 0; k < 3; k++) {
        char name[128], text[512];
        pc_dataset *set;

        snprintf(name, sizeof name, "%s_controlled%s", output->name, parts[k].suffix);
        snprintf(text, sizeof text, parts[k].text, output->long_name, difference ? ", policy minus baseline" : "");
        set = pc_results_dataset(self->results, group, name, PC_F64, rank, dims, event || k == 2 ? "1" : output->unit,
                                 text);
        if (!set) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for results");
        }
        data[k] = set->data;
    }
    for (size_t i = 0; i < n; i++) {
        const int64_t use =
            pc_layout_use(layout, subject, output_index, view, (int)(i / n_years), (int)(i % n_years) + 1);
        const int32_t at = layout->controlled_of[use];

        data[0][i] = data[1][i] = data[2][i] = NAN;
        if (at >= 0) {
            read_controlled(self->gathered, &layout->controlled[at],
                            difference ? layout->use[use].moment_difference : layout->use[use].moment, difference,
                            &data[0][i], &data[1][i], &data[2][i]);
        }
    }
    return PC_OK;
}

static int is_controlled(const pc_layout *layout, int subject, int output, int view)
{
    for (int k = 0; k < layout->n_controlled; k++) {
        const pc_controlled *cell = &layout->controlled[k];
        if (cell->subject == subject && cell->output == output && cell->view == view) {
            return 1;
        }
    }
    return 0;
}

static pc_code put_output(outcome *self, int subject, int o, int view, pc_status *status)
{
    const pc_plan *plan = self->plan;
    const pc_layout *layout = self->layout;
    const pc_output *output = layout->subjects[subject].outputs[o];
    int64_t cell = pc_layout_cell(layout, subject, o, view, 0, 1);
    const pc_cell_use *use;
    char group[256], paired[256], kept[320];
    pc_code code = PC_OK;

    if (cell < 0) {
        return PC_OK;
    }
    use = pc_layout_at(layout, cell);
    if (subject == 0) {
        snprintf(group, sizeof group, "%s", pc_weather_output_group(o));
        snprintf(kept, sizeof kept, "paths/%s", group);
    } else {
        const char *name = plan->scenario->policies[subject - 1].name;
        snprintf(group, sizeof group, "policy/%s/%s", name, pc_scheme_view_names[view]);
        snprintf(paired, sizeof paired, "difference/%s/%s", name, pc_scheme_view_names[view]);
        snprintf(kept, sizeof kept, "paths/%s/%s", name, pc_scheme_view_names[view]);
    }
    if (use->moment >= 0 && use->total < 0) {
        code = put_moments(self, group, subject, output, cell, 0, status);
    }
    if (!code && use->hist >= 0) {
        code = put_quantiles(self, group, output, cell, 0, status);
    }
    if (!code && use->kept >= 0 && self->gathered->n_kept_paths > 0) {
        const char *name = strcmp(output->name, "net_transfer") == 0 ? "transfer" : output->name;
        code = put_paths(self, kept, output, name, cell, status);
    }
    if (!code && use->moment_difference >= 0 && use->total_difference < 0) {
        code = put_moments(self, paired, subject, output, cell, 1, status);
    }
    if (!code && use->hist_difference >= 0) {
        code = put_quantiles(self, paired, output, cell, 1, status);
    }
    if (!code && use->total_difference >= 0) {
        code = put_total(self, paired, subject, output, cell, 1, status);
    }
    if (!code && use->total >= 0) {
        code = put_total(self, group, subject, output, cell, 0, status);
    }
    if (!code && is_controlled(layout, subject, o, view)) {
        code = put_controlled(self, group, subject, o, view, 0, status);
        if (!code && layout->subjects[subject].baseline >= 0) {
            code = put_controlled(self, paired, subject, o, view, 1, status);
        }
    }
    return code;
}

pc_code pc_outcome_fill(const pc_plan *plan, const pc_gathered *gathered, pc_results *results, double *rank_bound_max,
                        pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    outcome self = {.plan = plan, .gathered = gathered, .layout = gathered->layout, .results = results};
    int n_areas = gathered->layout->n_areas, n_years = gathered->layout->n_years;
    int64_t *years = pc_calloc((size_t)n_years + 1, sizeof *years);
    int64_t *paths = pc_calloc((size_t)gathered->n_kept_paths + 1, sizeof *paths);
    pc_code code = PC_OK;

    if (!years || !paths) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for results");
        goto out;
    }
    for (int t = 0; t < n_years; t++) {
        years[t] = scenario->base_year + 1 + t;
    }
    for (uint64_t p = 0; p < gathered->n_kept_paths; p++) {
        paths[p] = (int64_t)p;
    }
    self.region = pc_results_dimension(results, "region", (size_t)n_areas, PC_TEXT, plan->area_ids, NULL,
                                       "region, group of regions, or the whole (last)");
    self.year = pc_results_dimension(results, "year", (size_t)n_years, PC_I64, years, "year",
                                     "calendar year; stocks are at 31 December");
    self.items[PC_ITEMS_BAND] =
        pc_results_dimension(results, "band", (size_t)scenario->n_months_bands, PC_F64, scenario->months_bands,
                             "months", "bounds of the months of reserve, ascending");
    self.items[PC_ITEMS_REGION] = pc_results_dimension(results, "from", (size_t)plan->n_regions, PC_TEXT,
                                                       plan->area_ids, NULL, "region that gives");
    self.statistic = pc_results_dimension(results, "statistic", N_STATISTICS, PC_TEXT, statistic_names, NULL,
                                          "mean, standard deviation, standard error of the mean, central path");
    self.total_statistic = pc_results_dimension(
        results, "total_statistic", N_TOTAL_STATISTICS, PC_TEXT, total_names, NULL,
        "mean, standard deviation, standard error, central path, value at risk, tail value at risk");
    self.quantile = pc_results_dimension(results, "quantile", (size_t)scenario->n_quantiles, PC_F64,
                                         scenario->quantiles, "1", "probability");
    if (gathered->n_kept_paths > 0) {
        self.path = pc_results_dimension(results, "path", (size_t)gathered->n_kept_paths, PC_I64, paths, NULL,
                                         "number of the path");
    }
    if (results->failed) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    for (int s = 0; !code && s < gathered->layout->n_subjects; s++) {
        for (int v = 0; !code && v < PC_SCHEME_VIEWS; v++) {
            for (int o = 0; !code && o < gathered->layout->subjects[s].n_outputs; o++) {
                code = put_output(&self, s, o, v, status);
            }
        }
    }
    if (!code && results->failed) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for results");
    }
    *rank_bound_max = self.rank_bound_max;
out:
    pc_free(years);
    pc_free(paths);
    return code;
}
