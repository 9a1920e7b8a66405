/* The filters of ../filter.h on lanes, with saturation where it counts. */
#ifndef TRUNKGATE_CODECS_G729_LANES_SYNTHESIS_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_SYNTHESIS_FILTER_H

#include "filter.h"

/* 1/A(z) of a subframe, right in `lanes`. */
static void synthesize(vmask lanes, const vpair filter[G729_TAPS], const vpair *in, vpair *out)
{
    const vmask doubtful = v_and(lanes, filter_synthesis(filter, in, out, G729_SUBFRAME));
    if (v_any(doubtful))
        synthesize_lanes(doubtful, filter, in, out, G729_SUBFRAME);
}

/* A(z) of a subframe, right in `lanes`. */
static void take_residual(vmask lanes, const vpair filter[G729_TAPS], const vpair *in, vpair *out)
{
    vpair pairs[G729_ORDER + G729_SUBFRAME];
    pair_with_before(in - G729_ORDER, in[-G729_ORDER], pairs, G729_ORDER + G729_SUBFRAME);
    const v32 largest = largest_of(in - G729_ORDER, G729_ORDER + G729_SUBFRAME);
    const vmask doubtful =
        v_and(lanes, residual_within(filter, pairs + G729_ORDER, largest, out, G729_SUBFRAME));
    if (v_any(doubtful))
        residual_of_lanes(doubtful, filter, in, out);
}

#endif
