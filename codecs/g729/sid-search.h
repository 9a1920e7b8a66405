/*
 * Quantization of the LSPs of a SID frame. G.729 §B.4.3.
 */
#ifndef TRUNKGATE_CODECS_G729_SID_SEARCH_H
#define TRUNKGATE_CODECS_G729_SID_SEARCH_H

#include "lsp-quantizer.h"

/* Finds predictor, stage1 and stage2 of `sid` and the quantized LSPs; steps the memory. */
void g729_sid_quantize(g729_lsp_memory memory, const int16_t lsp[G729_ORDER],
                       struct g729_sid *sid, int16_t quantized[G729_ORDER]);

#endif
