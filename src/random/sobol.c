/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random/sobol.h"

#include <gsl/gsl_qrng.h>
#include <stdio.h>

#include "random/streams.h"

enum { WORD = 32, DRAW_SHIFT = 32 };

/* GSL's generator steps in the order of Gray's code: its nth point differs from the one before by the direction number
 * of the lowest bit of n. That gives them back without a table of our own that could have a wrong digit. */
int pc_sobol_read(int n_bits, pc_sobol_directions out)
{
    gsl_qrng *generator = gsl_qrng_alloc(gsl_qrng_sobol, PC_SOBOL_DIMENSIONS);
    double point[PC_SOBOL_DIMENSIONS], before[PC_SOBOL_DIMENSIONS] = {0};
    uint64_t n = 0;

    if (!generator) {
        return 0;
    }
    for (int bit = 0; bit < n_bits && bit < PC_SOBOL_BITS; bit++) {
        for (; n < UINT64_C(1) << bit; n++) {
            if (n + 1 == UINT64_C(1) << bit) {
                for (int d = 0; d < PC_SOBOL_DIMENSIONS && n > 0; d++) {
                    before[d] = point[d];
                }
            }
            gsl_qrng_get(generator, point);
        }
        for (int d = 0; d < PC_SOBOL_DIMENSIONS; d++) {
            out[d][bit] = (uint32_t)(point[d] * 0x1p32) ^ (uint32_t)(before[d] * 0x1p32);
        }
    }
    gsl_qrng_free(generator);
    return 1;
}

/* Digit i of the scrambled number is digit i of the given one plus a random sum of the digits above it. */
static uint32_t scramble(const uint32_t rows[WORD], uint32_t x)
{
    uint32_t out = 0;

    for (int i = 0; i < WORD; i++) {
        out = out << 1 | (uint32_t)__builtin_parity(rows[i] & x);
    }
    return out;
}

void pc_sobol_scramble(uint64_t seed, uint32_t replicate, int n_dimensions, const pc_sobol_directions directions,
                       pc_sobol *out)
{
    char name[32];
    uint32_t stream, rows[WORD];

    snprintf(name, sizeof name, "sobol:%u", (unsigned)replicate);
    stream = pc_stream_hash(name);
    out->n_dimensions = n_dimensions;
    for (int d = 0; d < n_dimensions; d++) {
        for (uint32_t i = 0; i < WORD; i++) {
            const uint32_t digit = UINT32_C(1) << (WORD - 1 - i), above = ~(digit | (digit - 1));

            rows[i] = (pc_stream_word(seed, (uint64_t)d, 0, stream, i) & above) | digit;
        }
        out->shift[d] = pc_stream_word(seed, (uint64_t)d, 0, stream, DRAW_SHIFT);
        for (int bit = 0; bit < PC_SOBOL_BITS; bit++) {
            out->directions[d][bit] = scramble(rows, directions[d][bit]);
        }
    }
}

void pc_sobol_uniform(const pc_sobol *sobol, uint64_t index0, size_t n_lanes, double *out, size_t stride)
{
    for (int d = 0; d < sobol->n_dimensions; d++) {
        uint32_t x = sobol->shift[d], step[PC_SOBOL_BITS + 1], sum = 0;

        /* counting up by one flips the lowest bits up to the first that was 0 */
        for (int bit = 0; bit < PC_SOBOL_BITS; bit++) {
            x ^= index0 >> bit & 1u ? sobol->directions[d][bit] : 0;
            step[bit] = sum ^= sobol->directions[d][bit];
        }
        step[PC_SOBOL_BITS] = sum;
        for (size_t lane = 0; lane < n_lanes; lane++) {
            const uint64_t next = index0 + lane + 1;
            const int low = __builtin_ctzll(next);

            out[(size_t)d * stride + lane] = ((double)x + 0.5) * 0x1p-32;
            x ^= step[low < PC_SOBOL_BITS ? low : PC_SOBOL_BITS];
        }
    }
}
