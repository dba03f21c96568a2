/* Scores of 1-bit records: a record is `length / 8` sign bytes, then f32 {add, scale, error, popcount}.
 * With the query cut to 4 bits, <signs, query> = sum over planes of 2^i * popcount(signs & plane_i). */
#include "kernels.h"
#include <math.h>
#include <string.h>

typedef struct { float add, scale, error, popcount; } factors;

/* Saturating truncation: an outlier must stay the best, not wrap to the worst. NaN (never stored) becomes the worst. */
static inline int32_t truncate(float x) {
    const float low = x >= -2147483648.0f ? x : -2147483648.0f;
    return (int32_t)(low <= 2147483520.0f ? low : 2147483520.0f);
}

static void finish_scalar(const se_sign_query *q, const factors *f, int32_t planes, int32_t *score, int32_t *high) {
    const float centred = fmaf(-7.5f, f->popcount, (float)planes) - q->half;
    const float estimate = fmaf(f->scale, q->step * centred, f->add);
    *score = truncate(estimate * q->inverse_unit);
    *high = truncate(fmaf(f->error, q->error_scale, estimate) * q->inverse_unit);
}

static int32_t planes_scalar(const uint8_t *record, const se_sign_query *q) {
    int32_t sum = 0;
    for (size_t w = 0; w * 8 < q->factor_offset; w++) {
        uint64_t bits;
        memcpy(&bits, record + 8 * w, 8);
        for (int i = 0; i < 4; i++) sum += __builtin_popcountll(bits & q->planes[(size_t)i * q->words + w]) << i;
    }
    return sum;
}

void se_sign_scores4_scalar(const uint8_t *base, size_t stride, const uint32_t *ordinals, const se_sign_query *q,
                            int32_t *scores, int32_t *highs) {
    for (int r = 0; r < 4; r++) {
        const uint8_t *record = base + (size_t)ordinals[r] * stride;
        factors f;
        memcpy(&f, record + q->factor_offset, sizeof f);
        finish_scalar(q, &f, planes_scalar(record, q), scores + r, highs + r);
    }
}

#if SE_X86
SE_TARGET_AVX2 static inline __m128i truncate4(__m128 x) {
    x = _mm_max_ps(x, _mm_set1_ps(-2147483648.0f));
    return _mm_cvttps_epi32(_mm_min_ps(x, _mm_set1_ps(2147483520.0f)));
}

SE_TARGET_AVX2 static inline void finish4(const se_sign_query *q, const uint8_t *r0, const uint8_t *r1,
                                          const uint8_t *r2, const uint8_t *r3, __m128i planes, int32_t *scores,
                                          int32_t *highs) {
    const size_t at = q->factor_offset;
    __m128 add = _mm_loadu_ps((const float *)(r0 + at)), scale = _mm_loadu_ps((const float *)(r1 + at));
    __m128 error = _mm_loadu_ps((const float *)(r2 + at)), popcount = _mm_loadu_ps((const float *)(r3 + at));
    _MM_TRANSPOSE4_PS(add, scale, error, popcount);
    const __m128 centred =
        _mm_sub_ps(_mm_fmadd_ps(_mm_set1_ps(-7.5f), popcount, _mm_cvtepi32_ps(planes)), _mm_set1_ps(q->half));
    const __m128 estimate = _mm_fmadd_ps(scale, _mm_mul_ps(_mm_set1_ps(q->step), centred), add);
    const __m128 unit = _mm_set1_ps(q->inverse_unit);
    const __m128 high = _mm_fmadd_ps(error, _mm_set1_ps(q->error_scale), estimate);
    _mm_storeu_si128((__m128i *)scores, truncate4(_mm_mul_ps(estimate, unit)));
    _mm_storeu_si128((__m128i *)highs, truncate4(_mm_mul_ps(high, unit)));
}

SE_TARGET_AVX2 static int32_t planes_avx2(const uint8_t *record, const se_sign_query *q) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i nibble = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
    __m256i total = zero;
    size_t j = 0;
    for (; j + 32 <= q->factor_offset; j += 32) {
        const __m256i bits = _mm256_loadu_si256((const __m256i *)(record + j));
        __m256i sum = zero; /* Horner over the planes: at most 15 * 8 = 120 a byte, so bytes do not overflow */
        for (int i = 3; i >= 0; i--) {
            const __m256i x = _mm256_and_si256(
                bits, _mm256_loadu_si256((const __m256i *)((const uint8_t *)(q->planes + (size_t)i * q->words) + j)));
            const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
            const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
            sum = _mm256_add_epi8(_mm256_add_epi8(sum, sum), _mm256_add_epi8(low, high));
        }
        total = _mm256_add_epi64(total, _mm256_sad_epu8(sum, zero));
    }
    const __m128i t = _mm_add_epi64(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
    int32_t sum = (int32_t)(_mm_extract_epi64(t, 0) + _mm_extract_epi64(t, 1));
    for (; j < q->factor_offset; j += 8) {
        uint64_t bits;
        memcpy(&bits, record + j, 8);
        for (int i = 0; i < 4; i++) sum += (int32_t)_mm_popcnt_u64(bits & q->planes[(size_t)i * q->words + j / 8]) << i;
    }
    return sum;
}

SE_TARGET_AVX2 void se_sign_scores4_avx2(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                         const se_sign_query *q, int32_t *scores, int32_t *highs) {
    const uint8_t *r0 = base + (size_t)ordinals[0] * stride, *r1 = base + (size_t)ordinals[1] * stride;
    const uint8_t *r2 = base + (size_t)ordinals[2] * stride, *r3 = base + (size_t)ordinals[3] * stride;
    const __m128i planes = _mm_setr_epi32(planes_avx2(r0, q), planes_avx2(r1, q), planes_avx2(r2, q), planes_avx2(r3, q));
    finish4(q, r0, r1, r2, r3, planes, scores, highs);
}

SE_TARGET_POPCNT512 static inline __m128i reduce4_epi64(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i ab = _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    const __m512i cd = _mm512_add_epi64(_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d));
    const __m256i u = _mm256_add_epi64(_mm512_castsi512_si256(ab), _mm512_extracti64x4_epi64(ab, 1));
    const __m256i v = _mm256_add_epi64(_mm512_castsi512_si256(cd), _mm512_extracti64x4_epi64(cd, 1));
    const __m128i x = _mm_add_epi64(_mm256_castsi256_si128(u), _mm256_extracti128_si256(u, 1));
    const __m128i y = _mm_add_epi64(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(x), _mm_castsi128_ps(y), 0x88));
}

/* Whole 64-byte pieces: where the signs end inside a piece the planes are zero, so the factor bytes count nothing. */
SE_TARGET_POPCNT512 static inline __attribute__((always_inline)) __m128i count_planes4(
    const uint8_t *r0, const uint8_t *r1, const uint8_t *r2, const uint8_t *r3, const se_sign_query *q, size_t words) {
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
#pragma GCC unroll 2
    for (size_t w = 0; w < words; w += 8) {
        const __m512i x = _mm512_loadu_si512(r0 + 8 * w), y = _mm512_loadu_si512(r1 + 8 * w);
        const __m512i z = _mm512_loadu_si512(r2 + 8 * w), u = _mm512_loadu_si512(r3 + 8 * w);
        __m512i sx = _mm512_setzero_si512(), sy = sx, sz = sx, su = sx;
#pragma GCC unroll 4
        for (int i = 3; i >= 0; i--) {
            const __m512i p = _mm512_loadu_si512(q->planes + (size_t)i * words + w);
            sx = _mm512_add_epi64(_mm512_add_epi64(sx, sx), _mm512_popcnt_epi64(_mm512_and_si512(x, p)));
            sy = _mm512_add_epi64(_mm512_add_epi64(sy, sy), _mm512_popcnt_epi64(_mm512_and_si512(y, p)));
            sz = _mm512_add_epi64(_mm512_add_epi64(sz, sz), _mm512_popcnt_epi64(_mm512_and_si512(z, p)));
            su = _mm512_add_epi64(_mm512_add_epi64(su, su), _mm512_popcnt_epi64(_mm512_and_si512(u, p)));
        }
        a = _mm512_add_epi64(a, sx);
        b = _mm512_add_epi64(b, sy);
        c = _mm512_add_epi64(c, sz);
        d = _mm512_add_epi64(d, su);
    }
    return reduce4_epi64(a, b, c, d);
}

SE_TARGET_POPCNT512 static inline __attribute__((always_inline)) void sign_scores4(
    const uint8_t *base, size_t stride, const uint32_t *ordinals, const se_sign_query *q, size_t words,
    int32_t *scores, int32_t *highs) {
    const uint8_t *r0 = base + (size_t)ordinals[0] * stride, *r1 = base + (size_t)ordinals[1] * stride;
    const uint8_t *r2 = base + (size_t)ordinals[2] * stride, *r3 = base + (size_t)ordinals[3] * stride;
    finish4(q, r0, r1, r2, r3, count_planes4(r0, r1, r2, r3, q, words), scores, highs);
}

SE_TARGET_POPCNT512 void se_sign_scores4_avx512popcnt(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                                      const se_sign_query *q, int32_t *scores, int32_t *highs) {
    switch (q->words) {
        case 8: sign_scores4(base, stride, ordinals, q, 8, scores, highs); return;
        case 16: sign_scores4(base, stride, ordinals, q, 16, scores, highs); return;
        default: sign_scores4(base, stride, ordinals, q, q->words, scores, highs); return;
    }
}

SE_TARGET_POPCNT512 static inline __m512i weigh(__m512i bits, __m512i one, __m512i two, __m512i four, __m512i eight) {
    __m512i sum = _mm512_popcnt_epi64(_mm512_and_si512(bits, eight));
    sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), _mm512_popcnt_epi64(_mm512_and_si512(bits, four)));
    sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), _mm512_popcnt_epi64(_mm512_and_si512(bits, two)));
    return _mm512_add_epi64(_mm512_add_epi64(sum, sum), _mm512_popcnt_epi64(_mm512_and_si512(bits, one)));
}

/* count_planes4 for signs of 65 to 96 bytes, as 768 dimensions have: the second pieces of two rows share a vector (2.55 and
 * 2.4 ns a row, 2026-11-26). */
SE_TARGET_POPCNT512 static inline __attribute__((always_inline)) __m128i count_planes4_96(
    const uint8_t *const *rows, const se_sign_query *q) {
    const uint64_t *p = q->planes;
    __m512i first[4], second[2];
    const __m512i low1 = _mm512_loadu_si512(p), low2 = _mm512_loadu_si512(p + 16);
    const __m512i low4 = _mm512_loadu_si512(p + 32), low8 = _mm512_loadu_si512(p + 48);
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) first[r] = weigh(_mm512_loadu_si512(rows[r]), low1, low2, low4, low8);
    const __m512i high1 = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 8)));
    const __m512i high2 = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 24)));
    const __m512i high4 = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 40)));
    const __m512i high8 = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(p + 56)));
#pragma GCC unroll 2
    for (int pair = 0; pair < 2; pair++) {
        const __m256i even = _mm256_loadu_si256((const __m256i *)(rows[2 * pair] + 64));
        const __m256i odd = _mm256_loadu_si256((const __m256i *)(rows[2 * pair + 1] + 64));
        second[pair] = weigh(_mm512_inserti64x4(_mm512_castsi256_si512(even), odd, 1), high1, high2, high4, high8);
    }
    __m256i sum[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; r++) {
        const __m256i rest = r % 2 == 0 ? _mm512_castsi512_si256(second[r / 2]) : _mm512_extracti64x4_epi64(second[r / 2], 1);
        sum[r] = _mm256_add_epi64(
            _mm256_add_epi64(_mm512_castsi512_si256(first[r]), _mm512_extracti64x4_epi64(first[r], 1)), rest);
    }
    /* Sums fit 32 bits, so the upper halves are 0. */
    const __m256i ab = _mm256_add_epi32(_mm256_unpacklo_epi32(sum[0], sum[1]), _mm256_unpackhi_epi32(sum[0], sum[1]));
    const __m256i cd = _mm256_add_epi32(_mm256_unpacklo_epi32(sum[2], sum[3]), _mm256_unpackhi_epi32(sum[2], sum[3]));
    const __m256i all = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}

SE_TARGET_POPCNT512 static inline __m256 both(const uint8_t *low, const uint8_t *high) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps((const float *)low)), _mm_loadu_ps((const float *)high), 1);
}

/* finish4 for the upper bounds of eight rows, of which the first four are in the lower halves. */
SE_TARGET_POPCNT512 static inline __m256i highs8(const se_sign_query *q, const uint8_t *const *rows, __m256i planes) {
    const size_t at = q->factor_offset;
    const __m256 a = both(rows[0] + at, rows[4] + at), b = both(rows[1] + at, rows[5] + at);
    const __m256 c = both(rows[2] + at, rows[6] + at), d = both(rows[3] + at, rows[7] + at);
    const __m256d ab = _mm256_castps_pd(_mm256_unpacklo_ps(a, b)), AB = _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
    const __m256d cd = _mm256_castps_pd(_mm256_unpacklo_ps(c, d)), CD = _mm256_castps_pd(_mm256_unpackhi_ps(c, d));
    const __m256 add = _mm256_castpd_ps(_mm256_unpacklo_pd(ab, cd)), scale = _mm256_castpd_ps(_mm256_unpackhi_pd(ab, cd));
    const __m256 error = _mm256_castpd_ps(_mm256_unpacklo_pd(AB, CD)), popcount = _mm256_castpd_ps(_mm256_unpackhi_pd(AB, CD));
    const __m256 centred = _mm256_sub_ps(
        _mm256_fmadd_ps(_mm256_set1_ps(-7.5f), popcount, _mm256_cvtepi32_ps(planes)), _mm256_set1_ps(q->half));
    const __m256 estimate = _mm256_fmadd_ps(scale, _mm256_mul_ps(_mm256_set1_ps(q->step), centred), add);
    const __m256 high = _mm256_fmadd_ps(error, _mm256_set1_ps(q->error_scale), estimate);
    const __m256 x = _mm256_max_ps(_mm256_mul_ps(high, _mm256_set1_ps(q->inverse_unit)), _mm256_set1_ps(-2147483648.0f));
    return _mm256_cvttps_epi32(_mm256_min_ps(x, _mm256_set1_ps(2147483520.0f)));
}

/* Eight rows at a time where there are as many: 2.7 and 2.5 ns a row of 768 signs (2026-11-26). Counting with fewer instructions
 * gained nothing before. */
SE_TARGET_POPCNT512 static inline __attribute__((always_inline)) void sign_highs_rows(
    const uint8_t *base, size_t stride, const uint32_t *ordinals, size_t count, size_t known, const se_sign_query *q,
    size_t words, int is96, int32_t *restrict highs) {
    int32_t scores[4];
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const uint8_t *rows[8];
        se_prefetch_rows(base, stride, ordinals, i + 32, 8, known, stride / 64);
#pragma GCC unroll 8
        for (int r = 0; r < 8; r++) rows[r] = base + (size_t)ordinals[i + (size_t)r] * stride;
        const __m128i low = is96 ? count_planes4_96(rows, q) : count_planes4(rows[0], rows[1], rows[2], rows[3], q, words);
        const __m128i high = is96 ? count_planes4_96(rows + 4, q) : count_planes4(rows[4], rows[5], rows[6], rows[7], q, words);
        const __m256i planes = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
        _mm256_storeu_si256((__m256i *)(highs + i), highs8(q, rows, planes));
    }
    for (; i < count; i += 4) sign_scores4(base, stride, ordinals + i, q, words, scores, highs + i);
}

SE_TARGET_POPCNT512 void se_sign_highs_rows_avx512popcnt(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                                         size_t count, size_t known, const se_sign_query *q,
                                                         int32_t *highs) {
    switch (q->words) {
        case 8: sign_highs_rows(base, stride, ordinals, count, known, q, 8, 0, highs); return;
        case 16:
            if (q->factor_offset <= 96) sign_highs_rows(base, stride, ordinals, count, known, q, 16, 1, highs);
            else sign_highs_rows(base, stride, ordinals, count, known, q, 16, 0, highs);
            return;
        default: sign_highs_rows(base, stride, ordinals, count, known, q, q->words, 0, highs); return;
    }
}
#endif
