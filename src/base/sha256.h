/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4), for the fingerprints of input files and checkpoints. */
#ifndef PC_BASE_SHA256_H
#define PC_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct pc_sha256 {
    uint32_t state[8];
    uint64_t bytes; /* fed so far */
    unsigned char block[64];
} pc_sha256;

void pc_sha256_start(pc_sha256 *sha);
void pc_sha256_feed(pc_sha256 *sha, const void *data, size_t size);
/* Writes the digest and leaves `sha` to be started again. */
void pc_sha256_end(pc_sha256 *sha, unsigned char digest[32]);
/* All in one, as 64 lower-case hexadecimal digits and a NUL. Of the empty text: e3b0c442 98fc1c14 ... */
void pc_sha256_hex(const void *data, size_t size, char hex[65]);

#endif
