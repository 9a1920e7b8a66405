/* The LSPs of frames of speech (../lsp-quantizer.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LSP_DECODER_H
#define TRUNKGATE_CODECS_G729_LANES_LSP_DECODER_H

#include "decoder-state.h"
#include "lsp-quantizer.h"

/* §4.1.1, for lanes with a frame of speech. */
static void decode_lsp(struct lanes_decoder *state, vmask lanes, const struct lanes_speech *speech,
                       v16 lsp[G729_ORDER])
{
    vpair lsf[G729_ORDER], decoded[G729_ORDER];
    dequantize_lsp(state->lsp_memory, lanes, speech, lsf);
    lsp_from_lsf(lsf, decoded);
    for (int i = 0; i < G729_ORDER; i++) {
        state->lsf[i] = v_select16(lanes, twin_row(lsf[i]), state->lsf[i]);
        lsp[i] = twin_row(decoded[i]);
    }
    state->predictor = v_select16(lanes, v_low(v_right(speech->lsp1, 7)), state->predictor);
}

#endif
