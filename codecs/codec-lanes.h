/*
 * Sixteen channels of one codec side by side: a group, whose states lie across the channels so that
 * one vector instruction works on all of them. A channel's place in a group is its lane.
 *
 * Every row gives, octet for octet and sample for sample, what the functions of `struct codec` give for
 * each channel alone. Memory is the caller's, as in codec.h; nothing is allocated and nothing global kept.
 */
#ifndef TRUNKGATE_CODECS_CODEC_LANES_H
#define TRUNKGATE_CODECS_CODEC_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CODEC_LANES 16
#define CODEC_LANES_ALIGNMENT 64 /* of a group, in octets */

/* What the decoder of a lane is given for one frame. */
struct codec_lane_frame {
    const uint8_t *octets; /* `count` octets; not read where count is 0 */
    uint8_t count;         /* as for `decode` of struct codec; 0 is an untransmitted frame */
    bool lost;             /* conceal; octets and count are not looked at */
};

struct codec_lanes {
    const char *name;    /* of the instructions it is made for: "avx512", "avx2", "scalar" */
    size_t encoder_size; /* octets of a group of encoders; a multiple of the alignment */
    size_t decoder_size; /* octets of a group of decoders; a multiple of the alignment */

    /* All lanes fresh; before anything else, once. */
    void (*init_encoders)(void *group);
    void (*init_decoders)(void *group);

    /* A lane to or from the state of a single channel of the codec's row (`encoder_size` and `decoder_size` of
     * struct codec): so a channel begins (load a fresh state), moves to another group, and goes on alone. */
    void (*load_encoder)(void *group, unsigned lane, const void *encoder);
    void (*store_encoder)(const void *group, unsigned lane, void *encoder);
    void (*load_decoder)(void *group, unsigned lane, const void *decoder);
    void (*store_decoder)(const void *group, unsigned lane, void *decoder);

    /* One frame of each lane whose bit is set in `lanes`; the others stay as they are, and their places in the
     * arrays are not looked at. `counts` receives what `encode` of struct codec returns. */
    void (*encode)(void *group, uint16_t lanes, const int16_t *const samples[CODEC_LANES],
                   uint8_t *const octets[CODEC_LANES], uint8_t counts[CODEC_LANES]);
    void (*decode)(void *group, uint16_t lanes, const struct codec_lane_frame frames[CODEC_LANES],
                   int16_t *const samples[CODEC_LANES]);
};

#ifdef __cplusplus
}
#endif

#endif
