/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "scenario/schema.h"

static const pc_cli_option options[] = {
    {"man", 0, NULL, N_("print the man page (troff)"), NULL},
    {"completion", 0, "SHELL", N_("print the completion for a shell: bash"), "bash"},
};

static pc_code run(const pc_args *args, pc_status *status)
{
    const char *shell = pc_args_value(args, "completion");
    const char *topics[64];
    const pc_command *command;
    int n = 0;

    if (shell) {
        if (strcmp(shell, "bash") != 0) {
            return pc_fail(status, PC_ERR_INPUT, "--completion: found '%s', allowed bash", shell);
        }
        pc_help_completion_bash(stdout);
        return PC_OK;
    }
    if (pc_args_value(args, "man")) {
        pc_help_man(stdout);
        return PC_OK;
    }
    if (args->n_words == 0) {
        pc_help_program(stdout);
        return PC_OK;
    }
    if (strcmp(args->words[0], "keys") == 0) {
        pc_schema_print_reference(stdout);
        return PC_OK;
    }
    if (strcmp(args->words[0], "defaults") == 0) {
        pc_schema_write_defaults(stdout);
        return PC_OK;
    }
    command = pc_command_find(args->words[0]);
    if (!command) {
        for (; n < pc_n_commands && n < 62; n++) {
            topics[n] = pc_all_commands[n]->name;
        }
        topics[n++] = "keys";
        topics[n++] = "defaults";
        return pc_unknown(status, N_("help topic"), args->words[0], topics, (size_t)n);
    }
    pc_help_command_print(command, stdout);
    return PC_OK;
}

const pc_command pc_help_command = {
    .name = "help",
    .summary = N_("help on a command, all keys of a scenario, all defaults"),
    .words_usage = "[COMMAND | keys | defaults]",
    .max_words = 1,
    .words_complete = "run validate init show replay solve calibrate backtest models version keys defaults",
    .description = N_("Without a word: the list of commands. With a command: the same as 'poolcast COMMAND --help'.\n\n"
                      "  poolcast help keys       every key of a scenario: unit, range, default, meaning\n"
                      "  poolcast help defaults   a YAML text with every key at its default"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
