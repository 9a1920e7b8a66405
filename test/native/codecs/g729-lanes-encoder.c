/*
 * The encoders of G.729 on lanes, each row that this processor runs, against sixteen encoders alone: signals of many kinds
 * up to full scale, in each lane another, with and without discontinuous transmission.
 *
 *   FRAMES=10000000 build/native-plain/test/codecs/g729-lanes-encoder.c.run
 */
#include <codec.h>
#include <g729/lanes.h>

#include "talker.h"

enum sound { SPEECH, TONE, SQUARE, NOISE, PULSES, EXTREMES, HUM, SILENCE, SOUNDS };

struct channel {
    enum sound sound;
    int level; /* shifts down from full scale */
    int period;
    int at;
    int32_t smooth; /* of the noise */
    struct talker talker;
    struct g729_encoder encoder;
};

static uint64_t seed;

static unsigned random_below(unsigned bound)
{
    return (unsigned)(harness_random(&seed) >> 16) % bound;
}

static void change_sound(struct channel *channel)
{
    channel->sound = (enum sound)random_below(SOUNDS);
    channel->level = (int)random_below(4) == 0 ? 0 : (int)random_below(15);
    channel->period = 2 + (int)random_below(random_below(2) == 0 ? 20 : 200);
}

/* A sample of full scale. */
static int draw_sample(struct channel *channel)
{
    const int at = channel->at++ % channel->period, half = channel->period / 2;
    const int noise = (int16_t)random_below(0x10000);
    switch (channel->sound) {
    case TONE: /* parabolas in turn */
        return (at < half ? 4 : -4) * 32767 * (at % half) / half * (half - at % half) / half;
    case SQUARE:
        return at < half ? INT16_MAX : INT16_MIN;
    case NOISE:
        return noise;
    case PULSES:
        return at == 0 ? INT16_MAX : 0;
    case EXTREMES:
        return random_below(2) == 0 ? INT16_MIN : INT16_MAX;
    case HUM:
        channel->smooth += (noise - channel->smooth) / 16;
        return 3 * channel->smooth;
    default:
        return 0;
    }
}

static void draw_frame(struct channel *channel, int16_t samples[SAMPLES])
{
    if (random_below(60) == 0)
        change_sound(channel);
    if (channel->sound == SPEECH) {
        talk(&channel->talker, samples);
        return;
    }
    for (int i = 0; i < SAMPLES; i++)
        samples[i] = (int16_t)(draw_sample(channel) >> channel->level);
}

static void begin(struct channel *channel)
{
    memset(channel, 0, sizeof *channel);
    change_sound(channel);
    channel->talker.random = 1 + random_below(1000);
    g729_encoder_init(&channel->encoder, random_below(2) == 0);
}

/* All lanes most times, else any. */
static uint16_t draw_lanes(void)
{
    return random_below(2) == 0 ? 0xFFFF : (uint16_t)random_below(0x10000);
}

/* Now and then a lane's channel moves to another lane, and a fresh one takes its place. */
static void move_lane(const struct codec_lanes *row, void *group, struct channel *channels)
{
    const unsigned from = random_below(CODEC_LANES), to = random_below(CODEC_LANES);
    struct g729_encoder stored;
    row->store_encoder(group, from, &stored);
    row->load_encoder(group, to, &stored);
    channels[to] = channels[from];
    begin(&channels[from]);
    row->load_encoder(group, from, &channels[from].encoder);
}

static bool compare_tick(const struct codec_lanes *row, void *group, struct channel *channels,
                         long tick)
{
    int16_t samples[CODEC_LANES][SAMPLES];
    uint8_t found[CODEC_LANES][10], counts[CODEC_LANES];
    const int16_t *in[CODEC_LANES];
    uint8_t *out[CODEC_LANES];
    const uint16_t lanes = draw_lanes();
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        const bool used = (lanes >> lane & 1) != 0;
        in[lane] = used ? samples[lane] : NULL;
        out[lane] = used ? found[lane] : NULL;
        if (used)
            draw_frame(&channels[lane], samples[lane]);
    }
    row->encode(group, lanes, in, out, counts);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        uint8_t octets[10];
        if ((lanes >> lane & 1) == 0)
            continue;
        const size_t count = g729_encode(&channels[lane].encoder, samples[lane], octets);
        if (count == counts[lane] && memcmp(octets, found[lane], count) == 0)
            continue;
        if (harness_fail(__FILE__, __LINE__))
            printf("%s: lane %u differs in tick %ld\n", row->name, lane, tick);
        return false;
    }
    return true;
}

static void compare(const struct codec_lanes *row, long frames)
{
    static struct channel channels[CODEC_LANES];
    void *group = aligned_alloc(CODEC_LANES_ALIGNMENT, row->encoder_size);
    seed = 729;
    row->init_encoders(group);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
        begin(&channels[lane]);
        row->load_encoder(group, lane, &channels[lane].encoder);
    }
    for (long tick = 0; tick < frames / CODEC_LANES; tick++) {
        if (!compare_tick(row, group, channels, tick))
            break;
        if (random_below(50) == 0)
            move_lane(row, group, channels);
    }
    free(group);
}

TEST(every_row_encodes_as_an_encoder_alone_does)
{
    const char *frames = getenv("FRAMES");
    for (unsigned i = 0; g729_lanes(i) != NULL; i++)
        compare(g729_lanes(i), frames != NULL ? atol(frames) : 100000);
}

TEST(a_fresh_group_encodes_as_a_fresh_encoder_does)
{
    for (unsigned i = 0; g729_lanes(i) != NULL; i++) {
        const struct codec_lanes *row = g729_lanes(i);
        void *group = aligned_alloc(CODEC_LANES_ALIGNMENT, row->encoder_size);
        struct g729_encoder alone;
        struct talker talker = {.random = 1};
        row->init_encoders(group);
        g729_encoder_init(&alone, false);
        for (int frame = 0; frame < 20; frame++) {
            int16_t samples[SAMPLES];
            uint8_t expected[10], found[10], counts[CODEC_LANES];
            const int16_t *in[CODEC_LANES] = {[11] = samples};
            uint8_t *out[CODEC_LANES] = {[11] = found};
            talk(&talker, samples);
            row->encode(group, 1 << 11, in, out, counts);
            CHECK_EQUAL(counts[11], g729_encode(&alone, samples, expected));
            CHECK_BYTES(found, expected, sizeof found);
        }
        free(group);
    }
}

MAIN()
