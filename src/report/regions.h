/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which regions gain and lose most under each policy. */
#ifndef PC_REPORT_REGIONS_H
#define PC_REPORT_REGIONS_H

#include <stdio.h>

#include "report/view.h"

/* For every policy but the baseline, up to three regions that gain and three that lose most in `year`, by the change of
 * their chance of having run out until then, and by the change of their mean months of reserve. */
void pc_report_regions(const pc_view *view, const char *scheme, int year, FILE *out);

#endif
