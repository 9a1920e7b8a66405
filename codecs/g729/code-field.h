/*
 * What the fixed codebook search looks at: the correlations of the target and of the impulse response, laid out by
 * tracks. G.729 §3.8.1, §A.3.8.
 */
#ifndef TRUNKGATE_CODECS_G729_CODE_FIELD_H
#define TRUNKGATE_CODECS_G729_CODE_FIELD_H

#include "frame.h"

#define G729_TRACKS 5 /* table 7; the last pulse has two of them */
#define G729_TRACK 8  /* places of a track, G729_TRACKS samples apart: a vector */

/* Place p of the field is this sample of the subframe. */
static inline int g729_position(int place)
{
    return place % G729_TRACK * G729_TRACKS + place / G729_TRACK;
}

struct g729_field {
    int16_t target[G729_SUBFRAME];             /* |d(n)| of (52) */
    int16_t negative[G729_SUBFRAME];           /* -1 where d(n) is negative, else 0 */
    int16_t diagonal[G729_SUBFRAME];           /* phi(n, n) */
    int16_t phi[G729_SUBFRAME][G729_SUBFRAME]; /* phi(i, j) of (50) with the signs of d in it; what the search needs */
};

/* `correlation` is d(n). */
void g729_fill_field(struct g729_field *field, const int16_t correlation[G729_SUBFRAME],
                     const int16_t response[G729_SUBFRAME]);

#endif
