/* The gains of both codebooks (../gain.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_GAIN_H
#define TRUNKGATE_CODECS_G729_LANES_GAIN_H

#include "../gain.h"
#include "functions.h"

struct lanes_gains {
    vpair pitch; /* Q14 */
    vpair code;  /* Q1 */
};

#define LOWEST_ERROR (-14336) /* -14 dB, Q10 */

/* The sum of 2 x^2, in four parts: all of one sign, so that it saturates alike in any order. */
V_INLINE v32 energy_of(const vpair *samples, int count)
{
    v32 sums[4] = {v32_zero(), v32_zero(), v32_zero(), v32_zero()};
    for (int i = 0; i < count; i += 4)
        UNROLL
        for (int k = 0; k < 4; k++)
            sums[k] = twin_l_mac(sums[k], samples[i + k], samples[i + k]);
    return v_l_add(v_l_add(sums[0], sums[1]), v_l_add(sums[2], sums[3]));
}

struct lanes_predicted_gain {
    vpair mantissa;
    v32 exponent;
};

/* (66) to (71). */
V_INLINE struct lanes_predicted_gain predict_gain(const v16 error[4],
                                                  const vpair code[G729_SUBFRAME])
{
    const struct v_logarithm energy = v_log2(energy_of(code, G729_SUBFRAME));
    const struct v_dpf split = {energy.exponent, twin_value(energy.fraction)};
    v32 level = v_dpf_scale(split, v32_all(-24660));
    level = v_l_shl(v_plus(level, v32_all(32588 * 32 * 2)), 10); /* Q24 */
    for (int i = 0; i < 4; i++)
        level = twin_l_mac(level, twin_all(g729_gain_ma[i]), twin_load(&error[i]));

    /* 10^(level/20) = 2^(0.166 level) */
    const v32 power = v_right(v_products(twin_high(level), twin_all(5439)), 8); /* Q16 */
    const struct v_dpf parts = v_dpf_split(power);
    return (struct lanes_predicted_gain){v_power14(twin_low(parts.lo)),
                                         v_minus(v32_all(14), parts.hi)};
}

V_INLINE void push_gain_error(v16 error[4], vmask lanes, vpair now)
{
    for (int i = 3; i > 0; i--)
        error[i] = v_select16(lanes, error[i - 1], error[i]);
    error[0] = v_select16(lanes, twin_row(now), error[0]);
}

/* (72): of the correction gamma, Q13. */
V_INLINE vpair gain_error_of(v32 correction)
{
    const struct v_logarithm log = v_log2(correction);
    const struct v_dpf split = {v_minus(log.exponent, v32_all(13)), twin_value(log.fraction)};
    const vpair log16 = twin_high(v_l_shl(v_dpf_join(split), 13));
    return twin_mult(log16, twin_all(24660)); /* x 20 log10(2) */
}

V_INLINE void decode_gains(v16 error[4], vmask lanes, v32 index, const vpair code[G729_SUBFRAME],
                           struct lanes_gains *gains)
{
    const v32 first = v_lookup(g729_gain_unmap1, v_right(index, 4) & v32_all(7));
    const v32 second = v_lookup(g729_gain_unmap2, index & v32_all(15));
    const v32 a = v_gather_halves(g729_gain_codebook1[0], v_plus(first, first));
    const v32 b = v_gather_halves(g729_gain_codebook2[0], v_plus(second, second));
    const struct lanes_predicted_gain predicted = predict_gain(error, code);
    const v32 correction = v_plus(v_right(a, 16), v_right(b, 16));
    const v32 gain = v_products(twin_low(v_right(correction, 1)), predicted.mantissa);
    const v32 shifted = v_l_shl_by(gain, v_minus(v32_all(4), predicted.exponent)); /* (74) */
    const vpair pitch = twin_low((v32)v_add_pairs((vpair)a, (vpair)b)); /* (73) */
    gains->pitch = twin_select(lanes, pitch, gains->pitch);
    gains->code = twin_select(lanes, twin_high(shifted), gains->code);
    push_gain_error(error, lanes, gain_error_of(correction));
}

/* §4.4.2: the gains of the subframe before, attenuated (93), and the mean of the errors less 4 dB (94). */
V_INLINE void conceal_gains(v16 error[4], vmask lanes, struct lanes_gains *gains)
{
    const vpair pitch = v_min_pairs(twin_mult(gains->pitch, twin_all(29491)), twin_all(29491));
    const vpair code = twin_mult(gains->code, twin_all(32111));
    gains->pitch = twin_select(lanes, pitch, gains->pitch);
    gains->code = twin_select(lanes, code, gains->code);
    const v32 sum = v_plus(v_plus(v_widen(error[0]), v_widen(error[1])),
                           v_plus(v_widen(error[2]), v_widen(error[3])));
    const vpair lower = v_sub_pairs(twin_low(v_right(sum, 2)), twin_all(4096));
    push_gain_error(error, lanes, v_max_pairs(lower, twin_all(LOWEST_ERROR)));
}

#endif
