/*
 * G.729 Annexes A and B through its codec row: digests of signals of our own, so that a change of a single bit is seen
 * without the ITU's sequences, and inputs that no encoder or speaker would make.
 */
#include <codec.h>
#include <g729/g729.h>

#include "g729-own.h"

union encoder {
    max_align_t align;
    struct g729_encoder state;
};

union decoder {
    max_align_t align;
    struct g729_decoder state;
};

TEST(our_own_vectors_have_the_digests_they_had_when_the_itu_sequences_passed)
{
    static union encoder encoder;
    static union decoder decoder;
    for (size_t i = 0; i < OWN_ROWS; i++)
        own_check(&own_rows[i], own_go(&own_rows[i], &codec_g729, &encoder, &decoder), "scalar");
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
    struct own_source source = {.random = 18};
    codec_g729.init_decoder(&one);
    for (int frame = 0; frame < 6000; frame++) {
        int16_t samples[SAMPLES], again[SAMPLES];
        uint8_t octets[10];
        const size_t count = own_bits(&source, octets);
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

TEST(full_scale_input_is_encoded_and_decoded)
{
    for (unsigned options = CODEC_OPTION_NONE; options <= CODEC_OPTION_DTX; options++) {
        static union encoder encoder;
        static union decoder decoder;
        struct own_source source = {.random = 8};
        int64_t energy = 0;
        codec_g729.init_encoder(&encoder, options);
        codec_g729.init_decoder(&decoder);
        for (; source.frame < 1200; source.frame++) {
            int16_t samples[SAMPLES];
            uint8_t octets[10];
            own_extremes(&source, samples);
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
