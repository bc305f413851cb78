/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/control.h"

#include <string.h>

#include "base/math.h"

typedef struct catcher_sink {
    pc_sink sink;
    pc_catcher *catcher;
    pc_sink *inner;
    int subject;
} catcher_sink;

struct pc_catcher {
    const pc_layout *layout;
    catcher_sink *sinks;       /* [subject] */
    double *rows;              /* [controlled][PC_LANES] */
    unsigned char *controlled; /* [output] of policies: 1 where some cell is */
    unsigned char *unwanted;   /* [output] the others, where rows go nowhere else */
    unsigned char *step;       /* [form][PC_LANES] */
    double lessened[PC_LANES] __attribute__((aligned(64)));
};

/* The place of a row that is kept; NULL: it is not. */
static double *place_of(pc_catcher *self, int subject, int output, int view, int area, int year)
{
    int64_t use, at;

    if (!self->controlled[output]) {
        return NULL;
    }
    use = pc_layout_use(self->layout, subject, output, view, area, year);
    at = use < 0 ? -1 : self->layout->controlled_of[use];
    return at < 0 ? NULL : self->rows + at * PC_LANES;
}

static void take_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    const catcher_sink *self = (const catcher_sink *)sink;
    double *place = place_of(self->catcher, self->subject, output, view, area, year);

    if (self->inner) {
        self->inner->row(self->inner, output, view, area, year, lanes);
    }
    if (place) {
        memcpy(place, lanes, PC_LANES * sizeof *place);
    }
}

static void take_events(pc_sink *sink, int output, int view, int area, int year, const pc_events *events)
{
    const catcher_sink *self = (const catcher_sink *)sink;
    double *place = place_of(self->catcher, self->subject, output, view, area, year);

    self->inner->events(self->inner, output, view, area, year, events);
    if (place) {
        pc_events_unpack(events, place);
    }
}

static int take_same(pc_sink *sink, int output, int view, int area, int year)
{
    const catcher_sink *self = (const catcher_sink *)sink;
    const int baseline = self->catcher->layout->subjects[self->subject].baseline;
    const int enough = self->inner->same(self->inner, output, view, area, year);
    double *place = enough ? place_of(self->catcher, self->subject, output, view, area, year) : NULL;

    if (place) {
        memcpy(place, place_of(self->catcher, baseline, output, view, area, year), PC_LANES * sizeof *place);
    }
    return enough;
}

pc_catcher *pc_catcher_new(const pc_layout *layout, pc_sink *const *inner)
{
    pc_catcher *self = pc_calloc(1, sizeof *self);

    if (!self) {
        return NULL;
    }
    self->layout = layout;
    self->sinks = pc_calloc((size_t)layout->n_subjects, sizeof *self->sinks);
    self->rows = pc_calloc((size_t)layout->n_controlled * PC_LANES, sizeof *self->rows);
    self->step = pc_calloc((size_t)layout->n_controlled * PC_LANES, 1);
    self->controlled = pc_calloc((size_t)layout->n_outputs_max + 1, 1);
    self->unwanted = pc_calloc((size_t)layout->n_outputs_max + 1, 1);
    if (!self->sinks || !self->rows || !self->step || !self->controlled || !self->unwanted) {
        pc_catcher_free(self);
        return NULL;
    }
    for (int k = 0; k < layout->n_controlled; k++) {
        self->controlled[layout->controlled[k].output] = 1;
    }
    for (int o = 0; o < layout->n_outputs_max; o++) {
        self->unwanted[o] = !self->controlled[o];
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        pc_sink *to = inner ? inner[s] : NULL;
        self->sinks[s] = (catcher_sink){.sink = {.row = take_row,
                                                 .events = to && to->events ? take_events : NULL,
                                                 .same = to && to->same ? take_same : NULL,
                                                 .unwanted = to ? to->unwanted : self->unwanted},
                                        .catcher = self,
                                        .inner = to,
                                        .subject = s};
    }
    return self;
}

void pc_catcher_free(pc_catcher *catcher)
{
    if (catcher) {
        pc_free(catcher->sinks);
        pc_free(catcher->rows);
        pc_free(catcher->step);
        pc_free(catcher->controlled);
        pc_free(catcher->unwanted);
        pc_free(catcher);
    }
}

pc_sink *pc_catcher_sink(pc_catcher *catcher, int subject)
{
    return &catcher->sinks[subject].sink;
}

const double *pc_catcher_row(const pc_catcher *catcher, int controlled)
{
    return catcher->rows + (size_t)controlled * PC_LANES;
}

PC_KERNEL static void find_steps(const double *edge, const double *restrict u, unsigned char *restrict step)
{
    memset(step, 0, PC_LANES);
    for (int e = 0; e < PC_CONTROL_STEPS - 1; e++) {
        for (int l = 0; l < PC_LANES; l++) {
            step[l] = (unsigned char)(step[l] + (u[l] >= edge[e]));
        }
    }
}

static void lessen(const pc_control_term *term, const double *restrict u, const unsigned char *restrict step,
                   double *restrict row)
{
    for (int l = 0; l < PC_LANES; l++) {
        row[l] -= term->slope * u[l] + term->step[step[l]];
    }
}

/* One row of a leaf. */
static void add_row(pc_moments *moments, size_t moment, const double *row, int n_lanes, uint64_t path0,
                    const pc_controlled *cell, int is_difference, pc_unfit *unfit)
{
    if (pc_moments_row(moments, moment, row, n_lanes) && !unfit->found) {
        *unfit = pc_unfit_of(row, n_lanes, path0, cell->subject, cell->output, cell->view, cell->area, cell->year,
                             is_difference);
    }
}

void pc_control_leaf(const pc_control *control, pc_catcher *catcher, const double *forms, uint64_t path0, int n_lanes,
                     pc_moments *moments, pc_unfit *unfit)
{
    const pc_layout *layout = control->layout;

    for (int f = 0; f < control->forms.n; f++) {
        find_steps(control->edge, forms + (size_t)f * PC_LANES, catcher->step + (size_t)f * PC_LANES);
    }
    for (int k = 0; k < layout->n_controlled; k++) {
        double *row = catcher->rows + (size_t)k * PC_LANES;

        for (size_t t = control->first[k]; t < control->first[k + 1]; t++) {
            const size_t form = (size_t)control->terms[t].form * PC_LANES;
            lessen(&control->terms[t], forms + form, catcher->step + form, row);
        }
        add_row(moments, layout->controlled[k].moment, row, n_lanes, path0, &layout->controlled[k], 0, unfit);
    }
    for (int k = 0; k < layout->n_controlled; k++) { /* the baseline may come after other policies */
        const pc_controlled *cell = &layout->controlled[k];
        const double *row = catcher->rows + (size_t)k * PC_LANES, *base;

        if (cell->difference >= 0) {
            base = place_of(catcher, layout->subjects[cell->subject].baseline, cell->output, cell->view, cell->area,
                            cell->year);
            for (int l = 0; l < PC_LANES; l++) {
                catcher->lessened[l] = row[l] - base[l];
            }
            add_row(moments, (size_t)cell->difference, catcher->lessened, n_lanes, path0, cell, 1, unfit);
        }
    }
}

void pc_control_free(pc_control *control)
{
    if (control) {
        pc_free(control->terms);
        pc_arena_release(&control->arena);
        pc_free(control);
    }
}
