/* The forms of G.729 that work on groups of channels (codec-lanes.h), and the choice among them. */
#ifndef TRUNKGATE_CODECS_G729_LANES_H
#define TRUNKGATE_CODECS_G729_LANES_H

#include "../codec-lanes.h"
#include "../codec.h"
#include "g729.h"

/* One channel after the other: for machines without a vector form, and what those are judged by. */
extern const struct codec_lanes g729_lanes_scalar;

/* Of x86-64 only. */
extern const struct codec_lanes g729_lanes_avx512;
extern const struct codec_lanes g729_lanes_avx2;

/* The `index`th form that this processor runs, fastest first; NULL past the last, which is the scalar one. */
const struct codec_lanes *g729_lanes(unsigned index);

#define G729_LANES_ALIGNED(size) \
    (((size) + CODEC_LANES_ALIGNMENT - 1) / CODEC_LANES_ALIGNMENT * CODEC_LANES_ALIGNMENT)

struct g729_scalar_encoders {
    struct g729_encoder lane[CODEC_LANES];
};
struct g729_scalar_decoders {
    struct g729_decoder lane[CODEC_LANES];
};

/* The functions of the scalar row. */
void g729_scalar_init_encoders(void *group);
void g729_scalar_init_decoders(void *group);
void g729_scalar_load_encoder(void *group, unsigned lane, const void *encoder);
void g729_scalar_store_encoder(const void *group, unsigned lane, void *encoder);
void g729_scalar_load_decoder(void *group, unsigned lane, const void *decoder);
void g729_scalar_store_decoder(const void *group, unsigned lane, void *decoder);
void g729_scalar_encode(void *group, uint16_t lanes, const int16_t *const samples[CODEC_LANES],
                        uint8_t *const octets[CODEC_LANES], uint8_t counts[CODEC_LANES]);
void g729_scalar_decode(void *group, uint16_t lanes,
                        const struct codec_lane_frame frames[CODEC_LANES],
                        int16_t *const samples[CODEC_LANES]);

#endif
