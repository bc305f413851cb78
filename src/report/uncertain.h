/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parameters of a run were drawn once a path. */
#ifndef PC_REPORT_UNCERTAIN_H
#define PC_REPORT_UNCERTAIN_H

#include "report/view.h"

/* How many parameters had a standard error above 0, and in `text` what they are about, in the reader's language
 * ("wages, cost per head"); cut where `room` bytes end. 0: `text` is empty, all parameters were taken as known. */
int pc_uncertain_parameters(const pc_view *view, char *text, size_t room);

#endif
