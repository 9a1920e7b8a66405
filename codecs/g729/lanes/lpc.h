/* Linear prediction analysis (../lpc.h) on lanes. §3.2.1, §3.2.2. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LPC_H
#define TRUNKGATE_CODECS_G729_LANES_LPC_H

#include "../tables.h"
#include "encoder-state.h"
#include "twins.h"

#define LAGS G729_LAGS
#define UNSTABLE 32750 /* Q15 */

/* 32-bit numbers, of which the encoder takes both halves. */
struct lanes_autocorrelation {
    v32 lag[LAGS + 1]; /* normalised by lag 0 */
    v32 exponent;      /* of lag 0 */
};

/* The windowed speech as pairs of a sample and the next, and nothing beyond its end. */
struct windowed {
    vpair pairs[G729_WINDOW + LAGS];
};

/* Half of the energy, saturated: above 2^30 all is alike. */
V_INLINE v32 half_energy(const struct windowed *windowed)
{
    v32 sums[4] = {v32_zero(), v32_zero(), v32_zero(), v32_zero()};
    for (int i = 0; i < G729_WINDOW; i += 8)
        for (int k = 0; k < 4; k++) {
            const vpair pair = windowed->pairs[i + 2 * k];
            sums[k] = v_dot_saturated(sums[k], pair, pair);
        }
    return v_l_add(v_l_add(sums[0], sums[1]), v_l_add(sums[2], sums[3]));
}

static void window_speech(const v16 speech[G729_WINDOW], struct windowed *windowed)
{
    vpair next = twin_all(0);
    for (int i = G729_WINDOW; i < G729_WINDOW + LAGS; i++)
        windowed->pairs[i] = twin_all(0);
    for (int i = G729_WINDOW - 1; i >= 0; i--) {
        const vpair now = v_mult_r_pairs(twin_load(&speech[i]), twin_all(g729_lp_window[i]));
        windowed->pairs[i] = twin_join(now, next);
        next = now;
    }
}

/* Divides by 4 where the energy overflows, as often as it takes; returns half of the energy and steps the exponent. */
static v32 reduce_windowed(struct windowed *windowed, v32 *exponent)
{
    v32 energy = half_energy(windowed);
    vmask over = v_gt(energy, v32_all((1 << 30) - 1));
    while (v_any(over)) {
        for (int i = 0; i < G729_WINDOW; i++) {
            const vpair quarter = v_right_pairs(windowed->pairs[i], 2);
            windowed->pairs[i] = twin_select(over, quarter, windowed->pairs[i]);
        }
        *exponent = v_select(over, v_plus(*exponent, v32_all(4)), *exponent);
        energy = half_energy(windowed);
        over = v_gt(energy, v32_all((1 << 30) - 1));
    }
    return energy;
}

/* (5). No partial sum of another lag exceeds the energy. */
static void autocorrelate(const v16 speech[G729_WINDOW], struct lanes_autocorrelation *correlation)
{
    struct windowed windowed;
    v32 exponent = v32_all(1), sums[LAGS + 1];
    window_speech(speech, &windowed);
    sums[0] = reduce_windowed(&windowed, &exponent);
    for (int lag = 1; lag <= LAGS; lag++)
        sums[lag] = v32_zero();
    for (int i = 0; i < G729_WINDOW; i += 2)
#pragma GCC unroll 12
        for (int lag = 1; lag <= LAGS; lag++)
            sums[lag] = v_dot(sums[lag], windowed.pairs[i], windowed.pairs[i + lag]);

    const v32 energy = v_plus(v_plus(sums[0], sums[0]), v32_all(1)); /* 1 for all zeros */
    const v32 shift = v_norm_l(energy);
    correlation->exponent = v_minus(exponent, shift);
    correlation->lag[0] = v_left_by(energy, shift);
    for (int lag = 1; lag <= LAGS; lag++)
        correlation->lag[lag] = v_left_by(v_plus(sums[lag], sums[lag]), shift);
}

/* (7). */
static void window_lags(struct lanes_autocorrelation *correlation)
{
    for (int i = 1; i <= LAGS; i++) {
        const struct v_dpf window = {v32_all(g729_lag_window_hi[i - 1]),
                                     v32_all(g729_lag_window_lo[i - 1])};
        correlation->lag[i] = v_dpf_multiply(v_dpf_split(correlation->lag[i]), window);
    }
}

/* numerator / denominator in Q31, 0 <= numerator < denominator, denominator normalised. */
V_INLINE v32 divide(v32 numerator, struct v_dpf denominator)
{
    const v32 approximation = v_div_s(v32_all(0x3FFF), denominator.hi);
    v32 value = v_dpf_scale(denominator, approximation);
    value = v_l_sub(v32_all(INT32_MAX), value);
    value = v_dpf_scale(v_dpf_split(value), approximation);
    value = v_dpf_multiply(v_dpf_split(numerator), v_dpf_split(value));
    return v_l_shl(value, 2);
}

/* The prediction error, normalised. */
struct lanes_alpha {
    struct v_dpf mantissa;
    v32 exponent;
};

/* alpha (1 - k^2) */
V_INLINE void reduce(struct lanes_alpha *alpha, struct v_dpf k)
{
    const v32 square = v_l_abs(v_dpf_multiply(k, k));
    const struct v_dpf rest = v_dpf_split(v_l_sub(v32_all(INT32_MAX), square));
    const v32 product = v_dpf_multiply(alpha->mantissa, rest);
    const v32 shift = v_norm_l(product);
    alpha->mantissa = v_dpf_split(v_left_by(product, shift));
    alpha->exponent = v_plus(alpha->exponent, shift);
}

/* -numerator / alpha, Q31 */
V_INLINE v32 reflect(v32 numerator, const struct lanes_alpha *alpha)
{
    const v32 quotient = divide(v_l_abs(numerator), alpha->mantissa);
    const v32 opposite = v_l_negate(quotient);
    const v32 reflection = v_select(v_gt(numerator, v32_zero()), opposite, quotient);
    return v_l_shl_by(reflection, alpha->exponent);
}

/* What Levinson-Durbin finds. */
struct lanes_prediction {
    v16 filter[G729_TAPS];  /* A(z), Q12 */
    v16 reflection[2];
};

/* (8). The memory takes the place of a filter that is not stable, and keeps the last that was, in `lanes`. */
static void keep_stable(struct lanes_encoder *state, vmask lanes, vmask stable,
                        struct lanes_prediction *prediction)
{
    for (int i = 0; i < G729_TAPS; i++) {
        prediction->filter[i] = v_select16(stable, prediction->filter[i], state->filter[i]);
        state->filter[i] = v_select16(lanes, prediction->filter[i], state->filter[i]);
    }
    for (int i = 0; i < 2; i++) {
        prediction->reflection[i] =
            v_select16(stable, prediction->reflection[i], state->reflection[i]);
        state->reflection[i] = v_select16(lanes, prediction->reflection[i], state->reflection[i]);
    }
}

static void levinson(struct lanes_encoder *state, vmask lanes, const v32 correlation[G729_TAPS],
                     struct lanes_prediction *prediction)
{
    struct v_dpf r[G729_TAPS], a[G729_TAPS], next[G729_TAPS]; /* Q27 */
    for (int i = 0; i < G729_TAPS; i++)
        r[i] = v_dpf_split(correlation[i]);
    struct lanes_alpha alpha = {r[0], v32_zero()};
    v32 reflection = reflect(v_dpf_join(r[1]), &alpha);
    struct v_dpf k = v_dpf_split(reflection);
    prediction->reflection[0] = v_low(k.hi);
    a[1] = v_dpf_split(v_right(reflection, 4));
    reduce(&alpha, k);

    vmask unstable = v_mask(0);
    for (int i = 2; i <= G729_ORDER; i++) {
        v32 sum = v32_zero();
        for (int j = 1; j < i; j++)
            sum = v_l_add(sum, v_dpf_multiply(r[j], a[i - j]));
        sum = v_l_add(v_l_shl(sum, 4), v_dpf_join(r[i]));
        reflection = reflect(sum, &alpha);
        k = v_dpf_split(reflection);
        if (i == 2)
            prediction->reflection[1] = v_low(k.hi);
        unstable = v_or(unstable, v_gt(v_max(k.hi, v_minus(v32_zero(), k.hi)), v32_all(UNSTABLE)));
        for (int j = 1; j < i; j++) {
            const v32 change = v_dpf_multiply(k, a[i - j]);
            next[j] = v_dpf_split(v_l_add(change, v_dpf_join(a[j])));
        }
        next[i] = v_dpf_split(v_right(reflection, 4));
        for (int j = 1; j <= i; j++)
            a[j] = next[j];
        reduce(&alpha, k);
    }
    prediction->filter[0] = v16_all(4096);
    for (int i = 1; i < G729_TAPS; i++)
        prediction->filter[i] = v_round(v_l_shl(v_dpf_join(a[i]), 1));
    keep_stable(state, lanes, v_not(unstable), prediction);
}

#endif
