/* The filters of ../filter.h on lanes, samples and coefficients as twins. */
#ifndef TRUNKGATE_CODECS_G729_LANES_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_FILTER_H

#include "../filter.h"
#include "pairs.h"

#define HALF_ORDER (G729_ORDER / 2)

V_INLINE void weight_filter(const vpair filter[G729_TAPS], int16_t gamma, vpair weighted[G729_TAPS])
{
    vpair power = twin_all(gamma);
    weighted[0] = filter[0];
    for (int i = 1; i < G729_TAPS; i++) {
        weighted[i] = v_mult_r_pairs(filter[i], power);
        power = v_mult_r_pairs(power, twin_all(gamma));
    }
}

/* The most that samples reach. */
V_INLINE v32 largest_of(const vpair *samples, int count)
{
    v32 largest = v32_zero();
    for (int i = 0; i < count; i++)
        largest = v_max(largest, v_magnitude(twin_value(samples[i])));
    return largest;
}

/* The lanes where sums of coefficients x samples up to `largest`, and `added`, might pass 2^30; or a coefficient is -32768. */
V_INLINE vmask might_overflow(const vpair filter[G729_TAPS], v32 largest, v32 added)
{
    v32 weight = v32_zero(), heaviest = v32_zero();
    for (int j = 1; j < G729_TAPS; j++) {
        const v32 tap = v_magnitude(twin_value(filter[j]));
        weight = v_plus(weight, tap);
        heaviest = v_max(heaviest, tap);
    }
    /* In quarters, so that the bound itself does not overflow. */
    const v32 quarter = v_plus(v_right(weight, 2), v32_all(1)), most = v32_all(INT16_MAX);
    const v32 sum = v_times(v_min(quarter, most), v_min(largest, v32_all(32768)));
    const vmask heavy = v_or(v_gt(quarter, most), v_gt(heaviest, most));
    return v_or(heavy, v_gt(v_plus(sum, v_right(added, 2)), v32_all((1 << 28) - 1024)));
}

/* Samples in pairs with the ones before. */
V_INLINE void pair_with_before(const vpair *samples, vpair before, vpair *pairs, int count)
{
    for (int i = 0; i < count; i++) {
        pairs[i] = twin_join(samples[i], before);
        before = samples[i];
    }
}

/*
 * A(z) of samples `in` in pairs, preceded by 10. Without saturation, so that one product takes two of them. Returns the
 * lanes where something might have overflowed: there `out` may be wrong.
 */
V_INLINE vmask residual_within(const vpair filter[G729_TAPS], const vpair *pairs, v32 largest,
                               vpair *out, int count)
{
    vpair zeros[6];
    UNROLL
    for (int j = 0; j < 5; j++)
        zeros[j] = twin_join(filter[2 * j], filter[2 * j + 1]);
    zeros[5] = twin_join(filter[10], twin_all(0));
    for (int i = 0; i < count; i++) {
        v32 sum = v32_all(0x800);
        UNROLL
        for (int j = 0; j < 6; j++)
            sum = v_dot(sum, pairs[i - 2 * j], zeros[j]);
        out[i] = twin_saturate(v_right(sum, 12));
    }
    return might_overflow(filter, largest, v_left(largest, 12));
}

/*
 * 1/A(z); `out` is preceded by its last 10 samples, `pairs` will be `out` in pairs. Without saturation, so that the order
 * of the sums is free, a sample waits for one product only, and that takes two of them. Returns the lanes where something
 * might have overflowed: there the results may be wrong.
 */
V_INLINE vmask synthesis_within(const vpair filter[G729_TAPS], const vpair *in, vpair *out,
                                vpair *pairs, v32 *most, int count)
{
    const v32 largest_in = largest_of(in, count);
    v32 largest = largest_of(out - G729_ORDER, G729_ORDER), before = (v32)out[-1];
    vpair poles[HALF_ORDER], past[G729_ORDER]; /* past[i % 10] is sample i and the one before */
    UNROLL
    for (int j = 0; j < HALF_ORDER; j++)
        poles[j] = twin_negate(twin_join(filter[2 * j + 1], filter[2 * j + 2]));
    pair_with_before(out - G729_ORDER + 1, out[-G729_ORDER], past + 1, G729_ORDER - 1);
    for (int i = 0; i < count; i += G729_ORDER) {
        UNROLL
        for (int k = 0; k < G729_ORDER; k++) {
            if (i + k >= count)
                break;
            v32 sum = v_dot(v32_all(0x800), in[i + k], vpair_all(4096, 0));
            UNROLL
            for (int j = HALF_ORDER - 1; j >= 0; j--)
                sum = v_dot(sum, past[(k - 1 - 2 * j + G729_ORDER) % G729_ORDER], poles[j]);
            const v32 sample = v_right(sum, 12);
            largest = v_max(largest, v_magnitude(sample));
            past[k] = v_pair32(sample, before);
            pairs[i + k] = past[k];
            out[i + k] = twin_low(sample);
            before = sample;
        }
    }
    *most = largest;
    return v_or(v_gt(largest, v32_all(INT16_MAX - 1)),
                might_overflow(filter, largest, v_left(largest_in, 12)));
}

/* The same where pairs and the largest are not needed. */
V_INLINE vmask filter_synthesis(const vpair filter[G729_TAPS], const vpair *in, vpair *out,
                                int count)
{
    vpair pairs[G729_SUBFRAME];
    v32 most;
    return synthesis_within(filter, in, out, pairs, &most, count);
}

/* A lane of an array of twins. */
static void twin_store_lane(const vpair *twins, unsigned lane, int16_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        numbers[i] = twins[i][2 * lane];
}

static void twin_load_lane(vpair *twins, unsigned lane, const int16_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        twins[i][2 * lane] = twins[i][2 * lane + 1] = numbers[i];
}

/* The same with saturation, for the lanes where it might count; the samples as twins. */
static void residual_of_lanes(vmask lanes, const vpair filter[G729_TAPS], const vpair *in,
                              vpair out[G729_SUBFRAME])
{
    for (unsigned bits = v_bits(lanes); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        int16_t taps[G729_TAPS], input[G729_ORDER + G729_SUBFRAME], output[G729_SUBFRAME];
        twin_store_lane(filter, lane, taps, G729_TAPS);
        twin_store_lane(in - G729_ORDER, lane, input, G729_ORDER + G729_SUBFRAME);
        g729_residual(taps, input + G729_ORDER, output);
        twin_load_lane(out, lane, output, G729_SUBFRAME);
    }
}

static void synthesize_lanes(vmask lanes, const vpair filter[G729_TAPS], const vpair *in,
                             vpair *out, int count)
{
    for (unsigned bits = v_bits(lanes); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        int16_t taps[G729_TAPS], input[G729_SUBFRAME], output[G729_ORDER + G729_SUBFRAME];
        twin_store_lane(filter, lane, taps, G729_TAPS);
        twin_store_lane(in, lane, input, count);
        twin_store_lane(out - G729_ORDER, lane, output, G729_ORDER);
        g729_synthesize(taps, input, output + G729_ORDER, count);
        twin_load_lane(out, lane, output + G729_ORDER, count);
    }
}

#endif
