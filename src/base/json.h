/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON on its way out. */
#ifndef PC_BASE_JSON_H
#define PC_BASE_JSON_H

#include <stdint.h>
#include <stdio.h>

/* Writes UTF-8 `text` as a JSON string with its quotes. Errors stay in the stream. */
void pc_json_text(FILE *out, const char *text);

/* A value being written; commas take care of themselves. Start with `pc_json json = {.out = file};`. `key` is NULL
 * inside an array and for the outermost value. Errors stay in the stream. */
typedef struct pc_json {
    FILE *out;
    int spaced; /* a blank behind each comma and colon, for people who look at it */
    int inside; /* something stands before in the present object or array */
    const char *white;
} pc_json;

/* `white` (a line feed and some blanks; not copied) stands before the next value or bracket, in place of a blank. */
void pc_json_break(pc_json *json, const char *white);

/* `bracket` is '{' or '['; close with the same '}' or ']'. */
void pc_json_open(pc_json *json, const char *key, char bracket);
void pc_json_close(pc_json *json, char bracket);
void pc_json_put_text(pc_json *json, const char *key, const char *text);
void pc_json_put_boolean(pc_json *json, const char *key, int value);
void pc_json_put_integer(pc_json *json, const char *key, int64_t value);
/* The shortest decimal that reads back as the same double; null for NaN and infinities. */
void pc_json_put_number(pc_json *json, const char *key, double value);

#endif
