/*
 * The high-pass filters of order 2: before the encoder at 140 Hz with division by two (§3.1), after the decoder
 * at 100 Hz with multiplication by two (§4.2.5).
 */
#ifndef TRUNKGATE_CODECS_G729_HIGH_PASS_H
#define TRUNKGATE_CODECS_G729_HIGH_PASS_H

#include "double-precision.h"
#include "frame.h"

struct g729_high_pass {
    struct g729_dpf y1, y2;
    int16_t x1, x2;
};

void g729_high_pass_init(struct g729_high_pass *filter);
void g729_preprocess(struct g729_high_pass *filter, const int16_t in[G729_FRAME],
                     int16_t out[G729_FRAME]);
void g729_postprocess(struct g729_high_pass *filter, int16_t samples[G729_FRAME]);

#endif
