/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "scenario/text.h"

enum { LINE_COLUMNS = 100, MESSAGE_BYTES = 700 };

typedef struct writer {
    char *text;
    size_t room, used;
    int full;
} writer;

__attribute__((format(printf, 2, 3))) static void say(writer *out, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(out->text + out->used, out->room - out->used, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= out->room - out->used) {
        out->full = 1;
    } else {
        out->used += (size_t)n;
    }
}

/* The source line and a caret below the character in question. Long lines show the part around it. */
static void show_line(writer *out, pc_spot spot)
{
    size_t length = 0;
    const char *line = pc_text_line(spot.file->text, spot.file->size, spot.line, &length);
    int before = 0, column = 1, width = 0;
    size_t from = 0, at = 0;

    if (!line) {
        return;
    }
    if (spot.line == 1 && length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
        length -= 3;
    }
    while (at < length && column < spot.column) {
        uint32_t c = '?';
        size_t n = pc_text_decode(line + at, length - at, &c);
        at += n ? n : 1;
        before += n ? pc_text_width(c) : 1;
        column++;
    }
    while (before > LINE_COLUMNS * 2 / 3) {
        uint32_t c = '?';
        size_t n = pc_text_decode(line + from, length - from, &c);
        from += n ? n : 1;
        before -= n ? pc_text_width(c) : 1;
    }
    say(out, "\n  | %s", from ? "..." : "");
    for (at = from; at < length && width < LINE_COLUMNS;) {
        uint32_t c = '?';
        size_t n = pc_text_decode(line + at, length - at, &c);
        if (n == 0 || c < 0x20 || c == 0x7f) {
            say(out, "%c", c == '\t' ? ' ' : '?');
        } else {
            say(out, "%.*s", (int)n, line + at);
        }
        width += n ? pc_text_width(c) : 1;
        at += n ? n : 1;
    }
    say(out, "%s\n  | %*s^", at < length ? "..." : "", before + (from ? 3 : 0), "");
}

/* A message must not carry a broken character or a control character of the input to the terminal. */
static void clean(char *text)
{
    const size_t size = strlen(text);
    size_t at = 0, to = 0;

    while (at < size) {
        uint32_t c = '?';
        const size_t n = pc_text_decode(text + at, size - at, &c);
        if (n == 0 || c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            text[to++] = '?';
        } else {
            memmove(text + to, text + at, n);
            to += n;
        }
        at += n ? n : 1;
    }
    text[to] = 0;
}

void pc_problem(pc_problems *problems, pc_spot spot, const char *format, ...)
{
    writer out = {problems->text, sizeof problems->text, problems->used, 0};
    char message[MESSAGE_BYTES];
    va_list args;

    problems->n++;
    if (problems->shown >= PC_PROBLEMS_SHOWN || problems->shown < problems->n - 1) {
        return;
    }
    va_start(args, format);
    vsnprintf(message, sizeof message, _(format), args);
    va_end(args);
    clean(message);
    if (problems->shown > 0) {
        say(&out, "\n");
    }
    if (spot.file) {
        say(&out, "%s:%d:%d: %s", spot.file->shown, spot.line, spot.column, message);
        show_line(&out, spot);
    } else if (spot.label) {
        char label[240];
        snprintf(label, sizeof label, "%s", spot.label);
        clean(label);
        say(&out, "%s: %s", label, message);
    } else {
        say(&out, "%s", message);
    }
    if (out.full) {
        problems->text[problems->used] = 0;
    } else {
        problems->used = out.used;
        problems->shown++;
    }
}

pc_code pc_problems_finish(const pc_problems *problems, pc_status *status)
{
    const int more = problems->n - problems->shown;

    if (problems->n == 0) {
        return PC_OK;
    }
    if (more > 0) {
        return pc_fail(status, PC_ERR_INPUT, "%s\nand %d more", problems->text, more);
    }
    return pc_fail(status, PC_ERR_INPUT, "%s", problems->text);
}

pc_place pc_place_of(pc_spot spot)
{
    return (pc_place){spot.file ? spot.file->shown : spot.label ? spot.label : "", spot.line, spot.column};
}
