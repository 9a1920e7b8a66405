/* The filters of ../filter.h on lanes, with saturation where it counts. */
#ifndef TRUNKGATE_CODECS_G729_LANES_SYNTHESIS_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_SYNTHESIS_FILTER_H

#include "filter.h"

/* The lanes in which a coefficient is -32768, which the filters on lanes do not take. */
V_INLINE vmask has_least(const vpair filter[G729_TAPS])
{
    vpair least = filter[1];
    for (int i = 2; i < G729_TAPS; i++)
        least = v_min_pairs(least, filter[i]);
    return v_eq(twin_value(least), v32_all(INT16_MIN));
}

/* 1/A(z) of a subframe, right in `lanes`. */
static void synthesize(vmask lanes, const vpair filter[G729_TAPS], const vpair *in, vpair *out)
{
    const vmask doubtful =
        v_or(filter_synthesis(filter, in, out, G729_SUBFRAME), has_least(filter));
    synthesize_lanes(v_and(doubtful, lanes), filter, in, out, G729_SUBFRAME);
}

/* A(z) of a subframe, right in `lanes`. */
static void take_residual(vmask lanes, const vpair filter[G729_TAPS], const vpair *in, vpair *out)
{
    filter_residual(filter, in, out, G729_SUBFRAME);
    for (unsigned bits = v_bits(v_and(has_least(filter), lanes)); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        int16_t taps[G729_TAPS], input[G729_ORDER + G729_SUBFRAME], output[G729_SUBFRAME];
        twin_store_lane(filter, lane, taps, G729_TAPS);
        twin_store_lane(in - G729_ORDER, lane, input, G729_ORDER + G729_SUBFRAME);
        g729_residual(taps, input + G729_ORDER, output);
        twin_load_lane(out, lane, output, G729_SUBFRAME);
    }
}

#endif
