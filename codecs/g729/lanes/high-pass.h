/* The filter after the decoder (../high-pass.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_HIGH_PASS_H
#define TRUNKGATE_CODECS_G729_LANES_HIGH_PASS_H

#include "../high-pass.h"
#include "decoder-state.h"
#include "filter.h"

#define ZERO0 7699 /* g729_output_zeros and g729_output_poles */
#define ZERO1 (-15398)
#define POLE1 15836
#define POLE2 (-7667)

/* With saturation, for the lanes where it might count. */
static void postprocess_lanes(const struct lanes_high_pass *before, vmask lanes, const vpair *in,
                              vpair *out, struct lanes_high_pass *after)
{
    for (unsigned bits = v_bits(lanes); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        struct g729_high_pass filter;
        int16_t samples[G729_FRAME];
        store_high_pass(before, lane, &filter);
        twin_store_lane(in, lane, samples, G729_FRAME);
        g729_postprocess(&filter, samples);
        twin_load_lane(out, lane, samples, G729_FRAME);
        load_high_pass(after, lane, &filter);
    }
}

/* The filter without saturation; returns the lanes where something might have overflowed. */
V_INLINE vmask postprocess_within(struct lanes_high_pass *state, const vpair in[G729_FRAME],
                                  vpair out[G729_FRAME])
{
    v32 y1 = v_dpf_join((struct v_dpf){v_widen(state->y1_hi), v_widen(state->y1_lo)});
    v32 y2 = v_dpf_join((struct v_dpf){v_widen(state->y2_hi), v_widen(state->y2_lo)});
    vpair x1 = twin_load(&state->x1), x2 = twin_load(&state->x2);
    v32 largest = v_right(v_max(v_magnitude(v_right(y1, 1)), v_magnitude(v_right(y2, 1))), 1);
    const vpair past[2] = {x1, x2};
    const v32 largest_in = v_max(largest_of(in, G729_FRAME), largest_of(past, 2));
    for (int n = 0; n < G729_FRAME; n++) {
        const vpair lo2 = (vpair)v_right_unsigned(v_left(y2, 16), 17);
        v32 sum = v_left(v_right(v_products(lo2, twin_all(POLE2)), 15), 1);
        sum = v_dot(sum, (vpair)y2, vpair_all(0, 2 * POLE2));
        sum = v_dot(sum, in[n], twin_all(ZERO0));
        sum = v_dot(sum, x1, twin_all(ZERO1));
        sum = v_dot(sum, x2, twin_all(ZERO0));
        const vpair lo1 = (vpair)(y1 & v32_all(0xFFFE)); /* 2 lo x pole / 2^16 */
        const v32 part = v_left((v32)v_high_pairs_unsigned(lo1, vpair_all(POLE1, 0)), 1);
        sum = v_plus(v_dot(sum, (vpair)y1, vpair_all(0, 2 * POLE1)), part);
        largest = v_max(largest, v_magnitude(sum));
        y2 = y1;
        y1 = v_left(sum, 2);
        out[n] = twin_round_left(y1, 1);
        x2 = x1;
        x1 = in[n];
    }
    state->y1_hi = v_low(v_right(y1, 16));
    state->y1_lo = v_low(v_right_unsigned(v_left(y1, 16), 17));
    state->y2_hi = v_low(v_right(y2, 16));
    state->y2_lo = v_low(v_right_unsigned(v_left(y2, 16), 17));
    state->x1 = twin_row(x1);
    state->x2 = twin_row(x2);
    /* Half of what the sums can reach is to be below 2^30, and they leave two bits to their shift. */
    const v32 high = v_plus(v_right(largest, 14), v32_all(2));
    const v32 bound = v_plus(v_times(high, v32_all(POLE1 - POLE2)),
                             v_times(largest_in, v32_all(2 * ZERO0 - ZERO1)));
    return v_or(v_gt(largest, v32_all((1 << 29) - 1)), v_gt(bound, v32_all((1 << 30) - 1)));
}

V_INLINE void postprocess(struct lanes_decoder *state, vmask used, const vpair in[G729_FRAME],
                          vpair out[G729_FRAME])
{
    const struct lanes_high_pass before = state->high_pass;
    const vmask doubtful = v_and(used, postprocess_within(&state->high_pass, in, out));
    if (v_any(doubtful))
        postprocess_lanes(&before, doubtful, in, out, &state->high_pass);
}

#endif
