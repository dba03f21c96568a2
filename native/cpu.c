#include "kernels.h"

#if SE_X86
#include <cpuid.h>

static uint64_t enabled_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

/* Bit by bit, never by product generation: Zen 5 has VNNI and VPOPCNTDQ but no AVX512-FP16, and a "level" that asks
 * for all three would never choose them. */
uint32_t se_cpu_features(void) {
    uint32_t a, b, c, d, features = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    const int osxsave = (c >> 27) & 1, fma = (c >> 12) & 1, f16c = (c >> 29) & 1, popcnt = (c >> 23) & 1;
    if (!osxsave) return 0;
    const uint64_t state = enabled_state();
    const int ymm = (state & 0x6) == 0x6, zmm = (state & 0xE6) == 0xE6;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    const uint32_t max_subleaf = a;
    const int avx2 = (b >> 5) & 1, bmi = (b >> 3) & 1, bmi2 = (b >> 8) & 1;
    const int f = (b >> 16) & 1, dq = (b >> 17) & 1, bw = (b >> 30) & 1, vl = (b >> 31) & 1;
    const int vnni = (c >> 11) & 1, vpopcnt = (c >> 14) & 1;
    if (ymm && avx2 && fma && f16c && popcnt && bmi && bmi2) features |= SE_CPU_AVX2;
    if (!features) return 0;
    if (zmm && f && dq && bw && vl) features |= SE_CPU_AVX512;
    if ((features & SE_CPU_AVX512) && vnni) features |= SE_CPU_AVX512VNNI;
    if ((features & SE_CPU_AVX512) && vpopcnt) features |= SE_CPU_AVX512POPCNT;
    if (max_subleaf >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && ((a >> 4) & 1)) features |= SE_CPU_AVXVNNI;
    return features;
}
#else
uint32_t se_cpu_features(void) { return 0; }
#endif
