/*
 * For the tests of G.729 block by block: the arithmetic of the Recommendation in the plainest form (every step
 * computed in 64 bits and clamped), and random signals of every size.
 */
#ifndef TRUNKGATE_TEST_G729_PLAIN_H
#define TRUNKGATE_TEST_G729_PLAIN_H

#include "../harness.h"

#include <stdbool.h>

#define PI 3.14159265358979323846

static inline int64_t clamp(int64_t value, int64_t least, int64_t largest)
{
    return value < least ? least : value > largest ? largest : value;
}

static inline int16_t plain16(int64_t value)
{
    return (int16_t)clamp(value, INT16_MIN, INT16_MAX);
}

static inline int32_t plain32(int64_t value)
{
    return (int32_t)clamp(value, INT32_MIN, INT32_MAX);
}

/* sum + 2ab, both steps clamped; with sign -1 sum - 2ab. */
static inline int32_t plain_mac(int32_t sum, int16_t a, int16_t b, int sign)
{
    return plain32(sum + (int64_t)sign * plain32(2 * (int64_t)a * b));
}

/* The high half of value x 2^shift, clamped and rounded. */
static inline int16_t plain_round(int32_t value, int shift)
{
    return (int16_t)(plain32((int64_t)plain32((int64_t)value * (1 << shift)) + 0x8000) >> 16);
}

/* Between -2^bits and 2^bits - 1; of 15 bits every second one is an extreme. */
static inline int16_t draw(uint64_t *seed, int bits)
{
    const uint32_t chance = harness_random(seed);
    if (bits >= 15 && (chance & 1) != 0)
        return (chance & 2) != 0 ? INT16_MAX : INT16_MIN;
    return (int16_t)((int16_t)(chance >> 16) >> (15 - (bits > 15 ? 15 : bits)));
}

static inline void draw_signal(int16_t *signal, int count, uint64_t *seed, int bits)
{
    for (int i = 0; i < count; i++)
        signal[i] = draw(seed, bits);
}

/* Between 0 and 1. */
static inline double draw_real(uint64_t *seed)
{
    return harness_random(seed) / 4294967296.0;
}

/* LSFs in radians that lie apart, as those of speech do. */
static inline void draw_lsf(double lsf[10], uint64_t *seed)
{
    double at = 0, sum = 0, gap[11];
    for (int i = 0; i < 11; i++)
        sum += gap[i] = 0.3 + draw_real(seed);
    for (int i = 0; i < 10; i++)
        lsf[i] = at += gap[i] / sum * PI;
}

/* (25), (26): A(z) of LSFs, by multiplying the polynomials out. */
static inline void filter_of_lsf(const double lsf[10], double a[11])
{
    double p[2][13] = {{1, 1}, {1, -1}}; /* 1 + z^-1, 1 - z^-1 */
    for (int i = 0; i < 10; i++) {
        double *f = p[i & 1];
        for (int k = 12; k > 0; k--)
            f[k] += -2 * cos(lsf[i]) * f[k - 1] + (k > 1 ? f[k - 2] : 0);
    }
    for (int k = 0; k <= 10; k++)
        a[k] = (p[0][k] + p[1][k]) / 2;
}

#endif
