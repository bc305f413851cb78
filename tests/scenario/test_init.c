/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The starter scenario: what is written reads back, nothing is overwritten, bad accounts leave nothing behind. */
#include "small.h"

#include <sys/stat.h>
#include <unistd.h>

#include "scenario/init.h"

static const char *const WRITTEN[] = {"scenario.yaml", "regions.csv",    "population.csv", "mortality.csv",
                                      "fertility.csv", "migration.csv",  "membership.csv", "age_cost.csv",
                                      "tfr.csv",       "pension_age.csv"};

static void clear(const char *dir)
{
    char path[300];

    for (size_t i = 0; i < sizeof WRITTEN / sizeof *WRITTEN; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, WRITTEN[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(dir), 0);
}

static void write_text(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void read_back(const char *dir, int n_regions)
{
    pc_status st = {0};
    pc_scenario *sc = NULL;
    pc_files *files = pc_files_open(dir, &st);

    if (!files || pc_scenario_read(files, NULL, 0, &sc, &st) != PC_OK) {
        fail_msg("%s", st.message);
    }
    assert_int_equal(sc->n_regions, n_regions);
    assert_int_equal(sc->n_policies, 3);
    assert_int_equal(pc_files_count(files), 10);
    /* nobody's parameters are known exactly unless the user says so */
    assert_true(pc_scenario_number(sc, "wages.growth_se") > 0 &&
                pc_scenario_number(sc, "cost.resident.excess_se") > 0 &&
                pc_scenario_number(sc, "membership.retirees_se") > 0);
    pc_scenario_free(sc);
    pc_files_free(files);
}

static void starter(void **state)
{
    char dir[] = "pc_init_XXXXXX", new_dir[64];
    pc_status st = {0};

    (void)state;
    assert_non_null(mkdtemp(dir));
    if (pc_scenario_init(dir, NULL, PC_TEST_SOURCE_DIR, &st) != PC_OK) { /* an empty folder */
        fail_msg("%s", st.message);
    }
    read_back(dir, 3);
    /* not a second time */
    assert_int_equal(pc_scenario_init(dir, NULL, PC_TEST_SOURCE_DIR, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, "allowed a new or empty folder"));
    snprintf(new_dir, sizeof new_dir, "%s/inside", dir);
    st = (pc_status){0};
    assert_int_equal(pc_scenario_init(new_dir, NULL, PC_TEST_SOURCE_DIR, &st), PC_OK); /* a new folder */
    read_back(new_dir, 3);
    clear(new_dir);
    clear(dir);
}

static void accounts(void **state)
{
    char dir[] = "pc_init_XXXXXX", csv[64], target[64];
    char *bad = strdup(SMALL_REGIONS), *zero;
    struct stat info;
    pc_status st = {0};

    (void)state;
    assert_non_null(bad);
    assert_non_null(mkdtemp(dir));
    snprintf(csv, sizeof csv, "%s/mine.csv", dir);
    snprintf(target, sizeof target, "%s/new", dir);
    write_text(csv, SMALL_REGIONS);
    if (pc_scenario_init(target, csv, PC_TEST_SOURCE_DIR, &st) != PC_OK) {
        fail_msg("%s", st.message);
    }
    read_back(target, 2);
    clear(target);
    /* a wrong figure is shown in the user's own file, and no folder is made */
    zero = strstr(bad, ",90000,");
    memcpy(zero, ",-0000,", 7);
    write_text(csv, bad);
    assert_int_equal(pc_scenario_init(target, csv, PC_TEST_SOURCE_DIR, &st), PC_ERR_INPUT);
    assert_non_null(strstr(st.message, csv));
    assert_non_null(strstr(st.message, "found \"-0000\" for wage_yuan"));
    assert_int_not_equal(stat(target, &info), 0);
    unlink(csv);
    st = (pc_status){0};
    assert_int_equal(pc_scenario_init(target, csv, PC_TEST_SOURCE_DIR, &st), PC_ERR_INPUT);
    /* an installation without its tables */
    st = (pc_status){0};
    assert_int_equal(pc_scenario_init(target, NULL, dir, &st), PC_ERR_FAIL);
    /* a folder that cannot be made */
    snprintf(target, sizeof target, "%s/no/such", dir);
    st = (pc_status){0};
    assert_int_equal(pc_scenario_init(target, NULL, PC_TEST_SOURCE_DIR, &st), PC_ERR_WRITE);
    free(bad);
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(starter), cmocka_unit_test(accounts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
