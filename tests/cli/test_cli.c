/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong around a run: signals and kills, full disks, files in the way, shards that are missing. */
#include "cli.h"

#include <signal.h>

/* The one line of a file; more or fewer fail. */
static const char *one_line(const char *name)
{
    static char line[4096];
    char *text = read_all(name), *end = strchr(text, '\n');

    if (!end || end[1]) {
        fail_msg("%s has not one line: %s", name, text);
    }
    snprintf(line, sizeof line, "%s", text);
    free(text);
    return line;
}

static void unwritable_output_exits_with_74(void **state)
{
    (void)state;
    assert_int_equal(poolcast("run '%s' -o nowhere/x.h5", SMOKE), 74);
    has(err_text, "nowhere/x.h5");
    assert_string_equal(out_text, "");
    assert_int_equal(poolcast("run '%s' -o .", SMOKE), 74);
    if (access("/dev/full", W_OK) == 0) {
        char command[1024];
        snprintf(command, sizeof command, "'%s' help keys >/dev/full 2>err", PC_TEST_PROGRAM);
        assert_int_equal(WEXITSTATUS(system(command)), 74);
    }
    /* a reader that has gone: one line */
    succeeds(poolcast("version && (sleep 0.2; '%s' show one.h5 --csv 2>left; echo $? >code) | true", PC_TEST_PROGRAM));
    assert_int_equal(atoi(one_line("code")), 74);
    has(one_line("left"), "cannot write to standard output: Broken pipe");
    /* and closed streams: the file must not take their place */
    assert_int_equal(poolcast("version && ('%s' run '%s' --paths 20 -o closed.h5 >&-)", PC_TEST_PROGRAM, SMOKE), 74);
    succeeds(poolcast("show closed.h5"));
}

/* Only with --force onto a file that exists, and whole or not at all. */
static void existing_output_is_kept(void **state)
{
    char *before, *after;

    (void)state;
    succeeds(poolcast("run '%s' -q --reproducible --paths 20 -o kept.h5", SMOKE));
    before = read_all("kept.h5");
    assert_int_equal(poolcast("run '%s' -q --reproducible --paths 21 -o kept.h5", SMOKE), 2);
    has(err_text, "'kept.h5' exists already; --force replaces it");
    after = read_all("kept.h5");
    assert_memory_equal(before, after, 20000);
    free(after);
    /* a file that comes up during the run stays, and the run is not lost */
    succeeds(poolcast("version; rm -f late.h5; (sleep 0.3; echo mine >late.h5) & '%s' run '%s' -q --paths 20000 "
                      "--policies city --threads 1 -o late.h5 2>late.err; wait",
                      PC_TEST_PROGRAM, SMOKE));
    has(one_line("late.h5"), "mine");
    has(one_line("late.err"), "there is a file 'late.h5' now; the results are in 'late.h5.1'");
    succeeds(poolcast("show late.h5.1"));
    succeeds(poolcast("run '%s' -q --reproducible --paths 21 -o kept.h5 --force", SMOKE));
    free(before);
}

static void interrupt_exits_with_130(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM};

    (void)state;
    for (size_t s = 0; s < 2; s++) {
        int status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            execl(PC_TEST_PROGRAM, "poolcast", "run", SMOKE, "-q", "--paths", "60000", "-o", "never.h5", (char *)NULL);
            _exit(127);
        }
        usleep(400000);
        kill(child, signals[s]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 130);
        assert_int_equal(access("never.h5", F_OK), -1);
        assert_int_equal(WEXITSTATUS(system("ls -A | grep -q poolcast-")), 1); /* no temporary file */
    }
}

/* Killed without warning, stopped by a signal, stopped by the clock: the run goes on to the same bytes. */
static void runs_go_on(void **state)
{
    (void)state;
    succeeds(
        poolcast("run '%s' -q --reproducible --paths 9000 --horizon 8 --policies city --threads 1 -o whole.h5", SMOKE));
    succeeds(poolcast(
        "version; '%s' run '%s' -q --reproducible --paths 9000 --horizon 8 --policies city -o killed.h5 "
        "--checkpoint state --every 0.01s & for i in $(seq 500); do test -e state && break; sleep 0.02; done; kill "
        "-9 $!; wait; true",
        PC_TEST_PROGRAM, SMOKE));
    if (access("killed.h5", F_OK) != 0) { /* else it was faster than the kill */
        succeeds(poolcast("run --resume state -q --threads 3"));
    }
    assert_int_equal(system("cmp -s whole.h5 killed.h5"), 0);
    assert_int_not_equal(access("state", F_OK), 0);
    /* the clock: again and again, until it is done */
    assert_int_equal(
        poolcast("run '%s' -q --reproducible --paths 9000 --horizon 8 --policies city -o timed.h5 --max-time "
                 "0.02s",
                 SMOKE),
        130);
    has(err_text, "go on with: poolcast run --resume 'timed.h5.checkpoint'");
    /* a damaged state without an older one, other inputs, what can't be changed */
    succeeds(
        poolcast("version; cp timed.h5.checkpoint bad; printf x | dd of=bad bs=1 seek=5000 conv=notrunc 2>/dev/null"));
    assert_int_equal(poolcast("run --resume bad"), 2);
    has(err_text, "is damaged");
    succeeds(poolcast("version; cp timed.h5.checkpoint bad.1"));
    succeeds(poolcast("run --resume bad -q -o older.h5"));
    has(err_text, "the state kept before it is taken: bad.1");
    assert_int_equal(system("cmp -s whole.h5 older.h5"), 0);
    assert_int_equal(poolcast("run '%s' --resume timed.h5.checkpoint --paths 7", SMOKE), 2);
    has(err_text, "leave out --paths");
    assert_int_equal(poolcast("run '%s' --resume timed.h5.checkpoint", SMOKE), 2);
    has(err_text, "differ in what was set: 'policies=city' and 'nothing'");
    succeeds(poolcast("version; cp timed.h5.checkpoint late"));
    succeeds(poolcast("run --resume timed.h5.checkpoint -q"));
    assert_int_equal(system("cmp -s whole.h5 timed.h5"), 0);
    /* killed when the results were in place and the state was not removed yet */
    succeeds(poolcast("version; cp late timed.h5.checkpoint; cp late timed.h5.checkpoint.1"));
    succeeds(poolcast("run --resume timed.h5.checkpoint"));
    has(err_text, "this run is done and 'timed.h5' is whole: what was left to do was to remove 'timed.h5.checkpoint'");
    has(out_text, "9,000 paths");
    assert_int_equal(system("cmp -s whole.h5 timed.h5"), 0);
    assert_int_equal(system("test ! -e timed.h5.checkpoint -a ! -e timed.h5.checkpoint.1"), 0);
    /* a file of another run, and a damaged one, are not taken for its results */
    succeeds(
        poolcast("run '%s' -q --reproducible --paths 9000 --horizon 8 --policies city --seed 2 -o other.h5", SMOKE));
    assert_int_equal(poolcast("run --resume late -q -o other.h5"), 2);
    has(err_text, "'other.h5' exists already");
    succeeds(poolcast("version; printf x | dd of=timed.h5 bs=1 seek=9000 conv=notrunc 2>/dev/null"));
    assert_int_equal(poolcast("run --resume late -q"), 2);
    has(err_text, "'timed.h5' exists already");
    succeeds(poolcast("run --resume late -q --force"));
    assert_int_equal(system("cmp -s whole.h5 timed.h5 && test ! -e late"), 0);
    assert_int_equal(poolcast("run --resume whole.h5"), 2);
    has(err_text, "is not the state of a run");
    assert_int_equal(poolcast("run '%s' --every 5s", SMOKE), 2);
    assert_int_equal(poolcast("run '%s' --checkpoint c --every soon", SMOKE), 2);
}

/* The example for Slurm, with its variables set by hand, and what merge refuses. */
static void shards_are_joined(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' -q --reproducible --paths 900 --horizon 8 --policies city -o single.h5", SMOKE));
    for (int id = 4; id <= 6; id++) {
        char command[1024];
        snprintf(
            command, sizeof command,
            "PATH=$(dirname '%s'):$PATH SLURM_ARRAY_TASK_ID=%d SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_COUNT=3 "
            "SLURM_CPUS_PER_TASK=2 SCENARIO='%s' OPTIONS='-q --reproducible --paths 900 --horizon 8 --policies city' "
            "sh '%s/docs/slurm.sh' >out 2>err",
            PC_TEST_PROGRAM, id, SMOKE, PC_TEST_SOURCE_DIR);
        if (system(command) != 0) {
            fail_msg("%s", read_all("err"));
        }
    }
    succeeds(poolcast("merge smoke-3-of-3.part smoke-1-of-3.part smoke-2-of-3.part -q -o joined.h5"));
    assert_int_equal(system("cmp -s single.h5 joined.h5"), 0);
    assert_int_equal(poolcast("merge smoke-3-of-3.part smoke-1-of-3.part -o x.h5"), 2);
    has(err_text, "is one of 3 shards, and 2 are given");
    assert_int_equal(poolcast("merge smoke-3-of-3.part smoke-1-of-3.part smoke-1-of-3.part -o x.h5"), 2);
    has(err_text, "are both shard 1 of 3");
    succeeds(poolcast(
        "run '%s' -q --reproducible --paths 900 --horizon 8 --policies city --seed 9 --shard 2/3 -o other.part",
        SMOKE));
    assert_int_equal(poolcast("merge smoke-3-of-3.part smoke-1-of-3.part other.part -o x.h5"), 2);
    has(err_text, "differ in what was set: 'horizon=8' and 'seed=9'");
    /* a shard that was stopped goes on, and is known where only its state was left */
    assert_int_equal(
        poolcast("run '%s' -q --paths 9000 --horizon 8 --policies city --shard 2/3 -o s.part --max-time 0.02s", SMOKE),
        130);
    succeeds(poolcast("version; cp s.part.checkpoint late"));
    succeeds(poolcast("run --resume s.part.checkpoint -q"));
    succeeds(poolcast("run --resume late -q"));
    has(err_text, "this run is done and 's.part' is whole: what was left to do was to remove 'late'");
    assert_int_not_equal(access("late", F_OK), 0);
    assert_int_equal(poolcast("run '%s' --shard 4/3", SMOKE), 2);
    assert_int_equal(poolcast("run '%s' --shard auto", SMOKE), 2);
    has(err_text, "SLURM_ARRAY_TASK_ID");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unwritable_output_exits_with_74),
        cmocka_unit_test(existing_output_is_kept),
        cmocka_unit_test(interrupt_exits_with_130),
        cmocka_unit_test(runs_go_on),
        cmocka_unit_test(shards_are_joined),
    };

    return cmocka_run_group_tests_name("cli.cli", tests, cli_start_with_results, cli_end);
}
