/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parameters of a run were drawn once a path. */
#ifndef PC_REPORT_UNCERTAIN_H
#define PC_REPORT_UNCERTAIN_H

#include "report/view.h"

/* Keys of the parameters with a standard error above 0 ("wages.growth, cost.phi"), as many as there is room for; how
 * many there are. 0: `text` is empty, all parameters were taken as known. */
int pc_uncertain_parameters(const pc_view *view, char *text, size_t room);

#endif
