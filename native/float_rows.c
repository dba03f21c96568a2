/* float16 and float32 rows against a float32 query: dot product and squared distance, four rows a call.
 * `length` is a multiple of 32. Lane j of 64 takes elements j, j + 64, ... ; see kernels.h for the order of the sums. */
#include "kernels.h"
#include <math.h>

static float reduce_scalar(float *lanes) {
    for (int half = 32; half >= 1; half /= 2)
        for (int j = 0; j < half; j++) lanes[j] += lanes[j + half];
    return lanes[0];
}

#define SCALAR_KERNEL(name, STEP)                                                                            \
    void name(const uint8_t *base, size_t stride, const uint32_t *ordinals, const float *query, size_t length, \
              float *out) {                                                                                  \
        for (int r = 0; r < 4; r++) {                                                                        \
            const float *row = (const float *)(base + (size_t)ordinals[r] * stride);                         \
            float lanes[64] = {0};                                                                           \
            for (size_t j = 0; j < length; j++) { STEP }                                                     \
            out[r] = reduce_scalar(lanes);                                                                   \
        }                                                                                                    \
    }
SCALAR_KERNEL(se_float_dot4_scalar, lanes[j & 63] = fmaf(row[j], query[j], lanes[j & 63]);)
SCALAR_KERNEL(se_float_distance4_scalar, const float t = row[j] - query[j]; lanes[j & 63] = fmaf(t, t, lanes[j & 63]);)

#if SE_X86
SE_TARGET_AVX2 static inline float reduce8(const __m256 *l) { /* l[0..7] hold lanes 0..63 */
    const __m256 a = _mm256_add_ps(l[0], l[4]), b = _mm256_add_ps(l[1], l[5]);
    const __m256 c = _mm256_add_ps(l[2], l[6]), d = _mm256_add_ps(l[3], l[7]);
    const __m256 e = _mm256_add_ps(_mm256_add_ps(a, c), _mm256_add_ps(b, d));
    const __m128 f = _mm_add_ps(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));
    const __m128 g = _mm_add_ps(f, _mm_movehl_ps(f, f));
    return _mm_cvtss_f32(_mm_add_ss(g, _mm_movehdup_ps(g)));
}

#define LOAD_HALF256(p, j) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)((p) + 2 * (j))))
#define LOAD_FLOAT256(p, j) _mm256_loadu_ps((const float *)(p) + (j))
#define DOT256(x, q, s) _mm256_fmadd_ps(x, q, s)
#define DISTANCE256(x, q, s) _mm256_fmadd_ps(_mm256_sub_ps(x, q), _mm256_sub_ps(x, q), s)

#define AVX2_KERNEL(name, LOAD, STEP)                                                                        \
    SE_TARGET_AVX2 void name(const uint8_t *base, size_t stride, const uint32_t *ordinals, const float *query, \
                             size_t length, float *out) {                                                    \
        for (int r = 0; r < 4; r++) {                                                                        \
            const uint8_t *row = base + (size_t)ordinals[r] * stride;                                        \
            __m256 l[8];                                                                                     \
            for (int i = 0; i < 8; i++) l[i] = _mm256_setzero_ps();                                          \
            size_t j = 0;                                                                                    \
            for (; j + 64 <= length; j += 64)                                                                \
                for (int i = 0; i < 8; i++)                                                                  \
                    l[i] = STEP(LOAD(row, j + 8 * i), _mm256_loadu_ps(query + j + 8 * i), l[i]);             \
            if (j < length)                                                                                  \
                for (int i = 0; i < 4; i++)                                                                  \
                    l[i] = STEP(LOAD(row, j + 8 * i), _mm256_loadu_ps(query + j + 8 * i), l[i]);             \
            out[r] = reduce8(l);                                                                             \
        }                                                                                                    \
    }
AVX2_KERNEL(se_half_dot4_avx2, LOAD_HALF256, DOT256)
AVX2_KERNEL(se_half_distance4_avx2, LOAD_HALF256, DISTANCE256)
AVX2_KERNEL(se_float_dot4_avx2, LOAD_FLOAT256, DOT256)
AVX2_KERNEL(se_float_distance4_avx2, LOAD_FLOAT256, DISTANCE256)

SE_TARGET_AVX512 static inline float reduce4x16(__m512 a, __m512 b, __m512 c, __m512 d) {
    const __m512 s = _mm512_add_ps(_mm512_add_ps(a, c), _mm512_add_ps(b, d));
    const __m256 e = _mm256_add_ps(_mm512_castps512_ps256(s), _mm512_extractf32x8_ps(s, 1));
    const __m128 f = _mm_add_ps(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));
    const __m128 g = _mm_add_ps(f, _mm_movehl_ps(f, f));
    return _mm_cvtss_f32(_mm_add_ss(g, _mm_movehdup_ps(g)));
}

#define LOAD_HALF512(p, j) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)((p) + 2 * (j))))
#define LOAD_FLOAT512(p, j) _mm512_loadu_ps((const float *)(p) + (j))
#define DOT512(x, q, s) _mm512_fmadd_ps(x, q, s)
#define DISTANCE512(x, q, s) _mm512_fmadd_ps(_mm512_sub_ps(x, q), _mm512_sub_ps(x, q), s)

#define AVX512_KERNEL(name, LOAD, STEP)                                                                      \
    SE_TARGET_AVX512 void name(const uint8_t *base, size_t stride, const uint32_t *ordinals,                 \
                               const float *query, size_t length, float *out) {                              \
        for (int r = 0; r < 4; r++) {                                                                        \
            const uint8_t *row = base + (size_t)ordinals[r] * stride;                                        \
            __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;                                             \
            size_t j = 0;                                                                                    \
            for (; j + 64 <= length; j += 64) {                                                              \
                a = STEP(LOAD(row, j), _mm512_loadu_ps(query + j), a);                                       \
                b = STEP(LOAD(row, j + 16), _mm512_loadu_ps(query + j + 16), b);                             \
                c = STEP(LOAD(row, j + 32), _mm512_loadu_ps(query + j + 32), c);                             \
                d = STEP(LOAD(row, j + 48), _mm512_loadu_ps(query + j + 48), d);                             \
            }                                                                                                \
            if (j < length) {                                                                                \
                a = STEP(LOAD(row, j), _mm512_loadu_ps(query + j), a);                                       \
                b = STEP(LOAD(row, j + 16), _mm512_loadu_ps(query + j + 16), b);                             \
            }                                                                                                \
            out[r] = reduce4x16(a, b, c, d);                                                                 \
        }                                                                                                    \
    }
AVX512_KERNEL(se_half_dot4_avx512, LOAD_HALF512, DOT512)
AVX512_KERNEL(se_half_distance4_avx512, LOAD_HALF512, DISTANCE512)
AVX512_KERNEL(se_float_dot4_avx512, LOAD_FLOAT512, DOT512)
AVX512_KERNEL(se_float_distance4_avx512, LOAD_FLOAT512, DISTANCE512)
#endif
