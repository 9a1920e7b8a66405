/* The functions of a row that encode. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ENCODER_FUNCTIONS_H
#define TRUNKGATE_CODECS_G729_LANES_ENCODER_FUNCTIONS_H

#include "encoder-state.h"

void LANES_NAME(init_encoders)(void *group);
void LANES_NAME(load_encoder)(void *group, unsigned lane, const void *encoder);
void LANES_NAME(store_encoder)(const void *group, unsigned lane, void *encoder);
void LANES_NAME(encode)(void *group, uint16_t lanes, const int16_t *const samples[CODEC_LANES],
                        uint8_t *const octets[CODEC_LANES], uint8_t counts[CODEC_LANES]);

#endif
