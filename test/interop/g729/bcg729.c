#include "frames.h"

#include <bcg729/decoder.h>
#include <bcg729/encoder.h>

static bcg729EncoderChannelContextStruct *encoder;
static bcg729DecoderChannelContextStruct *decoder;

void start(int discontinuous)
{
    encoder = initBcg729EncoderChannel((uint8_t)discontinuous);
    decoder = initBcg729DecoderChannel();
}

uint8_t encode(const int16_t samples[SAMPLES], uint8_t octets[OCTETS])
{
    uint8_t count = 0;
    bcg729Encoder(encoder, samples, octets, &count);
    return count;
}

/* It takes an untransmitted frame as one erased after a SID frame. */
void decode(const uint8_t *octets, uint8_t count, int16_t samples[SAMPLES])
{
    bcg729Decoder(decoder, octets, count, count == 0, count == 2, 0, samples);
}
