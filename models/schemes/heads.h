/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the schemes say of themselves: sections of a scenario. */
#ifndef PC_MODELS_SCHEMES_HEADS_H
#define PC_MODELS_SCHEMES_HEADS_H

#include "../model.h"

extern const pc_head pc_head_employee, pc_head_resident, pc_head_base_uncertainty;

#endif
