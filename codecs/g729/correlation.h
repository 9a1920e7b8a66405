/*
 * Correlations of a subframe, shared by the pitch, codebook and gain searches.
 */
#ifndef TRUNKGATE_CODECS_G729_CORRELATION_H
#define TRUNKGATE_CODECS_G729_CORRELATION_H

#include "basic-operators.h"
#include "frame.h"
#include "vector.h"

/* start (0 or 1) + the scalar product of two subframes. */
int32_t g729_dot(const int16_t *a, const int16_t *b, int32_t start);

/* start (not negative) + the energy of a subframe. */
int32_t g729_dot_self(const int16_t *a, int32_t start);

/* (52): the target filtered backwards through the impulse response (Q12), scaled to 13 bits. */
void g729_correlate_target(const int16_t response[G729_SUBFRAME],
                           const int16_t target[G729_SUBFRAME], int16_t out[G729_SUBFRAME]);

#endif
