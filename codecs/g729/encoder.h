/*
 * The encoder of Annex A with Annex B: speech to parameters. G.729 §3, §A.3, §B.3, §B.4.
 */
#ifndef TRUNKGATE_CODECS_G729_ENCODER_H
#define TRUNKGATE_CODECS_G729_ENCODER_H

#include "adaptive-codebook.h"
#include "dtx.h"
#include "gain.h"
#include "high-pass.h"
#include "lpc.h"
#include "lsp-quantizer.h"
#include "taming.h"
#include "vad.h"

struct g729_encoder {
    struct g729_high_pass high_pass;
    int16_t speech[G729_WINDOW]; /* preprocessed: 120 past, a frame, 40 of look-ahead */
    /* the past weighted speech, then room for that of a frame */
    int16_t weighted[G729_PITCH_MAX + G729_FRAME];
    /* the past excitation, then room for that of a frame */
    int16_t excitation[G729_EXCITATION_PAST + G729_FRAME];
    int16_t error[G729_ORDER]; /* last weighted errors: the memory of the target's filter */
    struct g729_levinson_memory levinson;
    int16_t lsp[G729_ORDER];       /* of the last active frame, Q15 */
    int16_t quantized[G729_ORDER]; /* the same, quantized */
    g729_lsp_memory lsp_memory;
    struct g729_gain_memory gain_memory;
    struct g729_taming taming;
    int16_t sharp; /* Q14 */

    bool discontinuous; /* the rest is for discontinuous transmission only */
    struct g729_vad vad;
    struct g729_dtx dtx;
    int16_t random; /* of the comfort noise */
};

#endif
