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

const char *pc_lever_ages_check(const pc_value *ages)
{
    return ages[0].number > ages[1].number ? "from_age is above to_age" : NULL;
}

int pc_lever_ages(const pc_value *ages, pc_age_group *out)
{
    *out = (pc_age_group){(int)ages[0].number, (int)ages[1].number};
    return out->from > 0 || out->to < PC_AGES - 1 || ages[2].number != PC_OF_ALL;
}

pc_code pc_lever_ages_prepare(int scheme, const pc_value *ages, const char *lever, pc_status *status)
{
    if (scheme == PC_RESIDENT && ages[2].number != PC_OF_ALL) {
        return pc_fail(status, PC_ERR_INPUT,
                       "lever %s: found contributors or retirees for the resident scheme, allowed `of: all`", lever);
    }
    return PC_OK;
}

/* Row of an age group and part, PC_PART_CONTRIBUTORS, PC_PART_RETIREES or, of residents, 0. */
static const double *age_share(const pc_lever_call *call, const pc_age_group *ages, int part, int region)
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

void pc_lever_cost_part(const pc_lever_call *call, const pc_value *ages, int region, double *out)
{
    const int of = (int)ages[2].number;
    pc_age_group group;
    const int some = pc_lever_ages(ages, &group);

    for (int l = 0; l < PC_LANES; l++) {
        out[l] = !some;
    }
    for (int part = 0; some && part < pc_age_parts(call->scheme); part++) {
        const double *share = age_share(call, &group, part, region);
        for (int l = 0; l < PC_LANES; l++) {
            out[l] += of == PC_OF_ALL || of - PC_OF_CONTRIBUTORS == part ? share[l] : 0;
        }
    }
}

void pc_lever_enrol(const pc_lever_call *call, int region, const double *factor, double cost)
{
    const size_t at = (size_t)region * PC_LANES;
    double *rows[] = {call->flows->members, call->flows->contributors, call->flows->payroll, call->flows->base,
                      call->flows->revenue};
    double use[PC_LANES];

    for (int l = 0; l < PC_LANES; l++) {
        use[l] = 1 + (factor[l] - 1) * cost;
        use[l] = use[l] > 0 ? use[l] : 0;
    }
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        pc_lever_scale_lanes(rows[k] + at, 1, factor, NULL);
    }
    pc_lever_scale_lanes(call->flows->expenditure + at, 1, use, NULL);
}

int pc_lever_in(const pc_lever_call *call, const pc_value *list, int region)
{
    return !list->text || !*list->text ||
           (call->env->region_ids && pc_lever_listed(list->text, call->env->region_ids[region]));
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
