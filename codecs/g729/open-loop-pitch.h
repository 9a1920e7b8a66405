/*
 * Open-loop pitch of a frame, decimated. G.729 §3.4, §A.3.4.
 */
#ifndef TRUNKGATE_CODECS_G729_OPEN_LOOP_PITCH_H
#define TRUNKGATE_CODECS_G729_OPEN_LOOP_PITCH_H

#include "frame.h"
#include "pitch-delay.h"

/* The delay of a frame of weighted speech that is preceded by G729_PITCH_MAX samples. */
int g729_open_loop_pitch(const int16_t *weighted);

#endif
