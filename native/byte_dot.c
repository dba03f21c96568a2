/* Dot product of biased u8 codes (code + 128) with a signed int8 query; query bytes are in [-127, 127].
 * The bias costs nothing per row: it is 128 * sum(query), a constant that the caller subtracts. */
#include "kernels.h"

void se_byte_dot4_scalar(const uint8_t *base, size_t stride, const uint32_t *ordinals, const int8_t *query,
                         size_t length, int32_t *out) {
    for (int r = 0; r < 4; r++) {
        const uint8_t *row = base + (size_t)ordinals[r] * stride;
        int32_t sum = 0;
        for (size_t j = 0; j < length; j++) sum += (int32_t)row[j] * query[j];
        out[r] = sum;
    }
}

#if SE_X86
SE_TARGET_AVX2 static inline void reduce4_avx2(__m256i a, __m256i b, __m256i c, __m256i d, int32_t *out) {
    const __m256i t = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    _mm_storeu_si128((__m128i *)out, _mm_add_epi32(_mm256_castsi256_si128(t), _mm256_extracti128_si256(t, 1)));
}

/* VPMADDUBSW saturates at 16 bits and 255*127*2 would overflow, so the bias is undone first: |code| * sign(query, code)
 * has at most 127*127*2 = 32258. The bias is put back as 128 * sum(query) to keep one contract for every path. */
SE_TARGET_AVX2 static inline __m256i step_avx2(__m256i sum, __m256i biased, __m256i query) {
    const __m256i code = _mm256_xor_si256(biased, _mm256_set1_epi8((char)0x80));
    const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(code), _mm256_sign_epi8(query, code));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

SE_TARGET_AVX2 void se_byte_dot4_avx2(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                      const int8_t *query, size_t length, int32_t *out) {
    const uint8_t *p0 = base + (size_t)ordinals[0] * stride, *p1 = base + (size_t)ordinals[1] * stride;
    const uint8_t *p2 = base + (size_t)ordinals[2] * stride, *p3 = base + (size_t)ordinals[3] * stride;
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a, q = a;
    for (size_t j = 0; j < length; j += 32) {
        const __m256i v = _mm256_loadu_si256((const __m256i *)(query + j));
        a = step_avx2(a, _mm256_loadu_si256((const __m256i *)(p0 + j)), v);
        b = step_avx2(b, _mm256_loadu_si256((const __m256i *)(p1 + j)), v);
        c = step_avx2(c, _mm256_loadu_si256((const __m256i *)(p2 + j)), v);
        d = step_avx2(d, _mm256_loadu_si256((const __m256i *)(p3 + j)), v);
        q = _mm256_add_epi32(q, _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_set1_epi8(1), v), _mm256_set1_epi16(1)));
    }
    q = _mm256_slli_epi32(q, 7);
    reduce4_avx2(_mm256_add_epi32(a, q), _mm256_add_epi32(b, q), _mm256_add_epi32(c, q), _mm256_add_epi32(d, q), out);
}

SE_TARGET_AVXVNNI void se_byte_dot4_avxvnni(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                            const int8_t *query, size_t length, int32_t *out) {
    const uint8_t *p0 = base + (size_t)ordinals[0] * stride, *p1 = base + (size_t)ordinals[1] * stride;
    const uint8_t *p2 = base + (size_t)ordinals[2] * stride, *p3 = base + (size_t)ordinals[3] * stride;
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
    for (size_t j = 0; j < length; j += 32) {
        const __m256i v = _mm256_loadu_si256((const __m256i *)(query + j));
        a = _mm256_dpbusd_avx_epi32(a, _mm256_loadu_si256((const __m256i *)(p0 + j)), v);
        b = _mm256_dpbusd_avx_epi32(b, _mm256_loadu_si256((const __m256i *)(p1 + j)), v);
        c = _mm256_dpbusd_avx_epi32(c, _mm256_loadu_si256((const __m256i *)(p2 + j)), v);
        d = _mm256_dpbusd_avx_epi32(d, _mm256_loadu_si256((const __m256i *)(p3 + j)), v);
    }
    reduce4_avx2(a, b, c, d, out);
}

SE_TARGET_AVX512 static inline void reduce4_avx512(__m512i a, __m512i b, __m512i c, __m512i d, int32_t *out) {
    const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    const __m512i t = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    const __m256i u = _mm256_add_epi32(_mm512_castsi512_si256(t), _mm512_extracti64x4_epi64(t, 1));
    _mm_storeu_si128((__m128i *)out, _mm_add_epi32(_mm256_castsi256_si128(u), _mm256_extracti128_si256(u, 1)));
}

SE_TARGET_AVX512 static inline __m512i step_avx512(__m512i sum, __m512i biased, __m512i query, __mmask64 negative) {
    const __m512i code = _mm512_xor_si512(biased, _mm512_set1_epi8((char)0x80));
    const __m512i signed_code = _mm512_mask_sub_epi8(code, negative, _mm512_setzero_si512(), code);
    const __m512i pairs = _mm512_maddubs_epi16(query, signed_code);
    return _mm512_add_epi32(sum, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
}

SE_TARGET_AVX512 void se_byte_dot4_avx512(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                          const int8_t *query, size_t length, int32_t *out) {
    const uint8_t *p0 = base + (size_t)ordinals[0] * stride, *p1 = base + (size_t)ordinals[1] * stride;
    const uint8_t *p2 = base + (size_t)ordinals[2] * stride, *p3 = base + (size_t)ordinals[3] * stride;
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a, q = a;
    for (size_t j = 0; j < length; j += 64) {
        const __m512i v = _mm512_loadu_si512(query + j);
        const __mmask64 negative = _mm512_movepi8_mask(v);
        const __m512i magnitude = _mm512_abs_epi8(v);
        a = step_avx512(a, _mm512_loadu_si512(p0 + j), magnitude, negative);
        b = step_avx512(b, _mm512_loadu_si512(p1 + j), magnitude, negative);
        c = step_avx512(c, _mm512_loadu_si512(p2 + j), magnitude, negative);
        d = step_avx512(d, _mm512_loadu_si512(p3 + j), magnitude, negative);
        q = _mm512_add_epi32(q, _mm512_madd_epi16(_mm512_maddubs_epi16(_mm512_set1_epi8(1), v), _mm512_set1_epi16(1)));
    }
    q = _mm512_slli_epi32(q, 7);
    reduce4_avx512(_mm512_add_epi32(a, q), _mm512_add_epi32(b, q), _mm512_add_epi32(c, q), _mm512_add_epi32(d, q), out);
}

SE_TARGET_VNNI512 static inline __attribute__((always_inline)) void byte_dot4_vnni(
    const uint8_t *base, size_t stride, const uint32_t *ordinals, const int8_t *query, size_t length, int32_t *out) {
    const uint8_t *p0 = base + (size_t)ordinals[0] * stride, *p1 = base + (size_t)ordinals[1] * stride;
    const uint8_t *p2 = base + (size_t)ordinals[2] * stride, *p3 = base + (size_t)ordinals[3] * stride;
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
#pragma GCC unroll 16
    for (size_t j = 0; j < length; j += 64) {
        const __m512i v = _mm512_loadu_si512(query + j);
        a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(p0 + j), v);
        b = _mm512_dpbusd_epi32(b, _mm512_loadu_si512(p1 + j), v);
        c = _mm512_dpbusd_epi32(c, _mm512_loadu_si512(p2 + j), v);
        d = _mm512_dpbusd_epi32(d, _mm512_loadu_si512(p3 + j), v);
    }
    reduce4_avx512(a, b, c, d, out);
}

/* The common dimensions get their own unrolled loop; everything else the general one. */
SE_TARGET_VNNI512 void se_byte_dot4_avx512vnni(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                               const int8_t *query, size_t length, int32_t *out) {
    switch (length) {
        case 128: byte_dot4_vnni(base, stride, ordinals, query, 128, out); return;
        case 384: byte_dot4_vnni(base, stride, ordinals, query, 384, out); return;
        case 768: byte_dot4_vnni(base, stride, ordinals, query, 768, out); return;
        case 1024: byte_dot4_vnni(base, stride, ordinals, query, 1024, out); return;
        default: byte_dot4_vnni(base, stride, ordinals, query, length, out); return;
    }
}

/* About 12 KB in flight, as in a walk. */
SE_TARGET_VNNI512 static inline __attribute__((always_inline)) void byte_dot_rows(
    const uint8_t *base, size_t stride, const uint32_t *ordinals, size_t count, size_t known, const int8_t *query,
    size_t length, int32_t *out) {
    const size_t lines = length / 64, ahead = lines <= 6 ? 32 : lines >= 48 ? 4 : 192 / lines & ~(size_t)3;
    for (size_t i = 0; i < count; i += 4) {
        se_prefetch_rows(base, stride, ordinals, i + ahead, 4, known, lines);
        byte_dot4_vnni(base, stride, ordinals + i, query, length, out + i);
    }
}

SE_TARGET_VNNI512 void se_byte_dot_rows_avx512vnni(const uint8_t *base, size_t stride, const uint32_t *ordinals,
                                                   size_t count, size_t known, const int8_t *query, size_t length,
                                                   int32_t *out) {
    switch (length) {
        case 128: byte_dot_rows(base, stride, ordinals, count, known, query, 128, out); return;
        case 384: byte_dot_rows(base, stride, ordinals, count, known, query, 384, out); return;
        case 768: byte_dot_rows(base, stride, ordinals, count, known, query, 768, out); return;
        default: byte_dot_rows(base, stride, ordinals, count, known, query, length, out); return;
    }
}
#endif
