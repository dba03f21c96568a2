/* Random rotation by signs and Hadamard transforms. Only additions, subtractions and single multiplications, each
 * element in the same order on every path, so all paths give the same bits (built with -ffp-contract=off). */
#include "kernels.h"
#include <math.h>

#define ROUNDS 4

static void hadamard_scalar(float *x, size_t n) {
    for (size_t h = n / 2; h >= 1; h /= 2)
        for (size_t i = 0; i < n; i += 2 * h)
            for (size_t j = i; j < i + h; j++) {
                const float a = x[j], b = x[j + h];
                x[j] = a + b;
                x[j + h] = a - b;
            }
}

#if SE_X86
SE_TARGET_AVX2 static void hadamard_avx2(float *x, size_t n) {
    for (size_t h = n / 2; h >= 8; h /= 2)
        for (size_t i = 0; i < n; i += 2 * h)
            for (size_t j = i; j < i + h; j += 8) {
                const __m256 a = _mm256_loadu_ps(x + j), b = _mm256_loadu_ps(x + j + h);
                _mm256_storeu_ps(x + j, _mm256_add_ps(a, b));
                _mm256_storeu_ps(x + j + h, _mm256_sub_ps(a, b));
            }
    const __m256 n4 = _mm256_setr_ps(0.f, 0.f, 0.f, 0.f, -0.f, -0.f, -0.f, -0.f);
    const __m256 n2 = _mm256_setr_ps(0.f, 0.f, -0.f, -0.f, 0.f, 0.f, -0.f, -0.f);
    const __m256 n1 = _mm256_setr_ps(0.f, -0.f, 0.f, -0.f, 0.f, -0.f, 0.f, -0.f);
    for (size_t i = 0; i < n; i += 8) { /* the last three levels inside one register */
        __m256 a = _mm256_loadu_ps(x + i);
        a = _mm256_add_ps(_mm256_permute2f128_ps(a, a, 1), _mm256_xor_ps(a, n4));
        a = _mm256_add_ps(_mm256_permute_ps(a, 0x4E), _mm256_xor_ps(a, n2));
        a = _mm256_add_ps(_mm256_permute_ps(a, 0xB1), _mm256_xor_ps(a, n1));
        _mm256_storeu_ps(x + i, a);
    }
}

SE_TARGET_AVX512 static inline __m512 negate(__mmask16 m, __m512 a) {
    const __m512i bits = _mm512_castps_si512(a);
    return _mm512_castsi512_ps(_mm512_mask_xor_epi32(bits, m, bits, _mm512_set1_epi32((int)0x80000000u)));
}

SE_TARGET_AVX512 static void hadamard_avx512(float *x, size_t n) {
    for (size_t h = n / 2; h >= 16; h /= 2)
        for (size_t i = 0; i < n; i += 2 * h)
            for (size_t j = i; j < i + h; j += 16) {
                const __m512 a = _mm512_loadu_ps(x + j), b = _mm512_loadu_ps(x + j + h);
                _mm512_storeu_ps(x + j, _mm512_add_ps(a, b));
                _mm512_storeu_ps(x + j + h, _mm512_sub_ps(a, b));
            }
    for (size_t i = 0; i < n; i += 16) { /* the last four levels inside one register */
        __m512 a = _mm512_loadu_ps(x + i);
        a = _mm512_add_ps(_mm512_shuffle_f32x4(a, a, 0x4E), negate(0xFF00, a));
        a = _mm512_add_ps(_mm512_shuffle_f32x4(a, a, 0xB1), negate(0xF0F0, a));
        a = _mm512_add_ps(_mm512_permute_ps(a, 0x4E), negate(0xCCCC, a));
        a = _mm512_add_ps(_mm512_permute_ps(a, 0xB1), negate(0xAAAA, a));
        _mm512_storeu_ps(x + i, a);
    }
}
#endif

/* Odd rounds transform the first `block` coordinates, even rounds the last; the butterfly of the halves mixes the two
 * where block < length. The elementwise loops are vectorised by the compiler for the target of each function. */
#define ROTATE(isa, TARGET, HADAMARD)                                                                        \
    TARGET void se_rotate_##isa(float *values, const float *signs, size_t length, size_t block) {            \
        const float scale = 1.0f / sqrtf((float)block);                                                      \
        const size_t half = length / 2;                                                                      \
        for (int round = 0; round < ROUNDS; round++) {                                                       \
            const float *s = signs + (size_t)round * length;                                                 \
            for (size_t j = 0; j < length; j++) values[j] *= s[j];                                           \
            float *part = (round & 1) ? values + (length - block) : values;                                  \
            HADAMARD(part, block);                                                                           \
            for (size_t j = 0; j < block; j++) part[j] *= scale;                                             \
            if (block < length)                                                                              \
                for (size_t j = 0; j < half; j++) {                                                          \
                    const float u = values[j], v = values[j + half];                                         \
                    values[j] = u + v;                                                                       \
                    values[j + half] = u - v;                                                                \
                }                                                                                            \
        }                                                                                                    \
        if (block < length)                                                                                  \
            for (size_t j = 0; j < length; j++) values[j] *= 0.25f;                                          \
    }
ROTATE(scalar, , hadamard_scalar)
#if SE_X86
ROTATE(avx2, SE_TARGET_AVX2, hadamard_avx2)
ROTATE(avx512, SE_TARGET_AVX512, hadamard_avx512)
#endif
