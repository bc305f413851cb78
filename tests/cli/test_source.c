/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario as a command takes it: --policies. */
#include "cli.h"

/* --policies leaves the others' numbers as they are, adds from the library, and is repeated with the results file. */
static void policies_are_selected(void **state)
{
    char command[2048];

    (void)state;
    succeeds(poolcast("run '%s' -q --reproducible --paths 60 -o full.h5", SMOKE));
    succeeds(poolcast("run '%s' -q --reproducible --paths 60 --policies unified,guizhou -o some.h5", SMOKE));
    snprintf(
        command, sizeof command,
        "for f in full some; do '%s' show $f.h5 --csv --policy unified >$f.csv || exit 1; done; cmp full.csv some.csv",
        PC_TEST_PROGRAM);
    assert_int_equal(system(command), 0);
    succeeds(poolcast("show some.h5 --csv --what balance --scheme employee --region R1 --year 2040"));
    assert_int_equal(lines_of(out_text), 1 + 3 * 4);
    has(out_text, "\nguizhou,employee,R1,2040,balance,mean,");
    succeeds(poolcast("run some.h5 -q --reproducible"));
    assert_int_equal(system("cmp -s some.h5 some-again.h5"), 0);
    succeeds(poolcast("validate some.h5 --policies city"));
    has(out_text, "1 policy (baseline city)");
    succeeds(poolcast("validate some.h5 --policies all"));
    has(out_text, "4 policies (baseline city)");
    succeeds(poolcast("replay '%s' --path 1 --policies reserve_fund --csv", SMOKE));
    has(out_text, "\nreserve_fund,employee,R1,");
    assert_null(strstr(out_text, "\nunified,"));
    /* a folder with an all.yaml */
    snprintf(command, sizeof command,
             "cp -r '%s' wide && sed 's/^title\\(_en\\)*:.*/title\\1: wide/' wide/scenario.yaml >wide/all.yaml", SMOKE);
    assert_int_equal(system(command), 0);
    succeeds(poolcast("validate wide --policies all"));
    has(out_text, "ok: wide\n");
    succeeds(poolcast("validate wide/scenario.yaml --policies all"));
    has(out_text, "ok: wide\n");
    succeeds(poolcast("validate wide"));
    assert_null(strstr(out_text, "ok: wide\n"));
    /* both provinces' files of the whole library read, and hold every policy of it */
    for (size_t i = 0; i < 2; i++) {
        succeeds(poolcast("run '%s/scenarios/%s' --policies all --paths 0 --horizon 6 -q -f -o all.h5",
                          PC_TEST_SOURCE_DIR, i ? "national" : "zhejiang"));
        succeeds(poolcast("show all.h5 --csv --what balance --policy central_fund --year 2030"));
        assert_true(lines_of(out_text) > 30);
    }
}

/* As many threads as were asked for, from the plan (which looks for directions of quasi-random points) to the end. */
static void threads_are_kept(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 3; threads += 2) {
        char command[2048], *seen;
        snprintf(command, sizeof command,
                 "OMP_NUM_THREADS=7 '%s' run '%s' -q -f -o threads.h5 --paths 16384 --sampling rqmc --threads %d & "
                 "run=$!; most=0; while n=$(ls /proc/$run/task 2>/dev/null | wc -l) && [ $n -gt 0 ]; do "
                 "[ $n -le $most ] || most=$n; done; echo $most >most; wait $run",
                 PC_TEST_PROGRAM, SMOKE, threads);
        assert_int_equal(system(command), 0);
        seen = read_all("most");
        assert_int_equal(atoi(seen), threads);
        free(seen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(policies_are_selected), cmocka_unit_test(threads_are_kept)};

    return cmocka_run_group_tests_name("cli.source", tests, cli_start, cli_end);
}
