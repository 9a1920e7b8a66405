/*
 * G.729 Annexes A and B through its codec row: digests of signals of our own, so that a change of a single bit is seen
 * without the ITU's sequences, and inputs that no encoder or speaker would make.
 */
#include <codec.h>
#include <g729/g729.h>

#include "talker.h"

#define FRAMES 500

union encoder {
    max_align_t align;
    struct g729_encoder state;
};

union decoder {
    max_align_t align;
    struct g729_decoder state;
};

/* FNV-1a of 32 bits. */
static uint32_t digest(uint32_t before, const void *memory, size_t count)
{
    const uint8_t *octets = memory;
    for (size_t i = 0; i < count; i++)
        before = (before ^ octets[i]) * 16777619u;
    return before;
}

static uint32_t digest_samples(uint32_t before, const int16_t samples[SAMPLES])
{
    for (int i = 0; i < SAMPLES; i++) {
        const uint8_t octets[2] = {(uint8_t)(samples[i] & 0xFF),
                                   (uint8_t)((uint16_t)samples[i] >> 8)};
        before = digest(before, octets, sizeof octets);
    }
    return before;
}

struct digests {
    uint32_t octets;
    uint32_t samples;
    int kinds[4]; /* frames sent of each enum codec_frame */
};

/* Encodes and decodes five seconds, every 16th frame lost from 2 s on. */
static struct digests run_talker(unsigned options)
{
    static union encoder encoder;
    static union decoder decoder;
    struct digests digests = {2166136261u, 2166136261u, {0}};
    struct talker talker = {.random = 729};
    codec_g729.init_encoder(&encoder, options);
    codec_g729.init_decoder(&decoder);
    for (int frame = 0; frame < FRAMES; frame++) {
        int16_t samples[SAMPLES];
        uint8_t octets[10];
        talk(&talker, samples);
        const size_t count = codec_g729.encode(&encoder, samples, octets);
        digests.octets = digest(digests.octets, octets, count);
        if (frame >= 200 && frame % 16 == 5)
            codec_g729.conceal(&decoder, samples);
        else
            digests.kinds[codec_g729.decode(&decoder, octets, count, samples)]++;
        digests.samples = digest_samples(digests.samples, samples);
    }
    return digests;
}

TEST(speech_of_our_own_gives_the_digests_it_gave_when_the_itu_sequences_passed)
{
    const struct digests digests = run_talker(CODEC_OPTION_NONE);
    CHECK_EQUAL(digests.octets, 3010019056);
    CHECK_EQUAL(digests.samples, 994412640);
    CHECK_EQUAL(digests.kinds[CODEC_FRAME_SPEECH], FRAMES - 18);
}

TEST(discontinuous_transmission_gives_the_digests_it_gave_when_the_itu_sequences_passed)
{
    const struct digests digests = run_talker(CODEC_OPTION_DTX);
    CHECK_EQUAL(digests.octets, 1689234721);
    CHECK_EQUAL(digests.samples, 636758391);
    CHECK_EQUAL(digests.kinds[CODEC_FRAME_SID], 16);
    CHECK_EQUAL(digests.kinds[CODEC_FRAME_UNTRANSMITTED], 187);
}

TEST(the_row_says_what_rfc_3551_says)
{
    CHECK_EQUAL(strcmp(codec_g729.name, "G729"), 0);
    CHECK_EQUAL(codec_g729.payload_type, 18);
    CHECK_EQUAL(codec_g729.clock_rate, 8000);
    CHECK_EQUAL(codec_payload_samples(&codec_g729, 20), 160);
    CHECK_EQUAL(codec_payload_samples(&codec_g729, 22), 240);
    CHECK_EQUAL(codec_payload_samples(&codec_g729, 2), 80);
    CHECK_EQUAL(codec_payload_samples(&codec_g729, 11), 0);
}

TEST(a_count_that_no_frame_has_is_concealed)
{
    static union decoder one, other;
    static const uint8_t octets[10] = {0x78, 0x52, 0x80, 0xA0, 0x00, 0xFA, 0xC2, 0x00, 0x07, 0xD6};
    int16_t samples[SAMPLES], concealed[SAMPLES];
    codec_g729.init_decoder(&one);
    codec_g729.decode(&one, octets, 10, samples);
    for (size_t count = 1; count < 10; count++) {
        if (count == 2)
            continue;
        memcpy(&other, &one, sizeof one);
        CHECK_EQUAL(codec_g729.decode(&one, octets, count, samples), CODEC_FRAME_MALFORMED);
        codec_g729.conceal(&other, concealed);
        CHECK_BYTES(samples, concealed, sizeof samples);
    }
}

/* Random frames of every kind, and losses, into a decoder and into a copy of its state. */
TEST(random_bits_decode_alike_from_a_copied_state)
{
    static union decoder one, other;
    uint64_t random = 18;
    codec_g729.init_decoder(&one);
    for (int frame = 0; frame < 6000; frame++) {
        static const size_t counts[8] = {10, 10, 10, 10, 2, 0, 0, 7};
        int16_t samples[SAMPLES], again[SAMPLES];
        uint8_t octets[10];
        for (int i = 0; i < 10; i++)
            octets[i] = (uint8_t)(harness_random(&random) >> 24);
        const size_t count = counts[harness_random(&random) >> 29];
        memcpy(&other, &one, sizeof one);
        const enum codec_frame kind = codec_g729.decode(&one, octets, count, samples);
        CHECK_EQUAL(codec_g729.decode(&other, octets, count, again), kind);
        CHECK_EQUAL(kind, count == 10  ? CODEC_FRAME_SPEECH
                          : count == 2 ? CODEC_FRAME_SID
                          : count == 0 ? CODEC_FRAME_UNTRANSMITTED
                                       : CODEC_FRAME_MALFORMED);
        CHECK_BYTES(samples, again, sizeof samples);
    }
}

/* Full scale in every shape: a square, single extremes, noise, and silence between. */
static int16_t extreme(int frame, int i, uint64_t *random)
{
    switch (frame / 20 % 6) {
    case 0:
        return (i / 7 & 1) != 0 ? INT16_MAX : INT16_MIN;
    case 1:
        return INT16_MIN;
    case 2:
        return (int16_t)(harness_random(random) >> 16);
    case 3:
        return 0;
    case 4:
        return (harness_random(random) & 1) != 0 ? INT16_MAX : INT16_MIN;
    default:
        return i == 40 ? INT16_MIN : 0;
    }
}

TEST(full_scale_input_is_encoded_and_decoded)
{
    for (unsigned options = CODEC_OPTION_NONE; options <= CODEC_OPTION_DTX; options++) {
        static union encoder encoder;
        static union decoder decoder;
        uint64_t random = 8;
        int64_t energy = 0;
        codec_g729.init_encoder(&encoder, options);
        codec_g729.init_decoder(&decoder);
        for (int frame = 0; frame < 1200; frame++) {
            int16_t samples[SAMPLES];
            uint8_t octets[10];
            for (int i = 0; i < SAMPLES; i++)
                samples[i] = extreme(frame, i, &random);
            const size_t count = codec_g729.encode(&encoder, samples, octets);
            CHECK(count == 10 || (options == CODEC_OPTION_DTX && (count == 2 || count == 0)));
            CHECK(codec_g729.decode(&decoder, octets, count, samples) != CODEC_FRAME_MALFORMED);
            for (int i = 0; i < SAMPLES; i++)
                energy += samples[i] * samples[i];
        }
        CHECK(energy / (1200 * SAMPLES) > 1000000);
    }
}

TEST(silence_sends_one_sid_frame_and_then_nothing)
{
    static union encoder encoder;
    static const int16_t silence[SAMPLES];
    int sid = 0, untransmitted = 0;
    codec_g729.init_encoder(&encoder, CODEC_OPTION_DTX);
    for (int frame = 0; frame < 100; frame++) {
        uint8_t octets[10];
        const size_t count = codec_g729.encode(&encoder, silence, octets);
        sid += count == 2;
        untransmitted += count == 0;
    }
    CHECK_EQUAL(sid, 1);
    CHECK_EQUAL(untransmitted, 99);
}

/* §4.4: a loss fades out, and comfort noise goes on at its level. */
TEST(long_loss_fades_after_speech)
{
    static union encoder encoder;
    static union decoder decoder;
    struct talker talker = {.random = 1};
    int64_t spoken = 0, lost = 0;
    codec_g729.init_encoder(&encoder, CODEC_OPTION_NONE);
    codec_g729.init_decoder(&decoder);
    for (int frame = 0; frame < 150; frame++) {
        int16_t samples[SAMPLES];
        uint8_t octets[10];
        talk(&talker, samples);
        codec_g729.encode(&encoder, samples, octets);
        if (frame < 50)
            codec_g729.decode(&decoder, octets, 10, samples);
        else
            codec_g729.conceal(&decoder, samples);
        for (int i = 0; i < SAMPLES; i++) {
            spoken += frame < 50 ? samples[i] * samples[i] : 0;
            lost += frame >= 100 ? samples[i] * samples[i] : 0;
        }
    }
    CHECK(spoken > 1000000);
    CHECK(lost < spoken / 100);
}

MAIN()
