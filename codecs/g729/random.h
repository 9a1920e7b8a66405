/*
 * The random numbers of concealment and comfort noise. G.729 §4.4.4 (96).
 */
#ifndef TRUNKGATE_CODECS_G729_RANDOM_H
#define TRUNKGATE_CODECS_G729_RANDOM_H

#include "basic-operators.h"

static inline int16_t g729_random(int16_t *seed)
{
    *seed = g729_low((int32_t)*seed * 31821 + 13849);
    return *seed;
}

#endif
