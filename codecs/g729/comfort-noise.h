/*
 * The excitation of a frame of comfort noise, the same in encoder and decoder. G.729 §B.4.4.
 */
#ifndef TRUNKGATE_CODECS_G729_COMFORT_NOISE_H
#define TRUNKGATE_CODECS_G729_COMFORT_NOISE_H

#include "frame.h"
#include "taming.h"

#define G729_NOISE_SEED 11111 /* at the start of a silence */

/*
 * Writes a frame of `excitation`, from what precedes it and from random numbers; `gain` is the level of a sample, Q3.
 * Steps `taming` where it is not NULL.
 */
void g729_comfort_noise(int16_t *excitation, int16_t gain, int16_t *random,
                        struct g729_taming *taming);

/* (B.19): the level smoothed towards that of the last SID frame. */
int16_t g729_smooth_level(int16_t level, int16_t sid_level);

#endif
