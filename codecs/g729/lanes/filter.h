/* The filters of ../filter.h on lanes, samples and coefficients as twins. */
#ifndef TRUNKGATE_CODECS_G729_LANES_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_FILTER_H

#include "../filter.h"
#include "twins.h"

V_INLINE void weight_filter(const vpair filter[G729_TAPS], int16_t gamma, vpair weighted[G729_TAPS])
{
    vpair power = twin_all(gamma);
    weighted[0] = filter[0];
    for (int i = 1; i < G729_TAPS; i++) {
        weighted[i] = v_mult_r_pairs(filter[i], power);
        power = v_mult_r_pairs(power, twin_all(gamma));
    }
}

/* A(z); `in` is preceded by its last 10 samples, no coefficient is -32768. */
V_INLINE void filter_residual(const vpair filter[G729_TAPS], const vpair *in, vpair *out, int count)
{
    for (int i = 0; i < count; i += 2) {
        v32 sum0 = v_products(in[i], filter[0]);
        v32 sum1 = v_products(in[i + 1], filter[0]);
        for (int j = 1; j < G729_TAPS; j++) {
            sum0 = twin_l_mac(sum0, filter[j], in[i - j]);
            sum1 = twin_l_mac(sum1, filter[j], in[i + 1 - j]);
        }
        out[i] = twin_round_left(sum0, 3);
        out[i + 1] = twin_round_left(sum1, 3);
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

/*
 * 1/A(z); `out` is preceded by its last 10 samples. Without saturation, so that the order of the sums
 * is free and a sample waits for one product only. Returns the lanes where something might have
 * overflowed: there `out` may be wrong.
 */
V_INLINE vmask filter_synthesis(const vpair filter[G729_TAPS], const vpair *in, vpair *out,
                                int count)
{
    const v32 largest_in = largest_of(in, count);
    v32 largest = largest_of(out - G729_ORDER, G729_ORDER);
    v32 weight = v32_zero();
    vpair poles[G729_TAPS], past[G729_ORDER];
    for (int j = 1; j < G729_TAPS; j++) {
        weight = v_plus(weight, v_magnitude(twin_value(filter[j])));
        poles[j] = twin_negate(filter[j]);
        past[G729_ORDER - j] = out[-j];
    }
    for (int i = 0; i < count; i += G729_ORDER) {
#pragma GCC unroll 10
        for (int k = 0; k < G729_ORDER; k++) {
            if (i + k >= count)
                break;
            v32 sum = v_dot(v32_all(0x1000), in[i + k], filter[0]);
#pragma GCC unroll 10
            for (int j = G729_ORDER; j > 0; j--)
                sum = v_dot(sum, past[(k - j + G729_ORDER) % G729_ORDER], poles[j]);
            const v32 sample = v_right(sum, 13);
            largest = v_max(largest, v_magnitude(sample));
            past[k] = twin_low(sample);
            out[i + k] = past[k];
        }
    }
    /* No sum reached 2 (4096 largest_in + weight largest) + 2^12, which is to be below 2^31. */
    const v32 quarter = v_plus(v_right(weight, 2), v32_all(1));
    const v32 most = v32_all(INT16_MAX);
    const v32 bound =
        v_plus(v_times(v_min(quarter, most), v_min(largest, most)), v_left(largest_in, 10));
    const vmask clipped = v_or(v_gt(largest, v32_all(INT16_MAX - 1)),
                               v_gt(quarter, v32_all(32766)));
    return v_or(clipped, v_gt(bound, v32_all((1 << 28) - 1024)));
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

/* filter_synthesis with saturation for the lanes where it might count. */
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
