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
#define PC_TOUCH(flow) (1u << (flow))

/* Levers that multiply come before levers that add, however they are written. */
enum { PC_LEVER_FACTOR, PC_LEVER_ADDITION };

typedef struct pc_lever_call {
    const pc_pooling_env *env;
    const pc_value *values; /* parallel to the head's parameters */
    const void *table;      /* from `prepare` */
    int scheme, year;
    const pc_weather *weather;
    pc_flows *flows;     /* [region][PC_LANES] each */
    double *major_share; /* share of revenue to major-illness insurance this year; X = credits + share R is formed after
                            all levers where revenue, credits or X are touched */
} pc_lever_call;

typedef struct pc_lever {
    pc_head head;
    unsigned schemes; /* bit s: may be used in scheme s */
    unsigned touches; /* PC_TOUCH(...) of the rows it writes */
    int order;        /* PC_LEVER_FACTOR or PC_LEVER_ADDITION */
    /* Optional: an immutable table, owned by the arena. `from` is the first year index of the unbroken run of phases
     * that use the lever (at least 1). */
    pc_code (*prepare)(const pc_pooling_env *env, int scheme, const pc_value *values, int from, pc_arena *arena,
                       const void **table, pc_status *status);
    void (*apply)(const pc_lever_call *call);
} pc_lever;

/* a[region][lane] *= factor[region] (step 1) or *= factor[0] (step 0). */
void pc_lever_scale(double *rows, int n_regions, const double *factor, int step);

#endif
