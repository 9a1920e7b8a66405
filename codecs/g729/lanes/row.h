/* The row of functions in the instructions that the including file chose. */
#include "../lanes.h"
#include "vector.h"

const struct codec_lanes LANES_ROW = {
    .name = LANES_WORD,
    .encoder_size = G729_LANES_ALIGNED(sizeof(struct g729_scalar_encoders)),
    .init_encoders = g729_scalar_init_encoders,
    .load_encoder = g729_scalar_load_encoder,
    .store_encoder = g729_scalar_store_encoder,
    .encode = g729_scalar_encode,

    .decoder_size = G729_LANES_ALIGNED(sizeof(struct g729_scalar_decoders)),
    .init_decoders = g729_scalar_init_decoders,
    .load_decoder = g729_scalar_load_decoder,
    .store_decoder = g729_scalar_store_decoder,
    .decode = g729_scalar_decode,
};
