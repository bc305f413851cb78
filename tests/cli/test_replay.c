/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay: a path of a file, alone, to the last bit. */
#include "cli.h"

#include <math.h>

#include "results/results.h"
#include "store/store.h"

/* Every value of a path in the file is what replay of `source` prints, to the last bit. */
static void compare_replay(const char *file, const char *source, int path)
{
    pc_status status = {0};
    pc_results *results = pc_store_load(file, &status);
    char *line, *rest;
    size_t compared = 0, saved = 0;

    assert_non_null(results);
    for (int g = 0; g < results->n_groups; g++) {
        const pc_group *group = results->groups[g];
        for (int d = 0; strncmp(group->path, "paths/", 6) == 0 && d < group->n_datasets; d++) {
            if (group->datasets[d]->rank == 3) { /* path, region, year */
                saved += group->datasets[d]->count / group->datasets[d]->dims[0]->size;
            }
        }
    }
    succeeds(poolcast("replay '%s' --path %d --csv", source, path));
    line = strtok_r(out_text, "\n", &rest);
    assert_string_equal(line, "policy,scheme,region,year,measure,value");
    while ((line = strtok_r(NULL, "\n", &rest))) {
        char *cell[6], group[160];
        const pc_dataset *set;
        long area, year;
        double value;
        for (int c = 0; c < 6; c++) {
            cell[c] = strsep(&line, ",");
            assert_non_null(cell[c]);
        }
        snprintf(group, sizeof group, "paths/%s%s%s", cell[0], *cell[0] ? "/" : "", cell[1]);
        set = pc_results_find(results, group, strcmp(cell[4], "net_transfer") == 0 ? "transfer" : cell[4]);
        if (!set || set->rank != 3) {
            continue;
        }
        area = pc_dimension_find_text(set->dims[1], cell[2]);
        year = pc_dimension_find_integer(set->dims[2], atoi(cell[3]));
        assert_true(area >= 0 && year >= 0);
        value =
            pc_dataset_at(set, ((size_t)path * set->dims[1]->size + (size_t)area) * set->dims[2]->size + (size_t)year);
        if (*cell[5] ? strtod(cell[5], NULL) != value : !isnan(value)) {
            fail_msg("%s %s in %s of %s: replay %s, file %.17g", group, cell[4], cell[3], cell[2], cell[5], value);
        }
        compared++;
    }
    assert_true(saved > 0);
    assert_int_equal(compared, saved);
    pc_results_free(results);
}

static void replay_equals_saved_paths(void **state)
{
    (void)state;
    compare_replay("one.h5", SMOKE, 7);
    succeeds(poolcast("replay one.h5 --path 7 --csv > again && '%s' replay '%s' --path 7 --csv | cmp - again",
                      PC_TEST_PROGRAM, SMOKE));
    succeeds(poolcast("replay one.h5 --path central --scheme employee --policy unified"));
    has(out_text, "the central path");
    has(out_text, "unified, employee: R1");
    has(out_text, "money in 100 million yuan; --csv has every digit");
    assert_null(strstr(out_text, "e+"));
    for (char *line = strtok(out_text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(strlen(line) < 350); /* 415 with units in the headings and money in full */
    }
}

/* Quasi-random paths: a file repeats its run, and a path alone (of the second replicate, mirrored) is what it was. */
static void other_sampling(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' --reproducible --sampling rqmc --paths 4096 --horizon 5 --save-paths 400 -o quasi.h5",
                      SMOKE));
    has(out_text, "Sampling rqmc: 16 independent replicates of 256 paths");
    succeeds(poolcast("run quasi.h5 -q --reproducible --save-paths 400"));
    assert_int_equal(system("cmp -s quasi.h5 quasi-again.h5"), 0);
    compare_replay("quasi.h5", "quasi.h5", 390);
    succeeds(poolcast("validate '%s' --set sampling=rqmc --paths 4096", SMOKE));
    assert_int_equal(poolcast("run '%s' -q --sampling rqmc --paths 4000 -o quasi2.h5", SMOKE), 2);
    has(err_text, "16 times a power of two");
    assert_int_equal(access("quasi2.h5", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_equals_saved_paths),
        cmocka_unit_test(other_sampling),
    };

    return cmocka_run_group_tests_name("cli.replay", tests, cli_start_with_results, cli_end);
}
