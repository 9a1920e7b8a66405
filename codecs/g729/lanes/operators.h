/*
 * The basic operators of basic-operators.h and double-precision.h on vectors of lanes, named alike. 16-bit operands come
 * as v16, or as v32 where they are sign extended anyway.
 */
#ifndef TRUNKGATE_CODECS_G729_LANES_OPERATORS_H
#define TRUNKGATE_CODECS_G729_LANES_OPERATORS_H

#include "vector.h"

/* An element of a lane, to and from single channels. */
#define V_GET(vector, lane) (((const int16_t *)&(vector))[lane])
#define V_PUT(vector, lane, value) (((int16_t *)&(vector))[lane] = (value))

V_INLINE v32 v_sign(v32 a)
{
    return v_right(a, 31);
}

V_INLINE v32 v_clamp16(v32 a)
{
    return v_max(v_min(a, v32_all(INT16_MAX)), v32_all(INT16_MIN));
}

V_INLINE v16 v_negate(v16 a)
{
    return v_sub(v16_all(0), a);
}

V_INLINE v16 v_abs(v16 a)
{
    return v_max16(a, v_negate(a));
}

/* The product of two 16-bit numbers, exactly. */
V_INLINE v32 v_product(v16 a, v16 b)
{
    return v_products((vpair)v_widen(a), (vpair)(v_widen(b) & v32_all(0xFFFF)));
}

/* Of two sign-extended ones. */
V_INLINE v32 v_product32(v32 a, v32 b)
{
    return v_products((vpair)a, (vpair)(b & v32_all(0xFFFF)));
}

V_INLINE v16 v_mult(v16 a, v16 b)
{
    return v_saturate(v_right(v_product(a, b), 15));
}

V_INLINE v16 v_mult_r(v16 a, v16 b)
{
    return v_saturate(v_right(v_plus(v_product(a, b), v32_all(0x4000)), 15));
}

/* The high half, truncated and rounded. */
V_INLINE v16 v_high(v32 a)
{
    return v_low(v_right(a, 16));
}

V_INLINE v16 v_round(v32 a)
{
    /* a + 0x8000 overflows only upwards */
    const v32 room = v_min(a, v32_all(INT32_MAX - 0x8000));
    return v_high(v_plus(room, v32_all(0x8000)));
}

/* A 16-bit number in the high half. */
V_INLINE v32 v_deposit(v16 a)
{
    return v_left(v_widen(a), 16);
}

V_INLINE v32 v_l_negate(v32 a)
{
    return v_minus(v32_zero(), v_max(a, v32_all(-INT32_MAX)));
}

V_INLINE v32 v_l_abs(v32 a)
{
    return v_max(a, v_l_negate(a));
}

/* Twice a product of 16-bit numbers: only -1 x -1 saturates. */
V_INLINE v32 v_double_product(v32 product)
{
    const v32 twice = v_plus(product, product);
    return v_select(v_eq(product, v32_all(0x40000000)), v32_all(INT32_MAX), twice);
}

V_INLINE v32 v_l_mult(v16 a, v16 b)
{
    return v_double_product(v_product(a, b));
}

V_INLINE v32 v_l_mac(v32 sum, v16 a, v16 b)
{
    return v_l_add(sum, v_l_mult(a, b));
}

V_INLINE v32 v_l_msu(v32 sum, v16 a, v16 b)
{
    return v_l_sub(sum, v_l_mult(a, b));
}

/* Saturating shift left by a constant from 1 to 30. */
V_INLINE v32 v_l_shl(v32 a, int count)
{
    const v32 shifted = v_left(a, count);
    const v32 limit = v_sign(a) ^ v32_all(INT32_MAX);
    return v_select(v_eq(v_right(shifted, count), a), shifted, limit);
}

/* Shift left by a count of each lane, saturating; a negative count shifts right. */
V_INLINE v32 v_l_shl_by(v32 a, v32 count)
{
    const v32 left = v_min(v_max(count, v32_zero()), v32_all(31));
    const v32 right = v_min(v_max(v_minus(v32_zero(), count), v32_zero()), v32_all(31));
    const v32 shifted = v_left_by(a, left);
    const v32 limit = v_sign(a) ^ v32_all(INT32_MAX);
    /* a count above 31 saturates as 31 does: all but 0 */
    const v32 result = v_select(v_eq(v_right_by(shifted, left), a), shifted, limit);
    return v_right_by(result, right);
}

V_INLINE v32 v_l_shr_by(v32 a, v32 count)
{
    return v_l_shl_by(a, v_minus(v32_zero(), count));
}

/* Shift right by constants from 1 to 31, rounded. */
V_INLINE v32 v_l_shr_r(v32 a, int count)
{
    return v_plus(v_right(a, count), v_right(a, count - 1) & v32_all(1));
}

/* Left shifts that normalise a number; 0 for 0. */
V_INLINE v32 v_norm_l(v32 a)
{
    const v32 zeros = v_leading_zeros(a ^ v_sign(a));
    return v_select(v_eq(a, v32_zero()), v32_zero(), v_minus(zeros, v32_all(1)));
}

/* Q15 quotient of 0 <= numerator and denominator, truncated. */
V_INLINE v32 v_div_s(v32 numerator, v32 denominator)
{
    const v32 shifted = v_left(numerator, 15);
    const v32 quotient = v_quotient(shifted, denominator);
    /* The rounding of floats errs upwards only, and by less than one. */
    const vmask over = v_gt(v_times(quotient, denominator), shifted);
    const v32 exact = v_select(over, v_minus(quotient, v32_all(1)), quotient);
    return v_select(v_gt(denominator, numerator), exact, v32_all(INT16_MAX));
}

/*
 * Double precision: both halves sign extended.
 */
struct v_dpf {
    v32 hi;
    v32 lo;
};

V_INLINE struct v_dpf v_dpf_split(v32 value)
{
    return (struct v_dpf){v_right(value, 16), v_right_unsigned(v_left(value, 16), 17)};
}

/* The two halves of a split number stay below 2^31 together. */
V_INLINE v32 v_dpf_join(struct v_dpf value)
{
    return v_plus(v_left(value.hi, 16), v_plus(value.lo, value.lo));
}

/* 2 mult(a, b) of sign-extended numbers, where b is not negative. */
V_INLINE v32 v_twice_mult(v32 a, v32 b)
{
    const v32 product = v_right(v_products((vpair)a, (vpair)b), 15);
    return v_plus(product, product);
}

V_INLINE v32 v_dpf_multiply(struct v_dpf a, struct v_dpf b)
{
    v32 product = v_double_product(v_product32(a.hi, b.hi));
    product = v_l_add(product, v_twice_mult(a.hi, b.lo));
    return v_l_add(product, v_twice_mult(b.hi, a.lo));
}

/* `factor` is sign extended. */
V_INLINE v32 v_dpf_scale(struct v_dpf a, v32 factor)
{
    const v32 product = v_double_product(v_product32(a.hi, factor));
    return v_l_add(product, v_twice_mult(factor, a.lo));
}

/* An element of a table of 16-bit numbers, sign extended; reads nothing beyond the table. */
V_INLINE v32 v_lookup(const int16_t *table, v32 index)
{
    /* 32 bits from the element before, of which this one is the high half; from the first itself where there is none */
    const v32 before = v_max(v_minus(index, v32_all(1)), v32_zero());
    const v32 found = v_gather_halves(table, before);
    const vmask none = v_eq(index, v32_zero());
    return v_right(v_select(none, v_left(found, 16), found), 16);
}

#endif
