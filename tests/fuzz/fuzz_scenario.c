/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario's YAML over the tables of the smoke test: reading, and the plan where it is accepted. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "plan/plan.h"

static const char *const tables[] = {"regions.csv",   "population.csv",  "mortality.csv",
                                     "fertility.csv", "migration.csv",   "membership.csv",
                                     "age_cost.csv",  "pension_age.csv", "tfr.csv"};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pc_status status;
    static pc_files *smoke;
    pc_files *files = pc_files_memory();
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;

    status = (pc_status){0};
    if (!smoke) {
        smoke = pc_files_open(PC_TEST_SOURCE_DIR "/scenarios/smoke", &status);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const pc_file *file = pc_files_get(smoke, tables[i], &status);
        pc_files_put(files, tables[i], file->text, file->size, &status);
    }
    if (status.code || pc_files_put(files, "scenario.yaml", (const char *)bytes, n, &status)) {
        abort();
    }
    if (pc_scenario_read(files, NULL, 0, &scenario, &status) == PC_OK) {
        pc_plan_build(scenario, &plan, &status);
    }
    if (status.code ? !status.message[0] || (status.code != PC_ERR_INPUT && status.code != PC_ERR_FAIL) : !plan) {
        abort();
    }
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    pc_files_free(files);
    return 0;
}
