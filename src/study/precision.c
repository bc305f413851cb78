/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/precision.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

pc_code pc_precision_read(const char *option, const char *text, pc_precision *precision, pc_status *status)
{
    const char *equals = strrchr(text, '=');
    char measure[256];
    pc_code code;

    if (!equals || equals - text >= (long)sizeof measure) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found '%s', allowed MEASURE=ERROR, e.g. 'depleted_any(2035)=0.5%%'",
                       option, text);
    }
    snprintf(measure, sizeof measure, "%.*s", (int)(equals - text), text);
    code = pc_quantity_read(option, measure, 0, &precision->quantity, status);
    code = code ? code : pc_quantity_number(option, equals + 1, &precision->target, status);
    if (!code && !(precision->target > 0)) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: found a standard error of %g, allowed above 0", option,
                       precision->target);
    }
    return code;
}

/* Paths `have` .. `n` - 1 are added to those that are there. */
static pc_code extend(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                      const pc_quantity_use *use, double **values, uint64_t have, uint64_t n, pc_status *status)
{
    double *more = pc_calloc((size_t)use->n_picks * (size_t)n, sizeof *more);

    if (!more) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a sample of %d values a path", use->n_picks);
    }
    for (int k = 0; k < use->n_picks && have > 0; k++) {
        memcpy(more + (size_t)k * n, *values + (size_t)k * have, (size_t)have * sizeof *more);
    }
    pc_free(*values);
    *values = more;
    return pc_sample_range(plan, layout, options, use->picks, use->n_picks, have, n, more, (size_t)n, status);
}

/* The estimate overwrites its rows, so it gets a copy. */
static pc_code estimate(const pc_quantity_use *use, const double *values, uint64_t n, int n_parts, pc_estimate *out,
                        pc_status *status)
{
    const size_t count = (size_t)use->n_picks * (size_t)n;
    double *rows = pc_calloc(count + 2 * (size_t)n, sizeof *rows);

    if (!rows) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a sample of %d values a path", use->n_picks);
    }
    memcpy(rows, values, count * sizeof *rows);
    *out = pc_quantity_estimate(use, rows, (size_t)n, n_parts, rows + count, rows + count + n);
    pc_free(rows);
    return PC_OK;
}

/* Of a run with n paths instead of all: plain ones are the first n; others are others, for which path is whose part
 * follows from their number. */
static pc_code look(const pc_plan *plan, const pc_layout *layout, const pc_run_options *options,
                    const pc_quantity_use *use, double **values, uint64_t have, uint64_t n, pc_estimate *out,
                    pc_status *status)
{
    pc_scenario fewer = *plan->scenario;
    pc_plan part = *plan;
    pc_code code;

    fewer.paths = n;
    part.scenario = &fewer;
    have = fewer.sampling == PC_SAMPLING_PLAIN ? have : 0;
    code = extend(&part, layout, options, use, values, have, n, status);
    return code ? code : estimate(use, *values, n, fewer.n_replicates, out, status);
}

/* The first number of paths that is looked at: a power of two for every part, of whole leaves unless paths are plain.
 */
static uint64_t first_number(const pc_scenario *scenario)
{
    uint64_t part = scenario->sampling == PC_SAMPLING_PLAIN ? 1 : PC_LANES;

    while (part * (uint64_t)scenario->n_replicates < PC_PRECISION_FIRST) {
        part *= 2;
    }
    return part * (uint64_t)scenario->n_replicates;
}

pc_code pc_precision_find(const pc_plan *plan, const pc_run_options *options, pc_precision *precision,
                          pc_status *status)
{
    const uint64_t most = plan->scenario->paths;
    const int policy =
        precision->policy ? pc_scenario_policy(plan->scenario, precision->policy) : plan->scenario->baseline;
    pc_layout layout;
    pc_quantity_use use;
    double *values = NULL;
    uint64_t have = 0;
    pc_code code;

    precision->is_reached = 0;
    if (most < 2) {
        return pc_fail(status, PC_ERR_INPUT, "a standard error to be reached needs two paths at least");
    }
    if (policy < 0) {
        return pc_fail(status, PC_ERR_INPUT, "found the policy '%s', allowed one of this run", precision->policy);
    }
    code = pc_layout_for(plan, &layout, status);
    if (code) {
        return code;
    }
    code = pc_quantity_find(&precision->quantity, plan, &layout, policy, precision->view, &use, status);
    for (uint64_t n = first_number(plan->scenario); !code && have < most && !precision->is_reached; n *= 2) {
        n = n < most ? n : most;
        code = look(plan, &layout, options, &use, &values, have, n, &precision->estimate, status);
        have = precision->n_paths = n;
        precision->is_reached = !code && precision->estimate.se <= precision->target;
    }
    pc_free(values);
    pc_layout_release(&layout);
    return code;
}
