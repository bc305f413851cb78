/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/text.h"

#include <stdio.h>
#include <string.h>

size_t pc_text_decode(const char *text, size_t size, uint32_t *character)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    const size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    uint32_t c;

    if (n == 0 || n > size) {
        return 0;
    }
    c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (s[i] >> 6 != 2) {
            return 0;
        }
        c = c << 6 | (s[i] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        return 0;
    }
    *character = c;
    return n;
}

size_t pc_text_valid(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        uint32_t c;
        const size_t n = pc_text_decode(text + at, size - at, &c);
        if (n == 0) {
            break;
        }
        at += n;
    }
    return at;
}

int pc_text_width(uint32_t c)
{
    static const uint32_t wide[][2] = {{0x1100, 0x115f}, {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},
                                       {0xac00, 0xd7a3}, {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
                                       {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    static const uint32_t none[][2] = {
        {0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (c >= none[i][0] && c <= none[i][1]) {
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (c >= wide[i][0] && c <= wide[i][1]) {
            return 2;
        }
    }
    return 1;
}

const char *pc_text_line(const char *text, size_t size, int line, size_t *length)
{
    const char *start = text, *const end = text + size;

    for (int i = 1; i < line; i++) {
        const char *next = memchr(start, '\n', (size_t)(end - start));
        if (!next) {
            return NULL;
        }
        start = next + 1;
    }
    if (start > end) {
        return NULL;
    }
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    if (!stop) {
        stop = end;
    }
    if (stop > start && stop[-1] == '\r') {
        stop--;
    }
    *length = (size_t)(stop - start);
    return start;
}

void pc_text_position(const char *text, size_t size, size_t offset, int *line, int *column)
{
    *line = *column = 1;
    for (size_t at = 0; at < size && at < offset;) {
        uint32_t c = 0;
        size_t n = pc_text_decode(text + at, size - at, &c);
        at += n ? n : 1;
        if (c == '\n') {
            ++*line;
            *column = 1;
        } else if (c != 0xfeff || at > 3) { /* the mark at the start of a file is no character of its first line */
            ++*column;
        }
    }
}

int pc_text_join(const char *from, const char *name, char *out, size_t room)
{
    const char *slash = from ? strrchr(from, '/') : NULL;
    char joined[1024];
    size_t n = 0; /* length of out */
    int up = 0;   /* leading ".." */
    int written;

    written = snprintf(joined, sizeof joined, "%.*s%s", slash ? (int)(slash - from + 1) : 0, slash ? from : "", name);
    if (written < 0 || (size_t)written >= sizeof joined || name[0] == '/' || name[0] == 0 || room == 0) {
        return 0;
    }
    for (const char *part = joined; *part;) {
        const size_t length = strcspn(part, "/");
        if (length == 2 && memcmp(part, "..", 2) == 0) {
            char *last;
            out[n] = 0;
            last = strrchr(out, '/');
            if (n == 0 || strcmp(last ? last + 1 : out, "..") == 0) {
                if (++up > 1 || n + 3 >= room) {
                    return 0;
                }
                n += (size_t)snprintf(out + n, room - n, "..");
            } else {
                n = last ? (size_t)(last - out) : 0;
            }
        } else if (length > 0 && !(length == 1 && part[0] == '.')) {
            if (n + length + 2 > room) {
                return 0;
            }
            if (n > 0) {
                out[n++] = '/';
            }
            memcpy(out + n, part, length);
            n += length;
        }
        part += length + (part[length] == '/');
    }
    out[n] = 0;
    return n > 0 && strcmp(out, "..") != 0;
}
