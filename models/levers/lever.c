/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lever.h"

#include <string.h>

#include "base/math.h"

PC_KERNEL void pc_lever_scale(double *rows, int n_regions, const double *factor, int step)
{
    for (int r = 0; r < n_regions; r++) {
        double *row = rows + (size_t)r * PC_LANES;
        double f = factor[r * step];
        for (int l = 0; l < PC_LANES; l++) {
            row[l] *= f;
        }
    }
}

PC_KERNEL void pc_lever_scale_lanes(double *rows, int n_regions, const double *factor, const unsigned char *skip)
{
    for (int r = 0; r < n_regions; r++) {
        double *row = rows + (size_t)r * PC_LANES;
        for (int l = 0; l < PC_LANES && !(skip && skip[r]); l++) {
            row[l] *= factor[l];
        }
    }
}

const double *pc_lever_age_share(const pc_lever_call *call, const pc_age_group *ages, int part, int region)
{
    const pc_schemes *schemes = call->env->schemes;
    int group = 0;

    while (group + 1 < schemes->n_age_groups &&
           (schemes->age_groups[group].from != ages->from || schemes->age_groups[group].to != ages->to)) {
        group++;
    }
    return call->common->age_share +
           (size_t)((group * pc_age_parts(call->scheme) + part) * call->env->n_regions + region) * PC_LANES;
}

int pc_lever_listed(const char *list, const char *id)
{
    const char *const between = ", \t\n";
    size_t length = strlen(id);

    while (list && *list) {
        size_t n;
        list += strspn(list, between);
        n = strcspn(list, between);
        if (n == length && n > 0 && !strncmp(list, id, n)) {
            return 1;
        }
        list += n;
    }
    return 0;
}

double pc_lever_financing_path(const pc_schemes *schemes, int year)
{
    double path = 0;

    for (int t = 1; t <= year; t++) {
        path += schemes->financing == PC_FINANCING_STEP ? schemes->financing_step[t] : schemes->financing_growth[t];
    }
    return path;
}

void pc_lever_financing(const pc_schemes *schemes, int region, double path, double *fixed, double *linked)
{
    double start = schemes->financing_start[region];

    *linked = schemes->financing == PC_FINANCING_INCOME ? start * pc_exp(path) : 0;
    *fixed = schemes->financing == PC_FINANCING_TABLE  ? start * pc_exp(path)
             : schemes->financing == PC_FINANCING_STEP ? start + path
                                                       : 0;
}

double pc_lever_way(int year, int from, double years)
{
    double way = (year - from + 1) / (years > 1 ? years : 1);

    return way < 0 ? 0 : way > 1 ? 1 : way;
}

double pc_lever_demand(double factor, double elasticity)
{
    if (elasticity == 0) {
        return factor;
    }
    return factor > 0 ? pc_exp((1 + elasticity) * pc_log(factor)) : 0;
}
