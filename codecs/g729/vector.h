/*
 * Eight samples at a time, within one channel, and the bounds under which sums of products need not be saturated
 * step by step: where they hold, a sum in any order is bit for bit that of the basic operators.
 *
 * SSE2 is part of every x86-64 and NEON of every arm64; elsewhere the compiler makes of it what it can.
 */
#ifndef TRUNKGATE_CODECS_G729_VECTOR_H
#define TRUNKGATE_CODECS_G729_VECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define G729_WIDTH 8 /* samples of a vector */

typedef int16_t g729_samples __attribute__((vector_size(16)));
typedef uint16_t g729_bits16 __attribute__((vector_size(16)));
typedef int32_t g729_sums __attribute__((vector_size(16)));
typedef uint32_t g729_bits32 __attribute__((vector_size(16)));
typedef int64_t g729_wide __attribute__((vector_size(16)));

static inline g729_samples g729_load(const int16_t *memory)
{
    g729_samples samples;
    memcpy(&samples, memory, sizeof samples);
    return samples;
}

static inline void g729_store(int16_t *memory, g729_samples samples)
{
    memcpy(memory, &samples, sizeof samples);
}

/* A sample or a pair of samples in every place. */
static inline g729_samples g729_spread(int16_t sample)
{
    return (g729_samples){sample, sample, sample, sample, sample, sample, sample, sample};
}

static inline g729_samples g729_spread_pair(int16_t even, int16_t odd)
{
    return (g729_samples){even, odd, even, odd, even, odd, even, odd};
}

/* a0 b0, a1 b1, a2 b2, a3 b3 and the same of the high half. */
static inline g729_samples g729_zip_low(g729_samples a, g729_samples b)
{
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

static inline g729_samples g729_zip_high(g729_samples a, g729_samples b)
{
    return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/* All samples a place down, the first lost, another behind them. */
static inline g729_samples g729_push(g729_samples samples, int16_t next)
{
#if defined(__SSE2__)
    return (g729_samples)_mm_insert_epi16(_mm_srli_si128((__m128i)samples, 2), next, 7);
#elif defined(__aarch64__)
    return (g729_samples)vextq_s16((int16x8_t)samples, vdupq_n_s16(next), 1);
#else
    return __builtin_shufflevector(samples, g729_spread(next), 1, 2, 3, 4, 5, 6, 7, 8);
#endif
}

/* The products of two by two neighbours, added. */
static inline g729_sums g729_multiply_pairs(g729_samples a, g729_samples b)
{
#if defined(__SSE2__)
    return (g729_sums)_mm_madd_epi16((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
    const int32x4_t low = vmull_s16(vget_low_s16((int16x8_t)a), vget_low_s16((int16x8_t)b));
    const int32x4_t high = vmull_high_s16((int16x8_t)a, (int16x8_t)b);
    return (g729_sums)vpaddq_s32(low, high);
#else
    g729_sums sums;
    for (int i = 0; i < 4; i++)
        sums[i] = (int32_t)((uint32_t)(a[2 * i] * b[2 * i]) + (uint32_t)(a[2 * i + 1] * b[2 * i + 1]));
    return sums;
#endif
}

/* The high halves of the products. */
static inline g729_samples g729_multiply_high(g729_samples a, g729_samples b)
{
#if defined(__SSE2__)
    return (g729_samples)_mm_mulhi_epi16((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
    const int32x4_t low = vmull_s16(vget_low_s16((int16x8_t)a), vget_low_s16((int16x8_t)b));
    const int32x4_t high = vmull_high_s16((int16x8_t)a, (int16x8_t)b);
    return (g729_samples)vshrn_high_n_s32(vshrn_n_s32(low, 16), high, 16);
#else
    g729_samples products;
    for (int i = 0; i < 8; i++)
        products[i] = (int16_t)(a[i] * b[i] >> 16);
    return products;
#endif
}

/* The wrapped sum or difference of `a` and something, or the limit beyond it where `overflow` is negative. */
static inline g729_samples g729_clip(g729_bits16 wrapped, g729_samples a, g729_samples overflow)
{
    const g729_samples beyond = overflow >> 15;
    return ((g729_samples)wrapped & ~beyond) | (((a >> 15) ^ INT16_MAX) & beyond);
}

/* Sums and differences, saturated. */
static inline g729_samples g729_add_each(g729_samples a, g729_samples b)
{
#if defined(__SSE2__)
    return (g729_samples)_mm_adds_epi16((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
    return (g729_samples)vqaddq_s16((int16x8_t)a, (int16x8_t)b);
#else
    const g729_bits16 sum = (g729_bits16)a + (g729_bits16)b;
    return g729_clip(sum, a, (a ^ (g729_samples)sum) & (b ^ (g729_samples)sum));
#endif
}

static inline g729_samples g729_subtract_each(g729_samples a, g729_samples b)
{
#if defined(__SSE2__)
    return (g729_samples)_mm_subs_epi16((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
    return (g729_samples)vqsubq_s16((int16x8_t)a, (int16x8_t)b);
#else
    const g729_bits16 difference = (g729_bits16)a - (g729_bits16)b;
    return g729_clip(difference, a, (a ^ (g729_samples)difference) & (a ^ b));
#endif
}

/* Saturated to 16 bits. */
static inline g729_samples g729_narrow(g729_sums low, g729_sums high)
{
#if defined(__SSE2__)
    return (g729_samples)_mm_packs_epi32((__m128i)low, (__m128i)high);
#elif defined(__aarch64__)
    return (g729_samples)vqmovn_high_s32(vqmovn_s32((int32x4_t)low), (int32x4_t)high);
#else
    g729_samples samples;
    for (int i = 0; i < 8; i++) {
        const int32_t sum = i < 4 ? low[i] : high[i - 4];
        samples[i] = (int16_t)(sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum);
    }
    return samples;
#endif
}

/* Wraps, as unsigned numbers do. */
static inline int32_t g729_total(g729_sums sums)
{
    g729_bits32 total = (g729_bits32)sums;
    total += __builtin_shufflevector(total, total, 2, 3, 0, 1);
    total += __builtin_shufflevector(total, total, 1, 0, 3, 2);
    return (int32_t)total[0];
}

/* The totals of four. */
static inline g729_sums g729_totals(g729_sums a, g729_sums b, g729_sums c, g729_sums d)
{
    const g729_sums ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) +
                         __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const g729_sums cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) +
                         __builtin_shufflevector(c, d, 2, 6, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/* `count`, a multiple of 8, products added; that the sum fits is for the caller to know. */
static inline g729_sums g729_products(const int16_t *a, const int16_t *b, int count)
{
    g729_sums sums = {0};
    for (int i = 0; i < count; i += G729_WIDTH)
        sums += g729_multiply_pairs(g729_load(a + i), g729_load(b + i));
    return sums;
}

static inline int32_t g729_product(const int16_t *a, const int16_t *b, int count)
{
    return g729_total(g729_products(a, b, count));
}

/* The sum of `count`, a multiple of 8, squares: exact. */
static inline int64_t g729_energy(const int16_t *samples, int count)
{
    g729_wide energy = {0};
    for (int i = 0; i < count; i += G729_WIDTH) {
        const g729_samples now = g729_load(samples + i);
        const g729_sums squares = g729_multiply_pairs(now, now), zero = {0}; /* 2^31 at most: unsigned */
        energy += (g729_wide)__builtin_shufflevector(squares, zero, 0, 4, 1, 5);
        energy += (g729_wide)__builtin_shufflevector(squares, zero, 2, 6, 3, 7);
    }
    return energy[0] + energy[1];
}

/* A number below 2^15 whose bits are enough for the magnitude of each of `count`, a multiple of 8. */
static inline int g729_bits(const int16_t *samples, int count)
{
    g729_samples folded = {0};
    for (int i = 0; i < count; i += G729_WIDTH) {
        const g729_samples now = g729_load(samples + i);
        folded |= now ^ (now >> 15);
    }
    const g729_wide halves = (g729_wide)folded;
    const int64_t half = halves[0] | halves[1];
    const int32_t quarter = (int32_t)(half | half >> 32);
    return (quarter | quarter >> 16) & 0x7FFF;
}

/* The sums of `count`, an even number, neighbours from each of eight samples on, times the taps. */
static inline void g729_convolve(const int16_t *from, const int16_t *taps, int count, g729_sums *low,
                                 g729_sums *high)
{
    for (int i = 0; i < count; i += 2) {
        const g729_samples pair = g729_spread_pair(taps[i], taps[i + 1]);
        const g729_samples even = g729_load(from + i), odd = g729_load(from + i + 1);
        *low += g729_multiply_pairs(g729_zip_low(even, odd), pair);
        *high += g729_multiply_pairs(g729_zip_high(even, odd), pair);
    }
}

/*
 * True where no partial sum of twice the products of two signals of these energies leaves 32 bits, even with 1 added
 * (by Cauchy and Schwarz).
 */
static inline bool g729_fits(int64_t energy, int64_t other)
{
    return (double)energy * (double)other < 1.15e18; /* a quarter of 2^62, and a little less */
}

#endif
