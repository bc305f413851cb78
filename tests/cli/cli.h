/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program as a user runs it, in a folder of its own: exit codes, messages, files. Every command line goes through
 * the shell. */
#ifndef PC_TESTS_CLI_H
#define PC_TESTS_CLI_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SMOKE PC_TEST_SOURCE_DIR "/scenarios/smoke"

static char cli_folder[] = "/tmp/poolcast-test-XXXXXX";
static char *out_text, *err_text;

static inline char *read_all(const char *name)
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

static inline void has(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fprintf(stderr, "%s\n", text);
        fail_msg("'%s' is not in the text above", part);
    }
}

static inline void succeeds(int code)
{
    if (code != 0) {
        fail_msg("exit code %d: %s", code, err_text);
    }
}

static inline size_t lines_of(const char *text)
{
    size_t lines = 0;

    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static inline int cli_start(void **state)
{
    (void)state;
    return !mkdtemp(cli_folder) || chdir(cli_folder);
}

/* With one.h5, the results of SMOKE with twelve paths saved. */
static inline int cli_start_with_results(void **state)
{
    return cli_start(state) || poolcast("run '%s' -q --reproducible --save-paths 12 --threads 1 -o one.h5", SMOKE) != 0;
}

static inline int cli_end(void **state)
{
    char command[256];

    (void)state;
    free(out_text);
    free(err_text);
    snprintf(command, sizeof command, "rm -rf '%s'", cli_folder);
    return chdir("/") || system(command);
}

#endif
