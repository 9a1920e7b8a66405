/*
 * The quantizer of the LSFs: two stages and a switched MA predictor of order 4. G.729 §3.2.4, §4.1.1.
 */
#ifndef TRUNKGATE_CODECS_G729_LSP_QUANTIZER_H
#define TRUNKGATE_CODECS_G729_LSP_QUANTIZER_H

#include "frame.h"

#define G729_LSP_MEMORY 4 /* order of the MA predictor */

/* The codebook vectors of the last frames, Q13, newest first. */
typedef int16_t g729_lsp_memory[G729_LSP_MEMORY][G729_ORDER];

struct g729_lsp_decoder {
    g729_lsp_memory memory;
    int16_t lsf[G729_ORDER]; /* of the last good frame, Q13 */
    int16_t predictor;       /* L0 of the last good frame */
};

void g729_lsp_memory_init(g729_lsp_memory memory);
void g729_lsp_memory_push(g729_lsp_memory memory, const int16_t vector[G729_ORDER]);

/* (20): vector x rest + sum of memory x ma. */
void g729_lsp_predict(const g729_lsp_memory memory, const g729_lsp_memory ma,
                      const int16_t rest[G729_ORDER], const int16_t vector[G729_ORDER],
                      int16_t lsf[G729_ORDER]);

/* The vector that gives `lsf`; `rest_inverse` is 1/rest, Q12. */
void g729_lsp_unpredict(const g729_lsp_memory memory, const g729_lsp_memory ma,
                        const int16_t rest_inverse[G729_ORDER], const int16_t lsf[G729_ORDER],
                        int16_t vector[G729_ORDER]);

/* §3.2.4: elements from `first` to `last` at least `gap` apart (21). */
void g729_lsp_spread(int16_t vector[G729_ORDER], int first, int last, int16_t gap);

/* §3.2.4: ordered, apart, within the limits. */
void g729_lsp_stabilize(int16_t lsf[G729_ORDER]);

/* The LSFs that lsp1 and lsp2 of `speech` stand for; steps the memory. */
void g729_lsp_dequantize(g729_lsp_memory memory, const struct g729_speech *speech,
                         int16_t lsf[G729_ORDER]);

void g729_lsp_decoder_init(struct g729_lsp_decoder *decoder);

/* The LSPs of a frame. */
void g729_lsp_decode(struct g729_lsp_decoder *decoder, const struct g729_speech *speech,
                     int16_t lsp[G729_ORDER]);

/* §4.4.1: the LSPs in place of an erased frame. */
void g729_lsp_conceal(struct g729_lsp_decoder *decoder, int16_t lsp[G729_ORDER]);

#endif
