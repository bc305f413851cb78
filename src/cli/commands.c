/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "command.h"

/* One line each, in the order of the help. */
/* clang-format off */
const pc_command *const pc_all_commands[] = {
    &pc_run_command,
    &pc_merge_command,
    &pc_validate_command,
    &pc_init_command,
    &pc_show_command,
    &pc_report_command,
    &pc_export_command,
    &pc_plot_command,
    &pc_compare_command,
    &pc_replay_command,
    &pc_solve_command,
    &pc_stress_command,
    &pc_explain_command,
    &pc_rare_command,
    &pc_calibrate_command,
    &pc_backtest_command,
    &pc_roll_command,
    &pc_models_command,
    &pc_help_command,
    &pc_version_command,
};
/* clang-format on */
const int pc_n_commands = (int)(sizeof pc_all_commands / sizeof *pc_all_commands);

const pc_command *pc_command_find(const char *name)
{
    for (int c = 0; c < pc_n_commands; c++) {
        if (strcmp(pc_all_commands[c]->name, name) == 0) {
            return pc_all_commands[c];
        }
    }
    return NULL;
}

const char *pc_command_nearest(const char *name)
{
    const char *names[sizeof pc_all_commands / sizeof *pc_all_commands];

    for (int c = 0; c < pc_n_commands; c++) {
        names[c] = pc_all_commands[c]->name;
    }
    return pc_nearest_name(name, names, (size_t)pc_n_commands);
}

pc_code pc_unknown(pc_status *status, const char *kind, const char *word, const char *const *names, size_t n)
{
    const char *nearest = pc_nearest_name(word, names, n);
    char list[1024] = "";
    size_t used = 0;

    if (nearest) {
        return pc_fail(status, PC_ERR_INPUT, "%s '%s' is unknown; did you mean '%s'?", _(kind), word, nearest);
    }
    for (size_t i = 0; i < n && names[i] && used + strlen(names[i]) + 3 < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? _(", ") : "", names[i]);
    }
    return pc_fail(status, PC_ERR_INPUT, "%s '%s' is unknown; known: %s", _(kind), word, list);
}
