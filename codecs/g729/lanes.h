/* The forms of G.729 that work on groups of channels (codec-lanes.h), and the choice among them. */
#ifndef TRUNKGATE_CODECS_G729_LANES_H
#define TRUNKGATE_CODECS_G729_LANES_H

#include "../codec-lanes.h"
#include "../codec.h"

extern const struct codec_lanes g729_lanes_scalar;

/* The `index`th form that this processor runs, fastest first; NULL past the last, which is the scalar one. */
const struct codec_lanes *g729_lanes(unsigned index);

#endif
