/*
 * The decoder of Annex A with Annex B: parameters to synthesis. G.729 §4.1, §4.4, §B.4.4.
 */
#ifndef TRUNKGATE_CODECS_G729_DECODER_H
#define TRUNKGATE_CODECS_G729_DECODER_H

#include "adaptive-codebook.h"
#include "gain.h"
#include "high-pass.h"
#include "lsp-quantizer.h"
#include "post-filter.h"

enum g729_kind { G729_UNTRANSMITTED, G729_SPEECH, G729_SID };

/* §B.4.4: what comfort noise is made from. */
struct g729_noise {
    int16_t lsp[G729_ORDER]; /* of the last SID frame, Q15 */
    int16_t sid_level;       /* of the last SID frame, Q3 */
    int16_t level;           /* smoothed, Q3 */
    int16_t random;
    int16_t energy; /* of the last good frame's excitation, x 2^-shift, for a SID frame that was lost */
    int16_t shift;
};

struct g729_decoder {
    struct g729_lsp_decoder lsp_decoder;
    int16_t lsp[G729_ORDER]; /* of the last frame, Q15 */
    /* the past excitation, then room for that of a frame */
    int16_t excitation[G729_EXCITATION_PAST + G729_FRAME];
    int16_t synthesis[G729_ORDER]; /* last samples of 1/A(z) */
    struct g729_gain_memory gain_memory;
    struct g729_gains gains; /* of the last subframe */
    int16_t sharp;           /* Q14 */
    int16_t delay;           /* of the last subframe, for concealment */
    int16_t random;          /* of the codebook vectors of erased frames */
    enum g729_kind before;   /* of the last frame */
    struct g729_noise noise;
    struct g729_post_filter post_filter;
    struct g729_high_pass high_pass;
};

#endif
