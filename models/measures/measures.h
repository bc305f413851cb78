/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All measures of a policy, run in the order of models/list.h. */
#ifndef PC_MODELS_MEASURES_H
#define PC_MODELS_MEASURES_H

#include "measure.h"

/* All outputs, counted over the measures in list order: 0 .. pc_outputs_count() - 1. */
int pc_outputs_count(void);
const pc_output *pc_output_at(int output); /* NULL outside the range */
int pc_output_find(const char *name);      /* -1 when there is none */
/* Whether an output exists for a scheme view. */
int pc_output_has_view(const pc_output *output, int view);

/* State of one policy in one leaf (64-byte aligned block). */
size_t pc_measures_state_bytes(const pc_areas *areas);
/* Forgets everything and notes the base year, from the view that pc_pooling_start left. Sends nothing: the results
 * begin with year 1. */
void pc_measures_start(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather, pc_sink *sink,
                       void *state);
/* After pc_pooling_year: sends all rows of view->year with a year dimension. same_flows: the view's flows are those of
 * the baseline's policy, whose rows of the year have been sent. */
void pc_measures_year(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather, pc_sink *sink,
                      int same_flows, void *state);
/* After the last year: sends the rows without one. `view` and `weather` are the last year's. */
void pc_measures_finish(const pc_areas *areas, const pc_pooling_view *view, const pc_weather *weather, pc_sink *sink,
                        void *state);

#endif
