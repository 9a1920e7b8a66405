/* A group of decoders in one vector, or in two of half the lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_DECODER_ROW_H
#define TRUNKGATE_CODECS_G729_LANES_DECODER_ROW_H

#include "decoder.h"

#define DECODER_PARTS (CODEC_LANES / V_LANES)

struct lanes_decoders {
    struct lanes_decoder part[DECODER_PARTS];
} __attribute__((aligned(CODEC_LANES_ALIGNMENT)));

static void load_decoder_lane(void *group, unsigned lane, const void *decoder)
{
    struct lanes_decoders *decoders = group;
    load_decoder(&decoders->part[lane / V_LANES], lane % V_LANES, decoder);
}

static void store_decoder_lane(const void *group, unsigned lane, void *decoder)
{
    const struct lanes_decoders *decoders = group;
    store_decoder(&decoders->part[lane / V_LANES], lane % V_LANES, decoder);
}

static void init_decoders(void *group)
{
    struct g729_decoder fresh;
    memset(group, 0, sizeof(struct lanes_decoders));
    g729_decoder_init(&fresh);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        load_decoder_lane(group, lane, &fresh);
}

static void decode_group(void *group, uint16_t lanes,
                         const struct codec_lane_frame frames[CODEC_LANES],
                         int16_t *const samples[CODEC_LANES])
{
    struct lanes_decoders *decoders = group;
    for (unsigned part = 0; part < DECODER_PARTS; part++) {
        const unsigned first = part * V_LANES;
        decode_lanes(&decoders->part[part], lanes >> first & ALL_LANES, frames + first,
                     samples + first);
    }
}

#endif
