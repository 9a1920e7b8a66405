/* Correlations of a subframe (../correlation.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_CORRELATION_H
#define TRUNKGATE_CODECS_G729_LANES_CORRELATION_H

#include "../frame.h"
#include "pairs.h"

/* start + the scalar product of two subframes, where never both samples are -32768. */
V_INLINE v32 dot_subframes(const vpair *a, const vpair *b, v32 start)
{
    for (int i = 0; i < G729_SUBFRAME; i++)
        start = v_dot_saturated(start, a[i], b[i]);
    return start;
}

/* (52): the target filtered backwards through the impulse response, with every saturation. */
static void correlate_saturated(const vpair response[G729_SUBFRAME],
                                const vpair target[G729_SUBFRAME], v32 sums[G729_SUBFRAME])
{
    for (int i = 0; i < G729_SUBFRAME; i++)
        sums[i] = v32_zero();
    for (int j = 0; j < G729_SUBFRAME; j++)
        for (int i = 0; i <= j; i++)
            sums[i] = v_l_add(sums[i], twin_l_mult_any(target[j], response[j - i]));
}

/* The same where nothing saturates, two samples at a time. */
static void correlate_bounded(const vpair response[G729_SUBFRAME],
                              const vpair target[G729_SUBFRAME], v32 sums[G729_SUBFRAME])
{
    vpair responses[G729_SUBFRAME / 2], targets[G729_SUBFRAME + 2];
    for (int i = 0; i < G729_SUBFRAME / 2; i++)
        responses[i] = twin_join(response[2 * i], response[2 * i + 1]);
    targets[G729_SUBFRAME] = targets[G729_SUBFRAME + 1] = twin_all(0);
    for (int i = 0; i < G729_SUBFRAME; i++)
        targets[i] = twin_join(target[i], i + 1 < G729_SUBFRAME ? target[i + 1] : twin_all(0));
    for (int i = 0; i < G729_SUBFRAME; i += 4) {
        v32 sum[4] = {v32_zero(), v32_zero(), v32_zero(), v32_zero()};
        for (int k = 0; k < (G729_SUBFRAME - i) / 2; k++)
#pragma GCC unroll 4
            for (int n = 0; n < 4; n++) /* the targets beyond the end are 0 */
                sum[n] = v_dot(sum[n], targets[i + n + 2 * k], responses[k]);
        for (int n = 0; n < 4; n++)
            sums[i + n] = v_plus(sum[n], sum[n]);
    }
}

/* Half of the energy of a subframe, saturated. */
V_INLINE v32 subframe_energy(const vpair samples[G729_SUBFRAME])
{
    v32 sums[4] = {v32_zero(), v32_zero(), v32_zero(), v32_zero()};
    for (int i = 0; i < G729_SUBFRAME; i += 8)
        for (int k = 0; k < 4; k++)
            sums[k] = v_add_squares(sums[k], twin_join(samples[i + 2 * k], samples[i + 2 * k + 1]));
    return v_l_add(v_l_add(sums[0], sums[1]), v_l_add(sums[2], sums[3]));
}

/*
 * True where no sum of products of parts of two signals overflows: its square is at most the product of their energies, which
 * are given in halves, and so is below 2^30 where that product is below 2^60; neither factor may have saturated.
 */
V_INLINE bool products_fit(v32 energy1, v32 energy2)
{
    const v32 bits = v_plus(v_leading_zeros(energy1), v_leading_zeros(energy2));
    const vmask whole = v_and(v_gt(v32_all(INT32_MAX), energy1), v_gt(v32_all(INT32_MAX), energy2));
    return !v_any(v_not(v_and(whole, v_gt(bits, v32_all(3)))));
}

/* Scaled to 13 bits. */
static void correlate_target(const vpair response[G729_SUBFRAME],
                             const vpair target[G729_SUBFRAME], vpair out[G729_SUBFRAME])
{
    v32 sums[G729_SUBFRAME], largest = v32_zero();
    if (products_fit(subframe_energy(response), subframe_energy(target)))
        correlate_bounded(response, target, sums);
    else
        correlate_saturated(response, target, sums);
    for (int i = 0; i < G729_SUBFRAME; i++)
        largest = v_max(largest, v_l_abs(sums[i]));
    const v32 room = v_min(v_norm_l(largest), v32_all(16));
    const v32 shift = v_minus(v32_all(18), room);
    for (int i = 0; i < G729_SUBFRAME; i++)
        out[i] = twin_low(v_right_by(sums[i], shift));
}

#endif
