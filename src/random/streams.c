/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random/streams.h"

#include "base/math.h"
#include "random/philox_rows.h"

#include <Random123/philox.h>

/* Lanes of one call of the block kernel; bounds the memory on the stack for words that nobody asked for. */
enum { PC_STREAM_CHUNK = 256, PC_WORDS = 4 };

uint32_t pc_stream_hash(const char *text)
{
    uint32_t hash = 2166136261u;

    for (; *text; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return hash;
}

uint32_t pc_stream_word(uint64_t seed, uint64_t path, uint32_t year, uint32_t stream, uint32_t draw)
{
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    philox4x32_ctr_t counter = {{(uint32_t)path, (uint32_t)(path >> 32), year * 65536u + draw / PC_WORDS, stream}};

    return philox4x32(counter, key).v[draw % PC_WORDS];
}

void pc_stream_uniform(uint64_t seed, uint64_t path0, size_t n_lanes, uint32_t year, uint32_t stream, uint32_t first,
                       size_t n_draws, double *out, size_t stride)
{
    double unwanted[PC_STREAM_CHUNK];
    uint32_t end = first + (uint32_t)n_draws;

    for (size_t lane = 0; lane < n_lanes; lane += PC_STREAM_CHUNK) {
        size_t n = n_lanes - lane < PC_STREAM_CHUNK ? n_lanes - lane : PC_STREAM_CHUNK;

        for (uint32_t draw = first / PC_WORDS * PC_WORDS; draw < end; draw += PC_WORDS) {
            double *rows[PC_WORDS];

            for (uint32_t word = 0; word < PC_WORDS; word++) {
                uint32_t d = draw + word;

                rows[word] = d >= first && d < end ? out + (d - first) * stride + lane : unwanted;
            }
            pc_philox_rows(seed, path0 + lane, n, year * 65536u + draw / PC_WORDS, stream, rows);
        }
    }
}

void pc_stream_normal(uint64_t seed, uint64_t path0, size_t n_lanes, uint32_t year, uint32_t stream, uint32_t first,
                      size_t n_draws, double *out, size_t stride)
{
    pc_stream_uniform(seed, path0, n_lanes, year, stream, first, n_draws, out, stride);
    for (size_t d = 0; d < n_draws; d++) {
        pc_norm_inv_rows(out + d * stride, out + d * stride, n_lanes);
    }
}
