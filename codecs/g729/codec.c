/*
 * The codec row of G.729 with Annexes A and B: frames of 10 ms, 80 bits of speech or 15 of a SID frame in two octets
 * (RFC 3551 §4.5.6).
 */
#include "../codec.h"

#include "g729.h"
#include "lanes.h"

static void init_encoder(void *encoder, unsigned options)
{
    g729_encoder_init(encoder, (options & CODEC_OPTION_DTX) != 0);
}

static void init_decoder(void *decoder)
{
    g729_decoder_init(decoder);
}

static size_t encode(void *encoder, const int16_t *samples, uint8_t *octets)
{
    return g729_encode(encoder, samples, octets);
}

static enum codec_frame decode(void *decoder, const uint8_t *octets, size_t count,
                               int16_t *samples)
{
    switch (count) {
    case G729_SPEECH_OCTETS:
        g729_decode_speech(decoder, octets, samples);
        return CODEC_FRAME_SPEECH;
    case G729_SID_OCTETS:
        g729_decode_sid(decoder, octets, samples);
        return CODEC_FRAME_SID;
    case 0:
        g729_decode_untransmitted(decoder, samples);
        return CODEC_FRAME_UNTRANSMITTED;
    default:
        g729_decode_erased(decoder, samples);
        return CODEC_FRAME_MALFORMED;
    }
}

static void conceal(void *decoder, int16_t *samples)
{
    g729_decode_erased(decoder, samples);
}

const struct codec codec_g729 = {
    .name = "G729",
    .clock_rate = 8000,
    .payload_type = 18,
    .frame_samples = G729_FRAME,
    .frame_octets = G729_SPEECH_OCTETS,
    .sid_octets = G729_SID_OCTETS,
    .unit_samples = G729_FRAME,
    .unit_octets = G729_SPEECH_OCTETS,
    .decoder_delay = 0,
    .encoder_delay = 40,
    .encoder_size = sizeof(struct g729_encoder),
    .decoder_size = sizeof(struct g729_decoder),
    .init_encoder = init_encoder,
    .init_decoder = init_decoder,
    .encode = encode,
    .decode = decode,
    .conceal = conceal,
    .lanes = g729_lanes,
};
