/*
 * The basic operators of ITU-T G.191 that define the arithmetic of G.729: 16- and 32-bit fractional
 * numbers, saturated at every step. Inline, without state: where the Recommendation asks whether
 * something overflowed, the block that asks computes it.
 *
 * Right shifts of negative numbers are arithmetic on every compiler this is built with; left shifts
 * are done on unsigned numbers.
 */
#ifndef TRUNKGATE_CODECS_G729_BASIC_OPERATORS_H
#define TRUNKGATE_CODECS_G729_BASIC_OPERATORS_H

#include <stdint.h>

#define G729_MAX32 INT32_MAX
#define G729_MIN32 INT32_MIN

static inline int16_t g729_saturate(int32_t value)
{
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static inline int16_t g729_add(int16_t a, int16_t b)
{
    return g729_saturate((int32_t)a + b);
}

static inline int16_t g729_sub(int16_t a, int16_t b)
{
    return g729_saturate((int32_t)a - b);
}

static inline int16_t g729_negate(int16_t a)
{
    return g729_saturate(-(int32_t)a);
}

static inline int16_t g729_abs(int16_t a)
{
    return g729_saturate(a < 0 ? -(int32_t)a : a);
}

/* Q15 x Q15, truncated. */
static inline int16_t g729_mult(int16_t a, int16_t b)
{
    return g729_saturate(((int32_t)a * b) >> 15);
}

/* Q15 x Q15, rounded. */
static inline int16_t g729_mult_r(int16_t a, int16_t b)
{
    return g729_saturate(((int32_t)a * b + 0x4000) >> 15);
}

static inline int16_t g729_high(int32_t value)
{
    return (int16_t)(value >> 16);
}

static inline int16_t g729_low(int32_t value)
{
    return (int16_t)(uint16_t)((uint32_t)value & 0xFFFFu);
}

/* A 16-bit number in the high half. */
static inline int32_t g729_deposit(int16_t value)
{
    return (int32_t)value * 65536;
}

static inline int32_t g729_l_add(int32_t a, int32_t b)
{
    int32_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return a < 0 ? G729_MIN32 : G729_MAX32;
    return sum;
}

static inline int32_t g729_l_sub(int32_t a, int32_t b)
{
    int32_t difference;
    if (__builtin_sub_overflow(a, b, &difference))
        return a < 0 ? G729_MIN32 : G729_MAX32;
    return difference;
}

static inline int32_t g729_l_negate(int32_t a)
{
    return a == G729_MIN32 ? G729_MAX32 : -a;
}

static inline int32_t g729_l_abs(int32_t a)
{
    return a < 0 ? g729_l_negate(a) : a;
}

/* 2ab; only -1 x -1 saturates. */
static inline int32_t g729_l_mult(int16_t a, int16_t b)
{
    const int32_t product = (int32_t)a * b;
    return product == 0x40000000 ? G729_MAX32 : product * 2;
}

static inline int32_t g729_l_mac(int32_t sum, int16_t a, int16_t b)
{
    return g729_l_add(sum, g729_l_mult(a, b));
}

static inline int32_t g729_l_msu(int32_t sum, int16_t a, int16_t b)
{
    return g729_l_sub(sum, g729_l_mult(a, b));
}

/* The high half, rounded. */
static inline int16_t g729_round(int32_t value)
{
    return g729_high(g729_l_add(value, 0x8000));
}

static inline int32_t g729_l_shr(int32_t value, int count);

/* A negative count shifts the other way, in all shifts. */
static inline int32_t g729_l_shl(int32_t value, int count)
{
    if (count <= 0)
        return g729_l_shr(value, -count);
    if (value == 0)
        return 0;
    if (count > 31)
        return value < 0 ? G729_MIN32 : G729_MAX32;
    const int64_t shifted = (int64_t)((uint64_t)(int64_t)value << count);
    return shifted > G729_MAX32   ? G729_MAX32
           : shifted < G729_MIN32 ? G729_MIN32
                                  : (int32_t)shifted;
}

static inline int32_t g729_l_shr(int32_t value, int count)
{
    if (count < 0)
        return g729_l_shl(value, count < -32 ? 32 : -count);
    return value >> (count > 31 ? 31 : count);
}

/* Shift right, rounded. */
static inline int32_t g729_l_shr_r(int32_t value, int count)
{
    if (count > 31)
        return 0;
    const int32_t shifted = g729_l_shr(value, count);
    return count > 0 ? shifted + ((value >> (count - 1)) & 1) : shifted;
}

static inline int16_t g729_shr(int16_t value, int count);

static inline int16_t g729_shl(int16_t value, int count)
{
    if (count < 0)
        return g729_shr(value, -count);
    return g729_saturate(g729_l_shl(value, count > 16 ? 16 : count));
}

static inline int16_t g729_shr(int16_t value, int count)
{
    if (count < 0)
        return g729_shl(value, -count);
    return (int16_t)(value >> (count > 15 ? 15 : count));
}

/* Left shifts that normalise a number; 0 for 0. */
static inline int g729_norm_l(int32_t value)
{
    if (value == 0)
        return 0;
    const uint32_t magnitude = (uint32_t)(value < 0 ? ~value : value);
    return magnitude == 0 ? 31 : __builtin_clz(magnitude) - 1;
}

static inline int g729_norm_s(int16_t value)
{
    return value == 0 ? 0 : value == -1 ? 15 : g729_norm_l(value) - 16;
}

/* Q15 quotient of 0 <= numerator <= denominator, truncated. */
static inline int16_t g729_div_s(int16_t numerator, int16_t denominator)
{
    if (numerator >= denominator)
        return INT16_MAX;
    return (int16_t)(((int32_t)numerator << 15) / denominator);
}

#endif
