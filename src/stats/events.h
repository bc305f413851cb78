/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A leaf's row of events as bits. */
#ifndef PC_STATS_EVENTS_H
#define PC_STATS_EVENTS_H

#include <stdint.h>

enum { PC_EVENT_LANES = 256, PC_EVENT_WORDS = PC_EVENT_LANES / 64 };

/* Lane l is bit l % 64 of word l / 64. No bit is set in both, and none beyond the row's last lane. */
typedef struct pc_events {
    uint64_t yes[PC_EVENT_WORDS], missing[PC_EVENT_WORDS];
} pc_events;

/* Packs the first n of PC_EVENT_LANES readable values. Returns 1, or 0 when one is neither 0 nor 1 nor NaN; the events
 * then mean nothing. */
int pc_events_pack(const double *row, int n, pc_events *events);
/* All PC_EVENT_LANES values again: 0, 1 or NaN; 0 beyond the packed ones. */
void pc_events_unpack(const pc_events *events, double *row);

typedef struct pc_event_counts {
    int minus, zero, plus, missing;
} pc_event_counts;

/* Numbers among n lanes. */
pc_event_counts pc_events_count(const pc_events *events, int n);
/* Of a - b, lane by lane; missing where either is. */
pc_event_counts pc_events_difference(const pc_events *a, const pc_events *b, int n);

#endif
