/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twins from the central path, and what they say about the controlled cells from pilot paths. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/math.h"
#include "engine/control.h"
#include "engine/cpus.h"
#include "engine/sample.h"

static const uint64_t pilot_paths = UINT64_C(1) << 61; /* the numbers from there on: no run has them */
static const double bump = 0.5;                        /* standard deviations, up and down */
static const double negligible = 1e-8;                 /* part of a twin's variance below which a normal is left out */
enum { EVENTS = 8, SWEEPS = 4 };

/* Chances between which functions step: fine in the tails, where chances of events are. */
static const double chances[PC_CONTROL_STEPS - 1] = {
    0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.13, 0.17, 0.21, 0.25, 0.3,  0.35,  0.4,   0.45, 0.5,
    0.55,  0.6,   0.65,  0.7,  0.75, 0.79, 0.83, 0.87, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999};

typedef struct hand {
    pc_worker worker;
    pc_catcher *catcher;
    pc_sink **sinks;
    double *given; /* [coordinate][PC_LANES] */
    double *rest;  /* [pilot path] */
} hand;

typedef struct fit {
    const pc_plan *plan;
    const pc_layout *layout;
    const pc_run_options *options;
    pc_control *control;
    int last_year;
    /* Coordinates before `past` (those of the years up to the last controlled one) and from `once` on are moved, the
     * others do nothing. */
    size_t n_coordinates, past, once, n_moved;
    int n_threads, n_areas;
    hand *hands;
    double *gradient;    /* [form][moved coordinate] */
    float *twin;         /* [form][pilot path] */
    unsigned char *step; /* of the twin: [form][pilot path] */
    float *value;        /* [controlled][pilot path] */
} fit;

/* The controlled cell that a form is the twin of: of each block the first PC_CONTROL_TWINS outputs of every area. */
static int cell_of(const fit *self, int form)
{
    const int n = PC_CONTROL_TWINS * self->n_areas;

    return form / n * self->layout->n_controlled_block + form % n;
}

/* The form in the block of a cell of one of these outputs. */
static int form_of(const fit *self, int controlled, int twin, int area)
{
    return (controlled / self->layout->n_controlled_block * PC_CONTROL_TWINS + twin) * self->n_areas + area;
}

static pc_code start_hand(fit *self, hand *h, pc_status *status)
{
    const pc_layout *layout = self->layout;

    h->catcher = pc_catcher_new(layout, NULL);
    h->sinks = pc_calloc((size_t)layout->n_subjects, sizeof *h->sinks);
    h->given = pc_calloc(self->n_coordinates * PC_LANES, sizeof *h->given);
    h->rest = pc_calloc(PC_CONTROL_PILOT, sizeof *h->rest);
    if (pc_worker_start(&h->worker, self->plan, status) || !h->catcher || !h->sinks || !h->given || !h->rest) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for control variates");
    }
    for (int s = 1; s < layout->n_subjects; s++) {
        h->sinks[s] = pc_catcher_sink(h->catcher, s);
    }
    h->worker.world.people.n_years = self->last_year;
    h->worker.drivers_plan.mirrored = 0; /* plain paths */
    h->worker.drivers_plan.n_points = 0;
    return PC_OK;
}

static void release_hand(hand *h)
{
    pc_worker_release(&h->worker);
    pc_catcher_free(h->catcher);
    pc_free(h->sinks);
    pc_free(h->given);
    pc_free(h->rest);
}

static int stopped(const fit *self)
{
    const pc_ranks *ranks = self->options->ranks; /* they must all stop, or none */

    return self->options->stop && *self->options->stop && (!ranks || ranks->count < 2);
}

static size_t coordinate_of(const fit *self, size_t moved)
{
    return moved < self->past ? moved : moved - self->past + self->once;
}

/* Lanes 2 i and 2 i + 1: moved coordinate first + i up and down, the rest on the central path. */
static void bump_leaf(fit *self, hand *h, size_t first)
{
    const size_t left = self->n_moved - first, n = left < PC_LANES / 2 ? left : PC_LANES / 2;

    for (size_t i = 0; i < n; i++) {
        double *row = h->given + coordinate_of(self, first + i) * PC_LANES;
        row[2 * i] = bump;
        row[2 * i + 1] = -bump;
    }
    pc_worker_leaf(&h->worker, 0, PC_LANES, h->sinks, !self->options->plain);
    for (int f = 0; f < self->control->forms.n; f++) {
        const double *row = pc_catcher_row(h->catcher, cell_of(self, f));
        for (size_t i = 0; i < n; i++) {
            self->gradient[(size_t)f * self->n_moved + first + i] = row[2 * i] - row[2 * i + 1];
        }
    }
    for (size_t i = 0; i < n; i++) {
        memset(h->given + coordinate_of(self, first + i) * PC_LANES, 0, PC_LANES * sizeof *h->given);
    }
}

static void find_gradients(fit *self)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(self->n_threads)
    for (size_t first = 0; first < self->n_moved; first += PC_LANES / 2) {
        hand *h = &self->hands[omp_get_thread_num()];
        h->worker.drivers_plan.given = h->given;
        if (!stopped(self)) {
            bump_leaf(self, h, first);
        }
        h->worker.drivers_plan.given = NULL;
    }
}

static double size_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += x[i] * x[i];
    }
    return isfinite(sum) ? sqrt(sum) : 0;
}

/* Gradients of length 1, without what is negligible; then the terms by coordinate. */
static pc_code make_forms(fit *self, pc_status *status)
{
    pc_control *control = self->control;
    const size_t n = self->n_moved;
    size_t n_terms = 0, *first = pc_arena_calloc(&control->arena, self->n_coordinates + 1, sizeof *first);
    pc_form_term *terms;

    for (int f = 0; f < control->forms.n; f++) {
        double *row = self->gradient + (size_t)f * n;
        double size = size_of(row, n);
        for (size_t i = 0; i < n; i++) {
            row[i] = size > 0 && row[i] * row[i] > negligible * size * size ? row[i] : 0;
        }
        size = size_of(row, n);
        for (size_t i = 0; i < n; i++) {
            row[i] = size > 0 ? row[i] / size : 0;
            n_terms += row[i] != 0;
        }
    }
    terms = pc_arena_calloc(&control->arena, n_terms + 1, sizeof *terms);
    if (!first || !terms) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for control variates");
    }
    n_terms = 0;
    for (size_t i = 0; i < self->n_coordinates; i++) {
        const int is_moved = i < self->past || i >= self->once;
        first[i] = n_terms;
        for (int f = 0; f < control->forms.n && is_moved; f++) {
            const double weight = self->gradient[(size_t)f * n + (i < self->past ? i : i - self->once + self->past)];
            if (weight != 0) {
                terms[n_terms++] = (pc_form_term){f, weight};
            }
        }
    }
    first[self->n_coordinates] = n_terms;
    control->forms.first = first;
    control->forms.terms = terms;
    return PC_OK;
}

static unsigned char step_of(const pc_control *control, double u)
{
    unsigned char step = 0;

    while (step < PC_CONTROL_STEPS - 1 && u >= control->edge[step]) {
        step++;
    }
    return step;
}

static pc_code run_pilot(fit *self, pc_status *status)
{
    for (int t = 0; t < self->n_threads; t++) {
        if (pc_worker_forms(&self->hands[t].worker, &self->control->forms, status)) {
            return PC_ERR_FAIL;
        }
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(self->n_threads)
    for (size_t path0 = 0; path0 < PC_CONTROL_PILOT; path0 += PC_LANES) {
        hand *h = &self->hands[omp_get_thread_num()];
        if (stopped(self)) {
            continue;
        }
        pc_worker_leaf(&h->worker, pilot_paths + path0, PC_LANES, h->sinks, !self->options->plain);
        for (int f = 0; f < self->control->forms.n; f++) {
            for (size_t l = 0; l < PC_LANES; l++) {
                const double u = h->worker.drivers.forms[(size_t)f * PC_LANES + l];
                self->twin[(size_t)f * PC_CONTROL_PILOT + path0 + l] = (float)u;
                self->step[(size_t)f * PC_CONTROL_PILOT + path0 + l] = step_of(self->control, u);
            }
        }
        for (int k = 0; k < self->layout->n_controlled; k++) {
            const double *row = pc_catcher_row(h->catcher, k);
            for (size_t l = 0; l < PC_LANES; l++) {
                self->value[(size_t)k * PC_CONTROL_PILOT + path0 + l] = (float)row[l];
            }
        }
    }
    return PC_OK;
}

/* One twin on the pilot paths. */
typedef struct seen {
    const float *twin;
    const unsigned char *step;
} seen;

/* The function of it that fits `part` best: a line, then the mean of what it leaves in each step. */
static void fit_term(const seen *u, const double *part, pc_control_term *term)
{
    double products = 0, squares = 0, sum[PC_CONTROL_STEPS] = {0}, mean = 0, before = 0;
    size_t count[PC_CONTROL_STEPS] = {0};

    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        products += part[i] * u->twin[i];
        squares += (double)u->twin[i] * u->twin[i];
    }
    term->slope = squares > 0 ? products / squares : 0;
    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        sum[u->step[i]] += part[i] - term->slope * u->twin[i];
        count[u->step[i]]++;
    }
    for (int s = 0; s < PC_CONTROL_STEPS; s++) {
        const double to = s < PC_CONTROL_STEPS - 1 ? chances[s] : 1;
        term->step[s] = count[s] > 0 ? sum[s] / (double)count[s] : 0;
        mean += (to - before) * term->step[s];
        before = to;
    }
    for (int s = 0; s < PC_CONTROL_STEPS; s++) {
        term->step[s] -= mean;
    }
}

/* rest less sign times the function. */
static void take_off(const seen *u, const pc_control_term *term, double sign, double *rest)
{
    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        rest[i] -= sign * (term->slope * u->twin[i] + term->step[u->step[i]]);
    }
}

/* Whether pilot paths differ enough for anything to be said: not where values are missing or all but a few are the
 * same, as of events that nearly never or nearly always happen. */
static int varies(const float *value)
{
    float least = value[0], largest = value[0];
    int n_least = 0, n_largest = 0;

    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        if (!isfinite(value[i])) {
            return 0;
        }
        least = fminf(least, value[i]);
        largest = fmaxf(largest, value[i]);
    }
    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        n_least += value[i] == least;
        n_largest += value[i] == largest;
    }
    return PC_CONTROL_PILOT - n_least >= EVENTS && PC_CONTROL_PILOT - n_largest >= EVENTS;
}

/* The sum of functions of the terms' twins, fitted in turn to what the others leave. */
static void fit_cell(const fit *self, hand *h, int controlled, pc_control_term *terms, size_t n_terms)
{
    const float *value = self->value + (size_t)controlled * PC_CONTROL_PILOT;
    double mean = 0;

    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        mean += value[i] / (double)PC_CONTROL_PILOT;
    }
    for (size_t i = 0; i < PC_CONTROL_PILOT; i++) {
        h->rest[i] = value[i] - mean;
    }
    for (int sweep = 0; sweep < (n_terms > 1 ? SWEEPS : 1); sweep++) {
        for (size_t t = 0; t < n_terms; t++) {
            const size_t first = (size_t)terms[t].form * PC_CONTROL_PILOT;
            const seen u = {self->twin + first, self->step + first};
            if (sweep) {
                take_off(&u, &terms[t], -1, h->rest);
            }
            fit_term(&u, h->rest, &terms[t]);
            take_off(&u, &terms[t], 1, h->rest);
        }
    }
}

static int is_by_area(const fit *self, const pc_controlled *cell)
{
    return self->layout->subjects[cell->subject].outputs[cell->output]->shape == PC_SHAPE_AREA_YEAR;
}

/* Forms whose length is not 0. */
static int is_alive(const fit *self, int form)
{
    const double *row = self->gradient + (size_t)form * self->n_moved;

    for (size_t i = 0; i < self->n_moved; i++) {
        if (row[i] != 0) {
            return 1;
        }
    }
    return 0;
}

/* Twins of a cell: the area's own and the whole's; of what is one number for all areas every region's balance and the
 * whole's. Balances bend with revenue and expenditure, which are exponentials. */
static size_t list_terms(const fit *self, int controlled, pc_control_term *terms)
{
    const pc_controlled *cell = &self->layout->controlled[controlled];
    const int whole = self->n_areas - 1, by_area = is_by_area(self, cell);
    size_t n = 0;

    if (!varies(self->value + (size_t)controlled * PC_CONTROL_PILOT)) {
        return 0;
    }
    for (int twin = 0; twin < PC_CONTROL_TWINS; twin++) {
        for (int a = 0; a < self->n_areas; a++) {
            const int form = form_of(self, controlled, twin, a);
            const int taken =
                a == whole || (by_area ? a == cell->area : twin == PC_CONTROL_BALANCE && a < self->plan->n_regions);
            if (taken && is_alive(self, form)) {
                terms[n].form = form;
                n++;
            }
        }
    }
    return n;
}

static pc_code fit_cells(fit *self, pc_status *status)
{
    pc_control *control = self->control;
    const int n = self->layout->n_controlled;
    const size_t most = (size_t)self->plan->n_regions + PC_CONTROL_TWINS;
    size_t n_terms = 0, at = 0;

    control->first = pc_arena_calloc(&control->arena, (size_t)n + 1, sizeof *control->first);
    for (int k = 0; k < n; k++) {
        n_terms += is_by_area(self, &self->layout->controlled[k]) ? 2 * PC_CONTROL_TWINS : most;
    }
    control->terms = pc_calloc(n_terms + 1, sizeof *control->terms);
    if (!control->first || !control->terms) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for control variates");
    }
    for (int k = 0; k < n; k++) {
        control->first[k] = at;
        at += list_terms(self, k, control->terms + at);
    }
    control->first[n] = at;
#pragma omp parallel for schedule(dynamic, 1) num_threads(self->n_threads)
    for (int k = 0; k < n; k++) {
        fit_cell(self, &self->hands[omp_get_thread_num()], k, control->terms + control->first[k],
                 control->first[k + 1] - control->first[k]);
    }
    return PC_OK;
}

static size_t count_forms(const pc_layout *layout)
{
    return layout->n_controlled
               ? (size_t)(layout->n_controlled / layout->n_controlled_block * PC_CONTROL_TWINS * layout->n_areas)
               : 0;
}

uint64_t pc_control_bytes(const pc_plan *plan, const pc_layout *layout, int threads)
{
    const uint64_t forms = count_forms(layout), cells = (uint64_t)layout->n_controlled, row = PC_LANES * sizeof(double);
    const uint64_t terms = cells * 2 * PC_CONTROL_TWINS * sizeof(pc_control_term);

    return forms * pc_sample_coordinates(plan) * (sizeof(double) + sizeof(pc_form_term)) +
           (cells + forms) * PC_CONTROL_PILOT * sizeof(float) + terms + (uint64_t)threads * (cells + forms) * row;
}

static pc_code start(fit *self, pc_status *status)
{
    const size_t n_forms = (size_t)self->control->forms.n;
    pc_code code = PC_OK;

    self->hands = pc_calloc((size_t)self->n_threads, sizeof *self->hands);
    self->gradient = pc_calloc(n_forms * self->n_moved + 1, sizeof *self->gradient);
    self->twin = pc_calloc(n_forms * PC_CONTROL_PILOT, sizeof *self->twin);
    self->step = pc_calloc(n_forms * PC_CONTROL_PILOT, 1);
    self->value = pc_calloc((size_t)self->layout->n_controlled * PC_CONTROL_PILOT, sizeof *self->value);
    if (!self->hands || !self->gradient || !self->twin || !self->step || !self->value) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for control variates");
    }
    for (int t = 0; t < self->n_threads && !code; t++) {
        code = start_hand(self, &self->hands[t], status);
    }
    for (int e = 0; e < PC_CONTROL_STEPS - 1; e++) {
        self->control->edge[e] = pc_norm_inv(chances[e]);
    }
    return code;
}

pc_code pc_control_fit(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options, pc_control **out,
                       pc_status *status)
{
    fit self = {.plan = plan,
                .layout = layout,
                .options = options,
                .n_threads = pc_cpus_threads(options->threads),
                .n_areas = layout->n_areas};
    pc_code code;

    *out = NULL;
    if (layout->n_controlled == 0) {
        return PC_OK;
    }
    self.control = pc_calloc(1, sizeof *self.control);
    if (!self.control) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for control variates");
    }
    self.control->layout = layout;
    self.control->forms.n = (int)count_forms(layout);
    for (int k = 0; k < layout->n_controlled; k++) {
        self.last_year = layout->controlled[k].year > self.last_year ? layout->controlled[k].year : self.last_year;
    }
    self.n_coordinates = pc_sample_coordinates(plan);
    self.past = pc_sample_coordinate(plan, self.last_year + 1, 0, -1);
    self.once = pc_sample_coordinate(plan, plan->n_years + 1, 0, -1);
    self.n_moved = self.past + self.n_coordinates - self.once;
    code = start(&self, status);
    if (!code) {
        find_gradients(&self);
        code = make_forms(&self, status);
    }
    code = code ? code : run_pilot(&self, status);
    if (!code && stopped(&self)) {
        code = pc_fail(status, PC_ERR_INTERRUPTED, "interrupted; no results were written");
    }
    code = code ? code : fit_cells(&self, status);
    for (int t = 0; self.hands && t < self.n_threads; t++) {
        release_hand(&self.hands[t]);
    }
    pc_free(self.hands);
    pc_free(self.gradient);
    pc_free(self.twin);
    pc_free(self.step);
    pc_free(self.value);
    if (code) {
        pc_control_free(self.control);
    } else {
        *out = self.control;
    }
    return code;
}
