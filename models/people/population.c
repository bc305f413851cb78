/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/population.h"

#include <math.h>

static int group_of(int age)
{
    return age < 15 ? 0 : age < 60 ? 1 : 2;
}

pc_code pc_population_region(const char *region, const double *national, double total, const double *share, double *out,
                             pc_status *status)
{
    double people[PC_BROAD_GROUPS] = {0}, whole = 0;

    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        people[group_of(i % PC_AGES)] += national[i];
    }
    for (int g = 0; g < PC_BROAD_GROUPS; g++) {
        whole += share[g];
        if (!(share[g] >= 0 && share[g] <= 1) || (share[g] > 0 && !(people[g] > 0))) {
            return pc_fail(status, PC_ERR_INPUT, "region %s: share of broad age group %d = %g: must be from 0 to 1",
                           region, g + 1, share[g]);
        }
    }
    if (!(fabs(whole - 1) <= 0.01)) {
        return pc_fail(status, PC_ERR_INPUT, "region %s: shares of the broad age groups sum to %g: must be 1", region,
                       whole);
    }
    if (!(total >= 0 && isfinite(total))) {
        return pc_fail(status, PC_ERR_INPUT, "region %s: population = %g: must be 0 or more", region, total);
    }
    for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
        const int g = group_of(i % PC_AGES);
        out[i] = share[g] > 0 ? national[i] * (total * (share[g] / whole) / people[g]) : 0;
    }
    return PC_OK;
}
