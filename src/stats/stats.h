/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics over paths that give the same bits for any threads, blocks or order of leaves: everything merged is an
 * integer (or a minimum or maximum). A cell is one number per path (a balance of one policy, scheme, area and year); it
 * arrives one leaf (a row of up to PC_LANES paths) at a time. NaN is missing and is counted, never summed. */
#ifndef PC_STATS_STATS_H
#define PC_STATS_STATS_H

#include "base/events.h"
#include "stats/hist.h"
#include "stats/moments.h"
#include "stats/tail.h"
#include "stats/tails.h"
#include "stats/tally.h"

#endif
