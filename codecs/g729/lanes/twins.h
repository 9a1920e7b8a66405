/*
 * The basic operators (basic-operators.h) on twins: a 16-bit number in both halves of its lane, on which 16-bit
 * instructions work as it is, and of which a product of pairs gives 2ab, which is L_mult.
 */
#ifndef TRUNKGATE_CODECS_G729_LANES_TWINS_H
#define TRUNKGATE_CODECS_G729_LANES_TWINS_H

#include "operators.h"

#if defined(LANES_AVX512)
typedef __m512i vraw;
#define V_DO(name) _mm512_##name
#define V_QUARTERS _mm512_broadcast_i32x4
#else
typedef __m256i vraw;
#define V_DO(name) _mm256_##name
#define V_QUARTERS _mm256_broadcastsi128_si256
#endif

/* Before a loop whose arrays are to stay in registers. */
#define UNROLL _Pragma("GCC unroll 16")

/* The low or the high halves, or the numbers saturated to 16 bits, twice. */
V_INLINE vpair twin_low(v32 a)
{
    const __m128i order = _mm_setr_epi8(0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13);
    return (vpair)V_DO(shuffle_epi8)((vraw)a, V_QUARTERS(order));
}

V_INLINE vpair twin_high(v32 a)
{
    const __m128i order = _mm_setr_epi8(2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15);
    return (vpair)V_DO(shuffle_epi8)((vraw)a, V_QUARTERS(order));
}

V_INLINE vpair twin_saturate(v32 a)
{
    const vraw packed = V_DO(packs_epi32)((vraw)a, (vraw)a);
    return (vpair)V_DO(unpacklo_epi16)(packed, packed);
}

/* mult_r, but for both -32768. */
V_INLINE vpair v_mult_r_pairs(vpair a, vpair b)
{
    return (vpair)V_DO(mulhrs_epi16)((vraw)a, (vraw)b);
}

/* The high halves of unsigned 16-bit products. */
V_INLINE vpair v_high_pairs_unsigned(vpair a, vpair b)
{
    return (vpair)V_DO(mulhi_epu16)((vraw)a, (vraw)b);
}

V_INLINE vpair v_add_pairs(vpair a, vpair b)
{
    return (vpair)V_DO(adds_epi16)((vraw)a, (vraw)b);
}

V_INLINE vpair v_min_pairs(vpair a, vpair b)
{
    return (vpair)V_DO(min_epi16)((vraw)a, (vraw)b);
}

V_INLINE vpair v_max_pairs(vpair a, vpair b)
{
    return (vpair)V_DO(max_epi16)((vraw)a, (vraw)b);
}

V_INLINE vpair v_right_pairs(vpair a, int count)
{
    return a >> count;
}

/* |a|, as 2^31 unsigned where a is -2^31. */
V_INLINE v32 v_magnitude(v32 a)
{
    return (v32)V_DO(abs_epi32)((vraw)a);
}

V_INLINE vpair twin_all(int16_t value)
{
    return vpair_all(value, value);
}

V_INLINE v32 twin_value(vpair a)
{
    return v_right((v32)a, 16);
}

V_INLINE v32 v_lane_numbers(void)
{
    v32 numbers;
    for (int lane = 0; lane < V_LANES; lane++)
        numbers[lane] = lane;
    return numbers;
}

/* A row of the state and back. */
V_INLINE vpair twin_load(const v16 *row)
{
    return v_twin(*row);
}

V_INLINE v16 twin_row(vpair a)
{
    return v_low((v32)a);
}

V_INLINE vpair twin_select(vmask mask, vpair yes, vpair no)
{
    return (vpair)v_select(mask, (v32)yes, (v32)no);
}

V_INLINE vpair twin_negate(vpair a)
{
    return v_sub_pairs((vpair)v32_zero(), a);
}

/* In these both operands are never -32768 at once. */
V_INLINE vpair twin_mult(vpair a, vpair b)
{
    return twin_high(v_products(a, b));
}

/* sum + 2ab; the operands may both be -32768 where the sum is not negative. */
V_INLINE v32 twin_l_mac(v32 sum, vpair a, vpair b)
{
#ifdef LANES_AVX512
    return v_dot_saturated(sum, a, b);
#else
    const v32 product = v_products(a, b); /* MIN for both -32768 */
    return v_l_add(sum, v_plus(product, (v32)v_eq(product, v32_all(INT32_MIN))));
#endif
}

/* The same for all operands. */
V_INLINE v32 twin_l_mult_any(vpair a, vpair b)
{
    const v32 product = v_products(a, b);
    return v_select(v_eq(product, v32_all(INT32_MIN)), v32_all(INT32_MAX), product);
}

/* round(l_shl(a, count)), count from 0 to 15. */
V_INLINE vpair twin_round_left(v32 a, int count)
{
    const v32 below = v_min(a, v32_all(INT32_MAX - 0x8000));
    return twin_saturate(v_right(v_plus(below, v32_all(0x8000 >> count)), 16 - count));
}

V_INLINE vpair twin_round(v32 a)
{
    return twin_high(v_plus(v_min(a, v32_all(INT32_MAX - 0x8000)), v32_all(0x8000)));
}

/* div_s of numbers of 32 bits that are not negative. */
V_INLINE vpair twin_div_s(v32 numerator, v32 denominator)
{
    return twin_low(v_div_s(numerator, denominator));
}

/* The number at each lane's place of a table. */
V_INLINE vpair twin_gather(const int16_t *table, v32 place)
{
    return twin_low(v_lookup(table, place));
}

#endif
