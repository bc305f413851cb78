/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations on rows of PC_LANES doubles. `out` must not overlap the other rows unless said. */
#ifndef PC_MODELS_POOLING_ROWS_H
#define PC_MODELS_POOLING_ROWS_H

#include "../model.h"

void pc_row_fill(double *out, double value);
void pc_row_copy(double *out, const double *a);
/* out += a */
void pc_row_add(double *out, const double *a);
/* out += rows[0] + rows[1] + ... + rows[n - 1], one after the other; of these none may be `out` */
void pc_row_add_all(double *out, const double *const *rows, int n);
/* out += base + index[k] * PC_LANES, k < n, in order; index NULL: the first n rows */
void pc_row_add_at(double *out, const double *base, const int *index, int n);
/* out = a + b */
void pc_row_plus(double *out, const double *a, const double *b);
/* out = a - b */
void pc_row_minus(double *out, const double *a, const double *b);
/* out = a * factor */
void pc_row_scale(double *out, const double *a, double factor);
/* out = sum of rows[0..n), in order; zeros when n is 0 */
void pc_row_sum(double *out, const double *const *rows, int n);
/* out = sum of base + index[k] * PC_LANES, k < n, in order */
void pc_row_gather(double *out, const double *base, const int *index, int n);
/* out += part * amount / total, or amount / n where the total is not positive: a share in proportion. */
void pc_row_add_share(double *out, const double *amount, const double *part, const double *total, int n);
/* out = part * amount / total, or amount / n where the total is not positive. */
void pc_row_share(double *out, const double *amount, const double *part, const double *total, int n);

/* out = factor max(0, a fa - b fb) */
void pc_row_positive(double *out, const double *a, double fa, const double *b, double fb, double factor);
/* out = need min(1, have / total), never below 0 nor above what the fund holds (rounding). */
void pc_row_ration(double *out, const double *need, const double *have, const double *total, const double *fund);
/* part = min(need, room) where that is positive, else 0; need -= part. */
void pc_row_take(double *part, double *need, const double *room);

#endif
