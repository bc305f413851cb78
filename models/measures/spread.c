/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spread.h"

#include <stdint.h>

#include "../pooling/rows.h"
#include "base/math.h"

/* Sorting works on a slice of lanes at a time, so that it stays in cache. */
enum { SLICE = 32, SLICES = PC_LANES / SLICE };

/* Memory: the order [slice][n][SLICE] as int32_t, then keys and what goes with them, [n][SLICE] each. */
int pc_spread_rows(int n)
{
    return n > PC_SPREAD_PAIRS ? n : 0; /* n/2 for the order, n/8 for each of the two */
}

static int32_t *order_of(double *memory, int n, int slice)
{
    return (int32_t *)(void *)memory + (size_t)slice * (size_t)n * SLICE;
}

static double *keys_of(double *memory, int n)
{
    return memory + (size_t)n * PC_LANES / 2;
}

static double *values_of(double *memory, int n)
{
    return keys_of(memory, n) + (size_t)n * SLICE;
}

/* sum: the distances of all pairs; ranked: how far the one with the higher wage is above. Regions of one wage share a
 * rank. A slice at a time: what pairs add to stays in registers. */
PC_KERNEL static void add_pairs(int n, const double *restrict x, const double *restrict p, const double *restrict wage,
                                double *restrict sum, double *restrict ranked)
{
    enum { PIECE = 16 };

    for (int start = 0; start < PC_LANES; start += PIECE) {
        double s[PIECE] = {0}, r[PIECE] = {0};
        for (size_t a = (size_t)start; a < (size_t)n * PC_LANES; a += PC_LANES) {
            for (size_t b = a + PC_LANES; b < (size_t)n * PC_LANES; b += PC_LANES) {
#pragma omp simd
                for (int l = 0; l < PIECE; l++) {
                    double d = p[a + (size_t)l] * p[b + (size_t)l] * (x[a + (size_t)l] - x[b + (size_t)l]);
                    double v = wage[a + (size_t)l], w = wage[b + (size_t)l], up = v > w ? d : 0.0;
                    s[l] += __builtin_fabs(d); /* weights are not negative */
                    r[l] += v < w ? -d : up;
                }
            }
        }
        for (int l = 0; l < PIECE; l++) {
            sum[start + l] = s[l];
            ranked[start + l] = r[l];
        }
    }
}

/* Puts keys in ascending order, every lane by itself, and values with them: Batcher's network, whose comparisons are
 * the same for all lanes. */
PC_KERNEL static void sort_slice(int n, double *restrict key, double *restrict value)
{
    for (int p = 1; p < n; p *= 2) {
        for (int k = p; k >= 1; k /= 2) {
            for (int j = k % p; j + k < n; j += 2 * k) {
                for (int i = j; i < j + k && i + k < n; i++) {
                    double *restrict a = key + (size_t)i * SLICE, *restrict b = a + (size_t)k * SLICE;
                    double *restrict u = value + (size_t)i * SLICE, *restrict v = u + (size_t)k * SLICE;
                    if (i / (2 * p) != (i + k) / (2 * p)) {
                        continue;
                    }
                    for (int l = 0; l < SLICE; l++) {
                        double low = a[l], high = b[l], with_low = u[l], with_high = v[l];
                        a[l] = high < low ? high : low;
                        b[l] = high < low ? low : high;
                        u[l] = high < low ? with_high : with_low;
                        v[l] = high < low ? with_low : with_high;
                    }
                }
            }
        }
    }
}

/* An index is stored as its complement where the wage is that of the region before. */
void pc_spread_order(int n, const double *wage, double *memory)
{
    double *key = keys_of(memory, n), *value = values_of(memory, n);

    for (int slice = 0; slice < SLICES; slice++) {
        int32_t *order = order_of(memory, n, slice);
        for (int r = 0; r < n; r++) {
            for (int l = 0; l < SLICE; l++) {
                key[r * SLICE + l] = wage[(size_t)r * PC_LANES + (size_t)(slice * SLICE + l)];
                value[r * SLICE + l] = r;
            }
        }
        sort_slice(n, key, value);
        for (int at = 0; at < n * SLICE; at++) {
            int32_t r = (int32_t)value[at];
            order[at] = at >= SLICE && key[at] == key[at - SLICE] ? ~r : r;
        }
    }
}

/* sum_k (x_(k+1) - x_k) P_k (P - P_k), P_k the weight of the k lowest: nothing cancels. */
PC_KERNEL static void sum_slice(int n, const double *restrict x, const double *restrict p, double *restrict sum)
{
    double total[SLICE], below[SLICE];

    for (int l = 0; l < SLICE; l++) {
        total[l] = below[l] = sum[l] = 0;
    }
    for (int k = 0; k < n; k++) {
        for (int l = 0; l < SLICE; l++) {
            total[l] += p[k * SLICE + l];
        }
    }
    for (int k = 0; k + 1 < n; k++) {
        for (int l = 0; l < SLICE; l++) {
            below[l] += p[k * SLICE + l];
            sum[l] += (x[(k + 1) * SLICE + l] - x[k * SLICE + l]) * (below[l] * (total[l] - below[l]));
        }
    }
}

/* Going up in wages: each region against the weight and the weighted sum of those below. Equal wages wait until the
 * next higher one. */
PC_KERNEL static void rank_slice(int n, const int32_t *restrict order, const double *restrict x,
                                 const double *restrict p, double *restrict ranked)
{
    double weight[SLICE], first[SLICE], equal_weight[SLICE], equal_first[SLICE];

    for (int l = 0; l < SLICE; l++) {
        weight[l] = first[l] = equal_weight[l] = equal_first[l] = ranked[l] = 0;
    }
    for (int k = 0; k < n; k++) {
        for (int l = 0; l < SLICE; l++) {
            const int32_t code = order[k * SLICE + l], r = code < 0 ? ~code : code;
            const double y = x[r * PC_LANES + l], q = p[r * PC_LANES + l];
            weight[l] += code < 0 ? 0.0 : equal_weight[l];
            first[l] += code < 0 ? 0.0 : equal_first[l];
            equal_weight[l] = (code < 0 ? equal_weight[l] : 0.0) + q;
            equal_first[l] = (code < 0 ? equal_first[l] : 0.0) + q * y;
            ranked[l] += q * (y * weight[l] - first[l]);
        }
    }
}

void pc_spread(int n, const double *x, const double *p, const double *wage, double *sum, double *ranked, double *memory)
{
    if (n <= PC_SPREAD_PAIRS) {
        add_pairs(n, x, p, wage, sum, ranked);
        return;
    }
    for (int slice = 0; slice < SLICES; slice++) {
        const size_t lane = (size_t)slice * SLICE;
        double *key = keys_of(memory, n), *value = values_of(memory, n);
        for (int r = 0; r < n; r++) {
            for (int l = 0; l < SLICE; l++) {
                key[r * SLICE + l] = x[(size_t)r * PC_LANES + lane + (size_t)l];
                value[r * SLICE + l] = p[(size_t)r * PC_LANES + lane + (size_t)l];
            }
        }
        sort_slice(n, key, value);
        sum_slice(n, key, value, sum + lane);
        rank_slice(n, order_of(memory, n, slice), x + lane, p + lane, ranked + lane);
    }
}
