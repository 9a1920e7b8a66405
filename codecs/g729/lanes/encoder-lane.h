/* A lane of encoders from and to the state of a single channel. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ENCODER_LANE_H
#define TRUNKGATE_CODECS_G729_LANES_ENCODER_LANE_H

#include <string.h>

#include "columns.h"
#include "encoder-state.h"
#include "filter.h"

static void load_encoder(struct lanes_encoder *state, unsigned lane,
                         const struct g729_encoder *encoder)
{
    const struct g729_high_pass *high_pass = &encoder->high_pass;
    state->y1[lane] = g729_dpf_join(high_pass->y1);
    state->y2[lane] = g729_dpf_join(high_pass->y2);
    twin_load_lane(&state->x1, lane, &high_pass->x1, 1);
    twin_load_lane(&state->x2, lane, &high_pass->x2, 1);
    load_column(state->speech, lane, encoder->speech, G729_WINDOW);
    load_column(state->weighted, lane, encoder->weighted, G729_PITCH_MAX + G729_FRAME);
    memcpy(state->excitation[lane].samples, encoder->excitation, sizeof encoder->excitation);
    load_column(state->error, lane, encoder->error, G729_ORDER);
    load_column(state->filter, lane, encoder->levinson.filter, G729_TAPS);
    load_column(state->reflection, lane, encoder->levinson.reflection, 2);
    load_column(state->lsp, lane, encoder->lsp, G729_ORDER);
    load_column(state->quantized, lane, encoder->quantized, G729_ORDER);
    load_column(state->lsp_memory[0], lane, encoder->lsp_memory[0], G729_LSP_MEMORY * G729_ORDER);
    load_column(state->gain_error, lane, encoder->gain_memory.error, 4);
    for (int i = 0; i < 4; i++)
        state->taming[i][lane] = encoder->taming.error[i];
    state->sharp[lane] = encoder->sharp;
    state->discontinuous &= ~(1u << lane);
    state->discontinuous |= (uint32_t)encoder->discontinuous << lane;
    state->vad[lane] = encoder->vad;
    state->dtx[lane] = encoder->dtx;
    state->random[lane] = encoder->random;
}

static void store_encoder(const struct lanes_encoder *state, unsigned lane,
                          struct g729_encoder *encoder)
{
    struct g729_high_pass *high_pass = &encoder->high_pass;
    high_pass->y1 = g729_dpf_split(state->y1[lane]);
    high_pass->y2 = g729_dpf_split(state->y2[lane]);
    twin_store_lane(&state->x1, lane, &high_pass->x1, 1);
    twin_store_lane(&state->x2, lane, &high_pass->x2, 1);
    store_column(state->speech, lane, encoder->speech, G729_WINDOW);
    store_column(state->weighted, lane, encoder->weighted, G729_PITCH_MAX + G729_FRAME);
    memcpy(encoder->excitation, state->excitation[lane].samples, sizeof encoder->excitation);
    store_column(state->error, lane, encoder->error, G729_ORDER);
    store_column(state->filter, lane, encoder->levinson.filter, G729_TAPS);
    store_column(state->reflection, lane, encoder->levinson.reflection, 2);
    store_column(state->lsp, lane, encoder->lsp, G729_ORDER);
    store_column(state->quantized, lane, encoder->quantized, G729_ORDER);
    store_column(state->lsp_memory[0], lane, encoder->lsp_memory[0], G729_LSP_MEMORY * G729_ORDER);
    store_column(state->gain_error, lane, encoder->gain_memory.error, 4);
    for (int i = 0; i < 4; i++)
        encoder->taming.error[i] = state->taming[i][lane];
    encoder->sharp = state->sharp[lane];
    encoder->discontinuous = (state->discontinuous >> lane & 1) != 0;
    encoder->vad = state->vad[lane];
    encoder->dtx = state->dtx[lane];
    encoder->random = state->random[lane];
}

#endif
