/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy run on flows that the test sets itself, without people or economy. */
#ifndef PC_TESTS_RIG_H
#define PC_TESTS_RIG_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "list.h"
#include "measures/measures.h"
#include "pooling/pooling.h"

enum { RIG_KEPT = 4 }; /* lanes that the sink keeps */
static const double rig_bands[] = {0, 3, 6, 9, 15};

typedef struct rig {
    pc_sink sink; /* first: the sink is the rig */
    pc_arena arena;
    pc_status status;
    int n_regions, n_years;
    pc_pooling_env env;
    double *balance_start[PC_SCHEMES], *major[PC_SCHEMES], *rate, *payroll;
    pc_areas areas;
    pc_flows flows[PC_SCHEMES];
    pc_weather weather;
    pc_pooling pooling;
    void *state, *measures;
    double *kept;        /* [output][view][item, area][year][RIG_KEPT] */
    unsigned char *sent; /* [output][view][item, area][year] times */
    int n_rows;          /* items times areas, of the output with most */
} rig;

static inline double *rig_flow(rig *g, int scheme, int row)
{
    double *rows[PC_FLOW_ROWS] = {g->flows[scheme].revenue, g->flows[scheme].expenditure,  g->flows[scheme].credits,
                                  g->flows[scheme].other,   g->flows[scheme].payroll,      g->flows[scheme].base,
                                  g->flows[scheme].members, g->flows[scheme].contributors, g->flows[scheme].retirees,
                                  g->flows[scheme].account};
    return rows[row];
}

static inline void rig_set(rig *g, int scheme, int row, int region, double value)
{
    for (int l = 0; l < PC_LANES; l++) {
        rig_flow(g, scheme, row)[region * PC_LANES + l] = value;
    }
}

/* R, E, X (credits) of a region on all lanes; members 1000. */
static inline void rig_year_flows(rig *g, int scheme, int region, double revenue, double expenditure, double other)
{
    rig_set(g, scheme, PC_FLOW_REVENUE, region, revenue);
    rig_set(g, scheme, PC_FLOW_EXPENDITURE, region, expenditure);
    rig_set(g, scheme, PC_FLOW_CREDITS, region, other);
    rig_set(g, scheme, PC_FLOW_OTHER, region, other);
    rig_set(g, scheme, PC_FLOW_PAYROLL, region, 10 * revenue);
    rig_set(g, scheme, PC_FLOW_BASE, region, 5 * revenue);
    rig_set(g, scheme, PC_FLOW_MEMBERS, region, 1000);
    rig_set(g, scheme, PC_FLOW_CONTRIBUTORS, region, scheme == PC_EMPLOYEE ? 750 : 1000);
    rig_set(g, scheme, PC_FLOW_RETIREES, region, scheme == PC_EMPLOYEE ? 250 : 0);
}

static inline size_t rig_cell(const rig *g, int output, int view, int area, int year)
{
    return (((size_t)output * PC_SCHEME_VIEWS + view) * g->n_rows + area) * (g->n_years + 1) + year;
}

static inline void rig_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    rig *g = (rig *)sink;
    size_t cell = rig_cell(g, output, view, area, year);

    g->sent[cell]++;
    memcpy(g->kept + cell * RIG_KEPT, lanes, RIG_KEPT * sizeof *lanes);
}

/* What was sent of an output by name. */
static inline double rig_get(const rig *g, const char *name, int view, int area, int year, int lane)
{
    int output = pc_output_find(name);

    assert_true(output >= 0);
    assert_int_equal(g->sent[rig_cell(g, output, view, area, year)], 1);
    return g->kept[rig_cell(g, output, view, area, year) * RIG_KEPT + lane];
}

/* The same of one item. */
static inline double rig_get_item(const rig *g, const char *name, int view, int item, int area, int year, int lane)
{
    return rig_get(g, name, view, item * g->areas.n_areas + area, year, lane);
}

/* Areas: the regions, one group of the first two (when there are three or more), the whole. */
static inline rig *rig_new(int n_regions, int n_years, double interest)
{
    rig *g = calloc(1, sizeof *g);
    int group = n_regions > 2;
    int *n_members, *all;
    const int **members;
    size_t cells;

    g->sink.row = rig_row;
    g->n_regions = n_regions;
    g->n_years = n_years;
    g->areas.n_regions = n_regions;
    g->areas.n_areas = n_regions + group + 1;
    g->areas.n_members = n_members = pc_arena_calloc(&g->arena, n_regions + 2, sizeof *n_members);
    g->areas.members = (const int *const *)(members = pc_arena_calloc(&g->arena, n_regions + 2, sizeof *members));
    all = pc_arena_calloc(&g->arena, n_regions, sizeof *all);
    for (int r = 0; r < n_regions; r++) {
        all[r] = r;
        n_members[r] = 1;
        members[r] = all + r;
    }
    for (int a = n_regions; a < g->areas.n_areas; a++) {
        n_members[a] = a == g->areas.n_areas - 1 ? n_regions : 2;
        members[a] = all;
    }
    g->rate = pc_arena_calloc(&g->arena, n_regions, sizeof(double));
    g->payroll = pc_arena_calloc(&g->arena, n_regions, sizeof(double));
    g->env = (pc_pooling_env){
        .n_regions = n_regions, .n_years = n_years, .base_year = 2024, .rate = g->rate, .payroll = g->payroll};
    for (int s = 0; s < PC_SCHEMES; s++) {
        size_t rows = (size_t)n_regions * PC_LANES;
        pc_flows *f = &g->flows[s];
        g->env.balance_start[s] = g->balance_start[s] = pc_arena_calloc(&g->arena, n_regions, sizeof(double));
        g->env.major_illness[s] = g->major[s] = pc_arena_calloc(&g->arena, n_years + 1, sizeof(double));
        f->revenue = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->expenditure = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->credits = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->other = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->payroll = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->base = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->members = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->contributors = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->retirees = pc_arena_calloc(&g->arena, rows, sizeof(double));
        f->account = s == PC_EMPLOYEE ? pc_arena_calloc(&g->arena, rows, sizeof(double)) : NULL;
        f->expected = pc_arena_calloc(&g->arena, rows, sizeof(double));
    }
    g->weather.interest = pc_arena_calloc(&g->arena, PC_LANES, sizeof(double));
    g->weather.discount = pc_arena_calloc(&g->arena, PC_LANES, sizeof(double));
    g->weather.wage = pc_arena_calloc(&g->arena, (size_t)n_regions * PC_LANES, sizeof(double));
    for (int l = 0; l < PC_LANES; l++) {
        g->weather.interest[l] = interest;
        g->weather.discount[l] = 1;
    }
    g->areas.n_bands = (int)(sizeof rig_bands / sizeof *rig_bands);
    g->areas.bands = rig_bands;
    g->n_rows = g->areas.n_areas * (n_regions > g->areas.n_bands ? n_regions : g->areas.n_bands);
    cells = (size_t)pc_outputs_count() * PC_SCHEME_VIEWS * g->n_rows * (n_years + 1);
    g->kept = pc_arena_calloc(&g->arena, cells * RIG_KEPT, sizeof(double));
    g->sent = pc_arena_calloc(&g->arena, cells, 1);
    return g;
}

/* Prepares and starts on the flows set for the base year. */
static inline void rig_start(rig *g, const pc_policy_spec *spec)
{
    if (pc_pooling_prepare(&g->pooling, spec, &g->env, &g->arena, &g->status) != PC_OK) {
        fail_msg("%s", g->status.message);
    }
    pc_free(g->state); /* of an earlier start */
    pc_free(g->measures);
    g->state = pc_calloc(pc_pooling_state_bytes(&g->pooling), 1);
    g->measures = pc_calloc(pc_measures_state_bytes(&g->areas), 1);
    pc_pooling_start(&g->pooling, g->flows, NULL, g->state);
    pc_measures_start(&g->areas, pc_pooling_view_of(g->state), &g->weather, &g->sink, g->measures);
}

/* One year on the flows set; interest of the weather as set. */
static inline void rig_step(rig *g, int year)
{
    const pc_flows *flows;

    g->weather.year = year;
    for (int l = 0; l < PC_LANES; l++) {
        g->weather.discount[l] *= 1 + g->weather.interest[l];
    }
    flows = pc_pooling_levers(&g->pooling, year, &g->weather, g->flows, g->state);
    pc_pooling_year(&g->pooling, year, &g->weather, flows, g->state);
    pc_measures_year(&g->areas, pc_pooling_view_of(g->state), &g->weather, &g->sink, 0, g->measures);
    if (year == g->n_years) {
        pc_measures_finish(&g->areas, pc_pooling_view_of(g->state), &g->weather, &g->sink, g->measures);
    }
}

static inline void rig_free(rig *g)
{
    pc_free(g->state);
    pc_free(g->measures);
    pc_arena_release(&g->arena);
    free(g);
}

static inline const pc_scheme_view *rig_view(const rig *g, int scheme)
{
    return &pc_pooling_view_of(g->state)->scheme[scheme];
}

/* Own account of a region at 31 December, lane 0. */
static inline double rig_own(const rig *g, int scheme, int region)
{
    return rig_view(g, scheme)->own[region * PC_LANES];
}

static inline void assert_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance * (1 + fabs(expected)))) {
        fail_msg("found %.17g, expected %.17g", found, expected);
    }
}

/* A value by key of a head; the others keep their defaults. */
static inline pc_value *rig_values(rig *g, const pc_head *head)
{
    pc_value *values = pc_arena_calloc(&g->arena, (size_t)head->n_params + 1, sizeof *values);

    for (int k = 0; k < head->n_params; k++) {
        values[k].number = head->params[k].value;
    }
    return values;
}

static inline void rig_put(const pc_head *head, pc_value *values, const char *key, double number)
{
    for (int k = 0; k < head->n_params; k++) {
        if (!strcmp(head->params[k].key, key)) {
            values[k].number = number;
            values[k].given = 1;
            return;
        }
    }
    fail_msg("no key %s in %s", key, head->name);
}

/* A small generator of its own, so that tests do not depend on the program's. */
static inline double rig_uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) * 0x1p-53;
}

#endif
