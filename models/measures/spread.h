/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Differences between all pairs of regions, weighted, lane by lane. */
#ifndef PC_MODELS_SPREAD_H
#define PC_MODELS_SPREAD_H

#include "../model.h"

/* Up to here pair by pair, beyond by sorting, in n log^2 n: the same but for rounding. */
enum { PC_SPREAD_PAIRS = 48 };

/* Rows of PC_LANES that the functions below need beside their arguments; 0 where pairs are taken. */
int pc_spread_rows(int n);
/* Notes the order of wage [n][PC_LANES] in `memory`; before pc_spread, whenever wages have changed. n >
 * PC_SPREAD_PAIRS. */
void pc_spread_order(int n, const double *wage, double *memory);
/* sum = sum_{i<j} p_i p_j |x_i - x_j| and ranked = sum_{i<j} p_i p_j (x_i - x_j) sign(wage_i - wage_j): one row each,
 * from x, p (weights, >= 0), wage [n][PC_LANES] without NaN. Check: x 4 and 8, p 1 and 1: 4; 4 or -4. */
void pc_spread(int n, const double *x, const double *p, const double *wage, double *sum, double *ranked,
               double *memory);

#endif
