/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loop of the histograms: bins of a row of values. */
#include <math.h>

#include "base/math.h"
#include "stats/hist_map.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PC_NO_CLONES)
#include <immintrin.h>
#define WIDE 1
#endif

PC_KERNEL uint32_t pc_hist_bins_plain(const pc_hist_map *map, const double *row, int n, uint16_t *bin,
                                      double extreme[2])
{
    /* Two chains of extremes, so that one comparison needn't wait for the one before. */
    double low0 = INFINITY, low1 = INFINITY, high0 = -INFINITY, high1 = -INFINITY;
    const double *knot = map->knot;
    uint32_t missing = 0;

    for (int i = 0; i < n; i += 2) {
        double x = row[i], y = row[i + 1];
        low0 = x < low0 ? x : low0;
        low1 = y < low1 ? y : low1;
        high0 = x > high0 ? x : high0;
        high1 = y > high1 ? y : high1;
        missing += (uint32_t)(x != x) + (uint32_t)(y != y);
    }
    for (int i = 0; i < n; i++) {
        /* Binary search without branches; unused knots are NaN and compare false. */
        double x = row[i];
        unsigned k = (unsigned)(x >= knot[16]) << 4;
        k += (unsigned)(x >= knot[k + 8]) << 3;
        k += (unsigned)(x >= knot[k + 4]) << 2;
        k += (unsigned)(x >= knot[k + 2]) << 1;
        k += (unsigned)(x >= knot[k + 1]);
        bin[i] = (uint16_t)pc_hist_bin_in(map, k, x);
    }
    low0 = low1 < low0 ? low1 : low0;
    high0 = high1 > high0 ? high1 : high0;
    extreme[0] = low0 + 0.0; /* -0 becomes 0: the sign must not depend on the order */
    extreme[1] = high0 + 0.0;
    return missing;
}

#ifdef WIDE
#define V4 __attribute__((target("avx512f,avx512dq,avx512vl")))

/* Nearly all values fall into the 16 pieces from this one on: two of each tail and what lies between. */
enum { USUAL = 4, PAST_USUAL = USUAL + 16 };

/* Pieces of a map in registers: `n` of eight each. */
typedef struct wide_map {
    __m512d knot[4], slope[4], range[4];
} wide_map;

V4 static inline void load(wide_map *wide, const pc_hist_map *map, int first, int n)
{
    for (int q = 0; q < n; q++) {
        wide->knot[q] = _mm512_loadu_pd(map->knot + first + 8 * q);
        wide->slope[q] = _mm512_loadu_pd(map->slope + first + 8 * q);
        wide->range[q] = _mm512_castsi512_pd(_mm512_loadu_si512(map->range + first + 8 * q));
    }
}

/* table[piece]; where no lane is in the upper half, of 16 entries. */
V4 static inline __attribute__((always_inline)) __m512d pick(const __m512d table[4], __m512i piece, __mmask8 upper)
{
    const __m512d low = _mm512_permutex2var_pd(table[0], piece, table[1]);

    return upper ? _mm512_mask_blend_pd(upper, low, _mm512_permutex2var_pd(table[2], piece, table[3])) : low;
}

/* Bins of eight values, `upper` of which are in the pieces from 16 on. */
V4 static inline __attribute__((always_inline)) __m512i eight_bins(const wide_map *map, __m512d x, __mmask8 upper)
{
    const __m512i first_mask = _mm512_set1_epi64(0xffffffff);
    __m512i piece = _mm512_maskz_set1_epi64(upper, 16), range;
    __m512d t;

    /* Binary search: bits of the piece from the highest to the lowest. Unused knots are NaN and compare false. */
    for (int bit = 8; bit > 0; bit /= 2) {
        const __m512i next = _mm512_add_epi64(piece, _mm512_set1_epi64(bit));
        piece = _mm512_mask_mov_epi64(piece, _mm512_cmp_pd_mask(x, pick(map->knot, next, upper), _CMP_GE_OQ), next);
    }
    t = _mm512_mul_pd(_mm512_sub_pd(x, pick(map->knot, piece, upper)), pick(map->slope, piece, upper));
    t = _mm512_max_pd(t, _mm512_setzero_pd()); /* NaN gives the second operand */
    range = _mm512_castpd_si512(pick(map->range, piece, upper));
    return _mm512_min_epi64(_mm512_add_epi64(_mm512_and_epi64(range, first_mask), _mm512_cvttpd_epi64(t)),
                            _mm512_srli_epi64(range, 32));
}

V4 static uint32_t bins_wide(const pc_hist_map *map, const double *row, int n, uint16_t *bin, double extreme[2])
{
    const __m512d from = _mm512_set1_pd(map->knot[USUAL]), past = _mm512_set1_pd(map->knot[PAST_USUAL]);
    __m512d low = _mm512_set1_pd(INFINITY), high = _mm512_set1_pd(-INFINITY);
    uint32_t missing = 0;
    wide_map usual, all;

    load(&usual, map, USUAL, 2);
    load(&all, map, 0, 4);
    for (int i = 0; i < n; i += 8) {
        const __m512d x = _mm512_loadu_pd(row + i);
        const int inside = _mm512_cmp_pd_mask(x, from, _CMP_GE_OQ) == 0xff && !_mm512_cmp_pd_mask(x, past, _CMP_GE_OQ);
        const __m512i at = inside
                               ? eight_bins(&usual, x, 0)
                               : eight_bins(&all, x, _mm512_cmp_pd_mask(x, _mm512_set1_pd(map->knot[16]), _CMP_GE_OQ));
        _mm_storeu_si128((__m128i *)(void *)(bin + i), _mm512_cvtepi64_epi16(at));
        low = _mm512_min_pd(x, low); /* NaN keeps the second operand */
        high = _mm512_max_pd(x, high);
        missing += (uint32_t)__builtin_popcount(_mm512_cmp_pd_mask(x, x, _CMP_UNORD_Q));
    }
    extreme[0] = _mm512_reduce_min_pd(low) + 0.0;
    extreme[1] = _mm512_reduce_max_pd(high) + 0.0;
    return missing;
}
#endif

uint32_t pc_hist_bins(const pc_hist_map *map, const double *row, int n, uint16_t *bin, double extreme[2])
{
#ifdef WIDE
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return bins_wide(map, row, n, bin, extreme);
    }
#endif
    return pc_hist_bins_plain(map, row, n, bin, extreme);
}
