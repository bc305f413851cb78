/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poolcast COMMAND [options]: finds the command, reads its options, runs it, and turns its status into an exit code:
 * 0 done, 1 failure inside, 2 bad input or usage, 74 cannot write, 130 interrupted. */
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "command.h"
#include "language.h"

volatile sig_atomic_t pc_stop_requested;

static void request_stop(int signal_number)
{
    (void)signal_number;
    pc_stop_requested = 1;
}

static void set_signals(void)
{
    struct sigaction action = {.sa_handler = request_stop};

    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A reader that has seen enough (| head) must not kill a run on its way; the last flush takes note of it. */
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* A file opened while standard output is closed would get its number, and the summary would go into the results. Opened
 * for reading only: what is printed fails, as it should. */
static void hold_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0) {
            _exit(PC_ERR_WRITE);
        }
    }
}

static char *join(int argc, char **argv)
{
    size_t size = 1;
    char *line, *at;

    for (int i = 0; i < argc; i++) {
        size += strlen(argv[i]) + 1;
    }
    line = at = pc_calloc(size, 1);
    for (int i = 0; line && i < argc; i++) {
        at += sprintf(at, "%s%s", i ? " " : "", i ? argv[i] : "poolcast");
    }
    return line;
}

/* What could not be written is an error, also when the reader went away. */
static int finish_output(int exit_code)
{
    int failed = fflush(stdout) != 0 || ferror(stdout), error = errno;
    struct pollfd out = {.fd = STDOUT_FILENO};

    if (failed) {
        /* an earlier write may have failed, and errno be another's by now */
        error = poll(&out, 1, 0) > 0 && (out.revents & POLLERR) ? EPIPE : error;
        if (error) {
            fprintf(stderr, _("poolcast: cannot write to standard output: %s\n"), pc_error_text(error));
        } else {
            fputs(_("poolcast: cannot write to standard output\n"), stderr);
        }
        return exit_code ? exit_code : PC_ERR_WRITE;
    }
    return exit_code;
}

static int complain(const char *command, const pc_status *status)
{
    const char *message = status->message[0] ? status->message : _("failed without a message");
    size_t length = strlen(message);

    fflush(stdout);
    /* problems of a scenario name their places themselves */
    if (strchr(message, '\n')) {
        fprintf(stderr, "%s%s", message, message[length - 1] == '\n' ? "" : "\n");
    } else {
        fprintf(stderr, "poolcast%s%s: %s\n", command ? " " : "", command ? command : "", message);
    }
    return status->code;
}

/* Ranks beyond 0 say nothing here: rank 0 says it, or sharing.c has. */
static int run_command(const pc_command *command, int argc, char **argv, const char *line, pc_status *status)
{
    static pc_args args;
    int help = 0;
    pc_code code = PC_OK;

    args.line = line;
    args.ranks = (pc_ranks){0, 1};
    if (command->is_shared) {
        code = pc_ranks_start(&args.ranks, status);
    }
    code = code ? code : pc_args_read(command, argc, argv, &args, &help, status);
    if (!code && help && args.ranks.rank == 0) {
        pc_help_command_print(command, stdout);
    } else if (!code && !help) {
        code = command->run(&args, status);
    }
    if (code && args.ranks.rank == 0) {
        complain(command->name, status);
    }
    if (command->is_shared) {
        pc_ranks_end(&args.ranks);
    }
    return code;
}

int main(int argc, char **argv)
{
    static pc_status status;
    const pc_command *command;
    char *line;
    int code;

    hold_standard_streams();
    set_signals();
    gsl_set_error_handler_off();
    if (pc_language_start(&argc, argv, &status)) {
        return complain(NULL, &status);
    }
    if (argc < 2) {
        pc_help_program(stderr);
        return PC_ERR_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        pc_help_program(stdout);
        return finish_output(PC_OK);
    }
    command = pc_command_find(strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
    if (!command) {
        const char *nearest = pc_command_nearest(argv[1]);
        if (nearest) {
            pc_fail(&status, PC_ERR_INPUT, "unknown command '%s'; did you mean '%s'? See 'poolcast --help'", argv[1],
                    nearest);
        } else {
            pc_fail(&status, PC_ERR_INPUT, "unknown command '%s'; see 'poolcast --help'", argv[1]);
        }
        return complain(NULL, &status);
    }
    line = join(argc, argv);
    code = finish_output(run_command(command, argc - 1, argv + 1, line, &status));
    pc_free(line);
    return code;
}
