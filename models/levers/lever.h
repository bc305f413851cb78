/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of a lever: what a policy changes in a scheme's flows before pooling. To add one: copy benefit.c, fill
 * the head, add one line to models/list.h and one test.
 *
 * A lever works on the policy's own copies of the rows it names in `touches`; all other rows of `flows` are the common
 * flows of the membership rule and must not be written. */
#ifndef PC_MODELS_LEVER_H
#define PC_MODELS_LEVER_H

#include "../pooling/policy.h"

/* Rows of pc_flows, in the order of its members. */
enum {
    PC_FLOW_REVENUE,
    PC_FLOW_EXPENDITURE,
    PC_FLOW_CREDITS,
    PC_FLOW_OTHER,
    PC_FLOW_PAYROLL,
    PC_FLOW_BASE,
    PC_FLOW_MEMBERS,
    PC_FLOW_CONTRIBUTORS,
    PC_FLOW_RETIREES,
    PC_FLOW_ACCOUNT,
    PC_FLOW_ROWS
};
#define PC_TOUCH(flow)    (1u << (flow))
#define PC_TOUCH_AWAY     PC_TOUCH(PC_FLOW_ROWS)     /* pc_lever_call.away */
#define PC_TOUCH_RELEASED PC_TOUCH(PC_FLOW_ROWS + 1) /* pc_lever_call.released */
#define PC_TOUCH_BY_AGE   PC_TOUCH(PC_FLOW_ROWS + 2) /* pc_lever_call.by_age */
#define PC_TOUCH_SUBSIDY  PC_TOUCH(PC_FLOW_ROWS + 3) /* pc_lever_call.subsidy and granted */
#define PC_TOUCH_SPLIT    PC_TOUCH(PC_FLOW_ROWS + 4) /* pc_lever_call.split */
#define PC_TOUCH_CROSSED  PC_TOUCH(PC_FLOW_ROWS + 5) /* pc_lever_call.crossed */

/* Levers that multiply come before levers that add, and those before limits, however they are written. */
enum { PC_LEVER_FACTOR, PC_LEVER_ADDITION, PC_LEVER_LIMIT, PC_LEVER_ORDERS };

typedef struct pc_lever_call {
    const pc_pooling_env *env;
    const pc_value *values; /* parallel to the head's parameters */
    const void *table;      /* from `prepare` */
    int scheme, year;
    const pc_weather *weather;
    pc_flows *flows;        /* [region][PC_LANES] each */
    const pc_flows *common; /* the flows before the levers, of the scheme; not to be written */
    double *major_share; /* share of revenue to major-illness insurance this year; X = credits + share R is formed after
                            all levers where revenue, credits or X are touched */
    double *inflow;      /* [region][PC_LANES] paid into individual accounts this year, yuan; NULL unless some lever
                            touches PC_FLOW_ACCOUNT, which is formed from it after all levers */
    double *away;        /* [region][PC_LANES] share of expenditure that is spent in hubs, 0 before the levers; NULL
                            unless some lever has PC_TOUCH_AWAY */
    double *released;    /* [region][PC_LANES] yuan that leave the region's account or pool on 31 December, before any
                            layer, 0 before the levers; NULL unless some lever has PC_TOUCH_RELEASED */
    double *by_age;      /* [region][PC_LANES] by which part of itself levers on single ages have changed expenditure, 0
                            before the levers; NULL unless some lever has PC_TOUCH_BY_AGE */
    double *granted;     /* [region][PC_LANES] revenue of this year that is no financing per head or contribution but a
                            subsidy of its own, and */
    double *subsidy; /* [pc_payer][PC_LANES] who pays it, over all regions; 0 before the levers; NULL unless some lever
                        has PC_TOUCH_SUBSIDY */
    pc_financing_split *split; /* [region] who pays the financing per head of residents this year, the scenario's own
                            before the levers; NULL unless some lever has PC_TOUCH_SPLIT */
    double *crossed;   /* [region][PC_LANES] yuan that go from the region's account or pool to the other scheme's on 31
                          December, before any layer, 0 before the levers; NULL unless some lever has PC_TOUCH_CROSSED */
    double *memo;      /* [region][memo_rows][PC_LANES], the lever's own from year to year; zeros at the start */
    const double *eps; /* [PC_LANES] standard normals of the lever's uncertain parameter, the same in every year and
                          policy; NULL: the central path, all 0 */
    const double *const *balance; /* [region] -> [PC_LANES] at the last 31 December: own account and shares of pools and
                                     funds; NULL on the central path of flows, where no balance is known */
} pc_lever_call;

typedef struct pc_lever {
    pc_head head;
    unsigned schemes; /* bit s: may be used in scheme s */
    unsigned touches; /* PC_TOUCH(...) of the rows it writes */
    int order;        /* PC_LEVER_FACTOR, PC_LEVER_ADDITION or PC_LEVER_LIMIT */
    int memo_rows;    /* rows of memory for each region */
    /* Key of the parameter that is drawn once a path, NULL: none. Its stream is FNV-1a-32 of
     * "param:policies.LEVER.KEY" in year 0, the same for all policies and schemes. */
    const char *uncertain;
    /* Optional: checks values that depend on each other; returns NULL or what is wrong (English, no full stop). */
    const char *(*check)(const pc_value *values);
    /* Optional: the ages whose cost the lever must know, for pc_lever_cost_part; returns 0 where it need not. */
    int (*age_group)(const pc_value *values, pc_age_group *ages);
    /* Optional: an immutable table, owned by the arena. `from` is the first year index of the unbroken run of phases
     * that use the lever (at least 1). */
    pc_code (*prepare)(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status);
    void (*apply)(const pc_lever_call *call);
} pc_lever;

/* a[region][lane] *= factor[region] (step 1) or *= factor[0] (step 0). */
void pc_lever_scale(double *rows, int n_regions, const double *factor, int step);

/* a[region][lane] *= factor[lane] in every region, except where skip[region] is not 0 (skip NULL: nowhere). */
void pc_lever_scale_lanes(double *rows, int n_regions, const double *factor, const unsigned char *skip);

/* The scenario's own financing per resident in a year: fixed[region] + linked[region] times the level of income.
 * `path`: pc_lever_financing_path of the year. */
double pc_lever_financing_path(const pc_schemes *schemes, int year);
void pc_lever_financing(const pc_schemes *schemes, int region, double path, double *fixed, double *linked);

/* The keys of an age group's lever: from_age, to_age, of, in this order. */
enum { PC_OF_ALL, PC_OF_CONTRIBUTORS, PC_OF_RETIREES };
#define PC_LEVER_AGE_PARAMS                                                                                             \
    {"from_age", PC_PARAM_INT, "years", 0, PC_AGES - 1, 0, NULL, N_("Youngest age it is for.")},                        \
        {"to_age", PC_PARAM_INT, "years", 0, PC_AGES - 1, PC_AGES - 1, NULL, N_("Oldest age it is for; 100 is open.")}, \
    {                                                                                                                   \
        "of", PC_PARAM_CHOICE, "", 0, 2, PC_OF_ALL, "all|contributors|retirees",                                        \
            N_("Whose benefits in the employee scheme; residents: all.")                                                \
    }
/* What such a lever checks (`ages`: the three values): NULL or what is wrong. */
const char *pc_lever_ages_check(const pc_value *ages);
/* Fills `out`; 0 where it is everybody, whose cost needs no sums. */
int pc_lever_ages(const pc_value *ages, pc_age_group *out);
/* PC_ERR_INPUT for contributors or retirees of the resident scheme. */
pc_code pc_lever_ages_prepare(int scheme, const pc_value *ages, const char *lever, pc_status *status);
/* out[lane]: part of a region's expected cost that these members cause. */
void pc_lever_cost_part(const pc_lever_call *call, const pc_value *ages, int region, double *out);

/* Multiplies a region's members, contributors, payroll, base and revenue by factor[lane], and its expenditure by
 * max(0, 1 + (factor - 1) cost): `cost` is that of those who come or leave over the mean. */
void pc_lever_enrol(const pc_lever_call *call, int region, const double *factor, double cost);

/* Whether a region is in a list; a list left out or empty has all. */
int pc_lever_in(const pc_lever_call *call, const pc_value *list, int region);

/* A list of identifiers separated by commas, blanks or both: whether `id` is one of them. NULL lists nothing. */
int pc_lever_listed(const char *list, const char *id);

/* How far a change that starts in year `from` and is complete in `years` equal yearly steps has gone in `year`: 0
 * before `from`, 1/years in it, 1 from from + years - 1 on; at once where years <= 1. Check: from 2, years 4, year 3:
 * 0.5. */
double pc_lever_way(int year, int from, double years);

/* What several levers share: factor of use and price. f^(1 + elasticity), f itself to the bit where elasticity is 0. */
double pc_lever_demand(double factor, double elasticity);

#endif
