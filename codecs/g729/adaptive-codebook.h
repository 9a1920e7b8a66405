/*
 * The adaptive codebook: the past excitation, delayed by thirds of a sample. G.729 §3.7.1.
 */
#ifndef TRUNKGATE_CODECS_G729_ADAPTIVE_CODEBOOK_H
#define TRUNKGATE_CODECS_G729_ADAPTIVE_CODEBOOK_H

#include "frame.h"
#include "pitch-delay.h"

/* Samples of past excitation that the longest delay and its interpolation reach. */
#define G729_EXCITATION_PAST (G729_PITCH_MAX + 11)

/* Writes a subframe of `excitation` from what precedes it. */
void g729_predict_excitation(int16_t *excitation, struct g729_delay delay);

#endif
