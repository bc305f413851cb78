/* SPDX-License-Identifier: GPL-3.0-or-later */
/* City-level pooling: no layer at all, as a control, and the file to copy for a new layer. */
#include "../list.h"
#include "base/i18n.h"
#include "layer.h"

const pc_layer pc_none_layer = {
    .head =
        {
            .slot = "layer",
            .name = "none",
            .title = N_("City-level pooling"),
            .doc = N_("Every region keeps its own fund. The same as an empty list of layers."),
            .equation = N_("B = S + interest + R - E - X"),
            .source = "",
            .params = NULL,
            .n_params = 0,
        },
    .takes_partition = 0,
    .funds = PC_FUNDS_NONE,
};
