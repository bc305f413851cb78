/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/unfit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "stats/moments.h"

pc_unfit pc_unfit_of(const double *lanes, int n_lanes, uint64_t path0, int subject, int output, int view, int area,
                     int year, int is_difference)
{
    int worst = 0;

    for (int l = 1; l < n_lanes && isfinite(lanes[worst]); l++) {
        if (!(fabs(lanes[l]) <= fabs(lanes[worst]))) {
            worst = l;
        }
    }
    return (pc_unfit){.found = 1,
                      .subject = subject,
                      .output = output,
                      .view = view,
                      .area = area,
                      .year = year,
                      .is_difference = is_difference,
                      .path = path0 + (uint64_t)worst,
                      .value = lanes[worst]};
}

/* As the results file names it: "policy/city/employee/balance, 330100, 2041". */
static void name_place(const pc_unfit *unfit, const pc_plan *plan, const pc_layout *layout, char *text, size_t size)
{
    const pc_output *output = layout->subjects[unfit->subject].outputs[unfit->output];
    const int by_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;
    const int by_year = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
    size_t n;

    if (unfit->subject == 0) {
        snprintf(text, size, "%s/%s", pc_weather_output_group(unfit->output), output->name);
    } else {
        snprintf(text, size, "%s/%s/%s/%s", unfit->is_difference ? "difference" : "policy",
                 plan->scenario->policies[unfit->subject - 1].name, pc_scheme_view_names[unfit->view], output->name);
    }
    n = strlen(text);
    snprintf(text + n, size - n, by_area ? ", %s" : "%s", by_area ? plan->area_ids[unfit->area % layout->n_areas] : "");
    n = strlen(text);
    if (by_year) {
        snprintf(text + n, size - n, ", %d", plan->scenario->base_year + unfit->year);
    }
}

pc_code pc_unfit_tell(const pc_unfit *unfit, const pc_plan *plan, const pc_layout *layout, pc_status *status)
{
    char place[512];

    if (fabs(unfit->value) < 1e-3 * PC_MOMENTS_MOST) { /* then there is nothing wrong with it */
        return pc_fail(status, PC_ERR_FAIL, "no memory for sums of very large values");
    }
    name_place(unfit, plan, layout, place, sizeof place);
    if (unfit->path == UINT64_MAX) {
        return pc_fail(status, PC_ERR_FAIL,
                       "%s is %g on the central path; a value must be finite and at most 1e38 in size "
                       "('poolcast replay --path central' shows the path)",
                       place, unfit->value);
    }
    return pc_fail(status, PC_ERR_FAIL,
                   "%s is %g on path %llu; a value must be finite and at most 1e38 in size "
                   "('poolcast replay --path %llu' shows the path)",
                   place, unfit->value, (unsigned long long)unfit->path, (unsigned long long)unfit->path);
}

pc_code pc_unfit_central(const double *values, const pc_plan *plan, const pc_layout *layout, pc_status *status)
{
    for (int s = 0; s < layout->n_subjects; s++) {
        for (int o = 0; o < layout->subjects[s].n_outputs; o++) {
            const pc_output *output = layout->subjects[s].outputs[o];
            const int by_year = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
            for (int k = 0; k < PC_SCHEME_VIEWS * pc_layout_rows(layout, output); k++) {
                const int view = k % PC_SCHEME_VIEWS, area = k / PC_SCHEME_VIEWS;
                for (int year = 1; year <= (by_year ? layout->n_years : 1); year++) {
                    const int64_t cell = pc_layout_cell(layout, s, o, view, area, year);
                    if (cell >= 0 && fabs(values[cell]) > PC_MOMENTS_MOST) {
                        const pc_unfit unfit = pc_unfit_of(&values[cell], 1, UINT64_MAX, s, o, view, area, year, 0);
                        return pc_unfit_tell(&unfit, plan, layout, status);
                    }
                }
            }
        }
    }
    return PC_OK;
}
