/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the terminal, the man page and the completion for bash, all from the list of commands. */
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "language.h"
#include "report/tables.h"

enum { WIDTH = 90 };
static const pc_cli_option lang = {"lang", 0, "en|zh", pc_language_help, "en zh"}; /* of every command */

static void print_paragraphs(FILE *out, const char *text, int indent)
{
    char paragraph[2048];

    while (*text) {
        size_t n = strcspn(text, "\n");
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)n, text);
        if (paragraph[0] == ' ') {
            fprintf(out, "%*s%s\n", indent, "", paragraph);
        } else if (n == 0) {
            fputc('\n', out);
        } else {
            pc_text_wrap(out, paragraph, indent, WIDTH);
        }
        text += n + (text[n] == '\n');
    }
}

void pc_help_program(FILE *out)
{
    fputs(_("poolcast: a Monte Carlo solvency forecaster for pooled health-insurance funds\n\n"
            "usage: poolcast [--lang en|zh] COMMAND [options]\n\n"),
          out);
    for (int c = 0; c < pc_n_commands; c++) {
        fprintf(out, "  %-10s %s\n", pc_all_commands[c]->name, _(pc_all_commands[c]->summary));
    }
    fputs(_("\n'poolcast COMMAND --help' says more on a command. Start with 'poolcast run scenarios/zhejiang', or make "
            "a scenario of\n"
            "your own with 'poolcast init DIR'. Texts are in English or Chinese, as the environment (LANG) or --lang "
            "asks.\n\n"
            "Exit status: 0 done, 1 failure inside, 2 bad input or usage, 74 cannot write, 130 interrupted.\n"),
          out);
}

static void option_names(const pc_cli_option *option, char *text, size_t size)
{
    char letter[8] = "    ";

    if (option->letter) {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    snprintf(text, size, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
}

static void print_option(FILE *out, const char *names, const char *help)
{
    char head[160];

    snprintf(head, sizeof head, "  %s", names);
    pc_text_hang(out, head, help, 31, WIDTH);
}

void pc_help_command_print(const pc_command *command, FILE *out)
{
    char names[128];

    fprintf(out, "poolcast %s: %s\n\n", command->name, _(command->summary));
    fprintf(out, command->n_options ? _("usage: poolcast %s%s%s [options]\n\n") : _("usage: poolcast %s%s%s\n\n"),
            command->name, *command->words_usage ? " " : "", command->words_usage);
    print_paragraphs(out, pc_translate(command->description), 0);
    fputs(_("\noptions:\n"), out);
    for (int i = 0; i < command->n_options; i++) {
        option_names(command->options + i, names, sizeof names);
        print_option(out, names, pc_translate(command->options[i].help));
    }
    option_names(&lang, names, sizeof names);
    print_option(out, names, _(lang.help));
    print_option(out, "-h, --help", _("print this and exit"));
}

/* Text for troff: no command by a leading point or quote, backslashes and dashes as themselves. */
static void troff(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n && text[i]; i++) {
        if ((i == 0 || text[i - 1] == '\n') && (text[i] == '.' || text[i] == '\'')) {
            fputs("\\&", out);
        }
        if (text[i] == '\\') {
            fputs("\\e", out);
        } else if (text[i] == '-') {
            fputs("\\-", out);
        } else {
            fputc(text[i], out);
        }
    }
}

static void troff_paragraphs(FILE *out, const char *text)
{
    int literal = 0;

    while (*text) {
        size_t n = strcspn(text, "\n");
        if ((n > 0 && text[0] == ' ') != literal && n > 0) {
            fputs(literal ? ".fi\n" : ".nf\n", out);
            literal = !literal;
        }
        if (n == 0) {
            fputs(".PP\n", out);
        } else {
            troff(out, text, n);
            fputc('\n', out);
        }
        text += n + (text[n] == '\n');
    }
    if (literal) {
        fputs(".fi\n", out);
    }
}

void pc_help_man(FILE *out)
{
    fputs(".TH POOLCAST 1 \"\" \"poolcast\" \"User Commands\"\n"
          ".SH NAME\npoolcast \\- Monte Carlo solvency forecaster for pooled health\\-insurance funds\n"
          ".SH SYNOPSIS\n",
          out);
    for (int c = 0; c < pc_n_commands; c++) {
        const pc_command *command = pc_all_commands[c];
        fprintf(out, ".B poolcast %s\n", command->name);
        troff(out, command->words_usage, strlen(command->words_usage));
        fputs(*command->words_usage && command->n_options ? " " : "", out);
        fputs(command->n_options ? "[options]" : "", out);
        fputs(*command->words_usage || command->n_options ? "\n.br\n" : ".br\n", out);
    }
    fputs(".SH DESCRIPTION\n"
          "Reads a scenario (a folder with scenario.yaml and CSV tables), runs many paths of people, economy and funds "
          "under every\n"
          "policy of the scenario, and writes one results file (HDF5, also netCDF\\-4) that the other commands read.\n"
          ".SH COMMANDS\n",
          out);
    for (int c = 0; c < pc_n_commands; c++) {
        const pc_command *command = pc_all_commands[c];
        fprintf(out, ".SS %s\n", command->name);
        troff_paragraphs(out, command->description);
        for (int i = 0; i < command->n_options; i++) {
            const pc_cli_option *option = command->options + i;
            fputs(".TP\n.B ", out);
            if (option->letter) {
                fprintf(out, "\\-%c, ", option->letter);
            }
            fputs("\\-\\-", out);
            troff(out, option->name, strlen(option->name));
            if (option->argument) {
                fputc(' ', out);
                troff(out, option->argument, strlen(option->argument));
            }
            fputc('\n', out);
            troff(out, option->help, strlen(option->help));
            fputc('\n', out);
        }
    }
    fputs(".SH LANGUAGE\n"
          "Texts are English or simplified Chinese: as\n.B \\-\\-lang\n(en or zh), given before or after the command, "
          "says;\n"
          "without it as LANGUAGE, LC_ALL, LC_MESSAGES or LANG ask, whether that locale is installed or not. Names of "
          "data, keys\n"
          "of scenarios and everything that programs read (CSV, JSON, results files) stay the same in every language.\n"
          ".SH EXIT STATUS\n"
          ".TP\n0\ndone\n.TP\n1\nfailure inside\n.TP\n2\nbad input or usage\n.TP\n74\ncannot "
          "write\n.TP\n130\ninterrupted\n",
          out);
}

/* COMPREPLY lines for words of a kind: "FILE", "DIR" or the words themselves. */
static void complete(FILE *out, const char *words)
{
    if (!words) {
        fputs("COMPREPLY=()", out);
    } else if (strcmp(words, "FILE") == 0) {
        fputs("COMPREPLY=($(compgen -f -- \"$current\")); compopt -o filenames 2>/dev/null", out);
    } else if (strcmp(words, "DIR") == 0) {
        fputs("COMPREPLY=($(compgen -d -- \"$current\")); compopt -o filenames 2>/dev/null", out);
    } else {
        fprintf(out, "COMPREPLY=($(compgen -W \"%s\" -- \"$current\"))", words);
    }
}

void pc_help_completion_bash(FILE *out)
{
    fputs("# bash completion for poolcast\n_poolcast()\n{\n"
          "    local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W \"",
          out);
    for (int c = 0; c < pc_n_commands; c++) {
        fprintf(out, "%s%s", c ? " " : "", pc_all_commands[c]->name);
    }
    fputs(" --lang --help\" -- \"$current\"))\n        return\n    fi\n    case \"${COMP_WORDS[1]}\" in\n", out);
    for (int c = 0; c < pc_n_commands; c++) {
        const pc_command *command = pc_all_commands[c];
        fprintf(out, "    %s)\n        case \"$previous\" in\n        --lang) ", command->name);
        complete(out, lang.complete);
        fputs("; return ;;\n", out);
        for (int i = 0; i < command->n_options; i++) {
            const pc_cli_option *option = command->options + i;
            if (!option->argument) {
                continue;
            }
            fprintf(out, "        --%s", option->name);
            if (option->letter) {
                fprintf(out, "|-%c", option->letter);
            }
            fputs(") ", out);
            complete(out, option->complete);
            fputs("; return ;;\n", out);
        }
        fputs("        esac\n        if [[ \"$current\" == -* ]]; then\n            COMPREPLY=($(compgen -W \"", out);
        for (int i = 0; i < command->n_options; i++) {
            fprintf(out, "--%s ", command->options[i].name);
        }
        fputs("--lang --help\" -- \"$current\"))\n        else\n            ", out);
        complete(out, command->words_complete);
        fputs("\n        fi ;;\n", out);
    }
    fputs("    esac\n}\ncomplete -F _poolcast poolcast\n", out);
}
