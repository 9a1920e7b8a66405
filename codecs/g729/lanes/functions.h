/* The functions of ../double-precision.h on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_FUNCTIONS_H
#define TRUNKGATE_CODECS_G729_LANES_FUNCTIONS_H

#include "../tables.h"
#include "twins.h"

/* Between `place` of a table and the next, as the low half of `position` says. */
V_INLINE v32 v_interpolate(const int16_t *table, v32 place, v32 position)
{
    const v32 pair = v_gather_halves(table, place);
    const vpair fall = v_sub_pairs(twin_low(pair), twin_high(pair));
    const vpair fraction = twin_low((v_right(position, 1) & v32_all(0x7FFF)));
    return v_minus(v_left(pair, 16), v_products(fall, fraction));
}

struct v_logarithm {
    v32 exponent;
    vpair fraction;
};

V_INLINE struct v_logarithm v_log2(v32 value)
{
    const vmask positive = v_gt(value, v32_zero());
    const v32 shift = v_norm_l(value);
    const v32 position =
        v_select(positive, v_right(v_left_by(value, shift), 9), v32_all(32 << 16));
    const v32 place = v_minus(v_right(position, 16), v32_all(32));
    const v32 point = v_interpolate(g729_logarithm_table, place, position);
    return (struct v_logarithm){v_select(positive, v_minus(v32_all(30), shift), v32_zero()),
                                twin_high(v_select(positive, point, v32_zero()))};
}

/* 2^(14 + fraction). */
V_INLINE vpair v_power14(vpair fraction)
{
    const v32 position = v_products(fraction, twin_all(32));
    const v32 point = v_interpolate(g729_power_table, v_right(position, 16), position);
    return twin_low(v_right(v_plus(point, v32_all(0x8000)), 16));
}

V_INLINE v32 v_inverse_root(v32 value)
{
    const vmask positive = v_gt(value, v32_zero());
    const v32 some = v_select(positive, value, v32_all(1));
    const v32 shift = v_norm_l(some);
    const v32 exponent = v_minus(v32_all(30), shift);
    const v32 even = (v_plus(exponent, v32_all(1)) & v32_all(1));
    const v32 position = v_right(v_right_by(v_left_by(some, shift), even), 9);
    const v32 point = v_interpolate(g729_root_table, v_minus(v_right(position, 16), v32_all(16)),
                                    position);
    const v32 root = v_right_by(point, v_plus(v_right(exponent, 1), v32_all(1)));
    return v_select(positive, root, v32_all(0x3FFFFFFF));
}

#endif
