/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lever in one scheme on the rig's flows. */
#ifndef PC_TESTS_LEVERS_SETUP_H
#define PC_TESTS_LEVERS_SETUP_H

#include "../pooling/rig.h"

typedef struct one {
    rig *g;
    pc_lever_use uses[3];
    pc_phase phase;
    pc_policy_spec spec;
    pc_schemes schemes;
    double rows[8][2];
    double path[8];
} one;

/* Two regions, years 1..n; contributions 10 % of the base, 60 % of them to the fund; the resident scheme has 1000 yuan
 * a head in the first region, 500 in the second, half of the people enrolled. */
static inline void one_new(one *o, int n_years)
{
    *o = (one){0};
    o->g = rig_new(2, n_years, 0.02);
    for (int r = 0; r < 2; r++) {
        o->rows[0][r] = 0.1;
        o->rows[1][r] = 0.6;
        o->rows[2][r] = r ? 500 : 1000;
        o->rows[3][r] = 50000;
        o->rows[4][r] = 0.5;
    }
    o->schemes.rate = o->rows[0];
    o->schemes.pooled_share = o->rows[1];
    o->schemes.financing_start = o->rows[2];
    o->schemes.income_start = o->rows[3];
    o->schemes.enrolment = o->rows[4];
    o->schemes.account_use = 0.3;
    o->schemes.financing = PC_FINANCING_TABLE;
    o->schemes.financing_growth = o->path;
    o->schemes.financing_step = o->path;
    o->g->env.schemes = &o->schemes;
}

/* The levers in `uses` from year `from` on. */
static inline void one_start(one *o, int scheme, int n_levers, int from)
{
    o->phase = (pc_phase){.from = from, .n_levers = n_levers, .levers = o->uses};
    o->spec = (pc_policy_spec){.name = "one"};
    o->spec.n_phases[scheme] = 1;
    o->spec.phases[scheme] = &o->phase;
    rig_start(o->g, &o->spec);
}

static inline const pc_flows *one_year(one *o, int scheme, int year)
{
    return &pc_pooling_levers(&o->g->pooling, year, &o->g->weather, o->g->flows, o->g->state)[scheme];
}

/* A lever's values: all defaults; text none. */
static inline pc_value *one_lever(one *o, int k, const pc_lever *lever)
{
    pc_value *values = rig_values(o->g, &lever->head);

    o->uses[k] = (pc_lever_use){lever, values};
    return values;
}

#endif
