/* The row of functions in the instructions that the including file chose. */
#include "../lanes.h"
#include "decoder-row.h"
#include "encoder-functions.h"
#include "vector.h"

const struct codec_lanes LANES_ROW = {
    .name = LANES_WORD,
    .encoder_size = sizeof(struct lanes_encoders),
    .init_encoders = LANES_NAME(init_encoders),
    .load_encoder = LANES_NAME(load_encoder),
    .store_encoder = LANES_NAME(store_encoder),
    .encode = LANES_NAME(encode),

    .decoder_size = sizeof(struct lanes_decoders),
    .init_decoders = init_decoders,
    .load_decoder = load_decoder_lane,
    .store_decoder = store_decoder_lane,
    .decode = decode_group,
};
