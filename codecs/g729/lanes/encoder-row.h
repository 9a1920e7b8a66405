/* Groups of encoders: analysis, the kinds of frames, and what goes in and out. §3.1, §3.2, §B.3. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ENCODER_ROW_H
#define TRUNKGATE_CODECS_G729_LANES_ENCODER_ROW_H

#include <string.h>

#include "../comfort-noise.h"
#include "../encode-noise.h"
#include "../g729.h"
#include "encoder-functions.h"
#include "encoder.h"
#include "lpc.h"
#include "lsp-roots.h"
#include "preprocess.h"

#define ALL_LANES ((1u << V_LANES) - 1)

/* §B.3: the decision of a lane, after its analysis; true for speech. */
static bool detect_speech(struct lanes_encoder *state, unsigned lane,
                          const struct lanes_autocorrelation *correlation,
                          const struct lanes_autocorrelation *windowed,
                          const struct lanes_prediction *prediction, const v16 lsp[G729_ORDER])
{
    struct g729_autocorrelation before, after;
    int16_t lsps[G729_ORDER], speech[G729_WINDOW];
    for (int i = 0; i <= G729_LAGS; i++) {
        before.lag[i] = g729_dpf_split(correlation->lag[i][lane]);
        after.lag[i] = g729_dpf_split(windowed->lag[i][lane]);
    }
    before.exponent = after.exponent = (int16_t)correlation->exponent[lane];
    store_column(lsp, lane, lsps, G729_ORDER);
    store_column(state->speech, lane, speech, G729_WINDOW);
    const struct g729_vad_input input = {&after, lsps, speech, prediction->reflection[1][lane]};
    const bool found = g729_vad_decide(&state->vad[lane], &input);
    g729_dtx_observe(&state->dtx[lane], &before, found);
    return found;
}

/* The LSPs of the frame; returns the lanes of speech. */
static unsigned analyse(struct lanes_encoder *state, unsigned used, v16 lsp[G729_ORDER])
{
    struct lanes_autocorrelation correlation, windowed;
    struct lanes_prediction prediction;
    autocorrelate(state->speech, &correlation);
    windowed = correlation;
    window_lags(&windowed);
    levinson(state, v_mask(used), windowed.lag, &prediction);
    find_lsp(prediction.filter, state->lsp, lsp);
    unsigned speech = used;
    for (unsigned rest = used & state->discontinuous; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(rest);
        if (!detect_speech(state, lane, &correlation, &windowed, &prediction, lsp))
            speech &= ~(1u << lane);
    }
    return speech;
}

/* Lanes that are not in `used` receive silence. */
static void read_samples(const int16_t *const *samples, unsigned used, vpair twins[G729_FRAME])
{
    int16_t silence[G729_FRAME] = {0};
    struct lane_places places;
    for (unsigned lane = 0; lane < V_LANES; lane++) /* which are read only */
        places.at[lane] = (used >> lane & 1) != 0 ? (int16_t *)(uintptr_t)samples[lane] : silence;
    read_places(&places, twins, G729_FRAME);
}

static void write_speech(const struct lanes_speech *frames, unsigned lane, uint8_t *octets)
{
    struct g729_speech speech = {(int16_t)frames->lsp1[lane],
                                 (int16_t)frames->lsp2[lane],
                                 (int16_t)frames->parity[lane],
                                 {{0, 0, 0, 0}, {0, 0, 0, 0}}};
    for (int i = 0; i < 2; i++) {
        speech.subframe[i].pitch = (int16_t)frames->subframe[i].pitch[lane];
        speech.subframe[i].positions = (int16_t)frames->subframe[i].positions[lane];
        speech.subframe[i].signs = (int16_t)frames->subframe[i].signs[lane];
        speech.subframe[i].gains = (int16_t)frames->subframe[i].gains[lane];
    }
    g729_pack_speech(&speech, octets);
}

/* A frame of a lane without speech: alone, as a single channel. Returns what is to be sent. */
static uint8_t encode_noise_lane(struct lanes_encoder *state, unsigned lane, bool first,
                                 uint8_t *octets)
{
    struct g729_encoder encoder;
    struct g729_sid sid;
    store_encoder(state, lane, &encoder);
    const bool send = g729_encode_noise(&encoder, first, &sid);
    load_encoder(state, lane, &encoder);
    if (send)
        g729_pack_sid(&sid, octets);
    return send ? G729_SID_OCTETS : 0;
}

static void shift_rows(v16 *rows, int kept, unsigned used)
{
    if (used == ALL_LANES) {
        memmove(rows, rows + G729_FRAME, (size_t)kept * sizeof *rows);
        return;
    }
    const vmask lanes = v_mask(used);
    for (int i = 0; i < kept; i++)
        rows[i] = v_select16(lanes, rows[i + G729_FRAME], rows[i]);
}

/* A frame of a lane, as a single channel encodes it. */
static void encode_alone(struct lanes_encoder *state, unsigned lane, const int16_t *samples,
                         uint8_t *octets, uint8_t *count)
{
    struct g729_encoder encoder;
    store_encoder(state, lane, &encoder);
    *count = (uint8_t)g729_encode(&encoder, samples, octets);
    load_encoder(state, lane, &encoder);
}

/* A frame of each lane in `used`. */
static void encode_lanes(struct lanes_encoder *state, unsigned used, const int16_t *const *samples,
                         uint8_t *const *octets, uint8_t *counts)
{
    vpair input[G729_FRAME];
    v16 lsp[G729_ORDER];
    unsigned first = 0; /* lanes that had speech before */
    read_samples(samples, used, input);
    preprocess(state, v_mask(used), input, state->speech + G729_WINDOW - G729_FRAME);
    for (unsigned lane = 0; lane < V_LANES; lane++)
        first |= (unsigned)state->vad[lane].before << lane;
    const unsigned speech = analyse(state, used, lsp);
    if (speech != 0) {
        struct encoder_work work = {.lanes = v_mask(speech)};
        encode_speech(state, &work, lsp);
        for (unsigned rest = speech; rest != 0; rest &= rest - 1) {
            const unsigned lane = (unsigned)__builtin_ctz(rest);
            state->random[lane] = G729_NOISE_SEED;
            write_speech(&work.speech, lane, octets[lane]);
            counts[lane] = G729_SPEECH_OCTETS;
        }
    }
    for (unsigned rest = used & ~speech; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(rest);
        counts[lane] = encode_noise_lane(state, lane, (first >> lane & 1) != 0, octets[lane]);
    }
    shift_rows(state->speech, G729_WINDOW - G729_FRAME, used);
    shift_rows(state->weighted, G729_PITCH_MAX, used);
    for (unsigned rest = used; rest != 0; rest &= rest - 1) {
        int16_t *excitation = state->excitation[__builtin_ctz(rest)].samples;
        memmove(excitation, excitation + G729_FRAME, G729_EXCITATION_PAST * sizeof *excitation);
    }
}

void LANES_NAME(load_encoder)(void *group, unsigned lane, const void *encoder)
{
    struct lanes_encoders *encoders = group;
    load_encoder(&encoders->part[lane / V_LANES], lane % V_LANES, encoder);
}

void LANES_NAME(store_encoder)(const void *group, unsigned lane, void *encoder)
{
    const struct lanes_encoders *encoders = group;
    store_encoder(&encoders->part[lane / V_LANES], lane % V_LANES, encoder);
}

void LANES_NAME(init_encoders)(void *group)
{
    struct g729_encoder fresh;
    memset(group, 0, sizeof(struct lanes_encoders));
    g729_encoder_init(&fresh, false);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        LANES_NAME(load_encoder)(group, lane, &fresh);
}

void LANES_NAME(encode)(void *group, uint16_t lanes, const int16_t *const samples[CODEC_LANES],
                        uint8_t *const octets[CODEC_LANES], uint8_t counts[CODEC_LANES])
{
    struct lanes_encoders *encoders = group;
    for (unsigned part = 0; part < ENCODER_PARTS; part++) {
        const unsigned first = part * V_LANES, used = lanes >> first & ALL_LANES;
        struct lanes_encoder *state = &encoders->part[part];
        if ((used & (used - 1)) != 0) {
            encode_lanes(state, used, samples + first, octets + first, counts + first);
        } else if (used != 0) {
            const unsigned lane = (unsigned)__builtin_ctz(used), at = first + lane;
            encode_alone(state, lane, samples[at], octets[at], &counts[at]);
        }
    }
}

#endif
