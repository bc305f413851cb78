/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/sample.h"

#include <omp.h>
#include <string.h>

#include "engine/cpus.h"
#include "engine/worker.h"

/* One subject's sink of one thread. */
typedef struct pick_sink {
    pc_sink sink;
    const pc_pick *picks;
    int n_picks, subject, n_lanes;
    uint64_t path0;
    size_t stride;
    double *values;
} pick_sink;

typedef struct sampler {
    pc_worker worker;
    pick_sink *own;  /* [subject] */
    pc_sink **sinks; /* [subject], NULL: not run */
} sampler;

static void take_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    const pick_sink *self = (const pick_sink *)sink;

    for (int k = 0; k < self->n_picks; k++) {
        const pc_pick *pick = &self->picks[k];
        if (pick->output == output && pick->subject == self->subject && pick->view == view && pick->area == area &&
            pick->year == year) {
            memcpy(self->values + (size_t)k * self->stride + self->path0, lanes, (size_t)self->n_lanes * sizeof *lanes);
        }
    }
}

static pc_code start(sampler *self, const pc_plan *plan, const pc_layout *layout, const pc_driver_mix *mix,
                     const pc_pick *picks, int n_picks, const unsigned char *unwanted, double *values, size_t stride,
                     pc_status *status)
{
    const size_t n = (size_t)layout->n_subjects;

    self->own = pc_calloc(n, sizeof *self->own);
    self->sinks = pc_calloc(n, sizeof *self->sinks);
    if (!self->own || !self->sinks) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a sample of %d values a path", n_picks);
    }
    for (int s = 0; s < layout->n_subjects; s++) {
        self->own[s] = (pick_sink){.sink = {.row = take_row, .unwanted = unwanted + s * layout->n_outputs_max},
                                   .picks = picks,
                                   .n_picks = n_picks,
                                   .subject = s,
                                   .stride = stride,
                                   .values = values};
    }
    for (int k = 0; k < n_picks; k++) {
        self->sinks[picks[k].subject] = &self->own[picks[k].subject].sink;
    }
    if (pc_worker_start(&self->worker, plan, status)) {
        return PC_ERR_FAIL;
    }
    self->worker.drivers_plan.mix = mix;
    return PC_OK;
}

static void release(sampler *self)
{
    pc_worker_release(&self->worker);
    pc_free(self->own);
    pc_free(self->sinks);
}

static void run_leaf(sampler *self, const pc_layout *layout, const pc_run_options *options, uint64_t path0,
                     uint64_t n_paths)
{
    const int n_lanes = n_paths - path0 < PC_LANES ? (int)(n_paths - path0) : PC_LANES;

    for (int s = 0; s < layout->n_subjects; s++) {
        self->own[s].path0 = path0;
        self->own[s].n_lanes = n_lanes;
    }
    pc_worker_leaf(&self->worker, path0, n_lanes, self->sinks, !options->plain);
}

static unsigned char *unwanted_but(const pc_layout *layout, const pc_pick *picks, int n_picks)
{
    const size_t n = (size_t)layout->n_subjects * (size_t)layout->n_outputs_max;
    unsigned char *unwanted = pc_calloc(n, 1);

    if (unwanted) {
        memset(unwanted, 1, n);
        for (int k = 0; k < n_picks; k++) {
            unwanted[picks[k].subject * layout->n_outputs_max + picks[k].output] = 0;
        }
    }
    return unwanted;
}

/* What is asked of a sample: paths first .. past - 1. */
typedef struct question {
    const pc_pick *picks;
    int n_picks;
    uint64_t first, past;
    const pc_tilt *tilt; /* NULL: none */
} question;

static void run_leaf_tilted(sampler *self, const pc_layout *layout, const pc_run_options *options, uint64_t path0,
                            const question *q)
{
    const uint64_t left = q->past - path0, n = left < PC_LANES ? left : PC_LANES;

    if (q->tilt) {
        self->worker.drivers_plan.tilt = q->tilt->shift;
        self->worker.drivers_plan.shock_chance = q->tilt->shock_chance;
        self->worker.drivers_plan.shock_tilted = q->tilt->shock_tilted;
        self->worker.drivers_plan.tilt_years = q->tilt->years;
        self->worker.drivers_plan.is_tilted = !pc_tilt_is_plain(q->tilt, path0);
    }
    run_leaf(self, layout, options, path0, q->past);
    if (q->tilt) {
        memcpy(q->tilt->along + path0, self->worker.drivers.along, (size_t)n * sizeof(double));
    }
}

static pc_code run_sample(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                          const question *q, double *values, size_t stride, pc_status *status)
{
    const pc_pick *picks = q->picks;
    const int n_picks = q->n_picks;
    const uint64_t first = q->first, past = q->past;
    const uint64_t n_leaves = past > first ? (past - first + PC_LANES - 1) / PC_LANES : 0;
    int n_threads = pc_cpus_threads(options->threads);
    unsigned char *unwanted = unwanted_but(layout, picks, n_picks);
    sampler *samplers;
    uint64_t done = 0;
    pc_code code = PC_OK;

    n_threads = (uint64_t)n_threads > n_leaves ? (int)n_leaves : n_threads;
    n_threads = n_threads > 0 ? n_threads : 1;
    samplers = pc_calloc((size_t)n_threads, sizeof *samplers);
    if (!unwanted || !samplers) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for a sample of %d values a path", n_picks);
        goto out;
    }
    for (int t = 0; !code && t < n_threads; t++) {
        code = start(&samplers[t], plan, layout, options->mix, picks, n_picks, unwanted, values, stride, status);
    }
    if (code) {
        goto out;
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads)
    for (uint64_t leaf = 0; leaf < n_leaves; leaf++) {
        uint64_t so_far, path0 = first + leaf * PC_LANES;
        if (options->stop && *options->stop) {
            continue;
        }
        run_leaf_tilted(&samplers[omp_get_thread_num()], layout, options, path0, q);
#pragma omp atomic capture
        so_far = done += past - path0 < PC_LANES ? past - path0 : PC_LANES;
        if (options->progress) {
#pragma omp critical(poolcast_progress)
            options->progress(options->progress_context, first + so_far, past, 0);
        }
    }
    if (options->stop && *options->stop) {
        code = pc_fail(status, PC_ERR_INTERRUPTED, "interrupted; no results were written");
    }
out:
    for (int t = 0; samplers && t < n_threads; t++) {
        release(&samplers[t]);
    }
    pc_free(samplers);
    pc_free(unwanted);
    return code;
}

pc_code pc_sample_range(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                        const pc_pick *picks, int n_picks, uint64_t first, uint64_t past, double *values, size_t stride,
                        pc_status *status)
{
    const question q = {picks, n_picks, first, past, NULL};

    return run_sample(plan, layout, options, &q, values, stride, status);
}

pc_code pc_sample_run(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options, const pc_pick *picks,
                      int n_picks, double *values, pc_status *status)
{
    const question q = {picks, n_picks, 0, plan->scenario->paths, NULL};

    return run_sample(plan, layout, options, &q, values, (size_t)q.past, status);
}

pc_code pc_sample_tilted(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                         const pc_pick *picks, int n_picks, const pc_tilt *tilt, double *values, pc_status *status)
{
    const question q = {picks, n_picks, 0, plan->scenario->paths, tilt};

    return run_sample(plan, layout, options, &q, values, (size_t)q.past, status);
}

pc_code pc_sample_given(const pc_plan *plan, const pc_layout *layout, const pc_pick *picks, int n_picks,
                        const double *given, double *values, pc_status *status)
{
    const pc_run_options options = {0};
    unsigned char *unwanted = unwanted_but(layout, picks, n_picks);
    sampler one = {0};
    pc_code code = unwanted ? start(&one, plan, layout, NULL, picks, n_picks, unwanted, values, PC_LANES, status)
                            : pc_fail(status, PC_ERR_FAIL, "no memory for a sample of %d values a path", n_picks);

    if (!code) {
        one.worker.drivers_plan.given = given;
        run_leaf(&one, layout, &options, 0, PC_LANES);
    }
    release(&one);
    pc_free(unwanted);
    return code;
}

size_t pc_sample_coordinates(const pc_plan *plan)
{
    return pc_sample_coordinate(plan, plan->n_years + 1, 0, -1) + 1 + (size_t)plan->n_uncertain_streams +
           (plan->base_stream ? (size_t)PC_SCHEMES * PC_DRIVER_ACCOUNTS * (size_t)plan->n_regions : 0) +
           (size_t)plan->n_lever_streams;
}

size_t pc_sample_coordinate(const pc_plan *plan, int year, int draw, int region)
{
    const pc_drivers_plan drivers = {.n_regions = plan->n_regions};

    return pc_drivers_at(&drivers, year, draw, region);
}
