/*
 * A frame without speech. G.729 §B.4.
 */
#ifndef TRUNKGATE_CODECS_G729_ENCODE_NOISE_H
#define TRUNKGATE_CODECS_G729_ENCODE_NOISE_H

#include "encoder.h"
#include "sid.h"

/* After the analysis of the frame, the `first` after speech; true where `sid` is to be sent. */
bool g729_encode_noise(struct g729_encoder *encoder, bool first, struct g729_sid *sid);

#endif
