/*
 * Double precision of G.729: a 32-bit number as a high half and a low half of 15 bits, and the
 * functions over such numbers: quotient, power, logarithm and inverse square root.
 */
#ifndef TRUNKGATE_CODECS_G729_DOUBLE_PRECISION_H
#define TRUNKGATE_CODECS_G729_DOUBLE_PRECISION_H

#include "basic-operators.h"

/* value = hi * 65536 + lo * 2, 0 <= lo < 32768 */
struct g729_dpf {
    int16_t hi;
    int16_t lo;
};

static inline struct g729_dpf g729_dpf_split(int32_t value)
{
    return (struct g729_dpf){g729_high(value), (int16_t)((value & 0xFFFF) >> 1)};
}

static inline int32_t g729_dpf_join(struct g729_dpf value)
{
    return g729_l_mac(g729_deposit(value.hi), value.lo, 1);
}

static inline int32_t g729_dpf_multiply(struct g729_dpf a, struct g729_dpf b)
{
    int32_t product = g729_l_mult(a.hi, b.hi);
    product = g729_l_mac(product, g729_mult(a.hi, b.lo), 1);
    return g729_l_mac(product, g729_mult(a.lo, b.hi), 1);
}

static inline int32_t g729_dpf_scale(struct g729_dpf a, int16_t factor)
{
    return g729_l_mac(g729_l_mult(a.hi, factor), g729_mult(a.lo, factor), 1);
}

/* numerator / denominator in Q31, 0 <= numerator < denominator, denominator normalised. */
int32_t g729_divide(int32_t numerator, struct g729_dpf denominator);

/* 2^(exponent + fraction), fraction in Q15, rounded. */
int32_t g729_power(int exponent, int16_t fraction);

struct g729_logarithm {
    int16_t exponent;
    int16_t fraction; /* Q15 */
};

/* log2 of a positive number; 0 for others. */
struct g729_logarithm g729_log2(int32_t value);

/* 1/sqrt(value) in Q30 for a positive number in Q0; 0x3FFFFFFF for others. */
int32_t g729_inverse_root(int32_t value);

#endif
