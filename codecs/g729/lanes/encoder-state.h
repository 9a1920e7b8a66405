/*
 * The state of encoders side by side: each number of `struct g729_encoder` is a row with a place for every lane. What only
 * discontinuous transmission needs is kept as single channels have it.
 */
#ifndef TRUNKGATE_CODECS_G729_LANES_ENCODER_STATE_H
#define TRUNKGATE_CODECS_G729_LANES_ENCODER_STATE_H

#include "../../codec-lanes.h"
#include "../encoder.h"
#include "vector.h"

/* The past, room for a frame, and what the reading of eight samples at once reaches beyond. */
struct encoder_excitation {
    int16_t lead[6];
    int16_t samples[G729_EXCITATION_PAST + G729_FRAME];
};

struct lanes_encoder {
    v32 y1, y2; /* of the high-pass filter */
    vpair x1, x2;
    v16 speech[G729_WINDOW];
    v16 weighted[G729_PITCH_MAX + G729_FRAME];
    v16 error[G729_ORDER];
    v16 filter[G729_TAPS]; /* of Levinson-Durbin */
    v16 reflection[2];
    v16 lsp[G729_ORDER];
    v16 quantized[G729_ORDER];
    v16 lsp_memory[G729_LSP_MEMORY][G729_ORDER];
    v16 gain_error[4];
    v32 taming[4];
    v16 sharp;
    uint32_t discontinuous; /* a bit a lane */
    struct encoder_excitation excitation[V_LANES]; /* of each lane by itself */
    struct g729_vad vad[V_LANES];
    struct g729_dtx dtx[V_LANES];
    int16_t random[V_LANES];
};

/* A group in one vector, or in two of half the lanes. */
#define ENCODER_PARTS (CODEC_LANES / V_LANES)

struct lanes_encoders {
    struct lanes_encoder part[ENCODER_PARTS];
} __attribute__((aligned(CODEC_LANES_ALIGNMENT)));

#endif
