/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

/* Of rows of bytes of which many are zero: 64 blocks of 64 bytes. A word says which of the blocks follow, a word before
 * each which of its bytes do. Blocks with more than MOST_SINGLE are written whole, which is faster. */
enum { WORD = 8, BLOCK = 64, MOST_SINGLE = 44 };

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

/* A bit for each of the eight bytes that is not zero. */
static uint64_t mask_of_word(const unsigned char *bytes)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    if (word == 0) {
        return 0;
    }
    word = (((word & low) + low) | word) & ~low; /* the highest bit of each */
    return (word >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* The bytes of a block of 64 that are written: those that are not zero, or all where most are not. */
static uint64_t mask_of_block(const unsigned char *bytes, size_t n)
{
    uint64_t mask = 0;

    if (n == BLOCK) {
        for (int w = 0; w < BLOCK / WORD; w++) {
            mask |= mask_of_word(bytes + WORD * w) << WORD * w;
        }
        return __builtin_popcountll(mask) > MOST_SINGLE ? UINT64_MAX : mask;
    }
    for (size_t i = 0; i < n; i++) {
        mask |= (uint64_t)(bytes[i] != 0) << i;
    }
    return mask;
}

static unsigned char *put_block(unsigned char *to, const unsigned char *bytes, uint64_t mask)
{
    memcpy(to, &mask, sizeof mask);
    to += sizeof mask;
    if (mask == UINT64_MAX) {
        memcpy(to, bytes, BLOCK);
        return to + BLOCK;
    }
    for (; mask; mask &= mask - 1) {
        *to++ = bytes[__builtin_ctzll(mask)];
    }
    return to;
}

void pc_pack_sparse(pc_pack *pack, const unsigned char *bytes, size_t n)
{
    const size_t begin = pack->n, n_blocks = (n + BLOCK - 1) / BLOCK;
    unsigned char *to = n ? room_for(pack, n + (n_blocks + (n_blocks + BLOCK - 1) / BLOCK) * sizeof(uint64_t)) : NULL;

    if (!to) {
        return;
    }
    for (size_t first = 0; first < n_blocks; first += BLOCK) {
        unsigned char *const group_at = to;
        uint64_t group = 0;
        to += sizeof group;
        for (size_t b = first; b < n_blocks && b < first + BLOCK; b++) {
            const size_t left = n - b * BLOCK;
            const uint64_t mask = mask_of_block(bytes + b * BLOCK, left < BLOCK ? left : BLOCK);
            if (mask) {
                group |= UINT64_C(1) << (b - first);
                to = put_block(to, bytes + b * BLOCK, mask);
            }
        }
        memcpy(group_at, &group, sizeof group);
    }
    pack->n = begin + (size_t)(to - (pack->bytes + begin));
}

void pc_pack_part(pc_pack *pack, const pc_pack *part)
{
    pc_pack_number(pack, part->n);
    pc_pack_bytes(pack, part->bytes, part->n);
    pack->failed |= part->failed;
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

/* The bytes of a block, n of them, zeroed before; those beyond must not be told of. */
static void get_block(pc_unpack *from, unsigned char *bytes, size_t n)
{
    uint64_t mask = pc_unpack_number(from);
    const unsigned char *at = take(from, (size_t)__builtin_popcountll(mask));

    from->failed |= mask == 0 || (n < BLOCK && mask >> n != 0);
    if (from->failed || !at) {
        return;
    }
    if (mask == UINT64_MAX) {
        memcpy(bytes, at, BLOCK);
        return;
    }
    for (; mask; mask &= mask - 1) {
        bytes[__builtin_ctzll(mask)] = *at++;
    }
}

void pc_unpack_sparse(pc_unpack *from, unsigned char *bytes, size_t n)
{
    const size_t n_blocks = (n + BLOCK - 1) / BLOCK;

    memset(bytes, 0, n);
    for (size_t first = 0; first < n_blocks && !from->failed; first += BLOCK) {
        uint64_t group = pc_unpack_number(from);
        from->failed |= n_blocks - first < BLOCK && group >> (n_blocks - first) != 0;
        for (; group && !from->failed; group &= group - 1) {
            const size_t at = (first + (size_t)__builtin_ctzll(group)) * BLOCK;
            get_block(from, bytes + at, n - at < BLOCK ? n - at : BLOCK);
        }
    }
    if (from->failed) {
        memset(bytes, 0, n);
    }
}

pc_unpack pc_unpack_part(pc_unpack *from)
{
    const uint64_t n = pc_unpack_number(from);
    const unsigned char *at = take(from, n < SIZE_MAX ? (size_t)n : SIZE_MAX);

    return at ? (pc_unpack){at, at + n, 0} : (pc_unpack){NULL, NULL, 1};
}

void pc_unpack_expect(pc_unpack *from, uint64_t number)
{
    if (pc_unpack_number(from) != number) {
        from->failed = 1;
    }
}
