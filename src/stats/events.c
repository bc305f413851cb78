/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/events.h"

#include <math.h>
#include <string.h>

#include "base/math.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PC_NO_CLONES)
#include <immintrin.h>
#define WIDE 1
#endif

/* All lanes: which are 1, which are 0. */
static void compare_plain(const double *row, uint64_t yes[PC_EVENT_WORDS], uint64_t no[PC_EVENT_WORDS])
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        yes[w] = no[w] = 0;
        for (int l = 0; l < 64; l++) {
            yes[w] |= (uint64_t)(row[64 * w + l] == 1) << l;
            no[w] |= (uint64_t)(row[64 * w + l] == 0) << l;
        }
    }
}

#ifdef WIDE
__attribute__((target("avx512f"))) static void compare_wide(const double *row, uint64_t yes[PC_EVENT_WORDS],
                                                            uint64_t no[PC_EVENT_WORDS])
{
    const __m512d one = _mm512_set1_pd(1), zero = _mm512_setzero_pd();

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t is_one = 0, is_zero = 0;
        for (int k = 0; k < 8; k++) {
            __m512d x = _mm512_loadu_pd(row + 64 * w + 8 * k);
            is_one |= (uint64_t)_mm512_cmp_pd_mask(x, one, _CMP_EQ_OQ) << 8 * k;
            is_zero |= (uint64_t)_mm512_cmp_pd_mask(x, zero, _CMP_EQ_OQ) << 8 * k;
        }
        yes[w] = is_one;
        no[w] = is_zero;
    }
}
#endif

static uint64_t used_lanes(int word, int n)
{
    int left = n - 64 * word;

    return left >= 64 ? UINT64_MAX : left <= 0 ? 0 : UINT64_MAX >> (64 - left);
}

int pc_events_pack(const double *row, int n, pc_events *events)
{
    uint64_t no[PC_EVENT_WORDS];
    int ok = 1;

#ifdef WIDE
    if (__builtin_cpu_supports("avx512f")) {
        compare_wide(row, events->yes, no);
    } else {
        compare_plain(row, events->yes, no);
    }
#else
    compare_plain(row, events->yes, no);
#endif
    if (n == 64 * PC_EVENT_WORDS) {
        uint64_t all = UINT64_MAX;
        for (int w = 0; w < PC_EVENT_WORDS; w++) {
            events->missing[w] = 0;
            all &= events->yes[w] | no[w];
        }
        if (all == UINT64_MAX) {
            return 1;
        }
    }
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t used = used_lanes(w, n);
        events->yes[w] &= used;
        events->missing[w] = used & ~(events->yes[w] | no[w]);
        for (uint64_t left = events->missing[w]; left; left &= left - 1) {
            ok = ok && isnan(row[64 * w + __builtin_ctzll(left)]);
        }
    }
    return ok;
}

PC_KERNEL void pc_events_unpack(const pc_events *events, double *row)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        for (int l = 0; l < 64; l++) {
            double x = (double)(int)(events->yes[w] >> l & 1);
            row[64 * w + l] = events->missing[w] >> l & 1 ? (double)NAN : x;
        }
    }
}

PC_KERNEL pc_event_counts pc_events_count(const pc_events *events, int n)
{
    pc_event_counts counts = {0, 0, 0, 0};

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        counts.plus += __builtin_popcountll(events->yes[w]);
        counts.missing += __builtin_popcountll(events->missing[w]);
    }
    counts.zero = n - counts.plus - counts.missing;
    return counts;
}

PC_KERNEL pc_event_counts pc_events_difference(const pc_events *a, const pc_events *b, int n)
{
    pc_event_counts counts = {0, 0, 0, 0};

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t missing = a->missing[w] | b->missing[w];
        counts.plus += __builtin_popcountll(a->yes[w] & ~b->yes[w] & ~missing);
        counts.minus += __builtin_popcountll(b->yes[w] & ~a->yes[w] & ~missing);
        counts.missing += __builtin_popcountll(missing);
    }
    counts.zero = n - counts.plus - counts.minus - counts.missing;
    return counts;
}
