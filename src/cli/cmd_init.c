/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "command.h"
#include "report/installation.h"
#include "scenario/init.h"

static const pc_cli_option options[] = {
    {"from", 0, "FILE", N_("CSV of accounts, one row a region, from which regions.csv is made"), "FILE"},
};

static pc_code run(const pc_args *args, pc_status *status)
{
    char data[4096];
    pc_code code = pc_scenario_init(args->words[0], pc_args_value(args, "from"),
                                    pc_installation_data_dir(data, sizeof data), status);

    if (!code) {
        printf(_("%1$s: a scenario to be filled with your figures; check it with 'poolcast validate %1$s'\n"),
               args->words[0]);
    }
    return code;
}

const pc_command pc_init_command = {
    .name = "init",
    .summary = N_("write a commented scenario to start from"),
    .words_usage = "DIR",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "DIR",
    .description =
        N_("Writes a folder with scenario.yaml and its tables, every line commented, ready to run. With --from the "
           "regions and their accounts come from your CSV.\n\n"
           "  poolcast init mycity --from accounts.csv\n"
           "  poolcast validate mycity\n"
           "  poolcast run mycity"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
