#include "double-precision.h"

#include "tables.h"

int32_t g729_divide(int32_t numerator, struct g729_dpf denominator)
{
    /* One step of Newton from the quotient of the high half. */
    const int16_t approximation = g729_div_s(0x3FFF, denominator.hi);
    int32_t value = g729_dpf_scale(denominator, approximation);
    value = g729_l_sub(G729_MAX32, value); /* 2 - denominator x approximation */
    value = g729_dpf_scale(g729_dpf_split(value), approximation);
    value = g729_dpf_multiply(g729_dpf_split(numerator), g729_dpf_split(value));
    return g729_l_shl(value, 2);
}

/* The point of a table between `index` and `index` + 1, `fraction` in Q15, in the high half. */
static int32_t interpolate(const int16_t *table, int index, int16_t fraction)
{
    const int16_t fall = g729_sub(table[index], table[index + 1]);
    return g729_l_msu(g729_deposit(table[index]), fall, fraction);
}

int32_t g729_power(int exponent, int16_t fraction)
{
    const int32_t position = g729_l_mult(fraction, 32);
    const int16_t rest = (int16_t)((position >> 1) & 0x7FFF);
    return g729_l_shr_r(interpolate(g729_power_table, position >> 16, rest), 30 - exponent);
}

struct g729_logarithm g729_log2(int32_t value)
{
    if (value <= 0)
        return (struct g729_logarithm){0, 0};
    const int shift = g729_norm_l(value);
    const int32_t position = (value << shift) >> 9;
    const int16_t rest = (int16_t)((position >> 1) & 0x7FFF);
    const int32_t point = interpolate(g729_logarithm_table, (position >> 16) - 32, rest);
    return (struct g729_logarithm){(int16_t)(30 - shift), g729_high(point)};
}

int32_t g729_inverse_root(int32_t value)
{
    if (value <= 0)
        return 0x3FFFFFFF;
    const int shift = g729_norm_l(value);
    const int exponent = 30 - shift;
    int32_t position = value << shift;
    if ((exponent & 1) == 0)
        position >>= 1;
    position >>= 9;
    const int16_t rest = (int16_t)((position >> 1) & 0x7FFF);
    const int32_t point = interpolate(g729_root_table, (position >> 16) - 16, rest);
    return g729_l_shr(point, (exponent >> 1) + 1);
}
