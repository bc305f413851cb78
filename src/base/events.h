/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A leaf's row of events as bits: a sixty-fourth of a row of numbers to write, keep and count. */
#ifndef PC_BASE_EVENTS_H
#define PC_BASE_EVENTS_H

#include <stdint.h>

enum { PC_EVENT_LANES = 256, PC_EVENT_WORDS = PC_EVENT_LANES / 64 };

/* Lane l is bit l % 64 of word l / 64: whether it has the property. */
typedef struct pc_bits {
    uint64_t word[PC_EVENT_WORDS];
} pc_bits;

/* No lane is in both. */
typedef struct pc_events {
    pc_bits yes, missing;
} pc_events;

/* Comparisons of rows, lane by lane; false where a value is NaN. All PC_EVENT_LANES are read. */
/* factor_a a < factor_b b */
void pc_bits_less(pc_bits *out, double factor_a, const double *a, double factor_b, const double *b);
/* a < bound, a > bound */
void pc_bits_below(pc_bits *out, const double *a, double bound);
void pc_bits_above(pc_bits *out, const double *a, double bound);
/* a - b >= 0 */
void pc_bits_covers(pc_bits *out, const double *a, const double *b);

static inline pc_bits pc_bits_or(pc_bits a, pc_bits b)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        a.word[w] |= b.word[w];
    }
    return a;
}

static inline pc_bits pc_bits_and(pc_bits a, pc_bits b)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        a.word[w] &= b.word[w];
    }
    return a;
}

/* a without b. */
static inline pc_bits pc_bits_without(pc_bits a, pc_bits b)
{
    for (int w = 0; w < PC_EVENT_WORDS; w++) {
        a.word[w] &= ~b.word[w];
    }
    return a;
}

static inline pc_bits pc_bits_all(void)
{
    return (pc_bits){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
}

/* The first n lanes, 0 <= n <= PC_EVENT_LANES. */
pc_bits pc_bits_first(int n);

/* sum += x in the lanes of `chosen`. */
void pc_bits_add(double *sum, const double *x, const pc_bits *chosen);

/* The row of PC_EVENT_LANES numbers: 0, 1 or NaN. */
void pc_events_unpack(const pc_events *events, double *row);

typedef struct pc_event_counts {
    int minus, zero, plus, missing;
} pc_event_counts;

/* Numbers among the n lanes of `used`. */
pc_event_counts pc_events_count(const pc_events *events, const pc_bits *used, int n);
/* Of a - b, lane by lane; missing where either is. */
pc_event_counts pc_events_difference(const pc_events *a, const pc_events *b, const pc_bits *used, int n);

#endif
