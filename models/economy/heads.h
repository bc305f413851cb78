/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the economy say of themselves: sections of a scenario, and the entry of a shock. */
#ifndef PC_MODELS_ECONOMY_HEADS_H
#define PC_MODELS_ECONOMY_HEADS_H

#include "../model.h"

extern const pc_head pc_head_employment, pc_head_wages, pc_head_cost, pc_head_returns, pc_head_claims, pc_head_stress;
/* Of each entry under `shocks:`. */
extern const pc_head pc_head_shock;

#endif
