/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/events.h"

#include <math.h>

#include "base/math.h"

#define BITS1(k)  UINT64_C(1) << (k)
#define BITS4(k)  BITS1(k), BITS1((k) + 1), BITS1((k) + 2), BITS1((k) + 3)
#define BITS16(k) BITS4(k), BITS4((k) + 4), BITS4((k) + 8), BITS4((k) + 12)

/* Read in step with the lanes, for compilers to make vectors of the loops. */
static const uint64_t bit[64] __attribute__((aligned(64))) = {BITS16(0), BITS16(16), BITS16(32), BITS16(48)};

PC_KERNEL void pc_bits_less(pc_bits *restrict out, double factor_a, const double *restrict a, double factor_b,
                            const double *restrict b)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t bits = 0;
        for (int l = 0; l < 64; l++) {
            bits |= factor_a * a[64 * w + l] < factor_b * b[64 * w + l] ? bit[l] : 0;
        }
        out->word[w] = bits;
    }
}

PC_KERNEL void pc_bits_below(pc_bits *restrict out, const double *restrict a, double bound)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t bits = 0;
        for (int l = 0; l < 64; l++) {
            bits |= a[64 * w + l] < bound ? bit[l] : 0;
        }
        out->word[w] = bits;
    }
}

PC_KERNEL void pc_bits_above(pc_bits *restrict out, const double *restrict a, double bound)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t bits = 0;
        for (int l = 0; l < 64; l++) {
            bits |= a[64 * w + l] > bound ? bit[l] : 0;
        }
        out->word[w] = bits;
    }
}

PC_KERNEL void pc_bits_covers(pc_bits *restrict out, const double *restrict a, const double *restrict b)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t bits = 0;
        for (int l = 0; l < 64; l++) {
            bits |= a[64 * w + l] - b[64 * w + l] >= 0 ? bit[l] : 0;
        }
        out->word[w] = bits;
    }
}

pc_bits pc_bits_first(int n)
{
    pc_bits bits;

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        int left = n - 64 * w;
        bits.word[w] = left >= 64 ? UINT64_MAX : left <= 0 ? 0 : UINT64_MAX >> (64 - left);
    }
    return bits;
}

PC_KERNEL void pc_bits_add(double *restrict sum, const double *restrict x, const pc_bits *chosen)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        const uint64_t word = chosen->word[w];
        if (word == 0) { /* so it is where events are rare */
            continue;
        }
        for (int l = 0; l < 64; l++) {
            double all = x[64 * w + l], more = word & bit[l] ? all : 0.0;
            sum[64 * w + l] += more;
        }
    }
}

PC_KERNEL void pc_events_unpack(const pc_events *events, double *row)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t yes = events->yes.word[w], missing = events->missing.word[w];
        for (int l = 0; l < 64; l++) {
            double x = yes & bit[l] ? 1.0 : 0.0;
            row[64 * w + l] = missing & bit[l] ? (double)NAN : x;
        }
    }
}

PC_KERNEL pc_event_counts pc_events_count(const pc_events *events, const pc_bits *used, int n)
{
    pc_event_counts counts = {0, 0, 0, 0};

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        counts.plus += __builtin_popcountll(events->yes.word[w] & used->word[w]);
        counts.missing += __builtin_popcountll(events->missing.word[w] & used->word[w]);
    }
    counts.zero = n - counts.plus - counts.missing;
    return counts;
}

PC_KERNEL pc_event_counts pc_events_difference(const pc_events *a, const pc_events *b, const pc_bits *used, int n)
{
    pc_event_counts counts = {0, 0, 0, 0};

    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        uint64_t missing = a->missing.word[w] | b->missing.word[w], known = used->word[w] & ~missing;
        counts.plus += __builtin_popcountll(a->yes.word[w] & ~b->yes.word[w] & known);
        counts.minus += __builtin_popcountll(b->yes.word[w] & ~a->yes.word[w] & known);
        counts.missing += __builtin_popcountll(missing & used->word[w]);
    }
    counts.zero = n - counts.plus - counts.minus - counts.missing;
    return counts;
}
