/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 after J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC11). A word sits in the low half
 * of a 64-bit element, so that a product of two words needs no widening. Compilers turn that product into a full 64-bit
 * one, which is fast with AVX-512 only; machines with AVX2 alone get the 32x32 multiplication by name. */
#include "random/philox_rows.h"

#include "base/math.h"
#include "base/math_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PC_NO_CLONES)
#define PC_HAVE_AVX2_KERNEL 1
#include <immintrin.h>
#else
#define PC_HAVE_AVX2_KERNEL 0
#endif

#define PC_PHILOX_M0 0xD2511F53u
#define PC_PHILOX_M1 0xCD9E8D57u
#define PC_PHILOX_W0 0x9E3779B9u
#define PC_PHILOX_W1 0xBB67AE85u
#define PC_LOW_HALF 0xffffffffu
enum { PC_PHILOX_ROUNDS = 10 };

/* A word as a uniform number. The word in the low bits of 2^52's mantissa makes 2^52 + x; every step is exact. */
PC_INLINE double pc_word_uniform(uint64_t word)
{
    return (pc_of_bits(0x4330000000000000u | word) - 0x1p52 + 0.5) * 0x1p-32;
}

/* Lanes from..n-1. */
PC_KERNEL static void pc_philox_rows_plain(uint64_t seed, uint64_t path0, size_t from, size_t n, uint32_t block,
                                           uint32_t stream, double *row0, double *row1, double *row2, double *row3)
{
    PC_LANE_LOOP
    for (size_t i = from; i < n; i++) {
        uint64_t path = path0 + i, a = path & PC_LOW_HALF, b = path >> 32, c = block, d = stream;
        uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);

        for (int round = 0; round < PC_PHILOX_ROUNDS; round++) {
            uint64_t p0 = a * PC_PHILOX_M0, p1 = c * PC_PHILOX_M1;

            a = (p1 >> 32) ^ b ^ k0;
            b = p1 & PC_LOW_HALF;
            c = (p0 >> 32) ^ d ^ k1;
            d = p0 & PC_LOW_HALF;
            k0 += PC_PHILOX_W0;
            k1 += PC_PHILOX_W1;
        }
        row0[i] = pc_word_uniform(a);
        row1[i] = pc_word_uniform(b);
        row2[i] = pc_word_uniform(c);
        row3[i] = pc_word_uniform(d);
    }
}

#if PC_HAVE_AVX2_KERNEL
__attribute__((target("avx2"))) static inline void pc_store_uniform_avx2(double *row, __m256i words)
{
    __m256d x = _mm256_castsi256_pd(_mm256_or_si256(words, _mm256_set1_epi64x(0x4330000000000000)));

    x = _mm256_add_pd(_mm256_sub_pd(x, _mm256_set1_pd(0x1p52)), _mm256_set1_pd(0.5));
    _mm256_storeu_pd(row, _mm256_mul_pd(x, _mm256_set1_pd(0x1p-32)));
}

/* Groups of eight lanes (two vectors, so that one's latency hides behind the other); returns the lanes done. The
 * multiplication reads low halves only, so the high halves are masked once, at the end. */
__attribute__((target("avx2"))) static size_t pc_philox_rows_avx2(uint64_t seed, uint64_t path0, size_t n,
                                                                  uint32_t block, uint32_t stream, double *row0,
                                                                  double *row1, double *row2, double *row3)
{
    const __m256i m0 = _mm256_set1_epi64x(PC_PHILOX_M0), m1 = _mm256_set1_epi64x(PC_PHILOX_M1);
    const __m256i low = _mm256_set1_epi64x(PC_LOW_HALF), steps = _mm256_set_epi64x(3, 2, 1, 0);
    size_t i;

    for (i = 0; i + 8 <= n; i += 8) {
        uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
        __m256i a[2], b[2], c[2], d[2];

        for (int v = 0; v < 2; v++) {
            a[v] = _mm256_add_epi64(_mm256_set1_epi64x((long long)(path0 + i + 4 * (size_t)v)), steps);
            b[v] = _mm256_srli_epi64(a[v], 32);
            c[v] = _mm256_set1_epi64x(block);
            d[v] = _mm256_set1_epi64x(stream);
        }
        for (int round = 0; round < PC_PHILOX_ROUNDS; round++) {
            for (int v = 0; v < 2; v++) {
                __m256i p0 = _mm256_mul_epu32(a[v], m0), p1 = _mm256_mul_epu32(c[v], m1);

                a[v] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), b[v]), _mm256_set1_epi64x(k0));
                b[v] = p1;
                c[v] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), d[v]), _mm256_set1_epi64x(k1));
                d[v] = p0;
            }
            k0 += PC_PHILOX_W0;
            k1 += PC_PHILOX_W1;
        }
        for (int v = 0; v < 2; v++) {
            size_t lane = i + 4 * (size_t)v;

            pc_store_uniform_avx2(row0 + lane, _mm256_and_si256(a[v], low));
            pc_store_uniform_avx2(row1 + lane, _mm256_and_si256(b[v], low));
            pc_store_uniform_avx2(row2 + lane, _mm256_and_si256(c[v], low));
            pc_store_uniform_avx2(row3 + lane, _mm256_and_si256(d[v], low));
        }
    }
    return i;
}
#endif

int pc_philox_rows_by(pc_philox_way way, uint64_t seed, uint64_t path0, size_t n, uint32_t block, uint32_t stream,
                      double *const rows[4])
{
    size_t from = 0;

    if (way == PC_PHILOX_AVX2) {
#if PC_HAVE_AVX2_KERNEL
        if (!__builtin_cpu_supports("avx2")) {
            return 0;
        }
        from = pc_philox_rows_avx2(seed, path0, n, block, stream, rows[0], rows[1], rows[2], rows[3]);
#else
        return 0;
#endif
    }
    pc_philox_rows_plain(seed, path0, from, n, block, stream, rows[0], rows[1], rows[2], rows[3]);
    return 1;
}

void pc_philox_rows(uint64_t seed, uint64_t path0, size_t n, uint32_t block, uint32_t stream, double *const rows[4])
{
    pc_philox_way way = PC_PHILOX_PLAIN;

#if PC_HAVE_AVX2_KERNEL
    if (__builtin_cpu_supports("avx2") && !__builtin_cpu_supports("avx512dq")) {
        way = PC_PHILOX_AVX2;
    }
#endif
    pc_philox_rows_by(way, seed, path0, n, block, stream, rows);
}
