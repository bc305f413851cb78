/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the people models say of themselves; each head is defined in the file of its model. */
#ifndef PC_MODELS_PEOPLE_HEADS_H
#define PC_MODELS_PEOPLE_HEADS_H

#include "../model.h"

extern const pc_head pc_head_mortality;
extern const pc_head pc_head_fertility;
extern const pc_head pc_head_migration;
extern const pc_head pc_head_membership;

#endif
