/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

enum { WORD = 8 };

/* Room for n more bytes; NULL after a failure. */
static unsigned char *room_for(pc_pack *pack, size_t n)
{
    unsigned char *at;

    if (pack->failed || n > SIZE_MAX / 4 - pack->n) {
        pack->failed = 1;
        return NULL;
    }
    if (pack->n + n > pack->room) {
        size_t room = pack->room ? pack->room : 1 << 16;
        unsigned char *bytes;
        while (room < pack->n + n) {
            room += room / 2;
        }
        bytes = realloc(pack->bytes, room);
        if (!bytes) {
            pack->failed = 1;
            return NULL;
        }
        pack->bytes = bytes;
        pack->room = room;
    }
    at = pack->bytes + pack->n;
    pack->n += n;
    return at;
}

void pc_pack_bytes(pc_pack *pack, const void *bytes, size_t n)
{
    unsigned char *at = n ? room_for(pack, n) : NULL;

    if (at) {
        memcpy(at, bytes, n);
    }
}

void pc_pack_number(pc_pack *pack, uint64_t number)
{
    pc_pack_bytes(pack, &number, sizeof number);
}

void pc_pack_double(pc_pack *pack, double number)
{
    pc_pack_bytes(pack, &number, sizeof number);
}

void pc_pack_text(pc_pack *pack, const char *text)
{
    size_t n = text ? strlen(text) : 0;

    pc_pack_number(pack, n);
    pc_pack_bytes(pack, text ? text : "", n + 1);
}

/* Whether the eight bytes are all zero. */
static int is_zero_word(const unsigned char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return word == 0;
}

void pc_pack_sparse(pc_pack *pack, const unsigned char *bytes, size_t n)
{
    size_t at = 0;

    /* in steps of eight bytes, for the run waits */
    while (at < n) {
        size_t zeros = 0, others = 0;
        uint32_t counts[2];
        while (at + zeros + WORD <= n && is_zero_word(bytes + at + zeros)) {
            zeros += WORD;
        }
        while (at + zeros < n && !bytes[at + zeros]) {
            zeros++;
        }
        while (at + zeros + others + WORD <= n && !is_zero_word(bytes + at + zeros + others)) {
            others += WORD;
        }
        if (at + zeros + others + WORD > n) {
            others = n - at - zeros;
        }
        zeros = zeros < UINT32_MAX ? zeros : UINT32_MAX;
        others = others < UINT32_MAX ? others : UINT32_MAX;
        counts[0] = (uint32_t)zeros;
        counts[1] = (uint32_t)others;
        pc_pack_bytes(pack, counts, sizeof counts);
        pc_pack_bytes(pack, bytes + at + zeros, others);
        at += zeros + others;
    }
}

void pc_pack_free(pc_pack *pack)
{
    free(pack->bytes);
    *pack = (pc_pack){0};
}

/* The next n bytes; NULL after a failure. */
static const unsigned char *take(pc_unpack *from, size_t n)
{
    const unsigned char *at = from->at;

    if (from->failed || n > (size_t)(from->end - from->at)) {
        from->failed = 1;
        return NULL;
    }
    from->at += n;
    return at;
}

void pc_unpack_bytes(pc_unpack *from, void *bytes, size_t n)
{
    const unsigned char *at = n ? take(from, n) : NULL;

    if (at) {
        memcpy(bytes, at, n);
    } else if (n) {
        memset(bytes, 0, n);
    }
}

uint64_t pc_unpack_number(pc_unpack *from)
{
    uint64_t number;

    pc_unpack_bytes(from, &number, sizeof number);
    return number;
}

double pc_unpack_double(pc_unpack *from)
{
    double number;

    pc_unpack_bytes(from, &number, sizeof number);
    return number;
}

const char *pc_unpack_text(pc_unpack *from)
{
    uint64_t n = pc_unpack_number(from);
    const unsigned char *at = n < SIZE_MAX ? take(from, (size_t)n + 1) : NULL;

    if (!at || at[n] || memchr(at, 0, (size_t)n)) {
        from->failed = 1;
        return "";
    }
    return (const char *)at;
}

void pc_unpack_sparse(pc_unpack *from, unsigned char *bytes, size_t n)
{
    size_t at = 0;

    while (at < n && !from->failed) {
        uint32_t counts[2];
        pc_unpack_bytes(from, counts, sizeof counts);
        if (counts[0] > n - at || counts[1] > n - at - counts[0] || counts[0] + (uint64_t)counts[1] == 0) {
            from->failed = 1;
            break;
        }
        memset(bytes + at, 0, counts[0]);
        pc_unpack_bytes(from, bytes + at + counts[0], counts[1]);
        at += (size_t)counts[0] + counts[1];
    }
    if (from->failed) {
        memset(bytes, 0, n);
    }
}

void pc_unpack_expect(pc_unpack *from, uint64_t number)
{
    if (pc_unpack_number(from) != number) {
        from->failed = 1;
    }
}
