/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream to a file that appears whole or not at all. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/safe_file.h"

static const char path[] = "safe_stream.txt";

static void expect_content(const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(path, "r");
    size_t n;

    assert_non_null(file);
    n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    assert_string_equal(text, expected);
}

static void write_text(const char *text)
{
    pc_safe_stream stream = {0};
    pc_status status = {0};

    assert_int_equal(pc_safe_stream_open(&stream, path, PC_SAFE_REPLACE, &status), PC_OK);
    fputs(text, stream.out);
    assert_int_equal(pc_safe_stream_commit(&stream, &status), PC_OK);
    pc_safe_stream_release(&stream);
    expect_content(text);
}

static void test_content_without_a_trailer(void **state)
{
    (void)state;
    unlink(path);
    write_text("first\n");
    write_text("second, and over the first\n");
    unlink(path);
}

static void test_nothing_before_commit(void **state)
{
    pc_safe_stream stream = {0};
    pc_status status = {0};

    (void)state;
    write_text("old");
    assert_int_equal(pc_safe_stream_open(&stream, path, PC_SAFE_REPLACE, &status), PC_OK);
    fputs("new", stream.out);
    fflush(stream.out);
    expect_content("old");
    pc_safe_stream_release(&stream);
    expect_content("old");
    unlink(path);
}

/* A limit on the size of files stands for a full disk. */
static void test_full_disk(void **state)
{
    const struct rlimit small = {65536, RLIM_INFINITY};
    struct rlimit before;
    pc_safe_stream stream = {0};
    pc_status status = {0};

    (void)state;
    write_text("old");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(pc_safe_stream_open(&stream, path, PC_SAFE_REPLACE, &status), PC_OK);
    for (int i = 0; i < 20000; i++) {
        fputs("a line of text\n", stream.out);
    }
    assert_int_equal(pc_safe_stream_commit(&stream, &status), PC_ERR_WRITE);
    pc_safe_stream_release(&stream);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_non_null(strstr(status.message, "safe_stream.txt: cannot write"));
    expect_content("old");
    unlink(path);
}

static void test_bad_places(void **state)
{
    pc_safe_stream stream = {0};
    pc_status status = {0};

    (void)state;
    assert_int_equal(pc_safe_stream_open(&stream, "/no/such/folder/x.txt", PC_SAFE_REPLACE, &status), PC_ERR_WRITE);
    pc_safe_stream_release(&stream);
    status = (pc_status){0};
    assert_int_equal(pc_safe_stream_open(&stream, "/dev/null", PC_SAFE_REPLACE, &status), PC_ERR_WRITE);
    pc_safe_stream_release(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_without_a_trailer),
        cmocka_unit_test(test_nothing_before_commit),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_bad_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
