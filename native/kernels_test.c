/* Every path of every kernel against its scalar reference, bit for bit. Prints the first difference and fails. */
#include "kernels.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 7
#define MAX_LENGTH 8192

static uint64_t state = 20261121;
static uint32_t next(void) {
    state += 0x9E3779B97F4A7C15ull;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}
static float uniform(void) { return (float)next() / 4294967296.0f - 0.5f; }

static int failures = 0;
static void expect_equal(const char *kernel, size_t length, const void *expected, const void *actual, size_t bytes) {
    if (memcmp(expected, actual, bytes) == 0) return;
    printf("%s differs from the scalar reference at length %zu\n", kernel, length);
    failures++;
}

static uint8_t rows[ROWS * MAX_LENGTH * 4];
static float query[MAX_LENGTH], other[MAX_LENGTH], signs[4 * MAX_LENGTH];
static int8_t bytes[MAX_LENGTH];
static uint64_t planes[4 * MAX_LENGTH / 64];

typedef void (*byte_kernel)(const uint8_t *, size_t, const uint32_t *, const int8_t *, size_t, int32_t *);
typedef void (*sign_kernel)(const uint8_t *, size_t, const uint32_t *, const se_sign_query *, int32_t *, int32_t *);
typedef void (*float_kernel)(const uint8_t *, size_t, const uint32_t *, const float *, size_t, float *);
typedef void (*rotate_kernel)(float *, const float *, size_t, size_t);

static const uint32_t ordinals[4] = {6, 0, 3, 3};

static void test_bytes(const char *name, byte_kernel kernel, size_t length) {
    int32_t expected[4], actual[4];
    for (size_t i = 0; i < ROWS * length; i++) rows[i] = (uint8_t)(1 + next() % 255);
    for (size_t i = 0; i < length; i++) bytes[i] = (int8_t)((int)(next() % 255) - 127);
    for (int extreme = 0; extreme < 2; extreme++) {
        if (extreme) {
            memset(rows, 255, ROWS * length);
            memset(bytes, 127, length);
        }
        se_byte_dot4_scalar(rows, length, ordinals, bytes, length, expected);
        kernel(rows, length, ordinals, bytes, length, actual);
        expect_equal(name, length, expected, actual, sizeof expected);
    }
}

static void test_signs(const char *name, sign_kernel kernel, size_t length) {
    int32_t expected[8], actual[8];
    const size_t code = length / 8, stride = (code + 16 + 63) / 64 * 64;
    se_sign_query q = {planes, (length / 64 + 7) / 8 * 8, code, 0.013f, 3.5f, 40000.0f, 0.7f};
    memset(planes, 0, sizeof planes);
    for (int i = 0; i < 4; i++)
        for (size_t w = 0; w < length / 64; w++) planes[(size_t)i * q.words + w] = ((uint64_t)next() << 32) | next();
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t i = 0; i < stride; i++) rows[r * stride + i] = (uint8_t)next();
        const float factors[4] = {uniform(), uniform(), fabsf(uniform()), (float)(next() % length)};
        memcpy(rows + r * stride + code, factors, sizeof factors);
    }
    se_sign_scores4_scalar(rows, stride, ordinals, &q, expected, expected + 4);
    kernel(rows, stride, ordinals, &q, actual, actual + 4);
    expect_equal(name, length, expected, actual, sizeof expected);
}

/* Many rows a call, the last of them known ahead only, against four a call. */
static void test_rows(size_t length) {
    uint32_t many[ROWS * 4];
    int32_t expected[8], actual[ROWS * 4];
    const size_t count = ROWS * 4 - 4;
    for (size_t i = 0; i < ROWS * 4; i++) many[i] = next() % ROWS;
    for (size_t i = 0; i < ROWS * length; i++) rows[i] = (uint8_t)(1 + next() % 255);
    for (size_t i = 0; i < length; i++) bytes[i] = (int8_t)((int)(next() % 255) - 127);
    const uint32_t cpu = se_cpu_features();
    if (cpu & SE_CPU_AVX512VNNI) {
        se_byte_dot_rows_avx512vnni(rows, length, many, count, ROWS * 4, bytes, length, actual);
        for (size_t i = 0; i < count; i += 4) {
            se_byte_dot4_scalar(rows, length, many + i, bytes, length, expected);
            expect_equal("byte_dot_rows_avx512vnni", length, expected, actual + i, 4 * sizeof *expected);
        }
    }
    if (cpu & SE_CPU_AVX512POPCNT) {
        const size_t code = length / 8, stride = (code + 16 + 63) / 64 * 64;
        const se_sign_query q = {planes, (length / 64 + 7) / 8 * 8, code, 0.013f, 3.5f, 40000.0f, 0.7f};
        for (size_t r = 0; r < ROWS; r++) {
            const float factors[4] = {uniform(), uniform(), fabsf(uniform()), (float)(next() % length)};
            memcpy(rows + r * stride + code, factors, sizeof factors);
        }
        memset(planes, 0, sizeof planes);
        for (int i = 0; i < 4; i++)
            for (size_t w = 0; w < length / 64; w++) planes[(size_t)i * q.words + w] = ((uint64_t)next() << 32) | next();
        se_sign_highs_rows_avx512popcnt(rows, stride, many, count, ROWS * 4, &q, actual);
        for (size_t i = 0; i < count; i += 4) {
            se_sign_scores4_scalar(rows, stride, many + i, &q, expected, expected + 4);
            expect_equal("sign_highs_rows_avx512popcnt", length, expected + 4, actual + i, 4 * sizeof *expected);
        }
    }
}

static void test_floats(const char *name, float_kernel reference, float_kernel kernel, size_t length) {
    float expected[4], actual[4];
    for (size_t i = 0; i < ROWS * length; i++) {
        const float x = uniform();
        memcpy(rows + 4 * i, &x, 4);
    }
    for (size_t i = 0; i < length; i++) query[i] = uniform();
    reference(rows, 4 * length, ordinals, query, length, expected);
    kernel(rows, 4 * length, ordinals, query, length, actual);
    expect_equal(name, length, expected, actual, sizeof expected);
}

typedef void (*batch_kernel)(const uint8_t *, size_t, const uint32_t *, const float *, size_t, size_t, float *);

/* A batch gives the bits of its one-query kernel. `element` is the size of a coordinate. */
static void test_batch(const char *name, float_kernel one, batch_kernel batch, size_t element, size_t length) {
    static float queries[4 * MAX_LENGTH];
    float expected[16], actual[16];
    for (size_t i = 0; i < ROWS * length; i++) {
        const float x = uniform();
        const uint16_t half = (uint16_t)((next() & 0x83FF) | ((8 + next() % 12) << 10));
        if (element == 4) memcpy(rows + 4 * i, &x, 4);
        else if (element == 2) memcpy(rows + 2 * i, &half, 2);
        else rows[i] = (uint8_t)next();
    }
    for (size_t i = 0; i < 4 * length; i++) queries[i] = uniform();
    for (int q = 0; q < 4; q++) {
        float scores[4];
        one(rows, element * length, ordinals, queries + (size_t)q * length, length, scores);
        for (int r = 0; r < 4; r++) expected[4 * r + q] = scores[r];
    }
    batch(rows, element * length, ordinals, queries, length, length, actual);
    expect_equal(name, length, expected, actual, sizeof expected);
}

#if SE_X86
static void test_halves(const char *name, float_kernel reference, float_kernel kernel, size_t length) {
    float expected[4], actual[4];
    for (size_t i = 0; i < ROWS * length; i++) {
        const uint16_t x = (uint16_t)((next() & 0x83FF) | ((8 + next() % 12) << 10)); /* finite halves */
        memcpy(rows + 2 * i, &x, 2);
    }
    for (size_t i = 0; i < length; i++) query[i] = uniform();
    reference(rows, 2 * length, ordinals, query, length, expected);
    kernel(rows, 2 * length, ordinals, query, length, actual);
    expect_equal(name, length, expected, actual, sizeof expected);
}
#endif

static void test_rotation(const char *name, rotate_kernel kernel, size_t length) {
    size_t block = 1;
    while (block * 2 <= length) block *= 2;
    for (size_t i = 0; i < 4 * length; i++) signs[i] = (next() & 1) ? 1.0f : -1.0f;
    for (size_t i = 0; i < length; i++) query[i] = other[i] = uniform();
    se_rotate_scalar(query, signs, length, block);
    kernel(other, signs, length, block);
    expect_equal(name, length, query, other, 4 * length);
}

int main(void) {
    const uint32_t cpu = se_cpu_features();
    for (size_t length = 64; length <= MAX_LENGTH; length += length < 2048 ? 64 : 1024) {
        test_bytes("byte_dot4_scalar", se_byte_dot4_scalar, length);
#if SE_X86
        if (cpu & SE_CPU_AVX2) {
            test_bytes("byte_dot4_avx2", se_byte_dot4_avx2, length);
            test_signs("sign_scores4_avx2", se_sign_scores4_avx2, length);
            test_floats("float_dot4_avx2", se_float_dot4_scalar, se_float_dot4_avx2, length - 32);
            test_floats("float_distance4_avx2", se_float_distance4_scalar, se_float_distance4_avx2, length - 32);
            test_rotation("rotate_avx2", se_rotate_avx2, length);
            test_batch("half_dot4x4_avx2", se_half_dot4_avx2, se_half_dot4x4_avx2, 2, length - 32);
            test_batch("half_distance4x4_avx2", se_half_distance4_avx2, se_half_distance4x4_avx2, 2, length - 32);
            test_batch("float_dot4x4_avx2", se_float_dot4_avx2, se_float_dot4x4_avx2, 4, length - 32);
            test_batch("float_distance4x4_avx2", se_float_distance4_avx2, se_float_distance4x4_avx2, 4, length - 32);
            test_batch("byte_float_dot4x4_avx2", se_byte_float_dot4_avx2, se_byte_float_dot4x4_avx2, 1, length - 32);
            test_batch("byte_float_distance4x4_avx2", se_byte_float_distance4_avx2, se_byte_float_distance4x4_avx2, 1, length - 32);
        }
        if (cpu & SE_CPU_AVXVNNI) test_bytes("byte_dot4_avxvnni", se_byte_dot4_avxvnni, length);
        if (cpu & SE_CPU_AVX512) {
            test_bytes("byte_dot4_avx512", se_byte_dot4_avx512, length);
            test_floats("float_dot4_avx512", se_float_dot4_scalar, se_float_dot4_avx512, length);
            test_floats("float_distance4_avx512", se_float_distance4_scalar, se_float_distance4_avx512, length);
            test_halves("half_dot4", se_half_dot4_avx2, se_half_dot4_avx512, length - 32);
            test_halves("half_distance4", se_half_distance4_avx2, se_half_distance4_avx512, length - 32);
            test_rotation("rotate_avx512", se_rotate_avx512, length);
            test_batch("half_dot4x4_avx512", se_half_dot4_avx512, se_half_dot4x4_avx512, 2, length - 32);
            test_batch("half_distance4x4_avx512", se_half_distance4_avx512, se_half_distance4x4_avx512, 2, length - 32);
            test_batch("float_dot4x4_avx512", se_float_dot4_avx512, se_float_dot4x4_avx512, 4, length - 32);
            test_batch("float_distance4x4_avx512", se_float_distance4_avx512, se_float_distance4x4_avx512, 4, length - 32);
            test_batch("byte_float_dot4x4_avx512", se_byte_float_dot4_avx512, se_byte_float_dot4x4_avx512, 1, length - 32);
            test_batch("byte_float_distance4x4_avx512", se_byte_float_distance4_avx512, se_byte_float_distance4x4_avx512, 1, length - 32);
        }
        test_rows(length);
        if (cpu & SE_CPU_AVX512VNNI) test_bytes("byte_dot4_avx512vnni", se_byte_dot4_avx512vnni, length);
        if (cpu & SE_CPU_AVX512POPCNT) test_signs("sign_scores4_avx512popcnt", se_sign_scores4_avx512popcnt, length);
#endif
    }
    printf("cpu features 0x%x, %d differences\n", (unsigned)cpu, failures);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
