/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/numbers.h"
#include "command.h"

enum { LONG_BASE = 1000, MAX_OPTIONS = 32 };

/* One option more than the table has: every command answers --help. */
static int build(const pc_command *command, struct option *longs, char *shorts)
{
    int n = 0, s = 0;

    shorts[s++] = ':'; /* tell a missing argument from an unknown option */
    for (; n < command->n_options; n++) {
        const pc_cli_option *option = command->options + n;
        longs[n] =
            (struct option){option->name, option->argument ? required_argument : no_argument, NULL, LONG_BASE + n};
        if (option->letter) {
            shorts[s++] = option->letter;
            if (option->argument) {
                shorts[s++] = ':';
            }
        }
    }
    shorts[s++] = 'h';
    shorts[s] = 0;
    longs[n] = (struct option){"help", no_argument, NULL, 'h'};
    longs[n + 1] = (struct option){0};
    return n + 1;
}

static const char *nearest_option(const pc_command *command, const char *token)
{
    const char *names[MAX_OPTIONS + 2];
    char name[128];
    int n = 0;

    for (; n < command->n_options && n < MAX_OPTIONS; n++) {
        names[n] = command->options[n].name;
    }
    names[n++] = "lang";
    names[n++] = "help";
    snprintf(name, sizeof name, "%.*s", (int)strcspn(token, "="), token);
    return pc_nearest_name(name, names, (size_t)n);
}

static pc_code unknown_option(const pc_command *command, const char *token, pc_status *status)
{
    int is_long = token[0] == '-' && token[1] == '-';
    const char *nearest = is_long ? nearest_option(command, token + 2) : NULL;

    if (nearest) {
        return pc_fail(status, PC_ERR_INPUT, "unknown option '%.*s'; did you mean '--%s'? See 'poolcast %s --help'",
                       (int)strcspn(token, "="), token, nearest, command->name);
    }
    return pc_fail(status, PC_ERR_INPUT, "unknown option '%.*s'; see 'poolcast %s --help'",
                   is_long ? (int)strcspn(token, "=") : (int)strlen(token), token, command->name);
}

static const pc_cli_option *by_letter(const pc_command *command, int letter)
{
    for (int i = 0; i < command->n_options; i++) {
        if (command->options[i].letter == letter) {
            return command->options + i;
        }
    }
    return NULL;
}

pc_code pc_args_read(const pc_command *command, int argc, char **argv, pc_args *args, int *help, pc_status *status)
{
    struct option longs[MAX_OPTIONS + 2];
    char shorts[2 * MAX_OPTIONS + 4];
    int key;

    args->command = command;
    args->n_given = 0;
    *help = 0;
    build(command, longs, shorts);
    optind = 0; /* a fresh start of GNU getopt */
    opterr = 0;
    while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const pc_cli_option *option;

        if (key == '?') {
            char letter[3] = {'-', (char)optopt, 0};
            if (optopt >= LONG_BASE) {
                return pc_fail(status, PC_ERR_INPUT, "option '--%s' takes no argument",
                               command->options[optopt - LONG_BASE].name);
            }
            return unknown_option(command, optopt > 0 && optopt != 'h' ? letter : argv[optind - 1], status);
        }
        if (key == ':') {
            option = optopt >= LONG_BASE ? command->options + (optopt - LONG_BASE) : by_letter(command, optopt);
            return pc_fail(status, PC_ERR_INPUT, "option '--%s' needs an argument (%s)", option ? option->name : "?",
                           option ? option->argument : "");
        }
        if (key >= LONG_BASE) {
            /* getopt takes unique beginnings for the whole name; '--path' meant as '--paths' is a mistake here */
            const char *token = optarg && optarg == argv[optind - 1] ? argv[optind - 2] : argv[optind - 1];
            size_t length;
            option = command->options + (key - LONG_BASE);
            length = strlen(option->name);
            if (strncmp(token + 2, option->name, length) != 0 || (token[2 + length] && token[2 + length] != '=')) {
                return unknown_option(command, token, status);
            }
        } else {
            option = by_letter(command, key);
        }
        if (!option) {
            *help = 1; /* -h or --help */
            continue;
        }
        if (args->n_given == PC_CLI_MAX_GIVEN) {
            return pc_fail(status, PC_ERR_INPUT, "more than %d options", PC_CLI_MAX_GIVEN);
        }
        args->given[args->n_given].option = option;
        args->given[args->n_given++].value = optarg ? optarg : "";
    }
    args->words = argv + optind;
    args->n_words = argc - optind;
    if (*help) {
        return PC_OK;
    }
    if (args->n_words < command->min_words) {
        return pc_fail(status, PC_ERR_INPUT, "an argument is missing; usage: poolcast %s %s", command->name,
                       command->words_usage);
    }
    if (args->n_words > command->max_words) {
        return pc_fail(status, PC_ERR_INPUT, "unexpected argument '%s'; usage: poolcast %s%s%s",
                       args->words[command->max_words], command->name, *command->words_usage ? " " : "",
                       command->words_usage);
    }
    return PC_OK;
}

const char *pc_args_value(const pc_args *args, const char *option)
{
    for (int i = args->n_given - 1; i >= 0; i--) {
        if (strcmp(args->given[i].option->name, option) == 0) {
            return args->given[i].value;
        }
    }
    return NULL;
}

pc_code pc_args_count(const pc_args *args, const char *option, uint64_t lo, uint64_t hi, uint64_t standard,
                      uint64_t *out, pc_status *status)
{
    const char *text = pc_args_value(args, option);
    char *end;
    unsigned long long value;

    *out = standard;
    if (!text) {
        return PC_OK;
    }
    errno = 0;
    value = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end || errno || value < lo || value > hi) {
        return pc_fail(status, PC_ERR_INPUT, "--%s: found '%s', allowed a whole number from %llu to %llu", option, text,
                       (unsigned long long)lo, (unsigned long long)hi);
    }
    *out = value;
    return PC_OK;
}
