/* Our own vectors of G.729 through each form of lanes that this processor runs: in every lane another row. */
#include <g729/lanes.h>

#include "g729-own.h"

/* As large and as aligned as any group. */
static _Alignas(CODEC_LANES_ALIGNMENT) uint8_t encoders[1 << 17], decoders[1 << 17];
static max_align_t alone[1 << 10];

static void load(const struct codec_lanes *lanes)
{
    lanes->init_encoders(encoders);
    lanes->init_decoders(decoders);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        codec_g729.init_encoder(alone, own_rows[lane % OWN_ROWS].options);
        lanes->load_encoder(encoders, lane, alone);
        codec_g729.init_decoder(alone);
        lanes->load_decoder(decoders, lane, alone);
    }
}

/* One frame of each row. */
static void step(const struct codec_lanes *lanes, struct own_run runs[CODEC_LANES])
{
    static int16_t samples[CODEC_LANES][SAMPLES];
    static uint8_t octets[CODEC_LANES][10];
    const int16_t *in[CODEC_LANES];
    int16_t *out[CODEC_LANES];
    uint8_t *sent[CODEC_LANES], counts[CODEC_LANES];
    struct codec_lane_frame frames[CODEC_LANES];
    uint16_t speaking = 0;
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        struct own_run *run = &runs[lane];
        in[lane] = out[lane] = samples[lane];
        sent[lane] = octets[lane];
        if (run->row->make == NULL) {
            counts[lane] = (uint8_t)own_bits(&run->source, octets[lane]);
        } else {
            run->row->make(&run->source, samples[lane]);
            speaking |= (uint16_t)(1u << lane);
        }
    }
    lanes->encode(encoders, speaking, in, sent, counts);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        own_sent(&runs[lane], octets[lane], counts[lane]);
        const bool lost = own_is_lost(runs[lane].row->loss, runs[lane].source.frame) != 0;
        frames[lane] = (struct codec_lane_frame){octets[lane], counts[lane], lost};
    }
    lanes->decode(decoders, 0xFFFF, frames, out);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        own_heard(&runs[lane], samples[lane]);
}

TEST(lanes_give_the_digests_of_one_channel_alone)
{
    for (unsigned form = 0; codec_g729.lanes(form) != NULL; form++) {
        const struct codec_lanes *lanes = codec_g729.lanes(form);
        struct own_run runs[CODEC_LANES];
        REQUIRE(lanes->encoder_size <= sizeof encoders && lanes->decoder_size <= sizeof decoders);
        REQUIRE(codec_g729.encoder_size <= sizeof alone && codec_g729.decoder_size <= sizeof alone);
        load(lanes);
        for (unsigned lane = 0; lane < CODEC_LANES; lane++)
            runs[lane] = own_begin(&own_rows[lane % OWN_ROWS]);
        for (int frame = 0; frame < OWN_FRAMES; frame++)
            step(lanes, runs);
        for (unsigned lane = 0; lane < CODEC_LANES; lane++)
            own_check(runs[lane].row, runs[lane].result, lanes->name);
    }
}

MAIN()
