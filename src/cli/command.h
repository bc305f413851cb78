/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the program. Each says of itself what it is called, what it takes and what it does; parsing, help,
 * man page and shell completion loop over the one list in commands.c. */
#ifndef PC_CLI_COMMAND_H
#define PC_CLI_COMMAND_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "engine/ranks.h"

typedef struct pc_cli_option {
    const char *name;     /* long name, without the dashes */
    char letter;          /* 0: none */
    const char *argument; /* what its argument is called; NULL: it takes none */
    const char *help;
    const char
        *complete; /* words for the shell, separated by blanks; "FILE" and "DIR" for names of files; NULL: none */
} pc_cli_option;

enum { PC_CLI_MAX_GIVEN = 256 };

/* What the user wrote after the command's name. */
typedef struct pc_args {
    const struct pc_command *command;
    int n_given;
    struct {
        const pc_cli_option *option;
        const char *value;
    } given[PC_CLI_MAX_GIVEN];
    int n_words; /* what is no option */
    char **words;
    pc_ranks ranks;   /* count 1 but for commands that are shared */
    const char *line; /* the whole command line, for the file's history */
} pc_args;

typedef struct pc_command {
    const char *name, *summary;
    const char *words_usage; /* "SCENARIO", "[NAME]" */
    int min_words, max_words;
    const char *words_complete; /* as in pc_cli_option, for the words */
    const char *description; /* paragraphs separated by an empty line; a line that starts with blanks stays as it is */
    const pc_cli_option *options;
    int n_options;
    int is_shared; /* by the ranks of MPI, if there are any */
    pc_code (*run)(const pc_args *args, pc_status *status);
} pc_command;

extern const pc_command pc_run_command, pc_validate_command, pc_init_command, pc_show_command, pc_replay_command,
    pc_solve_command, pc_models_command, pc_help_command, pc_version_command;
extern const pc_command pc_report_command, pc_export_command, pc_plot_command, pc_compare_command;
extern const pc_command pc_calibrate_command, pc_backtest_command, pc_stress_command, pc_roll_command;
extern const pc_command pc_explain_command;
extern const pc_command pc_merge_command, pc_rare_command;
extern const pc_command *const pc_all_commands[];
extern const int pc_n_commands;

/* NULL when there is none. */
const pc_command *pc_command_find(const char *name);
/* The nearest command's name, NULL when none is near. */
const char *pc_command_nearest(const char *name);

/* Reads argv (argv[0] is the command's name). PC_ERR_INPUT with the nearest option for bad usage; *help is set when
 * --help was among them. args->words points into argv. */
pc_code pc_args_read(const pc_command *command, int argc, char **argv, pc_args *args, int *help, pc_status *status);
/* The last value of the option; NULL when it was not given ("" for one without argument). */
const char *pc_args_value(const pc_args *args, const char *option);
/* A whole number from lo to hi; `standard` when the option was not given. */
pc_code pc_args_count(const pc_args *args, const char *option, uint64_t lo, uint64_t hi, uint64_t standard,
                      uint64_t *out, pc_status *status);
/* PC_ERR_INPUT that names the nearest of `names`: "KIND 'WORD' is unknown; did you mean 'NEAREST'?" `kind` is marked
 * for translation and is translated here. */
pc_code pc_unknown(pc_status *status, const char *kind, const char *word, const char *const *names, size_t n);

void pc_help_program(FILE *out);
void pc_help_command_print(const pc_command *command, FILE *out);
void pc_help_man(FILE *out);
void pc_help_completion_bash(FILE *out);

/* Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t pc_stop_requested;

#endif
