/*
 * The codec rows of G.711: frames of 10 ms, concealed by Appendix I.
 */
#include "../codec.h"

#include "../concealment/concealment.h"
#include "g711.h"

static void init_encoder(void *encoder, unsigned options)
{
    (void)encoder;
    (void)options; /* G.711 has no DTX of its own */
}

static void init_decoder(void *decoder)
{
    concealment_init(decoder);
}

static void conceal(void *decoder, int16_t *samples)
{
    concealment_lose(decoder, samples);
}

static size_t encode_alaw(void *encoder, const int16_t *samples, uint8_t *octets)
{
    (void)encoder;
    g711_encode(G711_ALAW, samples, CONCEALMENT_BLOCK, octets);
    return CONCEALMENT_BLOCK;
}

static size_t encode_ulaw(void *encoder, const int16_t *samples, uint8_t *octets)
{
    (void)encoder;
    g711_encode(G711_ULAW, samples, CONCEALMENT_BLOCK, octets);
    return CONCEALMENT_BLOCK;
}

/* An untransmitted frame is a pause of the sender, not a loss: silence goes through the
 * concealment's delay. */
static enum codec_frame decode(void *decoder, enum g711_law law, const uint8_t *octets,
                               size_t count, int16_t *samples)
{
    int16_t linear[CONCEALMENT_BLOCK] = {0};
    if (count != 0 && count != CONCEALMENT_BLOCK) {
        concealment_lose(decoder, samples);
        return CODEC_FRAME_MALFORMED;
    }
    g711_decode(law, octets, count, linear);
    concealment_receive(decoder, linear, samples);
    return count == 0 ? CODEC_FRAME_UNTRANSMITTED : CODEC_FRAME_SPEECH;
}

static enum codec_frame decode_alaw(void *decoder, const uint8_t *octets, size_t count,
                                    int16_t *samples)
{
    return decode(decoder, G711_ALAW, octets, count, samples);
}

static enum codec_frame decode_ulaw(void *decoder, const uint8_t *octets, size_t count,
                                    int16_t *samples)
{
    return decode(decoder, G711_ULAW, octets, count, samples);
}

#define G711_ROW                                                            \
    .clock_rate = 8000, .frame_samples = CONCEALMENT_BLOCK,                 \
    .frame_octets = CONCEALMENT_BLOCK, .sid_octets = 0, .unit_samples = 1,  \
    .unit_octets = 1, .decoder_delay = CONCEALMENT_DELAY, .encoder_delay = 0, \
    .encoder_size = 0, .decoder_size = sizeof(struct concealment),          \
    .init_encoder = init_encoder, .init_decoder = init_decoder, .conceal = conceal

const struct codec codec_pcma = {
    .name = "PCMA",
    .payload_type = 8,
    .encode = encode_alaw,
    .decode = decode_alaw,
    G711_ROW,
};

const struct codec codec_pcmu = {
    .name = "PCMU",
    .payload_type = 0,
    .encode = encode_ulaw,
    .decode = decode_ulaw,
    G711_ROW,
};
