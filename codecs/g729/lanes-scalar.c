/* A group of G.729 channels, one after the other: for machines without a vector form, and what those are judged by. */
#include <string.h>

#include "lanes.h"

void g729_scalar_init_encoders(void *group)
{
    struct g729_scalar_encoders *encoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        g729_encoder_init(&encoders->lane[lane], false);
}

void g729_scalar_init_decoders(void *group)
{
    struct g729_scalar_decoders *decoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        g729_decoder_init(&decoders->lane[lane]);
}

void g729_scalar_load_encoder(void *group, unsigned lane, const void *encoder)
{
    memcpy(&((struct g729_scalar_encoders *)group)->lane[lane], encoder, sizeof(struct g729_encoder));
}

void g729_scalar_store_encoder(const void *group, unsigned lane, void *encoder)
{
    memcpy(encoder, &((const struct g729_scalar_encoders *)group)->lane[lane], sizeof(struct g729_encoder));
}

void g729_scalar_load_decoder(void *group, unsigned lane, const void *decoder)
{
    memcpy(&((struct g729_scalar_decoders *)group)->lane[lane], decoder, sizeof(struct g729_decoder));
}

void g729_scalar_store_decoder(const void *group, unsigned lane, void *decoder)
{
    memcpy(decoder, &((const struct g729_scalar_decoders *)group)->lane[lane], sizeof(struct g729_decoder));
}

void g729_scalar_encode(void *group, uint16_t lanes, const int16_t *const samples[CODEC_LANES],
                        uint8_t *const octets[CODEC_LANES], uint8_t counts[CODEC_LANES])
{
    struct g729_scalar_encoders *encoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        if ((lanes >> lane & 1) != 0)
            counts[lane] = (uint8_t)codec_g729.encode(&encoders->lane[lane], samples[lane],
                                                      octets[lane]);
}

void g729_scalar_decode(void *group, uint16_t lanes,
                        const struct codec_lane_frame frames[CODEC_LANES],
                        int16_t *const samples[CODEC_LANES])
{
    struct g729_scalar_decoders *decoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        if ((lanes >> lane & 1) == 0)
            continue;
        const struct codec_lane_frame *frame = &frames[lane];
        if (frame->lost)
            codec_g729.conceal(&decoders->lane[lane], samples[lane]);
        else
            (void)codec_g729.decode(&decoders->lane[lane], frame->octets, frame->count,
                                    samples[lane]);
    }
}

const struct codec_lanes g729_lanes_scalar = {
    .name = "scalar",
    .encoder_size = G729_LANES_ALIGNED(sizeof(struct g729_scalar_encoders)),
    .decoder_size = G729_LANES_ALIGNED(sizeof(struct g729_scalar_decoders)),
    .init_encoders = g729_scalar_init_encoders,
    .init_decoders = g729_scalar_init_decoders,
    .load_encoder = g729_scalar_load_encoder,
    .store_encoder = g729_scalar_store_encoder,
    .load_decoder = g729_scalar_load_decoder,
    .store_decoder = g729_scalar_store_decoder,
    .encode = g729_scalar_encode,
    .decode = g729_scalar_decode,
};
