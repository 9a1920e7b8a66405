/*
 * The decoders of G.729 on lanes, each row that this processor runs, against sixteen decoders alone: random octets and
 * octets of an encoder, all kinds of frames, in each lane others.
 *
 *   FRAMES=10000000 build/native-plain/test/codecs/g729-lanes-decoder.c.run
 */
#include <codec.h>
#include <g729/lanes.h>

#include "../harness.h"

#define SAMPLES 80
#define STREAM 400

struct channel {
    int kind; /* what it mostly gets: 0 an encoder's frames, 1 random ones, 2 a mixture of all kinds, 3 pauses */
    unsigned at;
    struct g729_decoder decoder;
};

static uint64_t seed;
static uint8_t stream[STREAM][10];
static uint8_t stream_counts[STREAM];

static unsigned random_below(unsigned bound)
{
    return (unsigned)(harness_random(&seed) >> 16) % bound;
}

/* Noise and tones that come and go, at all levels. */
static void fill_stream(void)
{
    static struct g729_encoder encoder;
    g729_encoder_init(&encoder, true);
    int period = 50, level = 8000;
    for (int frame = 0; frame < STREAM; frame++) {
        int16_t samples[SAMPLES];
        if (frame % 16 == 0) {
            period = 20 + (int)random_below(100);
            level = 1 << random_below(16);
        }
        for (int i = 0; i < SAMPLES; i++) {
            const int at = (frame * SAMPLES + i) % period;
            const int value = level * (period - 2 * at) / period + (int)random_below(32);
            samples[i] = (int16_t)(value > INT16_MAX ? INT16_MAX : value);
        }
        stream_counts[frame] = (uint8_t)g729_encode(&encoder, samples, stream[frame]);
    }
}

/* The next frame of a channel; `octets` is where random ones go. */
static void draw_frame(struct channel *channel, uint8_t octets[10], struct codec_lane_frame *frame)
{
    static const uint8_t counts[8] = {10, 10, 10, 2, 2, 0, 0, 5};
    if (random_below(200) == 0)
        channel->kind = (int)random_below(4);
    for (int i = 0; i < 10; i++)
        octets[i] = (uint8_t)random_below(256);
    *frame = (struct codec_lane_frame){octets, 10, false};
    switch (channel->kind) {
    case 0:
        channel->at = (channel->at + 1) % STREAM;
        *frame = (struct codec_lane_frame){stream[channel->at], stream_counts[channel->at],
                                           random_below(30) == 0};
        break;
    case 1:
        break;
    case 2:
        frame->count = counts[random_below(8)];
        frame->lost = random_below(8) == 0;
        break;
    default:
        frame->count = random_below(20) == 0 ? 2 : 0;
    }
    if (frame->lost || frame->count == 0)
        frame->octets = NULL;
}

static bool decode_alone(struct g729_decoder *decoder, const struct codec_lane_frame *frame,
                         const int16_t *found)
{
    int16_t samples[SAMPLES];
    if (frame->lost)
        codec_g729.conceal(decoder, samples);
    else
        (void)codec_g729.decode(decoder, frame->octets, frame->count, samples);
    return memcmp(samples, found, sizeof samples) == 0;
}

/* All lanes, any, or one. */
static uint16_t draw_lanes(void)
{
    const unsigned drawn = random_below(8);
    return drawn < 4   ? 0xFFFF
           : drawn < 7 ? (uint16_t)random_below(0x10000)
                       : (uint16_t)(1u << random_below(CODEC_LANES));
}

/* Now and then a lane's channel moves to another lane, which a fresh one takes over. */
static void move_lane(const struct codec_lanes *row, void *group, struct channel *channels)
{
    const unsigned from = random_below(CODEC_LANES), to = random_below(CODEC_LANES);
    struct g729_decoder stored;
    row->store_decoder(group, from, &stored);
    CHECK_BYTES(&stored, &channels[from].decoder, sizeof stored);
    row->load_decoder(group, to, &stored);
    channels[to] = channels[from];
    g729_decoder_init(&channels[from].decoder);
    row->load_decoder(group, from, &channels[from].decoder);
}

static bool compare_tick(const struct codec_lanes *row, void *group, struct channel *channels,
                         long tick)
{
    struct codec_lane_frame frames[CODEC_LANES];
    uint8_t octets[CODEC_LANES][10];
    int16_t found[CODEC_LANES][SAMPLES];
    int16_t *samples[CODEC_LANES];
    const uint16_t lanes = draw_lanes();
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        samples[lane] = (lanes >> lane & 1) != 0 ? found[lane] : NULL;
        frames[lane] = (struct codec_lane_frame){NULL, 77, false};
        if ((lanes >> lane & 1) != 0)
            draw_frame(&channels[lane], octets[lane], &frames[lane]);
    }
    row->decode(group, lanes, frames, samples);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        if ((lanes >> lane & 1) == 0 ||
            decode_alone(&channels[lane].decoder, &frames[lane], found[lane]))
            continue;
        if (harness_fail(__FILE__, __LINE__))
            printf("%s: lane %u differs in tick %ld\n", row->name, lane, tick);
        return false;
    }
    return true;
}

static void compare(const struct codec_lanes *row, long frames)
{
    struct channel channels[CODEC_LANES];
    void *group = aligned_alloc(CODEC_LANES_ALIGNMENT, row->decoder_size);
    seed = 729;
    fill_stream();
    row->init_decoders(group);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        channels[lane] = (struct channel){.kind = (int)lane % 4, .at = 25 * lane};
        g729_decoder_init(&channels[lane].decoder);
    }
    for (long tick = 0; tick < frames / CODEC_LANES; tick++) {
        if (!compare_tick(row, group, channels, tick))
            break;
        if (random_below(50) == 0)
            move_lane(row, group, channels);
    }
    free(group);
}

TEST(every_row_decodes_as_a_decoder_alone_does)
{
    const char *frames = getenv("FRAMES");
    for (unsigned i = 0; g729_lanes(i) != NULL; i++)
        compare(g729_lanes(i), frames != NULL ? atol(frames) : 100000);
}

MAIN()
