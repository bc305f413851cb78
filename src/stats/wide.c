/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/wide.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* Part `level` of a sum holds terms of size 2^(40 level - 1080) up to 2^(40 level - 1040), in quanta of 2^-53 of the
 * lower end: integers below 2^93. Level 0 starts below the least double. */
enum { BINADES = 40, LOWEST = -1080, DIGITS = 53, LEVELS = 64, FIRST_ROOM = 64 };

typedef __int128 fixed;

struct pc_wide_part {
    uint64_t key; /* 1 + index * LEVELS + level; 0: free */
    fixed sum;
};

static int quantum_of(uint64_t level)
{
    return LOWEST + BINADES * (int)level - DIGITS;
}

/* The part with this key, or the free place where it belongs. */
static pc_wide_part *find(pc_wide_part *parts, size_t room, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);

    while (parts[at].key && parts[at].key != key) {
        at = (at + 1) & (room - 1);
    }
    return &parts[at];
}

static int make_room(pc_wide *wide)
{
    const size_t room = wide->room ? 2 * wide->room : FIRST_ROOM;
    pc_wide_part *parts;

    if (3 * (wide->n + 1) <= 2 * wide->room) {
        return 0;
    }
    parts = pc_calloc(room, sizeof *parts);
    if (!parts) {
        return 1;
    }
    for (size_t i = 0; i < wide->room; i++) {
        if (wide->parts[i].key) {
            *find(parts, room, wide->parts[i].key) = wide->parts[i];
        }
    }
    pc_free(wide->parts);
    wide->parts = parts;
    wide->room = room;
    return 0;
}

static int add_part(pc_wide *wide, uint64_t key, fixed term)
{
    pc_wide_part *part;

    if (make_room(wide)) {
        return 1;
    }
    part = find(wide->parts, wide->room, key);
    wide->n += part->key == 0;
    part->key = key;
    return __builtin_add_overflow(part->sum, term, &part->sum);
}

int pc_wide_add(pc_wide *wide, uint64_t index, double x)
{
    uint64_t level;
    int exponent;

    if (!isfinite(x)) {
        return 1;
    }
    frexp(x, &exponent); /* 2^(exponent - 1) <= |x| < 2^exponent */
    level = (uint64_t)(exponent - 1 - LOWEST) / BINADES;
    return add_part(wide, 1 + index * LEVELS + level, (fixed)ldexpl((long double)x, -quantum_of(level)));
}

long double pc_wide_value(const pc_wide *wide, uint64_t index)
{
    long double sum = 0;

    for (uint64_t level = LEVELS; wide->n && level-- > 0;) {
        const pc_wide_part *part = find(wide->parts, wide->room, 1 + index * LEVELS + level);
        if (part->sum) {
            sum += ldexpl((long double)part->sum, quantum_of(level));
        }
    }
    return sum;
}

int pc_wide_merge(pc_wide *into, const pc_wide *from)
{
    int failed = 0;

    for (size_t i = 0; i < from->room; i++) {
        if (from->parts[i].key) {
            failed |= add_part(into, from->parts[i].key, from->parts[i].sum);
        }
    }
    return failed;
}

void pc_wide_free(pc_wide *wide)
{
    pc_free(wide->parts);
    *wide = (pc_wide){0};
}

static int by_key(const void *a, const void *b)
{
    const uint64_t x = ((const pc_wide_part *)a)->key, y = ((const pc_wide_part *)b)->key;

    return (x > y) - (x < y);
}

void pc_wide_pack(const pc_wide *wide, pc_pack *pack)
{
    pc_wide_part *sorted = pc_calloc(wide->n + 1, sizeof *sorted);
    size_t n = 0;

    pack->failed |= !sorted;
    for (size_t i = 0; i < wide->room && sorted; i++) {
        if (wide->parts[i].key) {
            sorted[n++] = wide->parts[i];
        }
    }
    if (n) {
        qsort(sorted, n, sizeof *sorted, by_key);
    }
    pc_pack_number(pack, n);
    for (size_t i = 0; i < n; i++) {
        pc_pack_number(pack, sorted[i].key);
        pc_pack_bytes(pack, &sorted[i].sum, sizeof sorted[i].sum);
    }
    pc_free(sorted);
}

void pc_wide_unpack(pc_wide *wide, uint64_t n_sums, pc_unpack *from)
{
    const uint64_t n = pc_unpack_number(from);
    uint64_t before = 0;

    for (uint64_t i = 0; i < n && !from->failed; i++) {
        const uint64_t key = pc_unpack_number(from);
        fixed sum;
        pc_unpack_bytes(from, &sum, sizeof sum);
        if (key <= before || (key - 1) / LEVELS >= n_sums || from->failed || add_part(wide, key, sum)) {
            from->failed = 1;
        }
        before = key;
    }
}
