/* The decoder (../decoder.c) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_DECODER_H
#define TRUNKGATE_CODECS_G729_LANES_DECODER_H

#include <string.h>

#include "../../codec.h"
#include "comfort-noise.h"
#include "excitation.h"
#include "high-pass.h"
#include "lsp-decoder.h"
#include "post-filter.h"
#include "rare-frames.h"
#include "synthesis.h"

#define ALL_LANES ((1u << V_LANES) - 1)

static void decode_subframe(struct lanes_decoder *state, struct frame_work *work, int subframe)
{
    const int at = subframe * G729_SUBFRAME;
    if ((work->kinds.speech | work->kinds.erased) != 0)
        decode_excitation(state, work, subframe);
    else
        work->delays[subframe] = v_widen(state->delay);
    if (work->kinds.noise != 0) {
        const vmask noise = v_mask(work->kinds.noise);
        const struct lane_places now = lanes_back(&work->excitation_read, v32_all(-at));
        vpair made[G729_SUBFRAME];
        read_places(&now, made, G729_SUBFRAME);
        for (int n = 0; n < G729_SUBFRAME; n++)
            work->excitation[at + n] = twin_select(noise, made[n], work->excitation[at + n]);
    }
    synthesize(state, work, subframe);
}

static void interpolate_lsp(struct lanes_decoder *state, struct frame_work *work)
{
    vpair lsp[G729_ORDER], middle[G729_ORDER];
    for (int i = 0; i < G729_ORDER; i++) {
        lsp[i] = twin_load(&work->lsp[i]);
        middle[i] = v_add_pairs(v_right_pairs(lsp[i], 1),
                                v_right_pairs(twin_load(&state->lsp[i]), 1));
        state->lsp[i] = work->lsp[i];
    }
    filter_from_lsp(middle, work->filters[0]);
    filter_from_lsp(lsp, work->filters[1]);
}

static void save_energy(struct lanes_decoder *state, const vpair excitation[G729_FRAME], vmask good)
{
    const v32 energy = energy_of(excitation, G729_FRAME);
    const v32 shift = v_norm_l(energy);
    const vpair rounded = twin_round(v_left_by(energy, shift));
    state->noise_energy = v_select16(good, twin_row(rounded), state->noise_energy);
    state->noise_shift =
        v_select16(good, v_low(v_minus(v32_all(16), shift)), state->noise_shift);
}

static void set_kinds(struct lanes_decoder *state, const struct frame_kinds *kinds)
{
    const vmask active = v_mask(kinds->speech | kinds->erased);
    const vmask sid = v_mask(kinds->sid);
    const v32 noise = v_select(sid, v32_all(G729_SID), v32_all(G729_UNTRANSMITTED));
    state->before = v_low(v_select(active, v32_all(G729_SPEECH), noise));
    state->noise_random =
        v_select16(active, v16_all(G729_NOISE_SEED), state->noise_random);
    state->sharp = v_select16(active, state->sharp, v16_all(G729_SHARP_MIN));
}

static void decode_parameters(struct lanes_decoder *state, const struct codec_lane_frame *frames,
                              const struct lanes_bits *bits, struct frame_work *work)
{
    const struct frame_kinds *kinds = &work->kinds;
    unpack_speech(bits, &work->speech);
    if (kinds->speech != 0)
        decode_lsp(state, v_mask(kinds->speech), &work->speech, work->lsp);
    else
        memcpy(work->lsp, state->lsp, sizeof work->lsp);
    for (unsigned rest = kinds->erased; rest != 0; rest &= rest - 1)
        conceal_parameters(state, (unsigned)__builtin_ctz(rest), work);
    for (unsigned rest = kinds->noise; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(rest);
        struct g729_sid sid;
        const bool described = (kinds->sid >> lane & 1) != 0;
        if (described)
            g729_unpack_sid(frames[lane].octets, &sid);
        step_noise(state, lane, described ? &sid : NULL, work);
    }
    if (kinds->noise != 0)
        make_noise(state, work);
}

static void decode_used(struct lanes_decoder *state, unsigned used,
                        const struct codec_lane_frame *frames, vpair out[G729_FRAME])
{
    struct frame_work work;
    struct lanes_bits bits;
    vpair shaped[G729_FRAME];
    sort_frames(state, used, frames, &work.kinds, &bits);
    place_histories(state, &work);
    decode_parameters(state, frames, &bits, &work);
    interpolate_lsp(state, &work);
    for (int i = 0; i < G729_ORDER; i++)
        work.synthesis[i] = twin_load(&state->synthesis[i]);
    pair_with_before(work.synthesis, work.synthesis[0], work.pairs, G729_ORDER);
    decode_subframe(state, &work, 0);
    decode_subframe(state, &work, 1);
    save_energy(state, work.excitation, v_mask(work.kinds.good));
    set_kinds(state, &work.kinds);
    const vmask active = v_mask(work.kinds.speech | work.kinds.erased);
    post_filter(state, &work, active, shaped);
    push_histories(state, used);
    for (int i = 0; i < G729_ORDER; i++)
        state->synthesis[i] = twin_row(work.synthesis[G729_FRAME + i]);
    postprocess(state, v_mask(used), shaped, out);
}

/* Rows of lanes that are not in `used` as they were in `before`. */
static void restore_rows(struct lanes_decoder *state, const v16 *before, unsigned used)
{
    v16 *rows = (v16 *)(void *)state;
    const vmask keep = v_mask(used);
    for (size_t i = 0; i < LANES_DECODER_ROWS; i++)
        rows[i] = v_select16(keep, rows[i], before[i]);
}

static void write_samples(const vpair out[G729_FRAME], unsigned used, int16_t *const *samples)
{
    struct lane_places places;
    int16_t nowhere[G729_FRAME];
    for (unsigned lane = 0; lane < V_LANES; lane++)
        places.at[lane] = (used >> lane & 1) != 0 ? samples[lane] : nowhere;
    write_places(&places, out, G729_FRAME);
}

/* A lane by itself, which the scalar decoder has done sooner than vectors would. */
static void decode_alone(struct lanes_decoder *state, unsigned lane,
                         const struct codec_lane_frame *frame, int16_t *samples)
{
    struct g729_decoder decoder;
    store_decoder(state, lane, &decoder);
    if (frame->lost)
        codec_g729.conceal(&decoder, samples);
    else
        (void)codec_g729.decode(&decoder, frame->octets, frame->count, samples);
    load_decoder(state, lane, &decoder);
}

/* A frame of each lane in `used`. */
static void decode_lanes(struct lanes_decoder *state, unsigned used,
                         const struct codec_lane_frame *frames, int16_t *const *samples)
{
    vpair out[G729_FRAME];
    if (used == 0)
        return;
    if ((used & (used - 1)) == 0) {
        const unsigned lane = (unsigned)__builtin_ctz(used);
        decode_alone(state, lane, &frames[lane], samples[lane]);
        return;
    }
    if (used == ALL_LANES) {
        decode_used(state, used, frames, out);
    } else {
        v16 before[LANES_DECODER_ROWS];
        memcpy(before, state, sizeof before);
        decode_used(state, used, frames, out);
        restore_rows(state, before, used);
    }
    write_samples(out, used, samples);
}

#endif
