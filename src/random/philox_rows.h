/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 for a row of paths at once. The same words as Random123's philox4x32, laid out for vectors. */
#ifndef PC_RANDOM_PHILOX_ROWS_H
#define PC_RANDOM_PHILOX_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* For paths path0 .. path0+n-1 encrypts the counter (path low, path high, block, stream) under the key (seed low, seed
 * high) and writes word w of lane i as the uniform (x + 0.5) 2^-32 to rows[w][i]. Rows may be the same array when their
 * values are not wanted. */
void pc_philox_rows(uint64_t seed, uint64_t path0, size_t n, uint32_t block, uint32_t stream, double *const rows[4]);

/* The same by one way of computing, for tests. Returns 0, with nothing written, if machine or build have not got it. */
typedef enum pc_philox_way { PC_PHILOX_PLAIN, PC_PHILOX_AVX2 } pc_philox_way;
int pc_philox_rows_by(pc_philox_way way, uint64_t seed, uint64_t path0, size_t n, uint32_t block, uint32_t stream,
                      double *const rows[4]);

#endif
