/*
 * Our own vectors of G.729: signals made of integers alone, and the digests of what encoder and decoder gave
 * for them while all of the ITU's sequences passed.
 */
#ifndef TRUNKGATE_TEST_G729_OWN_H
#define TRUNKGATE_TEST_G729_OWN_H

#include <codec.h>

#include "talker.h"

#define OWN_FRAMES 500

struct own_source {
    struct talker talker;
    uint64_t random;
    int frame;
};

static inline int16_t own_clip(int32_t value)
{
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static inline void own_talk(struct own_source *source, int16_t samples[SAMPLES], int factor,
                            int divisor)
{
    talk(&source->talker, samples);
    for (int i = 0; i < SAMPLES; i++)
        samples[i] = own_clip(samples[i] * factor / divisor);
}

static inline void own_speech(struct own_source *source, int16_t samples[SAMPLES])
{
    own_talk(source, samples, 1, 1);
}

static inline void own_quiet(struct own_source *source, int16_t samples[SAMPLES])
{
    own_talk(source, samples, 1, 100);
}

static inline void own_clipped(struct own_source *source, int16_t samples[SAMPLES])
{
    own_talk(source, samples, 20, 1);
}

/* Speech in noise that grows from spurt to spurt. */
static inline void own_noisy(struct own_source *source, int16_t samples[SAMPLES])
{
    talk(&source->talker, samples);
    for (int i = 0; i < SAMPLES; i++) {
        const int32_t noise = (int16_t)(harness_random(&source->random) >> 16);
        samples[i] = own_clip(samples[i] + noise * (source->frame / 100 + 1) / 100);
    }
}

/* Squares whose period glides, from 20 to 300 samples. */
static inline void own_squares(struct own_source *source, int16_t samples[SAMPLES])
{
    for (int i = 0; i < SAMPLES; i++) {
        const int at = source->frame * SAMPLES + i, period = 20 + source->frame * 280 / OWN_FRAMES;
        samples[i] = (int16_t)(at % period < period / 2 ? 9000 : -9000);
    }
}

static inline void own_noise(struct own_source *source, int16_t samples[SAMPLES])
{
    for (int i = 0; i < SAMPLES; i++)
        samples[i] = (int16_t)((int16_t)(harness_random(&source->random) >> 16) >> source->frame % 16);
}

/* Full scale in every shape: a square, single extremes, noise, and silence between. */
static inline void own_extremes(struct own_source *source, int16_t samples[SAMPLES])
{
    for (int i = 0; i < SAMPLES; i++) {
        const uint32_t chance = harness_random(&source->random);
        const int16_t shapes[6] = {(i / 7 & 1) != 0 ? INT16_MAX : INT16_MIN,
                                   INT16_MIN,
                                   (int16_t)(chance >> 16),
                                   0,
                                   (chance & 1) != 0 ? INT16_MAX : INT16_MIN,
                                   i == 40 ? INT16_MIN : 0};
        samples[i] = shapes[source->frame / 20 % 6];
    }
}

/* Which frames are lost: none, every 16th, or bursts of up to 12. */
enum own_loss { OWN_NONE, OWN_SINGLE, OWN_BURSTS };

static inline int own_is_lost(enum own_loss loss, int frame)
{
    if (loss == OWN_BURSTS)
        return frame % 40 < frame / 40;
    return loss == OWN_SINGLE && frame % 16 == 5;
}

/* FNV-1a of 32 bits. */
static inline uint32_t own_digest(uint32_t before, const void *memory, size_t count)
{
    const uint8_t *octets = memory;
    for (size_t i = 0; i < count; i++)
        before = (before ^ octets[i]) * 16777619u;
    return before;
}

static inline uint32_t own_digest_samples(uint32_t before, const int16_t samples[SAMPLES])
{
    for (int i = 0; i < SAMPLES; i++) {
        const uint8_t octets[2] = {(uint8_t)(samples[i] & 0xFF),
                                   (uint8_t)((uint16_t)samples[i] >> 8)};
        before = own_digest(before, octets, sizeof octets);
    }
    return before;
}

struct own_result {
    uint32_t octets;  /* digest of what is sent, counts included */
    uint32_t samples; /* digest of what is heard */
    int sid;          /* frames sent */
    int untransmitted;
};

struct own_row {
    const char *name;
    void (*make)(struct own_source *source, int16_t samples[SAMPLES]); /* NULL: random bits */
    unsigned options;
    enum own_loss loss;
    struct own_result expected;
};

/* Bits that no encoder made, in frames of every kind. */
static inline size_t own_bits(struct own_source *source, uint8_t octets[10])
{
    static const uint8_t counts[8] = {10, 10, 10, 10, 2, 0, 0, 7};
    for (int i = 0; i < 10; i++)
        octets[i] = (uint8_t)(harness_random(&source->random) >> 24);
    return counts[harness_random(&source->random) >> 29];
}

/* A row on its way. */
struct own_run {
    const struct own_row *row;
    struct own_source source;
    struct own_result result;
};

static inline struct own_run own_begin(const struct own_row *row)
{
    return (struct own_run){row, {{.random = 729}, 11, 0}, {2166136261u, 2166136261u, 0, 0}};
}

/* What is next sent, `count` of `octets`. */
static inline void own_sent(struct own_run *run, const uint8_t *octets, uint8_t count)
{
    run->result.octets = own_digest(own_digest(run->result.octets, &count, 1), octets, count);
    run->result.sid += count == 2;
    run->result.untransmitted += count == 0;
}

static inline void own_heard(struct own_run *run, const int16_t samples[SAMPLES])
{
    run->result.samples = own_digest_samples(run->result.samples, samples);
    run->source.frame++;
}

/* Five seconds of a row through fresh states of `codec`. */
static inline struct own_result own_go(const struct own_row *row, const struct codec *codec,
                                       void *encoder, void *decoder)
{
    struct own_run run = own_begin(row);
    codec->init_encoder(encoder, row->options);
    codec->init_decoder(decoder);
    while (run.source.frame < OWN_FRAMES) {
        int16_t samples[SAMPLES];
        uint8_t octets[10];
        size_t count;
        if (row->make == NULL) {
            count = own_bits(&run.source, octets);
        } else {
            row->make(&run.source, samples);
            count = codec->encode(encoder, samples, octets);
        }
        own_sent(&run, octets, (uint8_t)count);
        if (own_is_lost(row->loss, run.source.frame))
            codec->conceal(decoder, samples);
        else
            codec->decode(decoder, octets, count, samples);
        own_heard(&run, samples);
    }
    return run.result;
}

static inline void own_check(const struct own_row *row, struct own_result result, const char *form)
{
    if (memcmp(&result, &row->expected, sizeof result) != 0)
        printf("  %s, %s:\n", form, row->name);
    CHECK_EQUAL(result.octets, row->expected.octets);
    CHECK_EQUAL(result.samples, row->expected.samples);
    CHECK_EQUAL(result.sid, row->expected.sid);
    CHECK_EQUAL(result.untransmitted, row->expected.untransmitted);
}

static const struct own_row own_rows[] = {
    {"speech", own_speech, CODEC_OPTION_NONE, OWN_NONE,
     {0xDB31F380, 0xAF26CA93, 0, 0}},
    {"speech, single losses", own_speech, CODEC_OPTION_NONE, OWN_SINGLE,
     {0xDB31F380, 0x9FD9AB14, 0, 0}},
    {"speech, bursts of losses", own_speech, CODEC_OPTION_NONE, OWN_BURSTS,
     {0xDB31F380, 0x5FDE9A55, 0, 0}},
    {"speech, pauses", own_speech, CODEC_OPTION_DTX, OWN_NONE,
     {0xCDAC47A9, 0xCDBD13D6, 16, 195}},
    {"speech, pauses, losses", own_speech, CODEC_OPTION_DTX, OWN_BURSTS,
     {0xCDAC47A9, 0x6AEBCA92, 16, 195}},
    {"speech in noise, pauses", own_noisy, CODEC_OPTION_DTX, OWN_SINGLE,
     {0x10DF2FB4, 0xCF748040, 13, 24}},
    {"quiet speech", own_quiet, CODEC_OPTION_DTX, OWN_NONE,
     {0x4BD605BB, 0x3131313E, 53, 188}},
    {"clipped speech", own_clipped, CODEC_OPTION_NONE, OWN_SINGLE,
     {0x94D6D445, 0x0D131ECB, 0, 0}},
    {"squares", own_squares, CODEC_OPTION_NONE, OWN_NONE,
     {0x408F7465, 0x7D9E52D9, 0, 0}},
    {"noise", own_noise, CODEC_OPTION_DTX, OWN_SINGLE,
     {0x096E1648, 0x3885520C, 62, 93}},
    {"full scale", own_extremes, CODEC_OPTION_NONE, OWN_BURSTS,
     {0x63F6FFDC, 0x9F65A165, 0, 0}},
    {"full scale, pauses", own_extremes, CODEC_OPTION_DTX, OWN_NONE,
     {0xE6869BC8, 0x61B5B7C6, 16, 117}},
    {"random bits", NULL, CODEC_OPTION_NONE, OWN_NONE,
     {0x64D8F21B, 0x2C9CA16E, 65, 129}},
    {"random bits, losses", NULL, CODEC_OPTION_NONE, OWN_BURSTS,
     {0x64D8F21B, 0xE43D92FE, 65, 129}},
};
#define OWN_ROWS (sizeof own_rows / sizeof *own_rows)

#endif
