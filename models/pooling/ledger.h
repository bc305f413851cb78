/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger: balances of all accounts of a policy, and posting, the only way money moves. */
#ifndef PC_MODELS_POOLING_LEDGER_H
#define PC_MODELS_POOLING_LEDGER_H

#include "../model.h"

/* Not shared between threads; rows belong to the policy's state. Balances in yuan. Accounts outside the funds
 * (treasury, providers, ...) start at 0 and go negative by what they have paid, so that the sum over all accounts never
 * changes. */
typedef struct pc_ledger {
    int n_accounts;
    double *balance;             /* [account][PC_LANES] */
    double *received, *paid;     /* [account][PC_LANES] posts between inside accounts while `track` is set */
    const unsigned char *inside; /* [account] */
    int track;
    /* Posts between funds of groups and accounts that pay claims while `track` is set: where they are noted, by fund and
     * by the account's first region. */
    double **in, **out;         /* [account of a fund] -> [region][PC_LANES]; NULL: no policy funds */
    const int *home;            /* [account] first region of an account that pays claims */
} pc_ledger;

static inline double *pc_ledger_balance(const pc_ledger *ledger, int account)
{
    return ledger->balance + (size_t)account * PC_LANES;
}

/* Moves amount[lane] (yuan, normally >= 0) from one account to another; `amount` must not be a row of the ledger.
 * from == to moves nothing. */
void pc_post(pc_ledger *ledger, int from, int to, const double *amount);

/* Books a year's flows and interest between `outside` and `account`:
 *   K = S + (R - E - X) / 2, interest = i K + spread min(K, 0), B = S + interest + R - E - X   (docs/model.md,
 * Policies) and adds the interest to interest_sum[lane]. Check value: S = 100, R = 50, E = 60, X = 10, i = 0.02 -> B
 * = 81.8. */
void pc_ledger_book(pc_ledger *ledger, int outside, int account, const double *revenue, const double *expenditure,
                    const double *other, const double *interest, double spread, double *interest_sum);

/* The same without flows: B = S + i S + spread min(S, 0). */
void pc_ledger_grow(pc_ledger *ledger, int outside, int account, const double *interest, double spread,
                    double *interest_sum);

/* Empties `received` and `paid`. */
void pc_ledger_forget(pc_ledger *ledger);

#endif
