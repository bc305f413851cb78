/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key a scenario may have: one table of the top-level keys here, and the parameter tables of the heads for model
 * sections, shocks, layers, levers and shortfall rules. Reader, reference, defaults and tests all loop over it. */
#ifndef PC_SCENARIO_SCHEMA_H
#define PC_SCENARIO_SCHEMA_H

#include <stdio.h>

#include "model.h"

/* The top-level keys that hold one value each, as a head without a name (keys dotted: "whole.id"). */
extern const pc_head pc_schema_top;

/* The numeric columns of regions.csv, as a head named "regions.csv". */
extern const pc_head pc_schema_region;
/* Whether a region column must be there, with a number in each row; an optional one stands for its default. */
int pc_schema_region_required(int column);

/* Top-level keys of their own shape. */
typedef struct pc_schema_part {
    const char *key, *shape, *standard, *doc;
} pc_schema_part;
const pc_schema_part *pc_schema_parts(int *n);

/* Heads by place: "section" (model sections), "shock", "layer", "lever", "shortfall". */
typedef enum pc_schema_place {
    PC_PLACE_TOP,
    PC_PLACE_REGION, /* columns of regions.csv that hold numbers, in the order of pc_region_column */
    PC_PLACE_SECTION,
    PC_PLACE_SHOCK,
    PC_PLACE_LAYER,
    PC_PLACE_LEVER,
    PC_PLACE_SHORTFALL,
    PC_SCHEMA_PLACES
} pc_schema_place;
int pc_schema_n_heads(pc_schema_place place);
const pc_head *pc_schema_head(pc_schema_place place, int index);
/* Whether entries of a head take `over: PARTITION`. */
int pc_schema_takes_over(pc_schema_place place, const pc_head *head);

/* Calls `visit` for every parameter of every head. */
void pc_schema_each(void (*visit)(void *context, pc_schema_place place, const pc_head *head, const pc_param *param),
                    void *context);

/* The whole reference, for `poolcast help keys`. */
void pc_schema_print_reference(FILE *out);
/* A scenario file in which every key is written with its default; read back it means the same as leaving them out. */
void pc_schema_write_defaults(FILE *out);
/* All keys of the model sections as comments, with default, unit, range and meaning: the end of a starter scenario. */
void pc_schema_write_comments(FILE *out);

#endif
