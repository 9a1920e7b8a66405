/* Decoders side by side: each number of `struct g729_decoder` is a row with a place for every lane. */
#ifndef TRUNKGATE_CODECS_G729_LANES_DECODER_STATE_H
#define TRUNKGATE_CODECS_G729_LANES_DECODER_STATE_H

#include <stddef.h>
#include <string.h>

#include "../decoder.h"
#include "columns.h"

struct lanes_high_pass {
    v16 y1_hi, y1_lo, y2_hi, y2_lo, x1, x2;
};

/* The past, room for a frame, and what the reading of eight samples at once reaches beyond. */
struct lane_excitation {
    int16_t lead[6];
    int16_t samples[G729_EXCITATION_PAST + G729_FRAME];
};

struct lane_residual {
    int16_t samples[G729_PITCH_MAX + G729_FRAME]; /* a quarter of that is the scaled one */
    int16_t end;
};

struct lanes_decoder {
    v16 lsp_memory[G729_LSP_MEMORY][G729_ORDER];
    v16 lsf[G729_ORDER];
    v16 predictor;
    v16 lsp[G729_ORDER];
    v16 synthesis[G729_ORDER]; /* also the last samples into the post-filter */
    v16 gain_error[4];
    v16 gain_pitch, gain_code;
    v16 sharp, delay, random, before;
    v16 noise_lsp[G729_ORDER];
    v16 noise_sid_level, noise_level, noise_random, noise_energy, noise_shift;
    v16 output[G729_ORDER];
    v16 tilt, gain;
    struct lanes_high_pass high_pass;
    /* Behind the rows, the histories of each lane by itself. */
    struct lane_excitation excitation[V_LANES];
    struct lane_residual residual[V_LANES];
};

#define LANES_DECODER_ROWS (offsetof(struct lanes_decoder, excitation) / sizeof(v16))

static void load_noise(struct lanes_decoder *state, unsigned lane, const struct g729_noise *noise)
{
    load_column(state->noise_lsp, lane, noise->lsp, G729_ORDER);
    state->noise_sid_level[lane] = noise->sid_level;
    state->noise_level[lane] = noise->level;
    state->noise_random[lane] = noise->random;
    state->noise_energy[lane] = noise->energy;
    state->noise_shift[lane] = noise->shift;
}

static void store_noise(const struct lanes_decoder *state, unsigned lane, struct g729_noise *noise)
{
    store_column(state->noise_lsp, lane, noise->lsp, G729_ORDER);
    noise->sid_level = state->noise_sid_level[lane];
    noise->level = state->noise_level[lane];
    noise->random = state->noise_random[lane];
    noise->energy = state->noise_energy[lane];
    noise->shift = state->noise_shift[lane];
}

static void load_post_filter(struct lanes_decoder *state, unsigned lane,
                             const struct g729_post_filter *filter)
{
    memcpy(state->residual[lane].samples, filter->residual, sizeof filter->residual);
    load_column(state->output, lane, filter->output, G729_ORDER);
    state->tilt[lane] = filter->tilt;
    state->gain[lane] = filter->gain;
}

static void store_post_filter(const struct lanes_decoder *state, unsigned lane,
                              struct g729_post_filter *filter)
{
    memcpy(filter->residual, state->residual[lane].samples, sizeof filter->residual);
    for (int i = 0; i < G729_PITCH_MAX; i++)
        filter->scaled_residual[i] = (int16_t)(filter->residual[i] >> 2);
    store_column(state->synthesis, lane, filter->speech, G729_ORDER);
    store_column(state->output, lane, filter->output, G729_ORDER);
    filter->tilt = state->tilt[lane];
    filter->gain = state->gain[lane];
}

static void load_high_pass(struct lanes_high_pass *state, unsigned lane,
                           const struct g729_high_pass *filter)
{
    state->y1_hi[lane] = filter->y1.hi;
    state->y1_lo[lane] = filter->y1.lo;
    state->y2_hi[lane] = filter->y2.hi;
    state->y2_lo[lane] = filter->y2.lo;
    state->x1[lane] = filter->x1;
    state->x2[lane] = filter->x2;
}

static void store_high_pass(const struct lanes_high_pass *state, unsigned lane,
                            struct g729_high_pass *filter)
{
    filter->y1 = (struct g729_dpf){state->y1_hi[lane], state->y1_lo[lane]};
    filter->y2 = (struct g729_dpf){state->y2_hi[lane], state->y2_lo[lane]};
    filter->x1 = state->x1[lane];
    filter->x2 = state->x2[lane];
}

static void load_lsp_decoder(struct lanes_decoder *state, unsigned lane,
                             const struct g729_lsp_decoder *decoder)
{
    for (int k = 0; k < G729_LSP_MEMORY; k++)
        load_column(state->lsp_memory[k], lane, decoder->memory[k], G729_ORDER);
    load_column(state->lsf, lane, decoder->lsf, G729_ORDER);
    state->predictor[lane] = decoder->predictor;
}

static void store_lsp_decoder(const struct lanes_decoder *state, unsigned lane,
                              struct g729_lsp_decoder *decoder)
{
    for (int k = 0; k < G729_LSP_MEMORY; k++)
        store_column(state->lsp_memory[k], lane, decoder->memory[k], G729_ORDER);
    store_column(state->lsf, lane, decoder->lsf, G729_ORDER);
    decoder->predictor = state->predictor[lane];
}

static void load_decoder(struct lanes_decoder *state, unsigned lane,
                         const struct g729_decoder *decoder)
{
    load_lsp_decoder(state, lane, &decoder->lsp_decoder);
    load_column(state->lsp, lane, decoder->lsp, G729_ORDER);
    memcpy(state->excitation[lane].samples, decoder->excitation, sizeof decoder->excitation);
    load_column(state->synthesis, lane, decoder->synthesis, G729_ORDER);
    load_column(state->gain_error, lane, decoder->gain_memory.error, 4);
    state->gain_pitch[lane] = decoder->gains.pitch;
    state->gain_code[lane] = decoder->gains.code;
    state->sharp[lane] = decoder->sharp;
    state->delay[lane] = decoder->delay;
    state->random[lane] = decoder->random;
    state->before[lane] = (int16_t)decoder->before;
    load_noise(state, lane, &decoder->noise);
    load_post_filter(state, lane, &decoder->post_filter);
    load_high_pass(&state->high_pass, lane, &decoder->high_pass);
}

static void store_decoder(const struct lanes_decoder *state, unsigned lane,
                          struct g729_decoder *decoder)
{
    memset(decoder, 0, sizeof *decoder);
    store_lsp_decoder(state, lane, &decoder->lsp_decoder);
    store_column(state->lsp, lane, decoder->lsp, G729_ORDER);
    memcpy(decoder->excitation, state->excitation[lane].samples, sizeof decoder->excitation);
    store_column(state->synthesis, lane, decoder->synthesis, G729_ORDER);
    store_column(state->gain_error, lane, decoder->gain_memory.error, 4);
    decoder->gains.pitch = state->gain_pitch[lane];
    decoder->gains.code = state->gain_code[lane];
    decoder->sharp = state->sharp[lane];
    decoder->delay = state->delay[lane];
    decoder->random = state->random[lane];
    decoder->before = (enum g729_kind)state->before[lane];
    store_noise(state, lane, &decoder->noise);
    store_post_filter(state, lane, &decoder->post_filter);
    store_high_pass(&state->high_pass, lane, &decoder->high_pass);
}

#endif
