/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"

typedef void writer(pc_json *json);

static void assert_written(writer *write, int spaced, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    pc_json json = {.out = open_memstream(&text, &size), .spaced = spaced};

    assert_non_null(json.out);
    write(&json);
    assert_int_equal(fclose(json.out), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void nested(pc_json *json)
{
    pc_json_open(json, NULL, '{');
    pc_json_put_text(json, "a \"b\"", "line\nend\\");
    pc_json_open(json, "empty", '[');
    pc_json_close(json, ']');
    pc_json_open(json, "list", '[');
    pc_json_put_number(json, NULL, 0.1);
    pc_json_put_number(json, NULL, NAN);
    pc_json_put_number(json, NULL, -INFINITY);
    pc_json_open(json, NULL, '{');
    pc_json_close(json, '}');
    pc_json_close(json, ']');
    pc_json_put_integer(json, "n", INT64_MIN);
    pc_json_put_boolean(json, "yes", 2);
    pc_json_put_boolean(json, "no", 0);
    pc_json_close(json, '}');
}

static void test_values_and_commas(void **state)
{
    (void)state;
    assert_written(nested, 0,
                   "{\"a \\\"b\\\"\":\"line\\u000aend\\\\\",\"empty\":[],\"list\":[0.1,null,null,{}],"
                   "\"n\":-9223372036854775808,\"yes\":true,\"no\":false}");
    assert_written(nested, 1,
                   "{\"a \\\"b\\\"\": \"line\\u000aend\\\\\", \"empty\": [], \"list\": [0.1, null, null, {}], "
                   "\"n\": -9223372036854775808, \"yes\": true, \"no\": false}");
}

static void rows(pc_json *json)
{
    pc_json_open(json, NULL, '{');
    pc_json_break(json, "\n");
    pc_json_open(json, "rows", '[');
    for (int i = 0; i < 2; i++) {
        pc_json_break(json, "\n  ");
        pc_json_open(json, NULL, '{');
        pc_json_put_integer(json, "i", i);
        pc_json_close(json, '}');
    }
    pc_json_break(json, "\n");
    pc_json_close(json, ']');
    pc_json_put_integer(json, "n", 2);
    pc_json_close(json, '}');
}

/* A line feed stands once, where it was asked for, and in place of the blank. */
static void test_breaks(void **state)
{
    (void)state;
    assert_written(rows, 0, "{\n\"rows\":[\n  {\"i\":0},\n  {\"i\":1}\n],\"n\":2}");
    assert_written(rows, 1, "{\n\"rows\": [\n  {\"i\": 0},\n  {\"i\": 1}\n], \"n\": 2}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values_and_commas), cmocka_unit_test(test_breaks)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
