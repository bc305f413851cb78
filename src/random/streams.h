/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The random streams of the model, all listed here: which number of which stream drives what.
 * Philox4x32-10, key = (seed low, seed high), counter = (path low, path high, (t - t0) * 65536 + block, stream);
 * draw j is word j mod 4 of block j div 4; u = (x + 0.5) 2^-32, normal = inverse normal of u. */
#ifndef PC_RANDOM_STREAMS_H
#define PC_RANDOM_STREAMS_H

#include <stddef.h>
#include <stdint.h>

enum { PC_STREAM_PROVINCE = 0 };

/* Draws of the province's stream. */
enum {
    PC_DRAW_KAPPA,
    PC_DRAW_FERTILITY,
    PC_DRAW_EMPLOYMENT,
    PC_DRAW_WAGE,
    PC_DRAW_COST,
    PC_DRAW_RETURN,
    PC_PROVINCE_NORMALS,
    PC_DRAW_CHI2 = PC_PROVINCE_NORMALS,
    PC_PROVINCE_DRAWS,
    PC_DRAW_COMMON = PC_PROVINCE_DRAWS /* quasi-random mode: PC_COMMON_DRAWS, what regions have in common */
};

/* Draws of a region's stream. */
enum {
    PC_DRAW_MIGRATION,
    PC_DRAW_REGION_EMPLOYMENT,
    PC_DRAW_REGION_WAGE,
    PC_DRAW_REGION_COST_EMPLOYEE,
    PC_DRAW_REGION_COST_RESIDENT,
    PC_DRAW_CLAIMS_EMPLOYEE,
    PC_DRAW_CLAIMS_RESIDENT,
    PC_REGION_DRAWS,
    PC_COMMON_DRAWS = PC_DRAW_CLAIMS_EMPLOYEE /* draws whose common part quasi-random points may drive */
};

/* Draws of a shock's stream. */
enum { PC_DRAW_SHOCK_START, PC_DRAW_SHOCK_SIZE, PC_SHOCK_DRAWS };

/* FNV-1a-32 of a text: pc_stream_hash("a") = 0xe40c292c. */
uint32_t pc_stream_hash(const char *text);

/* The raw 32-bit word of one draw. */
uint32_t pc_stream_word(uint64_t seed, uint64_t path, uint32_t year, uint32_t stream, uint32_t draw);

/* Uniforms of draws first .. first+n_draws-1 for paths path0 .. path0+n_lanes-1:
 * out[d * stride + lane]. `year` is t - t0. */
void pc_stream_uniform(uint64_t seed, uint64_t path0, size_t n_lanes, uint32_t year, uint32_t stream, uint32_t first,
                       size_t n_draws, double *out, size_t stride);
/* The same as standard normals. */
void pc_stream_normal(uint64_t seed, uint64_t path0, size_t n_lanes, uint32_t year, uint32_t stream, uint32_t first,
                      size_t n_draws, double *out, size_t stride);

#endif
