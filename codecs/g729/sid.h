/*
 * The parameters of a SID frame: the LSPs and the level of the noise. G.729 §B.4.2.2, §B.4.3.
 */
#ifndef TRUNKGATE_CODECS_G729_SID_H
#define TRUNKGATE_CODECS_G729_SID_H

#include "lsp-quantizer.h"

/* §B.4.3: the weights of a predictor of a SID frame. */
void g729_noise_predictor(int predictor, g729_lsp_memory ma);

/* The vector of two entries of the codebooks of a SID frame, ordered. */
void g729_noise_vector(int stage1, int stage2, int16_t vector[G729_ORDER]);

/* The LSPs that a SID frame stands for; steps the memory. */
void g729_sid_decode(g729_lsp_memory memory, const struct g729_sid *sid, int16_t lsp[G729_ORDER]);

/* A level as sent. */
struct g729_level {
    int16_t index;
    int16_t decibels; /* of the quantized energy */
};

/* The level of energy x 2^-exponent. */
struct g729_level g729_quantize_level(int32_t energy, int exponent);

#endif
