/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy's timeline as resolved, in JSON: what the results file carries for people and for independent programs. */
#ifndef PC_PLAN_DESCRIBE_H
#define PC_PLAN_DESCRIBE_H

#include "scenario/scenario.h"

/* {"employee": [{"from": 2026, "layers": [{"adjustment_fund": {"over": "whole", "levy": 0.01, ...}}], "levers": [],
 * "shortfall": [...]}], "resident": [...]}; a series is an array with one number a year from the base year on. NULL when
 * memory runs out; owned by the arena. */
char *pc_describe_policy(const pc_policy_entry *policy, const pc_scenario *scenario, pc_arena *arena);

#endif
