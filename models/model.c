/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model.h"

const char *const pc_scheme_view_names[PC_SCHEME_VIEWS] = {"employee", "resident", "both"};
