/*
 * Quantization of the LSPs. G.729 §3.2.4.
 */
#ifndef TRUNKGATE_CODECS_G729_LSP_SEARCH_H
#define TRUNKGATE_CODECS_G729_LSP_SEARCH_H

#include "lsp-quantizer.h"

/* (22): the weight of each LSF, normalised. */
void g729_lsp_weights(const int16_t lsf[G729_ORDER], int16_t weights[G729_ORDER]);

/* Finds lsp1 and lsp2 of `speech` and the quantized LSPs; steps the memory. */
void g729_lsp_quantize(g729_lsp_memory memory, const int16_t lsp[G729_ORDER],
                       struct g729_speech *speech, int16_t quantized[G729_ORDER]);

#endif
