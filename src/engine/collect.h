/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the measures' rows go: moments, histograms, whole samples and kept paths, for every subject (the weather and
 * each policy) and for every policy minus the baseline. */
#ifndef PC_ENGINE_COLLECT_H
#define PC_ENGINE_COLLECT_H

#include <stdint.h>

#include "engine/gathered.h"
#include "engine/unfit.h"

typedef enum pc_phase_kind { PC_PHASE_COUNT, PC_PHASE_REFINE } pc_phase_kind;

/* One thread's collector: an array of sinks, one a subject. */
typedef struct pc_collector pc_collector;
/* buffer_bytes: pc_hist_buffer_bytes, or 0. */
pc_collector *pc_collector_new(pc_gathered *gathered, pc_moments *moments, size_t buffer_bytes);
void pc_collector_free(pc_collector *collector);
void pc_collector_leaf(pc_collector *collector, uint64_t path0, int n_lanes, pc_phase_kind phase);
/* The first unfit value of its leaves; found: 0 where there is none. A run with one cannot be finished. */
const pc_unfit *pc_collector_unfit(const pc_collector *collector);
/* Adds what was counted beside the moments to them: before anybody reads or clears the moments. */
void pc_collector_settle(pc_collector *collector);
/* Counts what is in the collector's own buffer: before anybody reads or clears the histograms, by all threads at a
 * time. */
void pc_collector_drain(pc_collector *collector);
pc_sink *pc_collector_sink(pc_collector *collector, int subject);

#endif
