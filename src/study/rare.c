/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/rare.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"

static const double bump = 0.05; /* standard deviations, of finite differences */

const char *pc_rare_kind(int kind)
{
    static const char *const names[PC_RARE_KINDS] = {N_("mortality"),
                                                     N_("fertility"),
                                                     N_("employment"),
                                                     N_("wages"),
                                                     N_("cost"),
                                                     N_("returns"),
                                                     N_("regions: migration"),
                                                     N_("regions: employment"),
                                                     N_("regions: wages"),
                                                     N_("regions: cost, employee"),
                                                     N_("regions: cost, resident"),
                                                     N_("claims, employee"),
                                                     N_("claims, resident"),
                                                     N_("drift of mortality"),
                                                     N_("uncertain parameters"),
                                                     N_("base-year accounts"),
                                                     N_("levers")};

    return names[kind];
}

/* One question about one plan. */
typedef struct hunt {
    const pc_plan *plan;
    const pc_layout *layout;
    const pc_quantity_use *use;
    size_t n_coordinates, n_moved; /* all; those that are moved, a list */
    size_t *moved;
    int *kind;        /* [n_moved] */
    double *given;    /* [coordinate][PC_LANES] */
    double *point;    /* [n_moved] */
    double *gradient; /* [n_moved] */
    double value;     /* of the margin at the point */
} hunt;

/* How far a path's measure is from the event: 0 or below, it happens. */
static double margin(const pc_quantity_use *use, const double *rows, size_t stride, size_t i)
{
    const double x = rows[i] - (use->n_picks == 2 ? rows[stride + i] : 0);

    return use->quantity->relation < 0 ? x - use->quantity->bound : use->quantity->bound - x;
}

/* Normals of the years up to the event's. */
static pc_code list_coordinates(hunt *h, int last_year, pc_status *status)
{
    const pc_plan *plan = h->plan;
    const int n_regions = plan->n_regions;
    const size_t n_base = plan->base_stream ? (size_t)PC_SCHEMES * 3 * (size_t)n_regions : 0;
    const size_t n_once = 1 + (size_t)plan->n_uncertain_streams + n_base + (size_t)plan->n_lever_streams;
    const size_t room =
        (size_t)last_year * (PC_PROVINCE_NORMALS + (size_t)PC_REGION_DRAWS * (size_t)n_regions) + n_once;
    size_t n = 0;

    h->n_coordinates = pc_sample_coordinates(plan);
    h->moved = pc_calloc(room, sizeof *h->moved);
    h->kind = pc_calloc(room, sizeof *h->kind);
    h->point = pc_calloc(room, sizeof *h->point);
    h->gradient = pc_calloc(room, sizeof *h->gradient);
    h->given = pc_calloc(h->n_coordinates * PC_LANES, sizeof *h->given);
    if (!h->moved || !h->kind || !h->point || !h->gradient || !h->given) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for %zu normals of a path", h->n_coordinates);
    }
    for (int year = 1; year <= last_year; year++) {
        for (int d = 0; d < PC_PROVINCE_NORMALS; d++) {
            h->moved[n] = pc_sample_coordinate(plan, year, d, -1);
            h->kind[n++] = d;
        }
        for (int d = 0; d < PC_REGION_DRAWS; d++) {
            for (int r = 0; r < n_regions; r++) {
                h->moved[n] = pc_sample_coordinate(plan, year, d, r);
                h->kind[n++] = PC_RARE_REGIONS + d;
            }
        }
    }
    for (size_t k = 0; k < n_once; k++) {
        h->moved[n] = pc_sample_coordinate(plan, plan->n_years + 1, 0, -1) + k;
        h->kind[n++] = k == 0                                               ? PC_RARE_DRIFT
                       : k < 1 + (size_t)plan->n_uncertain_streams          ? PC_RARE_UNCERTAIN
                       : k < 1 + (size_t)plan->n_uncertain_streams + n_base ? PC_RARE_BASE
                                                                            : PC_RARE_LEVERS;
    }
    h->n_moved = n;
    return PC_OK;
}

/* Margin and gradient at the point: lane 0 of a leaf is the point, the others have one normal more by `bump`. */
static pc_code look(hunt *h, pc_status *status)
{
    double values[2 * PC_LANES];

    for (size_t first = 0; first < h->n_moved; first += PC_LANES - 1) {
        const size_t left = h->n_moved - first, n = left < PC_LANES - 1 ? left : PC_LANES - 1;
        pc_code code;

        for (size_t i = 0; i < h->n_moved; i++) {
            double *row = h->given + h->moved[i] * PC_LANES;
            for (size_t lane = 0; lane < PC_LANES; lane++) {
                row[lane] = h->point[i];
            }
            if (i >= first && i < first + n) {
                row[1 + i - first] += bump;
            }
        }
        code = pc_sample_given(h->plan, h->layout, h->use->picks, h->use->n_picks, h->given, values, status);
        if (code) {
            return code;
        }
        h->value = margin(h->use, values, PC_LANES, 0);
        for (size_t i = 0; i < n; i++) {
            h->gradient[first + i] = (margin(h->use, values, PC_LANES, 1 + i) - h->value) / bump;
        }
    }
    return PC_OK;
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* The nearest point of the event (Hasofer, Lind 1974; Rackwitz, Fiessler 1978): the foot of the perpendicular on the
 * tangent at the last point, again and again. Where the event is not reached the point serves all the same, for the
 * weights are right with any. */
static pc_code find_point(hunt *h, pc_rare *rare, pc_status *status)
{
    pc_code code = look(h, status);
    const double start = fabs(h->value);

    if (!code && isnan(h->value)) {
        return pc_fail(status, PC_ERR_INPUT, "%s: is missing on the central path", h->use->quantity->text);
    }
    rare->in_sight = h->value <= 0;
    rare->central = h->use->quantity->bound + (h->use->quantity->relation < 0 ? h->value : -h->value);
    while (!code && !rare->in_sight && rare->steps < PC_RARE_STEPS) {
        const double steep = product(h->gradient, h->gradient, h->n_moved);
        const double to = (product(h->gradient, h->point, h->n_moved) - h->value) / steep;
        double moved = 0;

        if (!(steep > 0) || !isfinite(to)) {
            return pc_fail(
                status, PC_ERR_INPUT,
                "%s: does not move with the drivers about the central path; give a measure that says how far "
                "the event is, such as reserve_months or balance",
                h->use->quantity->text);
        }
        for (size_t i = 0; i < h->n_moved; i++) {
            moved += (to * h->gradient[i] - h->point[i]) * (to * h->gradient[i] - h->point[i]);
            h->point[i] = to * h->gradient[i];
        }
        rare->steps++;
        code = look(h, status);
        if (!code && isnan(h->value)) {
            return pc_fail(status, PC_ERR_INPUT, "%s: is missing where the event is looked for",
                           h->use->quantity->text);
        }
        if (moved < 1e-4 && fabs(h->value) < 1e-3 * start) {
            break;
        }
    }
    rare->distance = sqrt(product(h->point, h->point, h->n_moved));
    rare->value = h->use->quantity->bound + (h->use->quantity->relation < 0 ? h->value : -h->value);
    if (!code && rare->distance > 30) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: the event is %.0f standard deviations away: it does not happen",
                       h->use->quantity->text, rare->distance);
    }
    return code;
}

/* Where the point lies, for who reads it. */
static pc_code describe(const hunt *h, int last_year, pc_rare *rare, pc_status *status)
{
    const double square = rare->distance * rare->distance;

    rare->n_years = last_year;
    rare->shift = pc_calloc((size_t)last_year * PC_PROVINCE_NORMALS, sizeof *rare->shift);
    if (!rare->shift) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for %zu normals of a path", h->n_moved);
    }
    for (size_t i = 0; i < h->n_moved && square > 0; i++) {
        rare->share[h->kind[i]] += h->point[i] * h->point[i] / square;
    }
    for (int year = 1, at = 0; year <= last_year; year++) {
        for (int d = 0; d < PC_PROVINCE_NORMALS; d++) {
            rare->shift[(year - 1) * PC_PROVINCE_NORMALS + d] = h->point[at + d];
        }
        at += PC_PROVINCE_NORMALS + PC_REGION_DRAWS * h->plan->n_regions;
    }
    return PC_OK;
}

/* Mean and variance of the mean of w (events only where `event` is given), stratum by stratum. */
static void strata(const pc_tilt *tilt, const double *weight, const unsigned char *event, uint64_t n, double *mean,
                   double *se)
{
    long double sum[2] = {0}, squares[2] = {0}, variance = 0;
    uint64_t count[2] = {0};

    for (uint64_t i = 0; i < n; i++) {
        const int s = pc_tilt_is_plain(tilt, i);
        const double w = event && !event[i] ? 0 : weight[i];
        sum[s] += w;
        squares[s] += (long double)w * w;
        count[s]++;
    }
    for (int s = 0; s < 2; s++) {
        if (count[s] > 1) {
            const long double m = sum[s] / (long double)count[s];
            const long double v = (squares[s] - m * sum[s]) / (long double)(count[s] - 1);
            variance += (v > 0 ? v : 0) * (long double)count[s];
        }
    }
    *mean = (double)((sum[0] + sum[1]) / (long double)n);
    *se = (double)(sqrtl(variance) / (long double)n);
}

void pc_rare_estimate(const pc_tilt *tilt, const double *weight, const unsigned char *event, uint64_t n, pc_rare *rare)
{
    long double sum = 0, squares = 0;
    double largest = 0;

    rare->n_paths = n;
    rare->n_events = 0;
    for (uint64_t i = 0; i < n; i++) {
        if (event[i]) {
            rare->n_events++;
            sum += weight[i];
            squares += (long double)weight[i] * weight[i];
            largest = fmax(largest, weight[i]);
        }
    }
    strata(tilt, weight, event, n, &rare->probability, &rare->se);
    strata(tilt, weight, NULL, n, &rare->weight, &rare->weight_se);
    rare->effective = squares > 0 ? (double)(sum * sum / squares) : 0;
    rare->largest = sum > 0 ? largest / (double)sum : NAN;
    rare->plain = rare->se > 0 ? rare->probability * (1 - rare->probability) / (rare->se * rare->se) : NAN;
    rare->bounded = rare->n_events == 0;
    rare->se = rare->bounded ? 3.0 / (double)n : rare->se;
}

/* Shocks start more often, so that four paths in ten meet one before the event, where plain paths would meet few. */
static void tilt_shocks(const pc_plan *plan, int years, double *chance, double *tilted)
{
    const pc_economy *economy = &plan->world.economy;
    const double more =
        0.5 / ((double)years * (double)(economy->n_shock_instances > 0 ? economy->n_shock_instances : 1));

    for (int k = 0; k < economy->n_shocks; k++) {
        const pc_shock *shock = &economy->shocks[k];
        for (int r = 0; r < (shock->regional ? plan->n_regions : 1); r++) {
            chance[shock->first_instance + r] = shock->probability;
            tilted[shock->first_instance + r] = fmax(shock->probability, more);
        }
    }
}

/* The chances of other bounds on the same paths; `event` is scratch. */
static void weigh_levels(const hunt *h, const pc_tilt *tilt, const double *rows, const double *weight,
                         unsigned char *event, uint64_t n, pc_rare *rare)
{
    const double bound = h->use->quantity->bound, step = (rare->central - bound) / PC_RARE_NEARER;
    const double sign = h->use->quantity->relation < 0 ? 1 : -1;

    for (int k = 0; k < PC_RARE_LEVELS; k++) {
        pc_rare at = {0};
        const double further = step * (double)(k - PC_RARE_BEYOND);
        for (uint64_t i = 0; i < n; i++) {
            event[i] = margin(h->use, rows, (size_t)n, i) <= sign * further;
        }
        pc_rare_estimate(tilt, weight, event, n, &at);
        rare->level[k] = bound + further;
        rare->level_chance[k] = at.probability;
        rare->level_se[k] = at.se;
        rare->level_events[k] = (double)at.n_events;
    }
}

/* Runs the paths and weighs them. With the eighth of all leaves that stay plain no weight is above eight, wherever the
 * shift points (Hesterberg 1995): w = 1 / (a + (1 - a) exp(m'x - m'm / 2)), a the plain part. */
static pc_code weigh_paths(const hunt *h, const pc_study *study, pc_rare *rare, pc_status *status)
{
    const uint64_t n = h->plan->scenario->paths;
    double *shift = pc_calloc(h->n_coordinates, sizeof *shift), *along = pc_calloc(n, sizeof *along);
    double *rows = pc_calloc((size_t)h->use->n_picks * n, sizeof *rows);
    unsigned char *event = pc_calloc(n, 1);
    const size_t n_shocks = (size_t)h->plan->world.economy.n_shock_instances;
    double *chance = pc_calloc(2 * n_shocks + 1, sizeof *chance), *tilted = chance + n_shocks;
    const pc_tilt tilt = {.shift = shift,
                          .plain_every = rare->in_sight ? 1 : PC_RARE_PLAIN_EVERY,
                          .shock_chance = chance,
                          .shock_tilted = n_shocks ? tilted : NULL,
                          .years = rare->n_years,
                          .along = along};
    const double half = 0.5 * rare->distance * rare->distance;
    uint64_t n_plain = 0;
    pc_code code = PC_OK;

    if (!shift || !along || !rows || !event || !chance) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for %zu paths", (size_t)n);
        goto out;
    }
    for (size_t i = 0; i < h->n_moved; i++) {
        shift[h->moved[i]] = h->point[i];
    }
    tilt_shocks(h->plan, rare->n_years, chance, tilted);
    code = pc_sample_tilted(h->plan, h->layout, &study->run, h->use->picks, h->use->n_picks, &tilt, rows, status);
    if (code) {
        goto out;
    }
    for (uint64_t i = 0; i < n; i++) {
        n_plain += (uint64_t)pc_tilt_is_plain(&tilt, i);
        event[i] = margin(h->use, rows, (size_t)n, i) <= 0; /* missing: no */
    }
    for (uint64_t i = 0; i < n; i++) {
        const double a = (double)n_plain / (double)n;
        along[i] = 1 / (a + (1 - a) * exp(along[i] - half));
    }
    pc_rare_estimate(&tilt, along, event, n, rare);
    weigh_levels(h, &tilt, rows, along, event, n, rare);
out:
    pc_free(shift);
    pc_free(chance);
    pc_free(along);
    pc_free(rows);
    pc_free(event);
    return code;
}

pc_code pc_rare_run(pc_study *study, pc_rare *rare, pc_status *status)
{
    const pc_ask *ask = &study->asks[0];
    const int year = ask->quantity->year;
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_layout layout = {0};
    pc_quantity_use use;
    hunt h = {.layout = &layout, .use = &use};
    int has_layout = 0, last_year;
    pc_code code;

    *rare = (pc_rare){0};
    if (ask->quantity->statistic != PC_STATISTIC_MEAN || !ask->quantity->relation) {
        return pc_fail(status, PC_ERR_INPUT, "%s: found a statistic of many paths, allowed a bound on one path's value",
                       ask->quantity->text);
    }
    code = pc_scenario_read(study->files, study->sets, study->n_sets, &scenario, status);
    code = code ? code : pc_plan_build(scenario, &plan, status);
    code = code ? code : pc_layout_for(plan, &layout, status);
    has_layout = !code;
    h.plan = plan;
    code = code ? code
                : pc_quantity_find(ask->quantity, plan, &layout, pc_scenario_policy(scenario, ask->policy), ask->view,
                                   &use, status);
    if (code) {
        goto out;
    }
    if (use.output->stats & PC_STAT_EVENT) {
        code = pc_fail(status, PC_ERR_INPUT,
                       "%s: is yes or no, which does not say how far away it is; give e.g. 'reserve_months(%d) <= 0'",
                       ask->quantity->text, year ? year : study->last_year);
        goto out;
    }
    last_year = year ? year - study->base_year : plan->n_years;
    code = list_coordinates(&h, last_year, status);
    code = code ? code : find_point(&h, rare, status);
    code = code ? code : describe(&h, last_year, rare, status);
    if (!code && study->begin) {
        study->begin(study->context, study->n_runs, ask->quantity->text);
    }
    code = code ? code : weigh_paths(&h, study, rare, status);
    study->n_runs++;
out:
    pc_free(h.moved);
    pc_free(h.kind);
    pc_free(h.given);
    pc_free(h.point);
    pc_free(h.gradient);
    if (has_layout) {
        pc_layout_release(&layout);
    }
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    return code;
}

void pc_rare_release(pc_rare *rare)
{
    pc_free(rare->shift);
    *rare = (pc_rare){0};
}
