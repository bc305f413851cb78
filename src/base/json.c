/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>

#include "base/numbers.h"

void pc_json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c < 0x20) {
            fprintf(out, "\\u%04x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static void start(pc_json *json, const char *key)
{
    if (json->inside) {
        fputc(',', json->out);
    }
    if (json->white || (json->inside && json->spaced)) {
        fputs(json->white ? json->white : " ", json->out);
    }
    if (key) {
        pc_json_text(json->out, key);
        fputs(json->spaced ? ": " : ":", json->out);
    }
    json->inside = 1;
    json->white = NULL;
}

void pc_json_break(pc_json *json, const char *white)
{
    json->white = white;
}

void pc_json_open(pc_json *json, const char *key, char bracket)
{
    start(json, key);
    fputc(bracket, json->out);
    json->inside = 0;
}

void pc_json_close(pc_json *json, char bracket)
{
    if (json->white) {
        fputs(json->white, json->out);
    }
    fputc(bracket, json->out);
    json->inside = 1;
    json->white = NULL;
}

void pc_json_put_text(pc_json *json, const char *key, const char *text)
{
    start(json, key);
    pc_json_text(json->out, text);
}

void pc_json_put_boolean(pc_json *json, const char *key, int value)
{
    start(json, key);
    fputs(value ? "true" : "false", json->out);
}

void pc_json_put_integer(pc_json *json, const char *key, int64_t value)
{
    start(json, key);
    fprintf(json->out, "%" PRId64, value);
}

void pc_json_put_number(pc_json *json, const char *key, double value)
{
    char text[PC_NUMBER_SIZE];

    start(json, key);
    if (isfinite(value)) {
        pc_format_double(text, sizeof text, value);
    }
    fputs(isfinite(value) ? text : "null", json->out);
}
