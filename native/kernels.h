/* C kernels of the vector engine. Every kernel has a scalar reference and one function per instruction set; the
 * managed side chooses by the CPUID bits of se_cpu_features(). Contracts shared by all of them:
 *   - `length` counts elements and is a multiple of 64 (codes, signs) or of 32 (halves, floats); rows are padded;
 *   - four rows a call, named by ordinal: row i is base + ordinals[i] * stride; nothing outside the rows is read;
 *   - integer results are equal on every path; float results are equal too, because all paths follow one
 *     summation order (64 lanes by fused multiply-add, then 64 -> 32 -> 16 -> 8 -> 4 -> 2 -> 1 halves added). */
#ifndef SEARCHENGINE_KERNELS_H
#define SEARCHENGINE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SE_EXPORT __attribute__((visibility("default")))
#else
#define SE_EXPORT
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#define SE_X86 1
#include <immintrin.h>
#define SE_TARGET_AVX2 __attribute__((target("avx2,fma,f16c,popcnt,bmi,bmi2")))
#define SE_TARGET_AVXVNNI __attribute__((target("avx2,fma,f16c,popcnt,bmi,bmi2,avxvnni")))
#define SE_TARGET_AVX512 __attribute__((target("avx2,fma,f16c,popcnt,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq")))
#define SE_TARGET_VNNI512 \
    __attribute__((target("avx2,fma,f16c,popcnt,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define SE_TARGET_POPCNT512 \
    __attribute__((target("avx2,fma,f16c,popcnt,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq,avx512vpopcntdq")))
#else
#define SE_X86 0
#endif

enum se_cpu_feature {
    SE_CPU_AVX2 = 1,        /* AVX2, FMA, F16C, BMI2, ymm state enabled by the kernel */
    SE_CPU_AVXVNNI = 2,
    SE_CPU_AVX512 = 4,      /* F, BW, VL, DQ, zmm state enabled by the kernel */
    SE_CPU_AVX512VNNI = 8,
    SE_CPU_AVX512POPCNT = 16
};

/* Asks for the lines of the `count` rows from `from` on that are known. Loops of lengths that the compiler does not know
 * cost a tenth of a scan of 1-bit records (3.0 and 2.7 ns a row, 2026-11-26), so the usual case has none. */
static inline __attribute__((always_inline)) void se_prefetch_rows(
    const uint8_t *base, size_t stride, const uint32_t *ordinals, size_t from, size_t count, size_t known, size_t lines) {
    if (from + count <= known && lines == 2) {
#pragma GCC unroll 8
        for (size_t i = 0; i < count; i++) {
            const uint8_t *row = base + (size_t)ordinals[from + i] * stride;
            __builtin_prefetch(row);
            __builtin_prefetch(row + 64);
        }
        return;
    }
    for (size_t i = from; i < from + count && i < known; i++) {
        const uint8_t *row = base + (size_t)ordinals[i] * stride;
        for (size_t line = 0; line < lines; line++) __builtin_prefetch(row + 64 * line);
    }
}

/* Query of the 1-bit estimate: four bit planes of the 4-bit query, each `words` u64 (a multiple of 8, zero padded). */
typedef struct {
    const uint64_t *planes;  /* plane i starts at planes + i * words */
    size_t words;
    size_t factor_offset;    /* byte offset of f32 {add, scale, error, popcount} in a record */
    float step;              /* value of one query level */
    float half;              /* half of the sum of the query levels around their centre */
    float inverse_unit;      /* similarity -> integer score */
    float error_scale;       /* epsilon * |query residual| */
} se_sign_query;

SE_EXPORT uint32_t se_cpu_features(void);

#define SE_DECLARE_BYTE_DOT(isa)                                                                             \
    SE_EXPORT void se_byte_dot4_##isa(const uint8_t *base, size_t stride, const uint32_t *ordinals,          \
                                      const int8_t *query, size_t length, int32_t *out);
SE_DECLARE_BYTE_DOT(scalar)
SE_DECLARE_BYTE_DOT(avx2)
SE_DECLARE_BYTE_DOT(avxvnni)
SE_DECLARE_BYTE_DOT(avx512)
SE_DECLARE_BYTE_DOT(avx512vnni)

/* scores[i] = integer score of the estimate, highs[i] = score of estimate + error_scale * error (upper bound). */
#define SE_DECLARE_SIGN_SCORES(isa)                                                                          \
    SE_EXPORT void se_sign_scores4_##isa(const uint8_t *base, size_t stride, const uint32_t *ordinals,       \
                                         const se_sign_query *query, int32_t *scores, int32_t *highs);
SE_DECLARE_SIGN_SCORES(scalar)
SE_DECLARE_SIGN_SCORES(avx2)
SE_DECLARE_SIGN_SCORES(avx512popcnt)

/* The same for many rows of a scan: `count` is a multiple of 4, `known` ordinals can be read, those behind `count` are only
 * asked for ahead of the next call. Of 1-bit records the upper bounds. */
SE_EXPORT void se_byte_dot_rows_avx512vnni(const uint8_t *base, size_t stride, const uint32_t *ordinals, size_t count,
                                           size_t known, const int8_t *query, size_t length, int32_t *out);
SE_EXPORT void se_sign_highs_rows_avx512popcnt(const uint8_t *base, size_t stride, const uint32_t *ordinals, size_t count,
                                               size_t known, const se_sign_query *query, int32_t *highs);

#define SE_DECLARE_FLOAT_KERNEL(name)                                                                        \
    SE_EXPORT void name(const uint8_t *base, size_t stride, const uint32_t *ordinals, const float *query,    \
                        size_t length, float *out);
SE_DECLARE_FLOAT_KERNEL(se_half_dot4_avx2)
SE_DECLARE_FLOAT_KERNEL(se_half_dot4_avx512)
SE_DECLARE_FLOAT_KERNEL(se_half_distance4_avx2)
SE_DECLARE_FLOAT_KERNEL(se_half_distance4_avx512)
SE_DECLARE_FLOAT_KERNEL(se_float_dot4_scalar)
SE_DECLARE_FLOAT_KERNEL(se_float_dot4_avx2)
SE_DECLARE_FLOAT_KERNEL(se_float_dot4_avx512)
SE_DECLARE_FLOAT_KERNEL(se_float_distance4_scalar)
SE_DECLARE_FLOAT_KERNEL(se_float_distance4_avx2)
SE_DECLARE_FLOAT_KERNEL(se_float_distance4_avx512)

SE_DECLARE_FLOAT_KERNEL(se_byte_float_dot4_avx2)
SE_DECLARE_FLOAT_KERNEL(se_byte_float_dot4_avx512)
SE_DECLARE_FLOAT_KERNEL(se_byte_float_distance4_avx2)
SE_DECLARE_FLOAT_KERNEL(se_byte_float_distance4_avx512)

/* Four rows against four queries, `query_stride` floats apart: out[4 * row + query]. */
#define SE_DECLARE_FLOAT_BATCH(name)                                                                         \
    SE_EXPORT void name(const uint8_t *base, size_t stride, const uint32_t *ordinals, const float *queries,  \
                        size_t query_stride, size_t length, float *out);
SE_DECLARE_FLOAT_BATCH(se_half_dot4x4_avx2)
SE_DECLARE_FLOAT_BATCH(se_half_dot4x4_avx512)
SE_DECLARE_FLOAT_BATCH(se_half_distance4x4_avx2)
SE_DECLARE_FLOAT_BATCH(se_half_distance4x4_avx512)
SE_DECLARE_FLOAT_BATCH(se_float_dot4x4_scalar)
SE_DECLARE_FLOAT_BATCH(se_float_dot4x4_avx2)
SE_DECLARE_FLOAT_BATCH(se_float_dot4x4_avx512)
SE_DECLARE_FLOAT_BATCH(se_float_distance4x4_scalar)
SE_DECLARE_FLOAT_BATCH(se_float_distance4x4_avx2)
SE_DECLARE_FLOAT_BATCH(se_float_distance4x4_avx512)
SE_DECLARE_FLOAT_BATCH(se_byte_float_dot4x4_avx2)
SE_DECLARE_FLOAT_BATCH(se_byte_float_dot4x4_avx512)
SE_DECLARE_FLOAT_BATCH(se_byte_float_distance4x4_avx2)
SE_DECLARE_FLOAT_BATCH(se_byte_float_distance4x4_avx512)

/* Rotation in place: four rounds of signs, Hadamard on the first/last `block` coordinates, butterfly of the halves. */
#define SE_DECLARE_ROTATE(isa)                                                                               \
    SE_EXPORT void se_rotate_##isa(float *values, const float *signs, size_t length, size_t block);
SE_DECLARE_ROTATE(scalar)
SE_DECLARE_ROTATE(avx2)
SE_DECLARE_ROTATE(avx512)

#endif
