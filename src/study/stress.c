/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/stress.h"

#include <math.h>

#include "base/i18n.h"

pc_code pc_stress_run(pc_study *study, const pc_stress *stresses, int n, int central_only, pc_stress_test *out,
                      pc_status *status)
{
    const size_t asks = (size_t)study->n_asks, cells = (size_t)(n + 1) * asks, paths = (size_t)study->n_paths;
    double *influence[2] = {NULL, NULL};
    pc_code code = PC_OK;

    *out = (pc_stress_test){.n_stresses = n,
                            .n_asks = study->n_asks,
                            .value = pc_calloc(cells, sizeof *out->value),
                            .difference = pc_calloc(cells, sizeof(double)),
                            .difference_se = pc_calloc(cells, sizeof(double)),
                            .central = pc_calloc(cells, sizeof(double))};
    for (int k = 0; k < 2 && !central_only; k++) {
        influence[k] = pc_calloc(asks * paths, sizeof(double));
    }
    if (!out->value || !out->difference || !out->difference_se || !out->central ||
        (!central_only && (!influence[0] || !influence[1]))) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for %zu paths", paths);
    }
    for (int k = 0; k <= n && !code; k++) {
        const pc_stress *stress = k > 0 ? &stresses[k - 1] : NULL;
        const char *const *changes = stress ? stress->sets : NULL;
        const char *label = stress ? stress->name : _("without stress");
        const int n_changes = stress ? stress->n_sets : 0;
        const size_t row = (size_t)k * asks;

        code = pc_study_central(study, changes, n_changes, out->central + row, status);
        for (size_t a = 0; a < asks; a++) {
            out->value[row + a] = (pc_estimate){.value = NAN, .se = NAN};
            out->difference[row + a] = out->difference_se[row + a] = NAN;
        }
        if (code || central_only) {
            continue;
        }
        code = pc_study_run(study, changes, n_changes, label, out->value + row, influence[k > 0], status);
        for (size_t a = 0; a < asks && !code; a++) {
            out->difference[row + a] = out->value[row + a].value - out->value[a].value;
            out->difference_se[row + a] =
                k > 0 ? pc_estimate_paired_se(influence[1] + a * paths, influence[0] + a * paths, paths, study->n_parts)
                      : 0;
        }
    }
    pc_free(influence[0]);
    pc_free(influence[1]);
    return code;
}

void pc_stress_test_release(pc_stress_test *test)
{
    pc_free(test->value);
    pc_free(test->difference);
    pc_free(test->difference_se);
    pc_free(test->central);
    *test = (pc_stress_test){0};
}
