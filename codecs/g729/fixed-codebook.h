/*
 * The fixed codebook: four pulses of one sign each in a subframe. G.729 §3.8, §A.3.8, §4.1.4.
 */
#ifndef TRUNKGATE_CODECS_G729_FIXED_CODEBOOK_H
#define TRUNKGATE_CODECS_G729_FIXED_CODEBOOK_H

#include "frame.h"

/* Bounds of the pitch gain that sharpens the codebook vector, Q14 (47). */
#define G729_SHARP_MIN 3277
#define G729_SHARP_MAX 13017

/* The vector of four pulses, Q13. */
void g729_decode_pulses(int16_t positions, int16_t signs, int16_t code[G729_SUBFRAME]);

/* §3.8 (48): adds what lies `delay` back, times `sharp` (Q14), where the delay is less than a subframe. */
void g729_sharpen(int16_t vector[G729_SUBFRAME], int delay, int16_t sharp);

#endif
