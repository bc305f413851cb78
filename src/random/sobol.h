/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol points, scrambled: a random lower-triangular matrix and a digital shift for each dimension (Matousek 1998), so
 * that every point is uniform by itself and any 2^k points from a multiple of 2^k on stay as even as Sobol's. */
#ifndef PC_RANDOM_SOBOL_H
#define PC_RANDOM_SOBOL_H

#include <stddef.h>
#include <stdint.h>

enum {
    PC_SOBOL_DIMENSIONS = 40, /* as many as GSL has direction numbers for */
    PC_SOBOL_BITS = 22        /* at most 2^22 points in a sequence */
};

/* Direction numbers, from GSL's generator: directions[dimension][bit], the first digit in the highest bit. */
typedef uint32_t pc_sobol_directions[PC_SOBOL_DIMENSIONS][PC_SOBOL_BITS];

/* For sequences of up to 2^n_bits points; takes about 2^n_bits steps. 0: no memory. */
int pc_sobol_read(int n_bits, pc_sobol_directions out);

/* One scrambling of the first n_dimensions. */
typedef struct pc_sobol {
    int n_dimensions;
    uint32_t shift[PC_SOBOL_DIMENSIONS];
    pc_sobol_directions directions;
} pc_sobol;

/* Random words: row i of dimension d's matrix is draw i, the shift draw 32 of (seed, path d, year 0, stream), the
 * stream that of "sobol:REPLICATE". */
void pc_sobol_scramble(uint64_t seed, uint32_t replicate, int n_dimensions, const pc_sobol_directions directions,
                       pc_sobol *out);

/* Points index0 .. index0 + n_lanes - 1 as uniforms (x + 0.5) 2^-32: out[dimension * stride + lane]. */
void pc_sobol_uniform(const pc_sobol *sobol, uint64_t index0, size_t n_lanes, double *out, size_t stride);

#endif
