/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of the run: every one a number, all different, or two drivers would be the same by accident. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "uncertain.h"
#include "plan/plan.h"

typedef struct named_stream {
    uint32_t stream;
    const char *name;
} named_stream;

static int by_stream(const void *a, const void *b)
{
    const named_stream *x = a, *y = b;

    return (x->stream > y->stream) - (x->stream < y->stream);
}

/* Lower Cholesky factor of a positive definite matrix (the reader has checked it). */
static double *cholesky(pc_plan *plan, const double *matrix, int n, const char *what, pc_status *status)
{
    double *lower = pc_plan_numbers(plan, (size_t)n * (size_t)n);
    gsl_matrix_view view;
    gsl_error_handler_t *handler;
    int failed;

    if (!lower) {
        pc_fail(status, PC_ERR_FAIL, "no memory for %s", what);
        return NULL;
    }
    memcpy(lower, matrix, (size_t)n * (size_t)n * sizeof *lower);
    view = gsl_matrix_view_array(lower, (size_t)n, (size_t)n);
    handler = gsl_set_error_handler_off();
    failed = gsl_linalg_cholesky_decomp1(&view.matrix);
    gsl_set_error_handler(handler);
    if (failed) {
        pc_fail(status, PC_ERR_INPUT, "%s is not positive definite", what);
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
            lower[i * n + j] = 0;
        }
    }
    return lower;
}

static int is_identity(const double *matrix, int n)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            if (matrix[i * n + j] != (i == j ? 1.0 : 0.0)) {
                return 0;
            }
        }
    }
    return 1;
}

/* Whether some policy uses one of the levers with an uncertain parameter. */
static int uncertain_levers(const pc_scenario *scenario)
{
    for (int p = 0; p < scenario->n_policies; p++) {
        for (int s = 0; s < PC_SCHEMES; s++) {
            for (int k = 0; k < scenario->policies[p].n_phases[s]; k++) {
                const pc_phase_entry *phase = &scenario->policies[p].phases[s][k];
                for (int i = 0; i < phase->n_levers; i++) {
                    const pc_lever *lever = pc_lever_find(phase->levers[i].section.head->name);
                    if (lever && lever->uncertain) {
                        return 1;
                    }
                }
            }
        }
    }
    return 0;
}

pc_code pc_plan_streams(pc_plan *plan, pc_status *status)
{
    static const char *const scheme_names[PC_SCHEMES] = {"employee", "resident"};
    static const char *const account_names[3] = {"revenue", "expenditure", "balance"};
    const pc_scenario *scenario = plan->scenario;
    const pc_economy *economy = &plan->world.economy;
    int n_regions = plan->n_regions, n_named = 0, uncertain = 0;
    int n_draws = uncertain_levers(scenario) ? pc_lever_draws() : 0;
    const int n_uncertain = pc_uncertain_wanted(&plan->world.people, economy) ? pc_uncertain_rows(n_regions) : 0;
    size_t room = 2 + (size_t)n_draws + (size_t)n_uncertain + (size_t)n_regions * (1 + PC_SCHEMES * 3) +
                  (size_t)economy->n_shock_instances;
    named_stream *named = pc_arena_calloc(&plan->arena, room, sizeof *named);

    plan->region_stream = pc_arena_calloc(&plan->arena, (size_t)n_regions, sizeof *plan->region_stream);
    plan->shock_stream =
        pc_arena_calloc(&plan->arena, (size_t)economy->n_shock_instances + 1, sizeof *plan->shock_stream);
    plan->shock_instance_names =
        pc_arena_calloc(&plan->arena, (size_t)economy->n_shock_instances + 1, sizeof *plan->shock_instance_names);
    if (!named || !plan->region_stream || !plan->shock_stream || !plan->shock_instance_names) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
    }
    named[n_named++] = (named_stream){PC_STREAM_PROVINCE, "the whole's drivers"};
    for (int r = 0; r < n_regions; r++) {
        plan->region_stream[r] = scenario->regions[r].stream;
        named[n_named++] = (named_stream){plan->region_stream[r], scenario->regions[r].id};
    }
    for (int k = 0; k < economy->n_shocks; k++) {
        const pc_shock *shock = &economy->shocks[k];
        for (int r = 0; r < (shock->regional ? n_regions : 1); r++) {
            const char *name = shock->regional
                                   ? pc_arena_printf(&plan->arena, "shock:%s@%s", shock->name, scenario->regions[r].id)
                                   : pc_arena_printf(&plan->arena, "shock:%s", shock->name);
            int instance = shock->first_instance + r;
            if (!name) {
                return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
            }
            plan->shock_instance_names[instance] = name;
            plan->shock_stream[instance] = pc_stream_hash(name);
            named[n_named++] = (named_stream){plan->shock_stream[instance], name};
        }
    }
    plan->drift_stream = pc_stream_hash("param:mortality.drift");
    named[n_named++] = (named_stream){plan->drift_stream, "param:mortality.drift"};
    for (int s = 0; s < PC_SCHEMES; s++) {
        const pc_schemes *schemes = &plan->world.schemes;
        uncertain |= schemes->sd_revenue[s] > 0 || schemes->sd_expenditure[s] > 0 || schemes->sd_balance[s] > 0;
    }
    if (uncertain) {
        plan->base_stream =
            pc_arena_calloc(&plan->arena, (size_t)PC_SCHEMES * 3 * (size_t)n_regions, sizeof *plan->base_stream);
        if (!plan->base_stream) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
        }
        for (int s = 0; s < PC_SCHEMES; s++) {
            for (int a = 0; a < 3; a++) {
                for (int r = 0; r < n_regions; r++) {
                    const char *name = pc_arena_printf(&plan->arena, "param:base_uncertainty.%s.%s@%s", scheme_names[s],
                                                       account_names[a], scenario->regions[r].id);
                    uint32_t *stream = &plan->base_stream[(s * 3 + a) * n_regions + r];
                    if (!name) {
                        return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
                    }
                    *stream = pc_stream_hash(name);
                    named[n_named++] = (named_stream){*stream, name};
                }
            }
        }
    }
    if (n_draws > 0) {
        plan->lever_stream = pc_arena_calloc(&plan->arena, (size_t)n_draws, sizeof *plan->lever_stream);
        plan->n_lever_streams = n_draws;
        if (!plan->lever_stream) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
        }
    }
    for (int k = 0; k < n_draws; k++) {
        const pc_lever *lever = pc_lever_drawn(k);
        const char *name = pc_arena_printf(&plan->arena, "param:policies.%s.%s", lever->head.name, lever->uncertain);
        if (!name) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
        }
        plan->lever_stream[k] = pc_stream_hash(name);
        named[n_named++] = (named_stream){plan->lever_stream[k], name};
    }
    if (n_uncertain > 0) {
        plan->n_uncertain_streams = n_uncertain;
        plan->uncertain_stream = pc_arena_calloc(&plan->arena, (size_t)n_uncertain, sizeof *plan->uncertain_stream);
        plan->uncertain_names = pc_arena_calloc(&plan->arena, (size_t)n_uncertain, sizeof *plan->uncertain_names);
        if (!plan->uncertain_stream || !plan->uncertain_names) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
        }
    }
    for (int k = 0; k < n_uncertain; k++) {
        const int own = k - PC_UNCERTAIN_WHOLE;
        const char *name = own < 0
                               ? pc_arena_printf(&plan->arena, "param:%s", pc_uncertain_name(k))
                               : pc_arena_printf(&plan->arena, "param:%s@%s", pc_uncertain_region_name(own / n_regions),
                                                 scenario->regions[own % n_regions].id);
        if (!name) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for streams");
        }
        plan->uncertain_names[k] = name;
        plan->uncertain_stream[k] = pc_stream_hash(name);
        named[n_named++] = (named_stream){plan->uncertain_stream[k], name};
    }
    qsort(named, (size_t)n_named, sizeof *named, by_stream);
    for (int i = 1; i < n_named; i++) {
        if (named[i].stream == named[i - 1].stream) {
            return pc_fail(status, PC_ERR_INPUT,
                           "%s: found the same random stream %u for %s and %s, allowed: all streams different "
                           "(set column `stream` of one of the regions)",
                           scenario->regions[0].place.file ? scenario->regions[0].place.file : "scenario",
                           (unsigned)named[i].stream, named[i - 1].name, named[i].name);
        }
    }
    if (!is_identity(scenario->correlation, PC_PROVINCE_NORMALS)) {
        plan->province_cholesky = cholesky(plan, scenario->correlation, PC_PROVINCE_NORMALS, "correlation", status);
        if (!plan->province_cholesky) {
            return status ? status->code : PC_ERR_FAIL;
        }
    }
    if (scenario->region_correlation && !is_identity(scenario->region_correlation, n_regions)) {
        plan->region_cholesky = cholesky(plan, scenario->region_correlation, n_regions, "region_correlation", status);
        if (!plan->region_cholesky) {
            return status ? status->code : PC_ERR_FAIL;
        }
    }
    return PC_OK;
}
