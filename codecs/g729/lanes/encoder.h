/* The encoder (../encoder.c) on lanes. §3, §A.3. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ENCODER_H
#define TRUNKGATE_CODECS_G729_LANES_ENCODER_H

#include "closed-loop-pitch.h"
#include "encoder-lane.h"
#include "fixed-codebook-search.h"
#include "gain-search.h"
#include "lsp-search.h"
#include "open-loop-pitch.h"
#include "synthesis-filter.h"
#include "taming.h"

#define NOW 120          /* where the frame begins in the speech, its look-ahead 80 later */
#define GAMMA 24576      /* 0.75, Q15 (§A.3.3) */
#define TILT 22938       /* 0.7, Q15 (§A.3.3) */
#define TAMED_GAIN 15564 /* 0.95, Q14 */

/* What a frame passes from step to step; `lanes` are those that encode speech. */
struct encoder_work {
    vmask lanes;
    struct lanes_speech speech;
    vpair filters[2][G729_TAPS];
    vpair weighting[2][G729_TAPS]; /* A(z/0.75) */
    vpair residual[2][G729_SUBFRAME];
    struct lane_places excitation; /* of the frame */
};

/* §3.2.4, §3.2.5: the filters of both subframes. */
static void quantize_lsp(struct lanes_encoder *state, struct encoder_work *work,
                         const v16 lsp[G729_ORDER])
{
    vpair lsf[G729_ORDER], quantized[G729_ORDER], middle[G729_ORDER];
    search_lsp(state, lsp, &work->speech);
    dequantize_lsp(state->lsp_memory, work->lanes, &work->speech, lsf);
    lsp_from_lsf(lsf, quantized);
    for (int i = 0; i < G729_ORDER; i++) {
        middle[i] = v_add_pairs(v_right_pairs(quantized[i], 1),
                                v_right_pairs(twin_load(&state->quantized[i]), 1));
        state->lsp[i] = v_select16(work->lanes, lsp[i], state->lsp[i]);
        state->quantized[i] = v_select16(work->lanes, twin_row(quantized[i]), state->quantized[i]);
    }
    filter_from_lsp(middle, work->filters[0]);
    filter_from_lsp(quantized, work->filters[1]);
    for (int i = 0; i < 2; i++)
        weight_filter(work->filters[i], GAMMA, work->weighting[i]);
}

/* §A.3.3: the residual of the frame, and its speech weighted by A(z) / (A(z/0.75) (1 - 0.7/z)). */
static void weight_speech(struct lanes_encoder *state, struct encoder_work *work)
{
    vpair speech[G729_ORDER + G729_FRAME];
    vpair weighted[G729_ORDER + G729_FRAME];
    for (int i = 0; i < G729_ORDER + G729_FRAME; i++)
        speech[i] = twin_load(&state->speech[NOW - G729_ORDER + i]);
    for (int i = 0; i < G729_ORDER; i++)
        weighted[i] = twin_load(&state->weighted[G729_PITCH_MAX - G729_ORDER + i]);
    for (int subframe = 0; subframe < 2; subframe++) {
        const vpair *weighting = work->weighting[subframe];
        const int at = subframe * G729_SUBFRAME;
        vpair poles[G729_TAPS], *residual = work->residual[subframe];
        poles[0] = weighting[0];
        for (int i = 1; i < G729_TAPS; i++)
            poles[i] = v_sub_pairs(weighting[i], twin_mult(weighting[i - 1], twin_all(TILT)));
        take_residual(work->lanes, work->filters[subframe], speech + G729_ORDER + at, residual);
        synthesize(work->lanes, poles, residual, weighted + G729_ORDER + at);
        for (int i = 0; i < G729_SUBFRAME; i++)
            state->weighted[G729_PITCH_MAX + at + i] = twin_row(weighted[G729_ORDER + at + i]);
    }
    write_places(&work->excitation, work->residual[0], G729_FRAME);
}

/* What a subframe passes from step to step. */
struct subframe_work {
    int index;
    struct lane_places now;         /* where its excitation begins */
    vpair target[G729_SUBFRAME];    /* x */
    vpair response[G729_SUBFRAME];  /* h, Q12 */
    vpair excitation[G729_SUBFRAME]; /* the adaptive codebook vector */
    vpair adaptive[G729_SUBFRAME];  /* y */
    struct lanes_delay delay;
    struct lanes_innovation innovation;
    struct lanes_gains gains;
};

/* 1/A(z) of a subframe from a memory. */
static void synthesize_from(vmask lanes, const vpair filter[G729_TAPS],
                            const vpair memory[G729_ORDER], const vpair in[G729_SUBFRAME],
                            vpair out[G729_SUBFRAME])
{
    vpair buffer[G729_ORDER + G729_SUBFRAME];
    for (int i = 0; i < G729_ORDER; i++)
        buffer[i] = memory == NULL ? twin_all(0) : memory[i];
    synthesize(lanes, filter, in, buffer + G729_ORDER);
    memcpy(out, buffer + G729_ORDER, G729_SUBFRAME * sizeof *out);
}

/* §A.3.5, §A.3.6: the impulse response and the target. */
static void prepare(const struct lanes_encoder *state, const struct encoder_work *work,
                    struct subframe_work *subframe)
{
    vpair impulse[G729_SUBFRAME], memory[G729_ORDER];
    const vpair *weighting = work->weighting[subframe->index];
    for (int i = 0; i < G729_SUBFRAME; i++)
        impulse[i] = twin_all(i == 0 ? 4096 : 0);
    for (int i = 0; i < G729_ORDER; i++)
        memory[i] = twin_load(&state->error[i]);
    synthesize_from(work->lanes, weighting, NULL, impulse, subframe->response);
    synthesize_from(work->lanes, weighting, memory, work->residual[subframe->index],
                    subframe->target);
}

/* §A.3.7: the pitch delay and its index; gives the least delay of the next subframe's range. */
static v32 search_delay(struct encoder_work *work, struct subframe_work *subframe, v32 lowest)
{
    v32 *index = &work->speech.subframe[subframe->index].pitch;
    const bool initial = subframe->index == 0;
    const struct pitch_search search = {subframe->target, subframe->response, lowest,
                                        initial ? 7 : 10, initial ? 84 : G729_PITCH_MAX};
    subframe->delay = search_pitch(work->lanes, &subframe->now, &search, subframe->excitation);
    if (!initial) {
        *index = encode_pitch2(subframe->delay, lowest);
        return lowest;
    }
    *index = encode_pitch1(subframe->delay);
    work->speech.parity = pitch_parity(*index);
    return pitch2_lowest(subframe->delay.whole);
}

/* §A.3.7 to §A.3.9: both codebooks and their gains. */
static void search_codebooks(struct lanes_encoder *state, struct encoder_work *work,
                             struct subframe_work *subframe)
{
    struct lanes_gain_target target = {.target = subframe->target,
                                       .adaptive = subframe->adaptive,
                                       .innovation = &subframe->innovation};
    vpair rest[G729_SUBFRAME];
    synthesize_from(work->lanes, work->weighting[subframe->index], NULL, subframe->excitation,
                    subframe->adaptive);
    v32 gain = pitch_gain(work->lanes, subframe->target, subframe->adaptive, &target.products);
    target.taming = taming_needed(state->taming, subframe->delay);
    gain = v_select(target.taming, v_min(gain, v32_all(TAMED_GAIN)), gain);
    const vpair factor = twin_low(gain);
    for (int i = 0; i < G729_SUBFRAME; i++) /* (A.7) */
        rest[i] = v_sub_pairs(subframe->target[i],
                              twin_saturate(v_right(v_products(subframe->adaptive[i], factor), 15)));
    search_code(rest, subframe->response, subframe->delay.whole, twin_load(&state->sharp),
                &subframe->innovation);
    work->speech.subframe[subframe->index].positions = subframe->innovation.positions;
    work->speech.subframe[subframe->index].signs = subframe->innovation.signs;
    work->speech.subframe[subframe->index].gains =
        search_gains(state->gain_error, work->lanes, &target, &subframe->gains);
}

/* §A.3.10: the excitation and the memories for the next subframe. */
static void update(struct lanes_encoder *state, const struct encoder_work *work,
                   struct subframe_work *subframe)
{
    const vpair pitch = subframe->gains.pitch, code = subframe->gains.code;
    const vpair sharp =
        v_min_pairs(v_max_pairs(pitch, twin_all(G729_SHARP_MIN)), twin_all(G729_SHARP_MAX));
    state->sharp = v_select16(work->lanes, twin_row(sharp), state->sharp);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const v32 sum = twin_l_mac(v_products(subframe->excitation[i], pitch),
                                   subframe->innovation.code[i], code);
        subframe->excitation[i] = twin_round_left(sum, 1);
    }
    write_places(&subframe->now, subframe->excitation, G729_SUBFRAME);
    update_taming(state->taming, work->lanes, twin_value(pitch), subframe->delay.whole);
    for (int i = 0; i < G729_ORDER; i++) { /* (A.8) */
        const int at = G729_SUBFRAME - G729_ORDER + i;
        const v32 adaptive = v_products(subframe->adaptive[at], pitch);
        const v32 fixed = v_products(subframe->innovation.filtered[at], code);
        const vpair sum = v_add_pairs(twin_saturate(v_right(adaptive, 15)),
                                      twin_saturate(v_right(fixed, 14)));
        state->error[i] = v_select16(
            work->lanes, twin_row(v_sub_pairs(subframe->target[at], sum)), state->error[i]);
    }
}

/* The least of the seven delays around the open-loop one. */
V_INLINE v32 find_lowest(v32 open_loop)
{
    const v32 lowest = v_max(v_minus(open_loop, v32_all(3)), v32_all(G729_PITCH_MIN));
    return v_min(lowest, v32_all(G729_PITCH_MAX - 6));
}

/* A frame of speech of each of `work->lanes`. */
static void encode_speech(struct lanes_encoder *state, struct encoder_work *work,
                          const v16 lsp[G729_ORDER])
{
    struct subframe_work subframe;
    for (int lane = 0; lane < V_LANES; lane++)
        work->excitation.at[lane] = state->excitation[lane].samples + G729_EXCITATION_PAST;
    quantize_lsp(state, work, lsp);
    weight_speech(state, work);
    v32 lowest = find_lowest(open_loop_pitch(state->weighted, work->lanes));
    for (int i = 0; i < 2; i++) {
        subframe.index = i;
        subframe.now = lanes_back(&work->excitation, v32_all(-i * G729_SUBFRAME));
        prepare(state, work, &subframe);
        lowest = search_delay(work, &subframe, lowest);
        search_codebooks(state, work, &subframe);
        update(state, work, &subframe);
    }
}

#endif
