/* A group of G.729 channels, one after the other: for machines without a vector form, and what those are judged by. */
#include <string.h>

#include "g729.h"
#include "lanes.h"

struct encoders {
    struct g729_encoder lane[CODEC_LANES];
};
struct decoders {
    struct g729_decoder lane[CODEC_LANES];
};

#define ALIGNED(size) \
    (((size) + CODEC_LANES_ALIGNMENT - 1) / CODEC_LANES_ALIGNMENT * CODEC_LANES_ALIGNMENT)

static void init_encoders(void *group)
{
    struct encoders *encoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        g729_encoder_init(&encoders->lane[lane], false);
}

static void init_decoders(void *group)
{
    struct decoders *decoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        g729_decoder_init(&decoders->lane[lane]);
}

static void load_encoder(void *group, unsigned lane, const void *encoder)
{
    memcpy(&((struct encoders *)group)->lane[lane], encoder, sizeof(struct g729_encoder));
}

static void store_encoder(const void *group, unsigned lane, void *encoder)
{
    memcpy(encoder, &((const struct encoders *)group)->lane[lane], sizeof(struct g729_encoder));
}

static void load_decoder(void *group, unsigned lane, const void *decoder)
{
    memcpy(&((struct decoders *)group)->lane[lane], decoder, sizeof(struct g729_decoder));
}

static void store_decoder(const void *group, unsigned lane, void *decoder)
{
    memcpy(decoder, &((const struct decoders *)group)->lane[lane], sizeof(struct g729_decoder));
}

static void encode(void *group, uint16_t lanes, const int16_t *const samples[CODEC_LANES],
                   uint8_t *const octets[CODEC_LANES], uint8_t counts[CODEC_LANES])
{
    struct encoders *encoders = group;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        if ((lanes >> lane & 1) != 0)
            counts[lane] = (uint8_t)codec_g729.encode(&encoders->lane[lane], samples[lane],
                                                      octets[lane]);
}

static void decode(void *group, uint16_t lanes, const struct codec_lane_frame frames[CODEC_LANES],
                   int16_t *const samples[CODEC_LANES])
{
    struct decoders *decoders = group;
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
    .encoder_size = ALIGNED(sizeof(struct encoders)),
    .decoder_size = ALIGNED(sizeof(struct decoders)),
    .init_encoders = init_encoders,
    .init_decoders = init_decoders,
    .load_encoder = load_encoder,
    .store_encoder = store_encoder,
    .load_decoder = load_decoder,
    .store_decoder = store_decoder,
    .encode = encode,
    .decode = decode,
};
