/* Pairs of two samples of a signal, so that one product of pairs takes two steps of a sum. */
#ifndef TRUNKGATE_CODECS_G729_LANES_PAIRS_H
#define TRUNKGATE_CODECS_G729_LANES_PAIRS_H

#include "twins.h"

/* Of two twins. */
V_INLINE vpair twin_join(vpair first, vpair second)
{
#if defined(LANES_AVX512)
    return (vpair)_mm512_mask_blend_epi16(0xAAAAAAAA, (__m512i)first, (__m512i)second);
#else
    return (vpair)_mm256_blend_epi16((__m256i)first, (__m256i)second, 0xAA);
#endif
}

/* Of rows of 32-bit numbers, each lane's number in the row it names. */
V_INLINE v32 take_row(const v32 *rows, v32 row)
{
    const v32 place = v_plus(v_times(row, v32_all(V_LANES)), v_lane_numbers());
    return v_gather((const int32_t *)(const void *)rows, place);
}

/* The sum of squares of pairs of any numbers, saturated, and a sum that is not negative. */
V_INLINE v32 v_add_squares(v32 sum, vpair a)
{
#if defined(LANES_AVX512)
    return v_dot_saturated(sum, a, a);
#else
    const v32 squares = v_products(a, a); /* 2^31 wraps to MIN */
    return v_l_add(sum, v_plus(squares, (v32)v_eq(squares, v32_all(INT32_MIN))));
#endif
}

#endif
