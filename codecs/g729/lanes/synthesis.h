/* Synthesis (../decoder.c) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_SYNTHESIS_H
#define TRUNKGATE_CODECS_G729_LANES_SYNTHESIS_H

#include "filter.h"
#include "frame-work.h"

/* §4.1.6, with saturation; if that overflows, again with the whole excitation / 4. */
static void synthesize_lane(struct lanes_decoder *state, struct frame_work *work, unsigned lane,
                            int subframe)
{
    const int first = G729_EXCITATION_PAST, length = (subframe + 1) * G729_SUBFRAME;
    int16_t *excitation = state->excitation[lane].samples;
    const int16_t *in = excitation + first + subframe * G729_SUBFRAME;
    int16_t filter[G729_TAPS], out[G729_ORDER + G729_SUBFRAME];
    vpair *now = work->synthesis + subframe * G729_SUBFRAME;
    twin_store_lane(work->filters[subframe], lane, filter, G729_TAPS);
    twin_store_lane(now, lane, out, G729_ORDER);
    if (g729_synthesis_overflows(filter, in, out + G729_ORDER, G729_SUBFRAME)) {
        for (int i = 0; i < first + G729_FRAME; i++)
            excitation[i] = (int16_t)(excitation[i] >> 2);
        twin_load_lane(work->excitation, lane, excitation + first, length);
        g729_synthesize(filter, in, out + G729_ORDER, G729_SUBFRAME);
    }
    twin_load_lane(now + G729_ORDER, lane, out + G729_ORDER, G729_SUBFRAME);
}

static void synthesize(struct lanes_decoder *state, struct frame_work *work, int subframe)
{
    const vpair *excitation = work->excitation + subframe * G729_SUBFRAME;
    vpair *now = work->synthesis + G729_ORDER + subframe * G729_SUBFRAME;
    vpair *pairs = work->pairs + G729_ORDER + subframe * G729_SUBFRAME;
    const vmask doubtful = synthesis_within(work->filters[subframe], excitation, now, pairs,
                                            &work->largest[subframe], G729_SUBFRAME);
    const unsigned lanes = v_bits(doubtful) & work->kinds.used;
    if (lanes == 0)
        return;
    for (unsigned bits = lanes; bits != 0; bits &= bits - 1)
        synthesize_lane(state, work, (unsigned)__builtin_ctz(bits), subframe);
    pair_with_before(now, now[-1], pairs, G729_SUBFRAME);
    work->largest[subframe] = largest_of(now - G729_ORDER, G729_ORDER + G729_SUBFRAME);
}

#endif
