/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV table in the place of the one of the smoke test that it begins most like, so that a seed is a table as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "plan/plan.h"

static const char *const names[] = {"scenario.yaml",   "regions.csv",   "population.csv", "mortality.csv",
                                    "fertility.csv",   "migration.csv", "membership.csv", "age_cost.csv",
                                    "pension_age.csv", "tfr.csv"};
enum { N_NAMES = sizeof names / sizeof *names };

/* The table that begins most like the input. */
static int chosen(pc_files *smoke, const uint8_t *bytes, size_t n, pc_status *status)
{
    size_t most = 0;
    int best = 1;

    for (int i = 1; i < N_NAMES; i++) {
        const pc_file *file = pc_files_get(smoke, names[i], status);
        size_t same = 0;
        while (same < n && same < file->size && bytes[same] == (uint8_t)file->text[same]) {
            same++;
        }
        if (same > most) {
            most = same;
            best = i;
        }
    }
    return best;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pc_status status;
    static pc_files *smoke;
    pc_files *files = pc_files_memory();
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    int place;

    status = (pc_status){0};
    if (!smoke) {
        smoke = pc_files_open(PC_TEST_SOURCE_DIR "/scenarios/smoke", &status);
    }
    place = chosen(smoke, bytes, n, &status);
    for (int i = 0; i < N_NAMES; i++) {
        const pc_file *file = pc_files_get(smoke, names[i], &status);
        pc_files_put(files, names[i], i == place ? (const char *)bytes : file->text, i == place ? n : file->size,
                     &status);
    }
    if (status.code) {
        abort();
    }
    if (pc_scenario_read(files, NULL, 0, &scenario, &status) == PC_OK) {
        pc_plan_build(scenario, &plan, &status);
    }
    if (status.code ? !status.message[0] : !plan) {
        abort();
    }
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    pc_files_free(files);
    return 0;
}
