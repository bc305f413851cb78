/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every cell's edges begin with a sort of its pilot, which is most of what they cost. Here no step depends on a value:
 * 32 rows of eight columns, the columns sorted side by side, then merged by twos, fours and eights. */
#include "stats/hist_map.h"

#include <math.h>

#include "base/math.h"

enum { COLUMNS = 8, ROWS = PC_HIST_PILOT / COLUMNS };

typedef double lanes __attribute__((vector_size(64)));

typedef union row {
    lanes all;
    double at[COLUMNS];
} row;

#define INLINE static inline __attribute__((always_inline))

/* The lesser of each column to *low, the greater to *high. */
INLINE void order(row *low, row *high)
{
    const row a = *low, b = *high;

    /* asked for in so many words: left to itself GCC makes eight branches of it */
#pragma omp simd
    for (int c = 0; c < COLUMNS; c++) {
        double x = a.at[c], y = b.at[c];
        low->at[c] = x < y ? x : y;
        high->at[c] = x < y ? y : x;
    }
}

/* Columns that lie `apart` (1, 2, 4) from each other change places, or with 3 and 7 whole groups are turned round. */
INLINE void swap(row *x, int apart)
{
    const lanes y = x->all;

    switch (apart) {
    case 1:
        x->all = __builtin_shufflevector(y, y, 1, 0, 3, 2, 5, 4, 7, 6);
        break;
    case 2:
        x->all = __builtin_shufflevector(y, y, 2, 3, 0, 1, 6, 7, 4, 5);
        break;
    case 3:
        x->all = __builtin_shufflevector(y, y, 3, 2, 1, 0, 7, 6, 5, 4);
        break;
    default:
        x->all = __builtin_shufflevector(y, y, 7, 6, 5, 4, 3, 2, 1, 0);
        break;
    }
}

/* low in the columns of the lower half of each group of 2 * half, high in the others. */
INLINE void join(row *to, const row *low, const row *high, int half)
{
    switch (half) {
    case 1:
        to->all = __builtin_shufflevector(low->all, high->all, 0, 9, 2, 11, 4, 13, 6, 15);
        break;
    case 2:
        to->all = __builtin_shufflevector(low->all, high->all, 0, 1, 10, 11, 4, 5, 14, 15);
        break;
    default:
        to->all = __builtin_shufflevector(low->all, high->all, 0, 1, 2, 3, 12, 13, 14, 15);
        break;
    }
}

/* Batcher's network in every column. */
INLINE void sort_columns(row *x)
{
    for (unsigned p = 1; p < ROWS; p *= 2) {
        for (unsigned k = p; k >= 1; k /= 2) {
            for (unsigned j = k % p; j + k < ROWS; j += 2 * k) {
                for (unsigned i = j; i < j + k && i + k < ROWS; i++) {
                    if (!((i ^ (i + k)) & ~(2 * p - 1))) { /* of one block of 2 p rows */
                        order(&x[i], &x[i + k]);
                    }
                }
            }
        }
    }
}

/* Columns, `half` of which make a sorted run, one after the other, become sorted runs of 2 * half: a bitonic merge. The
 * first step sets each value against the one that mirrors it in the group's other half, the next ones columns against
 * columns, the last ones rows against rows. */
INLINE void merge_columns(row *x, int half)
{
    for (int i = 0; i < ROWS / 2; i++) {
        row low = x[i], high = x[ROWS - 1 - i];
        swap(&high, 2 * half - 1);
        order(&low, &high);
        join(&x[i], &low, &high, half);
        join(&x[ROWS - 1 - i], &high, &low, half);
        swap(&x[ROWS - 1 - i], 2 * half - 1);
    }
    for (int k = half / 2; k >= 1; k /= 2) {
        for (int i = 0; i < ROWS; i++) {
            row low = x[i], high = x[i];
            swap(&high, k);
            order(&low, &high);
            join(&x[i], &low, &high, k);
        }
    }
    for (int k = ROWS / 2; k >= 1; k /= 2) {
        for (int j = 0; j < ROWS; j += 2 * k) {
            for (int i = j; i < j + k; i++) {
                order(&x[i], &x[i + k]);
            }
        }
    }
}

PC_KERNEL static void sort_grid(row *x)
{
    sort_columns(x);
    merge_columns(x, 1);
    merge_columns(x, 2);
    merge_columns(x, 4);
}

void pc_hist_sort(double *x, int n)
{
    row grid[ROWS];

    for (int i = 0; i < PC_HIST_PILOT; i++) {
        grid[i / COLUMNS].at[i % COLUMNS] = i < n ? x[i] : INFINITY;
    }
    sort_grid(grid);
    for (int i = 0; i < n; i++) {
        x[i] = grid[i % ROWS].at[i / ROWS];
    }
}
