/* float16, float32 and int8 rows against a float32 query: dot product and squared distance, four rows a call; the batch
 * form takes four queries, so that a row is fetched and widened once for all of them. `length` is a multiple of 32. Lane j of 64 takes elements j, j + 64, ... ; see kernels.h for the order of the sums. */
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
/* Lane sums of four rows against four queries, `query_stride` floats apart: out[4 * row + query]. */
#define SCALAR_BATCH(name, one)                                                                              \
    void name(const uint8_t *base, size_t stride, const uint32_t *ordinals, const float *queries,            \
              size_t query_stride, size_t length, float *out) {                                              \
        for (int q = 0; q < 4; q++) {                                                                        \
            float scores[4];                                                                                 \
            one(base, stride, ordinals, queries + (size_t)q * query_stride, length, scores);                 \
            for (int r = 0; r < 4; r++) out[4 * r + q] = scores[r];                                          \
        }                                                                                                    \
    }
SCALAR_KERNEL(se_float_dot4_scalar, lanes[j & 63] = fmaf(row[j], query[j], lanes[j & 63]);)
SCALAR_KERNEL(se_float_distance4_scalar, const float t = row[j] - query[j]; lanes[j & 63] = fmaf(t, t, lanes[j & 63]);)
SCALAR_BATCH(se_float_dot4x4_scalar, se_float_dot4_scalar)
SCALAR_BATCH(se_float_distance4x4_scalar, se_float_distance4_scalar)

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
#define LOAD_BYTE256(p, j) _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)((p) + (j)))))
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
AVX2_KERNEL(se_byte_float_dot4_avx2, LOAD_BYTE256, DOT256)
AVX2_KERNEL(se_byte_float_distance4_avx2, LOAD_BYTE256, DISTANCE256)

/* Sixteen registers do not hold the 64 lanes of four queries, so sixteen lanes at a time: four passes over a cached row. */
#define AVX2_BATCH(name, LOAD, STEP)                                                                         \
    SE_TARGET_AVX2 void name(const uint8_t *base, size_t stride, const uint32_t *ordinals,                   \
                             const float *queries, size_t query_stride, size_t length, float *out) {         \
        const float *q0 = queries, *q1 = q0 + query_stride, *q2 = q1 + query_stride, *q3 = q2 + query_stride; \
        for (int r = 0; r < 4; r++) {                                                                        \
            const uint8_t *row = base + (size_t)ordinals[r] * stride;                                        \
            __m256 l[4][8];                                                                                  \
            for (size_t b = 0; b < 4; b++) {                                                                 \
                __m256 a0 = _mm256_setzero_ps(), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0; \
                for (size_t j = 16 * b; j < length; j += 64) {                                               \
                    const __m256 x = LOAD(row, j), y = LOAD(row, j + 8);                                     \
                    a0 = STEP(x, _mm256_loadu_ps(q0 + j), a0);                                               \
                    a1 = STEP(y, _mm256_loadu_ps(q0 + j + 8), a1);                                           \
                    b0 = STEP(x, _mm256_loadu_ps(q1 + j), b0);                                               \
                    b1 = STEP(y, _mm256_loadu_ps(q1 + j + 8), b1);                                           \
                    c0 = STEP(x, _mm256_loadu_ps(q2 + j), c0);                                               \
                    c1 = STEP(y, _mm256_loadu_ps(q2 + j + 8), c1);                                           \
                    d0 = STEP(x, _mm256_loadu_ps(q3 + j), d0);                                               \
                    d1 = STEP(y, _mm256_loadu_ps(q3 + j + 8), d1);                                           \
                }                                                                                            \
                l[0][2 * b] = a0, l[0][2 * b + 1] = a1, l[1][2 * b] = b0, l[1][2 * b + 1] = b1;              \
                l[2][2 * b] = c0, l[2][2 * b + 1] = c1, l[3][2 * b] = d0, l[3][2 * b + 1] = d1;              \
            }                                                                                                \
            for (int q = 0; q < 4; q++) out[4 * r + q] = reduce8(l[q]);                                      \
        }                                                                                                    \
    }
AVX2_BATCH(se_half_dot4x4_avx2, LOAD_HALF256, DOT256)
AVX2_BATCH(se_half_distance4x4_avx2, LOAD_HALF256, DISTANCE256)
AVX2_BATCH(se_float_dot4x4_avx2, LOAD_FLOAT256, DOT256)
AVX2_BATCH(se_float_distance4x4_avx2, LOAD_FLOAT256, DISTANCE256)
AVX2_BATCH(se_byte_float_dot4x4_avx2, LOAD_BYTE256, DOT256)
AVX2_BATCH(se_byte_float_distance4x4_avx2, LOAD_BYTE256, DISTANCE256)

SE_TARGET_AVX512 static inline float reduce4x16(__m512 a, __m512 b, __m512 c, __m512 d) {
    const __m512 s = _mm512_add_ps(_mm512_add_ps(a, c), _mm512_add_ps(b, d));
    const __m256 e = _mm256_add_ps(_mm512_castps512_ps256(s), _mm512_extractf32x8_ps(s, 1));
    const __m128 f = _mm_add_ps(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));
    const __m128 g = _mm_add_ps(f, _mm_movehl_ps(f, f));
    return _mm_cvtss_f32(_mm_add_ss(g, _mm_movehdup_ps(g)));
}

#define LOAD_HALF512(p, j) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)((p) + 2 * (j))))
#define LOAD_BYTE512(p, j) _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)((p) + (j)))))
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
AVX512_KERNEL(se_byte_float_dot4_avx512, LOAD_BYTE512, DOT512)
AVX512_KERNEL(se_byte_float_distance4_avx512, LOAD_BYTE512, DISTANCE512)

/* The 64 lanes of four queries are sixteen registers. */
#define AVX512_BATCH(name, LOAD, STEP)                                                                       \
    SE_TARGET_AVX512 void name(const uint8_t *base, size_t stride, const uint32_t *ordinals,                 \
                               const float *queries, size_t query_stride, size_t length, float *out) {       \
        const float *q0 = queries, *q1 = q0 + query_stride, *q2 = q1 + query_stride, *q3 = q2 + query_stride; \
        for (int r = 0; r < 4; r++) {                                                                        \
            const uint8_t *row = base + (size_t)ordinals[r] * stride;                                        \
            const __m512 zero = _mm512_setzero_ps();                                                         \
            __m512 a[4] = {zero, zero, zero, zero}, b[4] = {zero, zero, zero, zero};                         \
            __m512 c[4] = {zero, zero, zero, zero}, d[4] = {zero, zero, zero, zero};                         \
            size_t j = 0;                                                                                    \
            for (; j + 64 <= length; j += 64) {                                                              \
                AVX512_LANES(LOAD, STEP, 0) AVX512_LANES(LOAD, STEP, 1)                                      \
                AVX512_LANES(LOAD, STEP, 2) AVX512_LANES(LOAD, STEP, 3)                                      \
            }                                                                                                \
            if (j < length) {                                                                                \
                AVX512_LANES(LOAD, STEP, 0) AVX512_LANES(LOAD, STEP, 1)                                      \
            }                                                                                                \
            out[4 * r] = reduce4x16(a[0], a[1], a[2], a[3]);                                                 \
            out[4 * r + 1] = reduce4x16(b[0], b[1], b[2], b[3]);                                             \
            out[4 * r + 2] = reduce4x16(c[0], c[1], c[2], c[3]);                                             \
            out[4 * r + 3] = reduce4x16(d[0], d[1], d[2], d[3]);                                             \
        }                                                                                                    \
    }
#define AVX512_LANES(LOAD, STEP, i)                                                                          \
    {                                                                                                        \
        const __m512 x = LOAD(row, j + 16 * i);                                                              \
        a[i] = STEP(x, _mm512_loadu_ps(q0 + j + 16 * i), a[i]);                                              \
        b[i] = STEP(x, _mm512_loadu_ps(q1 + j + 16 * i), b[i]);                                              \
        c[i] = STEP(x, _mm512_loadu_ps(q2 + j + 16 * i), c[i]);                                              \
        d[i] = STEP(x, _mm512_loadu_ps(q3 + j + 16 * i), d[i]);                                              \
    }
AVX512_BATCH(se_half_dot4x4_avx512, LOAD_HALF512, DOT512)
AVX512_BATCH(se_half_distance4x4_avx512, LOAD_HALF512, DISTANCE512)
AVX512_BATCH(se_float_dot4x4_avx512, LOAD_FLOAT512, DOT512)
AVX512_BATCH(se_float_distance4x4_avx512, LOAD_FLOAT512, DISTANCE512)
AVX512_BATCH(se_byte_float_dot4x4_avx512, LOAD_BYTE512, DOT512)
AVX512_BATCH(se_byte_float_distance4x4_avx512, LOAD_BYTE512, DISTANCE512)
#endif
