/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/workbook/whole.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static uint32_t number(const unsigned char *at, int n)
{
    uint32_t x = 0;

    for (int i = n - 1; i >= 0; i--) {
        x = x << 8 | at[i];
    }
    return x;
}

/* The text ends with the end tag of its first element, or that element is empty. */
static int is_closed(const char *text, size_t n)
{
    const char *at = text, *end = text + n;
    size_t length;
    char tag[80];

    while (at + 1 < end && !(at[0] == '<' && at[1] != '?')) {
        at++;
    }
    length = at < end ? strcspn(at + 1, " \t\r\n/>") : 0;
    if (length == 0 || length + 4 > sizeof tag) {
        return 0;
    }
    while (end > at && strchr(" \t\r\n", end[-1])) {
        end--;
    }
    snprintf(tag, sizeof tag, "</%.*s>", (int)length, at + 1);
    if ((size_t)(end - at) >= strlen(tag) && memcmp(end - strlen(tag), tag, strlen(tag)) == 0) {
        return 1;
    }
    return end - at >= 2 && memcmp(end - 2, "/>", 2) == 0 && !memchr(at, '>', (size_t)(end - at - 1));
}

/* One part, of `packed` bytes at `at`. */
static int is_part_whole(const unsigned char *at, size_t packed, size_t size, int method, int is_xml)
{
    char *text = malloc(size + 1);
    z_stream stream = {0};
    int whole = 0;

    if (text && method == 0 && packed == size) {
        memcpy(text, at, size);
        whole = 1;
    } else if (text && method == 8 && inflateInit2(&stream, -MAX_WBITS) == Z_OK) {
        stream.next_in = (unsigned char *)(uintptr_t)at;
        stream.avail_in = (uInt)packed;
        stream.next_out = (unsigned char *)text;
        stream.avail_out = (uInt)size;
        whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == size;
        inflateEnd(&stream);
    }
    if (whole && is_xml) {
        text[size] = 0;
        whole = is_closed(text, size);
    }
    free(text);
    return whole;
}

int pc_workbook_is_whole(const unsigned char *bytes, size_t n, char part[128])
{
    static const unsigned char end_mark[] = {'P', 'K', 5, 6}, entry_mark[] = {'P', 'K', 1, 2};
    const unsigned char *end, *entry;
    int n_entries;

    part[0] = 0;
    if (n < 22 || memcmp(bytes + n - 22, end_mark, 4) != 0) {
        return 0; /* the archive has no remark, so that its end is its last 22 bytes */
    }
    end = bytes + n - 22;
    n_entries = (int)number(end + 10, 2);
    if (number(end + 16, 4) > n - 22) {
        return 0;
    }
    entry = bytes + number(end + 16, 4);
    for (int i = 0; i < n_entries; i++) {
        uint32_t packed, size, name, start;
        const unsigned char *local;
        if (entry + 46 > end || memcmp(entry, entry_mark, 4) != 0) {
            return 0;
        }
        packed = number(entry + 20, 4);
        size = number(entry + 24, 4);
        name = number(entry + 28, 2);
        snprintf(part, 128, "%.*s", (int)(name < 127 ? name : 127), entry + 46);
        start = number(entry + 42, 4);
        if (start + 30u > n) {
            return 0;
        }
        local = bytes + start;
        start += 30 + number(local + 26, 2) + number(local + 28, 2);
        if ((size_t)start + packed > n ||
            !is_part_whole(bytes + start, packed, size, (int)number(entry + 10, 2),
                           strstr(part, ".xml") != NULL || strstr(part, ".rels") != NULL)) {
            return 0;
        }
        entry += 46 + name + number(entry + 30, 2) + number(entry + 32, 2);
    }
    part[0] = 0;
    return n_entries > 0;
}
