/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every command has its help; what is typed wrong is named, and ends with 2. */
#include "cli.h"

static void every_command_has_help(void **state)
{
    static const char *const commands[] = {"run",     "validate",  "init",   "show",   "replay",  "models",   "help",
                                           "version", "solve",     "stress", "rare",   "explain", "backtest", "roll",
                                           "compare", "calibrate", "report", "export", "plot",    "merge"};
    char part[64], *all, *manual;
    size_t listed = 0;

    (void)state;
    succeeds(poolcast("help --man"));
    manual = read_all("out");
    succeeds(poolcast("--help"));
    all = read_all("out");
    for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
        snprintf(part, sizeof part, "\n  %s ", commands[c]);
        has(all, part);
        snprintf(part, sizeof part, "\n.SS %s\n", commands[c]);
        has(manual, part);
        succeeds(poolcast("%s --help", commands[c]));
        snprintf(part, sizeof part, "usage: poolcast %s", commands[c]);
        has(out_text, part);
        assert_string_equal(err_text, "");
        succeeds(poolcast("help %s", commands[c]));
        has(out_text, part);
    }
    for (const char *at = manual; (at = strstr(at, "\n.SS ")); at++) {
        listed++;
    }
    assert_int_equal(listed, sizeof commands / sizeof *commands); /* none is left out here */
    free(all);
    free(manual);
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
        {"run " SMOKE " --seed x", "allowed a whole number from 0 to 18446744073709551615"},
        {"show " SMOKE, "is a folder, allowed a results file"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_help),
        cmocka_unit_test(bad_usage_exits_with_2),
    };

    return cmocka_run_group_tests_name("cli.commands", tests, cli_start_with_results, cli_end);
}
