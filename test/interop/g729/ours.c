#include "frames.h"

#include <codec.h>
#include <g729/g729.h>

static union {
    max_align_t align;
    struct g729_encoder state;
} encoder;
static union {
    max_align_t align;
    struct g729_decoder state;
} decoder;

void start(int discontinuous)
{
    codec_g729.init_encoder(&encoder, discontinuous ? CODEC_OPTION_DTX : CODEC_OPTION_NONE);
    codec_g729.init_decoder(&decoder);
}

uint8_t encode(const int16_t samples[SAMPLES], uint8_t octets[OCTETS])
{
    return (uint8_t)codec_g729.encode(&encoder, samples, octets);
}

void decode(const uint8_t *octets, uint8_t count, int16_t samples[SAMPLES])
{
    codec_g729.decode(&decoder, octets, count, samples);
}
