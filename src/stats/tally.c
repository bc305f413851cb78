/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/tally.h"

static int is_whole(const pc_moments *moments, int32_t moment)
{
    double c = moment >= 0 ? pc_moments_centre(moments, (size_t)moment) : 0;

    return c == 0 || c == 1 || c == -1;
}

pc_tally pc_tally_for(const pc_moments *moments, int32_t moment, int32_t difference)
{
    return (pc_tally){.closed = !is_whole(moments, moment) || !is_whole(moments, difference)};
}

void pc_tally_add(pc_tally *tally, const pc_events *events, const pc_events *baseline, const pc_bits *used, int n)
{
    pc_event_counts counts = pc_events_count(events, used, n);

    tally->zero += (uint32_t)counts.zero;
    tally->plus += (uint32_t)counts.plus;
    tally->missing += (uint32_t)counts.missing;
    if (baseline) {
        counts = pc_events_difference(events, baseline, used, n);
        tally->less += (uint32_t)counts.minus;
        tally->equal += (uint32_t)counts.zero;
        tally->more += (uint32_t)counts.plus;
        tally->unknown += (uint32_t)counts.missing;
    }
}

void pc_tally_move(pc_tally *tally, pc_moments *moments, int32_t moment, int32_t difference)
{
    if (moment >= 0 && (tally->zero || tally->plus || tally->missing)) {
        pc_moments_events(moments, (size_t)moment, 0, tally->zero, tally->plus, tally->missing);
    }
    if (difference >= 0 && (tally->less || tally->equal || tally->more || tally->unknown)) {
        pc_moments_events(moments, (size_t)difference, tally->less, tally->equal, tally->more, tally->unknown);
    }
    *tally = (pc_tally){.closed = tally->closed};
}
