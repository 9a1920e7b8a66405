/* The row of functions in the instructions that the including file chose. */
#include "../lanes.h"
#include "decoder-row.h"
#include "vector.h"

const struct codec_lanes LANES_ROW = {
    .name = LANES_WORD,
    .encoder_size = G729_LANES_ALIGNED(sizeof(struct g729_scalar_encoders)),
    .init_encoders = g729_scalar_init_encoders,
    .load_encoder = g729_scalar_load_encoder,
    .store_encoder = g729_scalar_store_encoder,
    .encode = g729_scalar_encode,

    .decoder_size = sizeof(struct lanes_decoders),
    .init_decoders = init_decoders,
    .load_decoder = load_decoder_lane,
    .store_decoder = store_decoder_lane,
    .decode = decode_group,
};
