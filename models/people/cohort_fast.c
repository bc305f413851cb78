/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fast kernel: a vector of lanes at a time, once for each instruction set. A vector that the machine has no
 * register for would live in memory, so that its width goes with the set; and compilers don't make one instruction of a
 * row of fma(), so that this is asked for by name. All give the same bits. */
#include <math.h>

#include "base/math.h"
#include "base/math_kernels.h"
#include "people/cohort.h"
#include "people/fertility.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(PC_NO_CLONES)
#define PC_HAVE_VARIANTS 1
#include <immintrin.h>
#else
#define PC_HAVE_VARIANTS 0
#endif

/* How a pass treats the bound on migration: nobody leaves; look whether it is met; keep it. */
enum { NOBODY_LEAVES, WATCH, KEEP };
enum { ROWS_ASKED = 4 }; /* rows of sums asked of the memory at a time */

#define VECTOR(lanes) vector_size((lanes) * sizeof(double)), aligned((lanes) * sizeof(double)), may_alias

#if PC_HAVE_VARIANTS
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
typedef double vec8 __attribute__((VECTOR(8)));
typedef int64_t ivec8 __attribute__((VECTOR(8)));
#define VARIANT(name)   name##_v4
#define WIDTH           8
#define vec             vec8
#define ivec            ivec8
#define ALL(x)          ((vec8)_mm512_set1_pd(x))
#define FMA(x, y, z)    ((vec8)_mm512_fmadd_pd((__m512d)(x), (__m512d)(y), (__m512d)(z)))
#define MIN(x, y)       ((vec8)_mm512_min_pd((__m512d)(x), (__m512d)(y)))
#define ANY_NEGATIVE(x) (_mm512_cmp_pd_mask((__m512d)(x), _mm512_setzero_pd(), _CMP_LT_OQ) != 0)
#include "people/cohort_inner.h"
#undef VARIANT
#undef WIDTH
#undef vec
#undef ivec
#undef ALL
#undef FMA
#undef MIN
#undef ANY_NEGATIVE
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
typedef double vec4 __attribute__((VECTOR(4)));
typedef int64_t ivec4 __attribute__((VECTOR(4)));
#define VARIANT(name)   name##_v3
#define WIDTH           4
#define vec             vec4
#define ivec            ivec4
#define ALL(x)          ((vec4)_mm256_set1_pd(x))
#define FMA(x, y, z)    ((vec4)_mm256_fmadd_pd((__m256d)(x), (__m256d)(y), (__m256d)(z)))
#define MIN(x, y)       ((vec4)_mm256_min_pd((__m256d)(x), (__m256d)(y)))
#define ANY_NEGATIVE(x) (_mm256_movemask_pd(_mm256_cmp_pd((__m256d)(x), _mm256_setzero_pd(), _CMP_LT_OQ)) != 0)
#include "people/cohort_inner.h"
#undef VARIANT
#undef WIDTH
#undef vec
#undef ivec
#undef ALL
#undef FMA
#undef MIN
#undef ANY_NEGATIVE
#pragma GCC pop_options
#endif

/* Any machine: pairs of lanes, each operation by the language's own means. */
typedef double vec2 __attribute__((VECTOR(2)));
typedef int64_t ivec2 __attribute__((VECTOR(2)));
#define VARIANT(name)   name##_any
#define WIDTH           2
#define vec             vec2
#define ivec            ivec2
#define ALL(x)          ((vec2){(x), (x)})
#define FMA(x, y, z)    fma2((x), (y), (z))
#define MIN(x, y)       min2((x), (y))
#define ANY_NEGATIVE(x) ((x)[0] < 0 || (x)[1] < 0)

PC_INLINE vec2 fma2(vec2 x, vec2 y, vec2 z)
{
    return (vec2){fma(x[0], y[0], z[0]), fma(x[1], y[1], z[1])};
}

PC_INLINE vec2 min2(vec2 x, vec2 y)
{
    return (vec2){x[0] < y[0] ? x[0] : y[0], x[1] < y[1] ? x[1] : y[1]};
}
#include "people/cohort_inner.h"

int pc_cohort_step_by(pc_cohort_way way, pc_cohort_step *step)
{
#if PC_HAVE_VARIANTS
    if (way == PC_COHORT_AVX512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        pc_cohort_step_fast_v4(step);
        return 1;
    }
    if (way == PC_COHORT_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2")) {
        pc_cohort_step_fast_v3(step);
        return 1;
    }
#endif
    if (way == PC_COHORT_ANY) {
        pc_cohort_step_fast_any(step);
        return 1;
    }
    return 0;
}

void pc_cohort_step_fast(pc_cohort_step *step)
{
    if (!pc_cohort_step_by(PC_COHORT_AVX512, step) && !pc_cohort_step_by(PC_COHORT_AVX2, step)) {
        pc_cohort_step_by(PC_COHORT_ANY, step);
    }
}
