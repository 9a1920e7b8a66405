/* The excitation of frames of speech (../decoder.c) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_EXCITATION_H
#define TRUNKGATE_CODECS_G729_LANES_EXCITATION_H

#include "adaptive-codebook.h"
#include "fixed-codebook.h"
#include "frame-work.h"
#include "gain.h"

/* §4.1.3, §4.4.3: the delays of a subframe; those of the one before where they are unknown. */
V_INLINE struct lanes_delay decode_delay(struct lanes_decoder *state,
                                         const struct frame_work *work, int subframe)
{
    const struct lanes_speech *speech = &work->speech;
    const v32 pitch = speech->subframe[subframe].pitch;
    vmask good = v_mask(work->kinds.speech);
    struct lanes_delay delay;
    if (subframe == 0) {
        good = v_and(good, v_eq(pitch_parity(pitch), speech->parity));
        delay = decode_pitch1(pitch);
    } else {
        delay = decode_pitch2(pitch, work->delays[0]);
    }
    const v32 before = v_widen(state->delay), longest = v32_all(G729_PITCH_MAX);
    const v32 longer = v_select(v_gt(longest, before), v_plus(before, v32_all(1)), before);
    delay.whole = v_select(good, delay.whole, before);
    delay.thirds = v_select(good, delay.thirds, v32_zero());
    state->delay = v_select16(v_mask(work->kinds.speech | work->kinds.erased),
                              v_low(v_select(good, delay.whole, longer)), state->delay);
    return delay;
}

/* The excitation of a subframe of speech, (75). */
static void decode_excitation(struct lanes_decoder *state, struct frame_work *work, int subframe)
{
    const int at = subframe * G729_SUBFRAME;
    vpair *excitation = work->excitation + at;
    const struct lanes_speech *speech = &work->speech;
    const vmask good = v_mask(work->kinds.speech), erased = v_mask(work->kinds.erased);
    const vmask active = v_or(good, erased);
    vpair code[G729_SUBFRAME];
    const struct lanes_delay delay = decode_delay(state, work, subframe);
    work->delays[subframe] = delay.whole;
    const struct lane_places now = lanes_back(&work->excitation_write, v32_all(-at));
    predict_from_histories(&now, delay, active, excitation);
    decode_pulses(speech->subframe[subframe].positions, speech->subframe[subframe].signs, code);
    sharpen_code(code, delay.whole, twin_load(&state->sharp));

    struct lanes_gains gains = {twin_load(&state->gain_pitch), twin_load(&state->gain_code)};
    decode_gains(state->gain_error, good, speech->subframe[subframe].gains, code, &gains);
    if (v_any(erased))
        conceal_gains(state->gain_error, erased, &gains);
    state->gain_pitch = twin_row(gains.pitch);
    state->gain_code = twin_row(gains.code);
    const vpair sharp = v_min_pairs(v_max_pairs(gains.pitch, twin_all(G729_SHARP_MIN)),
                                    twin_all(G729_SHARP_MAX));
    state->sharp = v_select16(active, twin_row(sharp), state->sharp);
    for (int n = 0; n < G729_SUBFRAME; n++) {
        const v32 sum = twin_l_mac(v_products(excitation[n], gains.pitch), code[n], gains.code);
        excitation[n] = twin_round_left(sum, 1);
    }
    write_places(&now, excitation, G729_SUBFRAME);
}

#endif
