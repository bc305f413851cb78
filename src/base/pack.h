/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, texts and blocks in a row of bytes, for checkpoints and shards: what is packed on a machine is unpacked on
 * one of the same byte order (little-endian). Reading never goes beyond the end, whatever the bytes say. */
#ifndef PC_BASE_PACK_H
#define PC_BASE_PACK_H

#include <stddef.h>
#include <stdint.h>

/* Start with `pc_pack pack = {0};`. When memory runs out `failed` is set and later calls do nothing. */
typedef struct pc_pack {
    unsigned char *bytes;
    size_t n, room;
    int failed;
} pc_pack;

void pc_pack_bytes(pc_pack *pack, const void *bytes, size_t n);
void pc_pack_number(pc_pack *pack, uint64_t number);
void pc_pack_double(pc_pack *pack, double number);
/* With its length before it and a NUL after it; NULL counts as "". */
void pc_pack_text(pc_pack *pack, const char *text);
/* n bytes of which many are zero, in place or in runs: a bit says which. */
void pc_pack_sparse(pc_pack *pack, const unsigned char *bytes, size_t n);
/* Another pack with its length before it, which pc_unpack_part takes out again: parts that threads pack and unpack. */
void pc_pack_part(pc_pack *pack, const pc_pack *part);
void pc_pack_free(pc_pack *pack);

/* Start with the bytes' begin and end. After a failure (the end was reached, or what is there cannot be) `failed` is
 * set and all that is read is zero. */
typedef struct pc_unpack {
    const unsigned char *at, *end;
    int failed;
} pc_unpack;

void pc_unpack_bytes(pc_unpack *from, void *bytes, size_t n);
uint64_t pc_unpack_number(pc_unpack *from);
double pc_unpack_double(pc_unpack *from);
/* Points into the bytes; "" after a failure. */
const char *pc_unpack_text(pc_unpack *from);
void pc_unpack_sparse(pc_unpack *from, unsigned char *bytes, size_t n);
/* It has failed where `from` has or ends before the part does. */
pc_unpack pc_unpack_part(pc_unpack *from);
/* Sets `failed` unless the next number is this one. */
void pc_unpack_expect(pc_unpack *from, uint64_t number);

#endif
