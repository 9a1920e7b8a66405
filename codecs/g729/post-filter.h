/*
 * The adaptive post-filter of Annex A: pitch, formant, tilt, gain control. G.729 §A.4.2.
 */
#ifndef TRUNKGATE_CODECS_G729_POST_FILTER_H
#define TRUNKGATE_CODECS_G729_POST_FILTER_H

#include <stdbool.h>

#include "frame.h"
#include "pitch-delay.h"

struct g729_post_filter {
    int16_t residual[G729_PITCH_MAX];        /* the last ones, oldest first */
    int16_t scaled_residual[G729_PITCH_MAX]; /* the same / 4 */
    int16_t speech[G729_ORDER];              /* last samples in */
    int16_t output[G729_ORDER];              /* last samples of 1/A(z/0.7) */
    int16_t tilt;                            /* last sample into the tilt filter */
    int16_t gain;                            /* of the gain control, Q12 */
};

void g729_post_filter_init(struct g729_post_filter *filter);

/*
 * Filters a frame: `filters` is A(z) of both subframes, `delays` their whole pitch delays; the pitch filter is for
 * active speech only (§B.4.4).
 */
void g729_post_filter(struct g729_post_filter *filter, const int16_t speech[G729_FRAME],
                      const int16_t filters[2][G729_TAPS], const int16_t delays[2], bool active,
                      int16_t out[G729_FRAME]);

#endif
