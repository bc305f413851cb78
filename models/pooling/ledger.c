/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"

#include <string.h>

#include "base/math.h"
#include "rows.h"

PC_KERNEL static void move(double *restrict from, double *restrict to, const double *restrict amount)
{
    for (int l = 0; l < PC_LANES; l++) {
        from[l] -= amount[l];
        to[l] += amount[l];
    }
}

void pc_post(pc_ledger *ledger, int from, int to, const double *amount)
{
    if (from == to) {
        return;
    }
    move(pc_ledger_balance(ledger, from), pc_ledger_balance(ledger, to), amount);
    if (ledger->track && ledger->inside[from] && ledger->inside[to]) {
        pc_row_add(ledger->paid + (size_t)from * PC_LANES, amount);
        pc_row_add(ledger->received + (size_t)to * PC_LANES, amount);
    }
    if (ledger->track && ledger->in) {
        if (ledger->in[to]) {
            pc_row_add(ledger->in[to] + (size_t)ledger->home[from] * PC_LANES, amount);
        }
        if (ledger->out[from]) {
            pc_row_add(ledger->out[from] + (size_t)ledger->home[to] * PC_LANES, amount);
        }
    }
}

PC_KERNEL static void book(double *restrict outside, double *restrict balance, const double *restrict revenue,
                           const double *restrict expenditure, const double *restrict other,
                           const double *restrict interest, double spread, double *restrict interest_sum)
{
    for (int l = 0; l < PC_LANES; l++) {
        double s = balance[l];
        double k = s + 0.5 * (revenue[l] - expenditure[l] - other[l]);
        double earned = interest[l] * k + spread * (k < 0 ? k : 0.0);
        double b = s + earned + revenue[l] - expenditure[l] - other[l];
        balance[l] = b;
        outside[l] -= b - s;
        interest_sum[l] += earned;
    }
}

void pc_ledger_book(pc_ledger *ledger, int outside, int account, const double *revenue, const double *expenditure,
                    const double *other, const double *interest, double spread, double *interest_sum)
{
    book(pc_ledger_balance(ledger, outside), pc_ledger_balance(ledger, account), revenue, expenditure, other, interest,
         spread, interest_sum);
}

PC_KERNEL static void grow(double *restrict outside, double *restrict balance, const double *restrict interest,
                           double spread, double *restrict interest_sum)
{
    for (int l = 0; l < PC_LANES; l++) {
        double s = balance[l];
        double earned = interest[l] * s + spread * (s < 0 ? s : 0.0);
        balance[l] = s + earned;
        outside[l] -= earned;
        interest_sum[l] += earned;
    }
}

void pc_ledger_grow(pc_ledger *ledger, int outside, int account, const double *interest, double spread,
                    double *interest_sum)
{
    grow(pc_ledger_balance(ledger, outside), pc_ledger_balance(ledger, account), interest, spread, interest_sum);
}

void pc_ledger_forget(pc_ledger *ledger)
{
    size_t bytes = (size_t)ledger->n_accounts * PC_LANES * sizeof(double);

    memset(ledger->received, 0, bytes);
    memset(ledger->paid, 0, bytes);
}
