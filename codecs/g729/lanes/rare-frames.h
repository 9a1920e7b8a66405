/* What erased and SID frames step once a frame, lane by lane with the scalar blocks. */
#ifndef TRUNKGATE_CODECS_G729_LANES_RARE_FRAMES_H
#define TRUNKGATE_CODECS_G729_LANES_RARE_FRAMES_H

#include "../comfort-noise.h"
#include "../random.h"
#include "../sid.h"
#include "../tables.h"
#include "frame-work.h"

/* §4.4.1, §4.4.4: what an erased lane takes for its frame. */
static void conceal_parameters(struct lanes_decoder *state, unsigned lane, struct frame_work *work)
{
    struct g729_lsp_decoder decoder;
    int16_t lsp[G729_ORDER];
    store_lsp_decoder(state, lane, &decoder);
    g729_lsp_conceal(&decoder, lsp);
    load_lsp_decoder(state, lane, &decoder);
    load_column(work->lsp, lane, lsp, G729_ORDER);
    int16_t random = state->random[lane];
    for (int i = 0; i < 2; i++) {
        work->speech.subframe[i].positions[lane] = g729_random(&random) & 0x1FFF;
        work->speech.subframe[i].signs[lane] = g729_random(&random) & 0xF;
    }
    state->random[lane] = random;
}

/* §B.4.4: the LSPs and the level of a lane's comfort noise; `sid` is NULL without a SID frame. */
static void step_noise(struct lanes_decoder *state, unsigned lane, const struct g729_sid *sid,
                       struct frame_work *work)
{
    struct g729_noise noise;
    store_noise(state, lane, &noise);
    const bool first = state->before[lane] == G729_SPEECH;
    if (sid != NULL) {
        struct g729_lsp_decoder decoder;
        store_lsp_decoder(state, lane, &decoder);
        noise.sid_level = g729_sid_gain[sid->gain];
        g729_sid_decode(decoder.memory, sid, noise.lsp);
        load_lsp_decoder(state, lane, &decoder);
    } else if (first) {
        const int32_t energy = g729_l_shl(noise.energy, noise.shift);
        const int32_t scaled = g729_dpf_scale(g729_dpf_split(energy), g729_sid_gain_factor[0]);
        noise.sid_level = g729_sid_gain[g729_quantize_level(scaled, 0).index];
    }
    noise.level = first ? noise.sid_level : g729_smooth_level(noise.level, noise.sid_level);
    load_noise(state, lane, &noise);
    load_column(work->lsp, lane, noise.lsp, G729_ORDER);
}

#endif
