/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program as a user runs it: exit codes, messages, files. Every command line goes through the shell. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "results/results.h"
#include "store/store.h"

#define SMOKE PC_TEST_SOURCE_DIR "/scenarios/smoke"

static char folder[] = "/tmp/poolcast-test-XXXXXX";
static char *out_text, *err_text;

static char *read_all(const char *name)
{
    FILE *file = fopen(name, "rb");
    long size;
    char *text;

    if (!file) {
        return calloc(1, 1);
    }
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text = calloc((size_t)size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

/* Runs "poolcast ARGUMENTS" in the test's folder; its exit code, and what it wrote in out_text and err_text. */
static int poolcast(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int poolcast(const char *format, ...)
{
    char arguments[2048], command[4096];
    va_list args;
    int status;

    va_start(args, format);
    vsnprintf(arguments, sizeof arguments, format, args);
    va_end(args);
    snprintf(command, sizeof command, "'%s' %s >out 2>err", PC_TEST_PROGRAM, arguments);
    status = system(command);
    free(out_text);
    free(err_text);
    out_text = read_all("out");
    err_text = read_all("err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

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

static void has(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fprintf(stderr, "%s\n", text);
        fail_msg("'%s' is not in the text above", part);
    }
}

static void succeeds(int code)
{
    if (code != 0) {
        fail_msg("exit code %d: %s", code, err_text);
    }
}

static int set_up(void **state)
{
    (void)state;
    return !mkdtemp(folder) || chdir(folder) ||
           poolcast("run '%s' -q --reproducible --save-paths 12 --threads 1 -o one.h5", SMOKE) != 0;
}

static int tear_down(void **state)
{
    char command[256];

    (void)state;
    free(out_text);
    free(err_text);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("/") || system(command);
}

static void every_command_has_help(void **state)
{
    static const char *const commands[] = {"run", "validate", "init", "show", "replay", "models", "help", "version"};
    char part[64];

    (void)state;
    succeeds(poolcast("--help"));
    for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
        snprintf(part, sizeof part, "\n  %s ", commands[c]);
        succeeds(poolcast("--help"));
        has(out_text, part);
        succeeds(poolcast("%s --help", commands[c]));
        snprintf(part, sizeof part, "usage: poolcast %s", commands[c]);
        has(out_text, part);
        assert_string_equal(err_text, "");
        succeeds(poolcast("help %s", commands[c]));
        has(out_text, part);
        succeeds(poolcast("help --man"));
        snprintf(part, sizeof part, "\n.SS %s\n", commands[c]);
        has(out_text, part);
    }
    succeeds(poolcast("help --completion bash > completion && bash -c '. ./completion && complete -p poolcast'"));
    succeeds(poolcast("help keys"));
    has(out_text, "wages");
    succeeds(poolcast("help defaults"));
    succeeds(poolcast("version"));
    has(out_text, "HDF5 ");
    succeeds(poolcast("models"));
    has(out_text, "adjustment_fund");
    has(out_text, "mortality");
    succeeds(poolcast("models unified"));
    has(out_text, "merge");
}

static void bad_usage_exits_with_2(void **state)
{
    static const struct {
        const char *arguments, *message;
    } cases[] = {
        {"", "usage: poolcast"},
        {"rnu", "unknown command 'rnu'; did you mean 'run'?"},
        {"run", "an argument is missing"},
        {"run a b", "unexpected argument 'b'"},
        {"run nowhere", "nowhere"},
        {"run " SMOKE " --path 7", "unknown option '--path'; did you mean '--paths'?"},
        {"run " SMOKE " --pat=7", "unknown option '--pat'"},
        {"run " SMOKE " -x", "unknown option '-x'"},
        {"run " SMOKE " --quiet=1", "takes no argument"},
        {"run " SMOKE " --threads", "needs an argument"},
        {"run " SMOKE " --threads -1", "found '-1', allowed a whole number from 0"},
        {"run " SMOKE " --threads 2x", "found '2x'"},
        {"run " SMOKE " --save-paths -1", "found '-1'"},
        {"run " SMOKE " --set wages.sigma", "allowed KEY=VALUE"},
        {"run " SMOKE " --set wages.sigmaa=1", "\"sigma\""},
        {"run " SMOKE " --paths many", "many"},
        {"run " SMOKE " --horizon -3", "-3"},
        {"validate " SMOKE " --set wages.sigma=nan", "nan"},
        {"show nowhere.h5", "nowhere.h5"},
        {"show " SMOKE "/regions.csv", "regions.csv"},
        {"show one.h5 --policy cty", "did you mean 'city'?"},
        {"show one.h5 --scheme all", "known: employee, resident, both"},
        {"show one.h5 --region Atlantis", "known: "},
        {"show one.h5 --year soon", "found 'soon'"},
        {"show one.h5 --year 1999", "allowed 2025 to 2044"},
        {"show one.h5 --years 2030", "two years as 2030-2040"},
        {"show one.h5 --year 2030 --years 2030-2031", "together"},
        {"show one.h5 --csv --json", "together"},
        {"show one.h5 --what balanc", "did you mean 'balance'?"},
        {"replay " SMOKE, "which path?"},
        {"replay " SMOKE " --path first", "found 'first'"},
        {"replay " SMOKE " --path 1 --policy citty", "did you mean 'city'?"},
        {"replay " SMOKE " --path 1 --scheme employees", "did you mean 'employee'?"},
        {"models unifed", "did you mean 'unified'?"},
        {"help hepl", "did you mean 'help'?"},
        {"help --completion fish", "allowed bash"},
        {"run " SMOKE " --policies untied", "allowed \"unified\" (the nearest known name)"},
        {"validate " SMOKE " --policies guizhuo", "allowed \"guizhou\" (the nearest known name)"},
        {"replay " SMOKE " --path 1 --policies ,", "found no name of a policy"},
        {"run " SMOKE " --policies", "needs an argument"},
        {"show one.h5 --winners --what balance", "--winners and --what together"},
        {"show one.h5 --winners --years 2030-2031", "together"},
        {"show one.h5 --winners --policy unifed", "did you mean 'unified'?"},
        {"show one.h5 --winners --policy city", "is the baseline"},
        {"show one.h5 --winners --scheme all", "known: employee, resident, both"},
        {"show one.h5 --winners --year 1999", "allowed 2025 to 2044"},
        {"version now", "unexpected argument 'now'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int code = poolcast("%s", cases[i].arguments);
        if (code != 2) {
            fail_msg("'%s': exit code %d, not 2: %s", cases[i].arguments, code, err_text);
        }
        has(err_text, cases[i].message);
        assert_string_equal(out_text, "");
    }
}

static void run_prints_a_summary(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' --paths 300 --seed 5", SMOKE));
    has(out_text, "300 paths, seed 5");
    has(out_text, "Results: smoke.h5");
    assert_int_equal(access("smoke.h5", R_OK), 0);
    succeeds(poolcast("show smoke.h5"));
    has(out_text, "300 paths, seed 5");
    succeeds(poolcast("run '%s/' -q --paths 0 -o central.h5", SMOKE));
    assert_string_equal(out_text, "");
    assert_string_equal(err_text, "");
    succeeds(poolcast("show central.h5"));
    has(out_text, "central path only");
    succeeds(poolcast("show central.h5 --what balance --year 2030"));
}

static void validate_reports(void **state)
{
    (void)state;
    succeeds(poolcast("validate '%s'", SMOKE));
    has(out_text, "ok: ");
    has(out_text, "3 regions, 4 areas in the results, 3 policies (baseline city), 2024 to 2044, 600 paths, seed 1");
    has(out_text, "lambda");
    has(out_text, "results file");
    has(out_text, "time");
}

static void threads_do_not_change_the_bytes(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' -q --reproducible --save-paths 12 --threads 3 -o three.h5", SMOKE));
    assert_int_equal(system("cmp -s one.h5 three.h5"), 0);
}

static void results_file_repeats_its_run(void **state)
{
    (void)state;
    succeeds(poolcast("run one.h5 -q --reproducible --save-paths 12"));
    assert_int_equal(system("cmp -s one.h5 one-again.h5"), 0);
    /* what was set on the command line is part of it, and may be set anew */
    succeeds(poolcast("run '%s' -q --reproducible --paths 40 --set wages.sigma=3%% -o set.h5", SMOKE));
    succeeds(poolcast("run set.h5 -q --reproducible"));
    assert_int_equal(system("cmp -s set.h5 set-again.h5"), 0);
    succeeds(poolcast("run '%s' -q --reproducible --paths 41 --set wages.sigma=3%% -o set41.h5", SMOKE));
    succeeds(poolcast("show set41.h5 --csv --what balance"));
    succeeds(poolcast(
        "show set41.h5 --csv --what balance > first && '%s' run set.h5 -f -q --paths 41 && '%s' show set-again.h5 "
        "--csv --what balance > second && cmp first second",
        PC_TEST_PROGRAM, PC_TEST_PROGRAM));
}

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
}

static const char *json(const char *p);

static size_t lines_of(const char *text)
{
    size_t lines = 0;

    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

/* --policies leaves the others' numbers as they are, adds from the library, and is repeated with the results file. */
/* Quasi-random paths: a file repeats its run, and a path alone (of the second replicate, mirrored) is what it was. */
static void other_sampling(void **state)
{
    (void)state;
    succeeds(poolcast("run '%s' --reproducible --sampling rqmc --paths 4096 --save-paths 400 -o quasi.h5", SMOKE));
    has(out_text, "Sampling rqmc: 16 independent replicates of 256 paths");
    succeeds(poolcast("run quasi.h5 -q --reproducible --save-paths 400"));
    assert_int_equal(system("cmp -s quasi.h5 quasi-again.h5"), 0);
    compare_replay("quasi.h5", "quasi.h5", 390);
    succeeds(poolcast("validate '%s' --set sampling=rqmc --paths 4096", SMOKE));
    assert_int_equal(poolcast("run '%s' -q --sampling rqmc --paths 4000 -o quasi2.h5", SMOKE), 2);
    has(err_text, "16 times a power of two");
    assert_int_equal(access("quasi2.h5", F_OK), -1);
}

/* The results are those of a run with as many paths, byte for byte. */
static void paths_by_target(void **state)
{
    (void)state;
    succeeds(
        poolcast("run '%s' --reproducible --paths 5000 --target-se 'reserve_months(2030)=0.2' -o target.h5", SMOKE));
    has(err_text, "reserve_months(2030): standard error 0.1");
    has(err_text, "with 2,048 paths");
    succeeds(poolcast("run '%s' -q --reproducible --paths 2048 -o as-many.h5", SMOKE));
    assert_int_equal(system("cmp -s target.h5 as-many.h5"), 0);
    succeeds(poolcast("run '%s' --paths 1500 --target-se 'reserve_months(2030)=0.001' --target-policy unified "
                      "--target-scheme resident -f -o target.h5",
                      SMOKE));
    has(err_text, "not as small as asked for");
    has(out_text, "1,500 paths");
    assert_int_equal(poolcast("run '%s' --target-policy unified -o no.h5", SMOKE), 2);
    assert_int_equal(access("no.h5", F_OK), -1);
    succeeds(poolcast("run '%s' --reproducible --sampling rqmc --paths 16384 --target-se 'balance(2030)=1e8' "
                      "--control-years 2030 -f -o target.h5",
                      SMOKE));
    has(err_text, "with 4,096 paths");
    has(out_text, "Precision: how many independent paths a path is worth");
    has(out_text, "employees: chance of having run out, median region, with control variates");
    has(out_text, "With control variates: chance that the fund paying a member's claims has run out");
    succeeds(poolcast("run '%s' -q --reproducible --sampling rqmc --paths 4096 --control-years 2030 -f -o as-many.h5",
                      SMOKE));
    assert_int_equal(system("cmp -s target.h5 as-many.h5"), 0);
    succeeds(poolcast("show target.h5 --what balance_controlled --year 2030"));
    has(out_text, "balance_controlled, 100m yuan");
    has(out_text, " ±");
    assert_null(strchr(out_text, '%'));
    succeeds(poolcast("report target.h5 -o target.html"));
    assert_int_equal(poolcast("run '%s' --control-years 2030,2024 -o no.h5", SMOKE), 2);
    has(err_text, "control_years");
    assert_int_equal(access("no.h5", F_OK), -1);
}

static void rare_answers(void **state)
{
    (void)state;
    succeeds(
        poolcast("rare '%s' --event 'reserve_months(2027) <= 20' --policy unified --paths 4096 -o rare.h5", SMOKE));
    has(out_text, "the chance of reserve_months(2027) <= 20");
    has(out_text, "plain paths would need");
    has(out_text, "what takes a path there, shares of the squared distance: cost");
    succeeds(poolcast("show rare.h5"));
    has(out_text, "the chance of reserve_months(2027) <= 20");
    succeeds(
        poolcast("rare '%s' --event 'reserve_months(2027) <= 20' --policy unified --paths 4096 --threads 1 --csv -f "
                 "-o rare.h5",
                 SMOKE));
    has(out_text, "what,value\nprobability,");
    assert_int_equal(poolcast("rare '%s' -o no.h5", SMOKE), 2);
    has(err_text, "which event?");
    assert_int_equal(poolcast("rare '%s' --event 'depleted_at(2027) >= 1' -o no.h5", SMOKE), 2);
    has(err_text, "is yes or no");
    assert_int_equal(access("no.h5", F_OK), -1);
}

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
        succeeds(poolcast("run '%s/scenarios/%s' --policies all --paths 0 --horizon 12 -q -f -o all.h5",
                          PC_TEST_SOURCE_DIR, i ? "national" : "zhejiang"));
        succeeds(poolcast("show all.h5 --csv --what balance --policy central_fund --year 2035"));
        assert_true(lines_of(out_text) > 30);
    }
}

static void show_names_winners(void **state)
{
    double last = -2;
    size_t regions = 0;
    char *line, *rest;

    (void)state;
    succeeds(poolcast("show one.h5 --winners"));
    has(out_text, "Who gains and who loses against city by 2040");
    has(out_text, "unified, employee");
    has(out_text, "year in which it stops helping members: ");
    succeeds(poolcast("show one.h5 --winners --json --year 2030"));
    assert_string_equal(json(out_text), "\n");
    succeeds(poolcast("show one.h5 --winners --csv --policy unified --scheme employee --year 2035"));
    assert_int_equal(lines_of(out_text), 1 + 3 * 4 * 2 + 2);
    for (line = strtok_r(out_text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        static const char value[] = ",2035,depleted_by_difference,value,";
        const char *at = strstr(line, value);
        if (at) {
            double change = strtod(at + sizeof value - 1, NULL);
            assert_true(change >= last);
            last = change;
            regions++;
        }
    }
    assert_int_equal(regions, 3);
    succeeds(poolcast("run '%s' -q --paths 0 -o zero.h5", SMOKE));
    assert_int_equal(poolcast("show zero.h5 --winners"), 2);
    has(err_text, "central path only");
    succeeds(poolcast("run '%s' -q --paths 20 --policies city -o alone.h5", SMOKE));
    assert_int_equal(poolcast("show alone.h5 --winners"), 2);
    has(err_text, "no policy besides its baseline");
}

/* A JSON value from `p` on; the first byte after it, NULL when it is none. */
static const char *json(const char *p)
{
    p += strspn(p, " \n\t");
    if (*p == '"') {
        for (p++; *p && *p != '"'; p++) {
            if (*p == '\\' && p[1]) {
                p++;
            } else if ((unsigned char)*p < 0x20) {
                return NULL;
            }
        }
        return *p ? p + 1 : NULL;
    }
    if (*p == '{' || *p == '[') {
        char close = *p == '{' ? '}' : ']';
        p += 1 + strspn(p + 1, " \n\t");
        if (*p == close) {
            return p + 1;
        }
        for (;;) {
            if (close == '}') {
                p += strspn(p, " \n\t");
                if (*p != '"' || !(p = json(p)) || *(p += strspn(p, " \n\t")) != ':') {
                    return NULL;
                }
                p++;
            }
            p = json(p);
            if (!p) {
                return NULL;
            }
            p += strspn(p, " \n\t");
            if (*p == close) {
                return p + 1;
            }
            if (*p++ != ',') {
                return NULL;
            }
        }
    }
    if (strncmp(p, "null", 4) == 0 || strncmp(p, "true", 4) == 0) {
        return p + 4;
    }
    if (strncmp(p, "false", 5) == 0) {
        return p + 5;
    }
    if (*p == '-' || isdigit((unsigned char)*p)) {
        char *end;
        strtod(p, &end);
        return end;
    }
    return NULL;
}

static void show_writes_csv_and_json(void **state)
{
    size_t lines = 0;
    const char *end;

    (void)state;
    succeeds(poolcast("show one.h5 --csv --policy city --scheme employee --region R1 --what balance,depleted_by"));
    for (const char *p = out_text; *p; p++) {
        lines += *p == '\n';
    }
    assert_int_equal(lines, 1 + 20 * 4 + 20 * 2); /* header, four statistics, a chance and its error */
    succeeds(poolcast("show one.h5 --json --year 2030"));
    end = json(out_text);
    assert_non_null(end);
    assert_string_equal(end, "\n");
    succeeds(poolcast("show one.h5 --what list"));
    has(out_text, "reserve_months");
    succeeds(poolcast("show one.h5 --region 甲市 --years 2030-2031 --real"));
    has(out_text, "base year");
    succeeds(poolcast("show one.h5 --difference --year 2040 --what depleted_by"));
    has(out_text, "difference to city");
}

static void init_makes_a_scenario_that_runs(void **state)
{
    (void)state;
    succeeds(poolcast("init mine"));
    succeeds(poolcast("run mine -q --paths 20 --horizon 5"));
    assert_int_equal(access("mine.h5", R_OK), 0);
    assert_int_equal(poolcast("init mine"), 2);
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

/* The answer on the terminal, in its file again, as CSV; what a user may get wrong. */
static void solve_answers(void **state)
{
    (void)state;
    succeeds(poolcast("solve %s --vary policy.city.rate.factor --range 1:3 --until 'actuarial_balance >= 0' --paths 64 "
                      "--horizon 5 --reproducible -o s.h5",
                      SMOKE));
    has(out_text, "the smallest policy.city.rate.factor with actuarial_balance >= 0 %\n");
    has(out_text, "  policy city, scheme employee; 64 paths in each of ");
    has(out_text, "  over the range the measure rises\n");
    succeeds(poolcast("show s.h5 --csv"));
    has(out_text, "what,value,value_se,measure,measure_se\nrun,1,,");
    succeeds(poolcast("show s.h5 --json"));
    has(out_text, "{\"key\": \"policy.city.rate.factor\", ");
    succeeds(poolcast("solve %s --vary policy.city.rate.factor --range 1:3 --until 'actuarial_balance >= 0' --paths 64 "
                      "--horizon 5 --reproducible --threads 1 -q -o t.h5",
                      SMOKE));
    assert_int_equal(system("cmp -s s.h5 t.h5"), 0);
    /* a run's file with the answer set in it, and a study's file where a run's is wanted */
    succeeds(poolcast("run s.h5 --set policy.city.rate.factor=1.1 --horizon 2 --paths 8 -q -o r.h5"));
    succeeds(poolcast(
        "solve %s --vary policy.city.rate.factor --grid 1:2:3 --measure 'revenue(2026)' --paths 64 -o g.h5", SMOKE));
    has(out_text, "revenue(2026) by policy.city.rate.factor\n");

    assert_int_equal(poolcast("solve %s --vary wages.sigmb --until 'depleted_any(2030) <= 0.1'", SMOKE), 2);
    has(err_text, "'wages.sigmb'");
    assert_int_equal(poolcast("solve %s --vary policy.city.rate.factor --until 'depleted_any(2030) <= 0.1'", SMOKE), 2);
    has(err_text, "say with --range LO:HI");
    assert_int_equal(poolcast("solve %s --vary wages.sigma --until 'depleted_any(2030) < many'", SMOKE), 2);
    has(err_text, "column 22: found 'many'");
    assert_int_equal(poolcast("solve %s --vary wages.sigma --until 'depleted_any(1930) < 1'", SMOKE), 2);
    has(err_text, "found the year 1930, allowed ");
    assert_int_equal(poolcast("solve %s --vary paths --until 'depleted_any(2030) < 1'", SMOKE), 2);
    has(err_text, "found 'paths'");
}

static void calibrate_writes_a_fragment(void **state)
{
    (void)state;
    succeeds(poolcast("calibrate '%s/scenarios/calibration/china' --reproducible -o cal", PC_TEST_SOURCE_DIR));
    has(out_text, "calibration for the base year 2024\n");
    has(out_text, "  wages.phi ");
    succeeds(poolcast("show cal/calibration.h5 --csv"));
    has(out_text, "key,value,se,low80,high80,observations\nmortality.kappa,-6,,,,9\n");
    succeeds(poolcast("show cal/calibration.h5 --json"));
    has(out_text, "{\"parameters\": [{\"key\": \"mortality.kappa\"");
    assert_int_equal(system("grep -q '^  mortality: mortality.csv' cal/calibration.yaml && test -s cal/mortality.csv"),
                     0);
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' --line wagse", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "did you mean 'wages'?");
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' --base 2020", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "found the base year 2020");
    assert_int_equal(poolcast("calibrate '%s/scenarios/calibration/china' -o /nowhere/cal", PC_TEST_SOURCE_DIR), 74);
}

/* The base year moves on: a folder that runs, its report, results that show again; nothing is written where something
 * is wrong. */
static void roll_moves_on(void **state)
{
    FILE *out = fopen("accounts.csv", "w");

    (void)state;
    assert_non_null(out);
    fputs("year,code,months,employee_balance_yuan,employee_revenue_yuan\n2025,R1,6,7e10,2e10\n", out);
    assert_int_equal(fclose(out), 0);
    succeeds(poolcast("roll '%s' --accounts accounts.csv --paths 64 -o moved", SMOKE));
    has(out_text, "the base year moves from 2024 to 2025");
    has(out_text, "  reserves observed ");
    has(out_text, "written: moved, the scenario of 2025");
    succeeds(poolcast("run moved --paths 16 -q -o moved.h5"));
    succeeds(poolcast("show moved/roll.h5 --csv"));
    has(out_text, "measure,item,value,se\n");
    has(out_text, ",reserve,");
    succeeds(poolcast("show moved/roll.h5 --json"));
    has(out_text, "{\"figures\": [{\"figure\": \"employee_revenue_yuan\"");
    assert_int_equal(system("grep -q '^| new result |' moved/roll.md"), 0);
    assert_int_equal(poolcast("roll '%s' --accounts accounts.csv -o moved", SMOKE), 2);
    has(err_text, "found 'moved', allowed a folder that is not there yet");
    assert_int_equal(poolcast("roll '%s' --accounts moved/roll.md -o rolled_again", SMOKE), 2);
    has(err_text, "moved/roll.md:3:1:");
    assert_int_not_equal(system("test -e rolled_again"), 0);
    assert_int_equal(poolcast("roll '%s' --accounts accounts.csv --paths 64 -q -o /nowhere/moved", SMOKE), 74);
}

static void backtest_scores(void **state)
{
    (void)state;
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --paths 400 --reproducible -o b.h5",
                      PC_TEST_SOURCE_DIR));
    has(out_text, "forecast from 2014, policy city, 400 paths, seed 2014\n");
    has(out_text, "  of 48 outcomes ");
    succeeds(poolcast("show b.h5 --csv"));
    has(out_text, "measure,scheme,region,year,low50,high50,low80,high80,low95,high95,observed,");
    succeeds(poolcast("show b.h5 --json"));
    has(out_text, "{\"outcomes\": [{\"measure\": \"contributors\"");
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --paths 400 --uncertain "
                      "cost.employee.elasticity=0.2 --reproducible "
                      "--threads 1 -q -o u1.h5",
                      PC_TEST_SOURCE_DIR));
    succeeds(poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --paths 400 --uncertain "
                      "cost.employee.elasticity=0.2 --reproducible "
                      "--threads 2 -q -o u2.h5",
                      PC_TEST_SOURCE_DIR));
    assert_int_equal(system("cmp -s u1.h5 u2.h5"), 0);
    assert_int_equal(
        poolcast("backtest '%s/scenarios/backtest/tianjin_2014' --uncertain wages.grwth=2%%", PC_TEST_SOURCE_DIR), 2);
    has(err_text, "found 'wages.grwth'");
    assert_int_equal(poolcast("backtest '%s'", SMOKE), 2);
    has(err_text, "observed.csv");
}

/* Named stresses, the mildest multiple of one, and what is refused. */
static void stress_answers(void **state)
{
    static const char *const wrong[][2] = {
        {"--reverse cost_up", "found one of --reverse and --until, allowed both or none"},
        {"--stress pandemic --reverse cost_up --until 'reserve_months(2035) <= 0'", "--reverse and --stress together"},
        {"--stress pandemik", "did you mean 'pandemic'?"},
        {"--reverse cost_up --until 'reserve_months(2035) <= 0' --range 3:1", "allowed a lower and a higher number"},
        {"--measure 'reserve(2035)'", "measure 'reserve' is unknown"},
        {"--policy unifid", "unifid"},
        {"--csv --json", "--csv and --json together"},
    };

    (void)state;
    succeeds(poolcast("stress '%s' --list", SMOKE));
    has(out_text, "stress.employee.cost[+2:+11]+=2 %");
    succeeds(poolcast(
        "stress '%s' --stress pandemic,cost_up --policy city --paths 32 --reproducible --threads 1 -o s1.h5", SMOKE));
    has(out_text, "the same 32 paths in each of 3 runs");
    succeeds(poolcast(
        "stress '%s' --stress pandemic,cost_up --policy city --paths 32 --reproducible --threads 2 -q -o s2.h5",
        SMOKE));
    assert_int_equal(system("cmp -s s1.h5 s2.h5"), 0);
    succeeds(poolcast("stress '%s' --stress cost_up --central --csv -q -o s3.h5", SMOKE));
    succeeds(poolcast("show s1.h5 --csv"));
    has(out_text, "pandemic");
    succeeds(poolcast("show s1.h5 --json"));
    has(out_text, "cost_up");
    succeeds(poolcast("report s1.h5 -o s1.html"));
    assert_int_equal(system("grep -q reserve_months s1.html"), 0);
    succeeds(poolcast(
        "stress '%s' --reverse cost_up --until 'reserve_months(2035) <= 12' --policy city --paths 64 -o s4.h5", SMOKE));
    has(out_text, "the mildest multiple of the stress cost_up");
    has(out_text, "  answer: ");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(poolcast("stress '%s' %s -o bad.h5", SMOKE, wrong[i][0]), 2);
        has(err_text, wrong[i][1]);
    }
    assert_int_equal(poolcast("stress '%s' --stress cost_up --paths 32 -q -o s1.h5", SMOKE), 2);
    has(err_text, "s1.h5");
    assert_int_equal(poolcast("stress '%s' --stress cost_up --paths 32 -q -o /nowhere/s.h5", SMOKE), 74);
    assert_int_not_equal(access("bad.h5", F_OK), 0);
}

static void explain_answers(void **state)
{
    (void)state;
    succeeds(poolcast("explain '%s' --policy city --paths 64 --reproducible --threads 1 -o e1.h5", SMOKE));
    has(out_text, "most of the variance is from ");
    has(out_text, "poolcast replay");
    succeeds(poolcast("explain '%s' --policy city --paths 64 --reproducible --threads 2 -q -o e2.h5", SMOKE));
    assert_int_equal(system("cmp -s e1.h5 e2.h5"), 0);
    succeeds(poolcast(
        "explain '%s' --measure 'depleted_any(2040)' --scheme resident --no-tornado --paths 64 -q -o e3.h5", SMOKE));
    succeeds(poolcast("show e1.h5 --csv"));
    has(out_text, "cost");
    succeeds(poolcast("show e1.h5 --json"));
    has(out_text, "first");
    succeeds(poolcast("report e1.h5 -o e1.html"));
    assert_int_equal(poolcast("explain '%s' --paths 1 -o bad.h5", SMOKE), 2);
    has(err_text, "found 1 paths, allowed at least 2");
    assert_int_equal(poolcast("explain '%s' --measure 'reserve_months(2035' -o bad.h5", SMOKE), 2);
    assert_int_equal(poolcast("explain '%s' --policy nobody -o bad.h5", SMOKE), 2);
    has(err_text, "nobody");
    assert_int_not_equal(access("bad.h5", F_OK), 0);
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
        cmocka_unit_test(every_command_has_help),
        cmocka_unit_test(bad_usage_exits_with_2),
        cmocka_unit_test(run_prints_a_summary),
        cmocka_unit_test(validate_reports),
        cmocka_unit_test(threads_do_not_change_the_bytes),
        cmocka_unit_test(results_file_repeats_its_run),
        cmocka_unit_test(replay_equals_saved_paths),
        cmocka_unit_test(other_sampling),
        cmocka_unit_test(paths_by_target),
        cmocka_unit_test(rare_answers),
        cmocka_unit_test(policies_are_selected),
        cmocka_unit_test(show_names_winners),
        cmocka_unit_test(show_writes_csv_and_json),
        cmocka_unit_test(solve_answers),
        cmocka_unit_test(stress_answers),
        cmocka_unit_test(explain_answers),
        cmocka_unit_test(backtest_scores),
        cmocka_unit_test(roll_moves_on),
        cmocka_unit_test(calibrate_writes_a_fragment),
        cmocka_unit_test(init_makes_a_scenario_that_runs),
        cmocka_unit_test(unwritable_output_exits_with_74),
        cmocka_unit_test(existing_output_is_kept),
        cmocka_unit_test(interrupt_exits_with_130),
        cmocka_unit_test(runs_go_on),
        cmocka_unit_test(shards_are_joined),
    };

    return cmocka_run_group_tests_name("cli", tests, set_up, tear_down);
}
