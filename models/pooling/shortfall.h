/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of a shortfall rule: what happens to an account that is still short after layers, aid and gap sharing.
 */
#ifndef PC_MODELS_POOLING_SHORTFALL_H
#define PC_MODELS_POOLING_SHORTFALL_H

#include "ledger.h"
#include "policy.h"

typedef struct pc_settle_call {
    const pc_accounts *accounts; /* of the scheme: treasury, members, providers */
    const pc_value *values;
    int scheme, year;
    int to;                    /* the account that is short by need[lane] */
    int from;                  /* the account that would borrow: `to` itself, or the own account of a pool's member */
    const double *expenditure; /* E of the region or unit, yuan: limits are in months of it */
    const double *last_expenditure; /* last year's of the same; NULL unless some rule reads it (reads_last) */
    double growth;                  /* of its expenditure on the central path from last year to this one */
    pc_ledger *ledger;
    double *scratch; /* two rows */
} pc_settle_call;

/* A unit after layers and aid, before gap sharing and shortfall rules, for a rule that raises the rate. */
typedef struct pc_raise_call {
    const pc_value *values;
    const double *balance, *revenue, *expenditure, *other, *base; /* of the unit */
    double *add_on; /* of one of its regions: this year's, to become next year's; fraction of the base */
} pc_raise_call;

typedef struct pc_shortfall {
    pc_head head;
    /* Settles as much of need[lane] >= 0 as the limit allows, by posts to call->to, and takes it off need. */
    void (*settle)(const pc_settle_call *call, double *need);
    int reads_last; /* 1: reads last_expenditure and growth */
    /* Optional: sets next year's addition to the rate, which is then collected on the base. */
    void (*raise)(const pc_raise_call *call);
} pc_shortfall;

/* Borrowing: posts from -> to unless they are one account, which then simply stays overdrawn. The rule `borrow`, and
 * what happens to the rest after all rules (limit_months infinite). */
void pc_borrow(const pc_settle_call *call, double limit_months, double *need);

#endif
