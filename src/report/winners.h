/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gains and who loses under each policy, region by region, and when pooling stops helping. */
#ifndef PC_REPORT_WINNERS_H
#define PC_REPORT_WINNERS_H

#include "report/listing.h"
#include "report/view.h"

typedef struct pc_winners_options {
    const char *policy; /* NULL: all but the baseline */
    const char *scheme; /* employee, resident, both; NULL: employee and resident */
    int year;           /* 0: 2040, or the year of the run nearest to it */
    pc_listing_format format;
} pc_winners_options;

typedef struct pc_turn {
    int helps_from; /* first year in which fewer members' funds have run out than under the baseline; 0: never */
    int stops;      /* first year after it in which more have; 0: not within the horizon */
} pc_turn;

/* From the paired difference of member_weighted_depletion_by; a year counts where the difference is beyond two standard
 * errors. */
pc_turn pc_winners_turn(const pc_view *view, const char *policy, const char *scheme);

/* For every policy and scheme the regions from the biggest gain to the biggest loss: change of the chance of having run
 * out by the year and of the months of reserve, both against the baseline on the same paths; what a member has received
 * less paid until then, and the chance that the fund has run dry because of what it gave, both under the policy itself.
 * Ordered by the change of the chance, then by the months. CSV has the columns
 * policy,scheme,region,year,measure,statistic,value with the statistics value and se; the last rows of a policy are the
 * years helps_from and stops_helping, empty where there is none. JSON has the same under "rows". PC_ERR_INPUT for
 * unknown names, a file without paths, and one without a second policy. */
pc_code pc_report_winners(const pc_results *results, const pc_winners_options *options, FILE *out, pc_status *status);

#endif
