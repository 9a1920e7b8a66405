/*
 * Comfort noise: payloads, the noise made from them against models of our own in double precision, and what
 * the sender holds back of speech, tones and noise.
 */
#include <codec.h>
#include <comfort-noise/comfort-noise.h>
#include <g729/g729.h>

#include "g729-sequence.h"
#include "signals.h"
#include "talker.h"

#define BLOCK ((int)COMFORT_NOISE_BLOCK)
#define DBOV_IN_DBM0 5.97 /* of a square wave of 32124, where a sine of 32768 is +3.14 dBm0 */

static double level_of(const int16_t *samples, size_t count)
{
    double energy = 0;
    for (size_t i = 0; i < count; i++)
        energy += (double)samples[i] * samples[i];
    return 10 * log10(energy / (double)count / (32124.0 * 32124.0) + 1e-20);
}

/* ---- payload ---- */

TEST(levels_and_indexes_are_those_of_rfc_3389)
{
    CHECK_NEAR(comfort_noise_power(0), 32124.0 * 32124.0, 1e3);
    CHECK_NEAR(comfort_noise_power(40), 103195.1, 1);
    CHECK_NEAR(comfort_noise_reflection(0), -32766.0 / 32768.0, 1e-6);
    CHECK_NEAR(comfort_noise_reflection(127), 0, 0);
    CHECK_NEAR(comfort_noise_reflection(254), 32766.0 / 32768.0, 1e-6);
    for (int index = 0; index <= 254; index++)
        CHECK_EQUAL(comfort_noise_index(comfort_noise_reflection((uint8_t)index)), index);
    for (int level = 0; level <= 127; level++)
        CHECK_EQUAL(comfort_noise_level(comfort_noise_power((uint8_t)level)), level);
    CHECK_EQUAL(comfort_noise_level(0.0f), 127);
    CHECK_EQUAL(comfort_noise_level(4e9f), 0);
    CHECK_EQUAL(comfort_noise_index(-1.5f), 0);
    CHECK_EQUAL(comfort_noise_index(1.5f), 254);
}

TEST(a_payload_of_every_order_comes_back_as_it_was)
{
    for (size_t order = 0; order <= COMFORT_NOISE_ORDER; order++) {
        uint8_t octets[COMFORT_NOISE_OCTETS] = {60}, again[COMFORT_NOISE_OCTETS];
        struct comfort_noise_payload payload;
        for (size_t i = 1; i <= order; i++)
            octets[i] = (uint8_t)(i * 21);
        CHECK(comfort_noise_parse(octets, 1 + order, &payload));
        CHECK_EQUAL(payload.level, 60);
        CHECK_EQUAL(payload.order, order);
        CHECK_EQUAL(comfort_noise_print(&payload, again), 1 + order);
        CHECK_BYTES(again, octets, 1 + order);
    }
}

TEST(strange_payloads_are_read_as_far_as_they_make_sense)
{
    uint8_t octets[200];
    struct comfort_noise_payload payload;
    CHECK(!comfort_noise_parse(NULL, 0, &payload));
    memset(octets, 130, sizeof octets);
    CHECK(comfort_noise_parse(octets, sizeof octets, &payload));
    CHECK_EQUAL(payload.level, 2); /* the first bit is unused */
    CHECK_EQUAL(payload.order, COMFORT_NOISE_ORDER);
    octets[5] = 255; /* reserved */
    CHECK(comfort_noise_parse(octets, sizeof octets, &payload));
    CHECK_EQUAL(payload.order, 4);
    CHECK_EQUAL(payload.reflection[3], 130);
    CHECK_EQUAL(payload.reflection[4], 127);
}

/* ---- generator ---- */

#define SECONDS 20
static int16_t noise[SECONDS * 8000];

static void generate(struct comfort_noise_generator *generator, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++)
        comfort_noise_generate(generator, noise + i * COMFORT_NOISE_BLOCK);
}

static const struct comfort_noise_payload shapes[] = {
    {50, 0, {0}},
    {50, 1, {40}},
    {50, 2, {30, 200}},
    {50, 10, {10, 210, 100, 150, 120, 140, 110, 130, 127, 125}},
    {50, 12, {203, 51, 160, 90, 150, 110, 145, 100, 150, 110, 140, 160}},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

TEST(noise_has_the_level_asked_for_whatever_its_shape)
{
    for (size_t shape = 0; shape < SHAPES; shape++) {
        for (int level = 20; level <= 85; level += 5) {
            struct comfort_noise_generator generator;
            struct comfort_noise_payload payload = shapes[shape];
            payload.level = (uint8_t)level;
            comfort_noise_generator_init(&generator, 1);
            comfort_noise_generator_update(&generator, &payload);
            generate(&generator, 1000);
            CHECK_NEAR(level_of(noise, 80000), -level, 1.0);
            CHECK_NEAR(level_of(noise, 1600), -level, 2.5); /* from the start */
        }
    }
}

/* 1 / |A|^2 of the direct form, built from the reflection coefficients, at a frequency; and its mean over all. */
static double model_power(const struct comfort_noise_payload *payload, double frequency)
{
    double a[COMFORT_NOISE_ORDER + 1] = {1};
    for (int i = 1; i <= payload->order; i++) {
        double next[COMFORT_NOISE_ORDER + 1];
        const double k = 258.0 * (payload->reflection[i - 1] - 127) / 32768.0;
        memcpy(next, a, sizeof next);
        for (int j = 1; j < i; j++)
            next[j] = a[j] + k * a[i - j];
        next[i] = k;
        memcpy(a, next, sizeof a);
    }
    double real = 0, imaginary = 0;
    for (int i = 0; i <= payload->order; i++) {
        real += a[i] * cos(2 * PI * frequency * i / 8000);
        imaginary -= a[i] * sin(2 * PI * frequency * i / 8000);
    }
    return 1 / (real * real + imaginary * imaginary);
}

static double model_mean(const struct comfort_noise_payload *payload)
{
    double sum = 0;
    for (int i = 0; i < 2000; i++)
        sum += model_power(payload, 2.0 * i + 1);
    return sum / 2000;
}

/* Mean power at a frequency over windows of 32 ms, per bin of white noise of equal level: dB. */
static double measured_shape(double frequency)
{
    double sum = 0, all = 0;
    for (int at = 0; at + 256 <= SECONDS * 8000; at += 128) {
        double real = 0, imaginary = 0;
        for (int i = 0; i < 256; i++) {
            const double window = sin(PI * (i + 0.5) / 256) * sin(PI * (i + 0.5) / 256);
            real += window * noise[at + i] * cos(2 * PI * frequency * i / 8000);
            imaginary += window * noise[at + i] * sin(2 * PI * frequency * i / 8000);
            all += window * window * noise[at + i] * noise[at + i];
        }
        sum += real * real + imaginary * imaginary;
    }
    return 10 * log10(sum / all);
}

TEST(noise_has_the_shape_asked_for)
{
    for (size_t shape = 0; shape + 1 < SHAPES; shape++) {
        struct comfort_noise_generator generator;
        comfort_noise_generator_init(&generator, 7);
        struct comfort_noise_payload payload = shapes[shape];
        payload.level = 35;
        comfort_noise_generator_update(&generator, &payload);
        generate(&generator, SECONDS * 100);
        const double mean = model_mean(&payload);
        for (double frequency = 200; frequency < 4000; frequency += 400)
            CHECK_NEAR(measured_shape(frequency),
                       10 * log10(model_power(&payload, frequency) / mean), 1.0);
    }
}

TEST(the_first_coefficient_of_low_noise_is_negative)
{
    CHECK(model_power(&(struct comfort_noise_payload){0, 1, {30}}, 200) >
          10 * model_power(&(struct comfort_noise_payload){0, 1, {30}}, 3800));
}

TEST(no_noise_before_the_first_payload)
{
    struct comfort_noise_generator generator;
    comfort_noise_generator_init(&generator, 3);
    memset(noise, 1, sizeof noise);
    generate(&generator, 1);
    for (int i = 0; i < BLOCK; i++)
        CHECK_EQUAL(noise[i], 0);
}

TEST(one_seed_gives_one_noise)
{
    static int16_t again[8000];
    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct comfort_noise_generator generator;
        comfort_noise_generator_init(&generator, seed == 3 ? 99 : 5);
        comfort_noise_generator_update(&generator, &shapes[3]);
        generate(&generator, 100);
        if (seed == 1)
            memcpy(again, noise, sizeof again);
        CHECK_EQUAL(memcmp(again, noise, sizeof again) == 0, seed != 3);
    }
}

/* Levels of blocks of 30 ms go from one to the other without a leap over either, and are there after 200 ms. */
TEST(an_update_glides)
{
    struct comfort_noise_generator generator;
    struct comfort_noise_payload payload = shapes[1];
    payload.level = 60;
    comfort_noise_generator_init(&generator, 11);
    comfort_noise_generator_update(&generator, &payload);
    generate(&generator, 50);
    payload = shapes[3];
    payload.level = 40;
    comfort_noise_generator_update(&generator, &payload);
    generate(&generator, 50);
    double before = -60;
    for (int block = 0; block + 3 <= 50; block++) {
        const double level = level_of(noise + block * BLOCK, 3 * COMFORT_NOISE_BLOCK);
        CHECK(level > -64 && level < -36.5);
        CHECK_NEAR(level, before, block == 0 ? 9 : 6);
        before = level;
    }
    CHECK_NEAR(level_of(noise, COMFORT_NOISE_BLOCK), -57, 4);
    CHECK_NEAR(level_of(noise + 20 * BLOCK, 30 * COMFORT_NOISE_BLOCK), -40, 2);
}

TEST(random_payloads_make_noise_of_their_level_and_no_harm)
{
    struct comfort_noise_generator generator;
    uint64_t random = 3389;
    comfort_noise_generator_init(&generator, 1);
    for (int turn = 0; turn < 20000; turn++) {
        uint8_t octets[20];
        struct comfort_noise_payload payload;
        for (size_t i = 0; i < sizeof octets; i++)
            octets[i] = (uint8_t)(harness_random(&random) >> 24);
        octets[0] |= 0x1F; /* at most -31 dBov: nothing clips */
        CHECK(comfort_noise_parse(octets, 1 + (harness_random(&random) >> 16) % 20, &payload));
        comfort_noise_generator_update(&generator, &payload);
        comfort_noise_generate(&generator, noise);
        CHECK(level_of(noise, COMFORT_NOISE_BLOCK) < -10);
    }
    for (int i = 0; i < 100; i++) {
        struct comfort_noise_payload loudest = {0, 12, {0, 254, 0, 254, 0, 0, 254, 254, 0, 254, 0, 254}};
        comfort_noise_generator_update(&generator, &loudest);
        comfort_noise_generate(&generator, noise);
    }
    CHECK(level_of(noise, COMFORT_NOISE_BLOCK) > -40);
}

/* ---- sender ---- */

struct tally {
    int speech, updates, nothing;
    struct comfort_noise_payload last;
};

/* Judges `count` samples and takes what is due. */
static struct tally send_all(struct comfort_noise_sender *sender, const int16_t *samples, size_t count)
{
    struct tally tally = {0};
    for (size_t at = 0; at + COMFORT_NOISE_BLOCK <= count; at += COMFORT_NOISE_BLOCK) {
        const enum comfort_noise_decision decision = comfort_noise_judge(sender, samples + at);
        tally.speech += decision == COMFORT_NOISE_SPEECH;
        tally.nothing += decision == COMFORT_NOISE_NOTHING;
        if (decision == COMFORT_NOISE_UPDATE) {
            tally.updates++;
            comfort_noise_take(sender, &tally.last);
        }
    }
    return tally;
}

/* Noise through one pole, at a level in dBm0. */
static void low_noise(int16_t *samples, size_t count, double pole, double level, uint64_t *seed)
{
    double memory = 0;
    memset(samples, 0, count * sizeof *samples);
    add_noise(samples, count, -10, seed);
    const double gain = pow(10, (level + 10) / 20) * sqrt(1 - pole * pole);
    for (size_t i = 0; i < count; i++) {
        memory = pole * memory + gain * samples[i];
        samples[i] = (int16_t)lrint(memory);
    }
}

static int16_t line[SECONDS * 8000];

TEST(noise_is_described_by_level_and_shape)
{
    static const double poles[] = {0, 0.5, 0.8, -0.6};
    for (size_t i = 0; i < 4; i++) {
        for (double level = -60; level <= -36; level += 6) {
            struct comfort_noise_sender sender;
            struct comfort_noise_generator generator;
            uint64_t seed = 5;
            low_noise(line, 40000, poles[i], level, &seed);
            comfort_noise_sender_init(&sender);
            const struct tally tally = send_all(&sender, line, 40000);
            CHECK(tally.speech <= 220); /* the floor is learnt in two seconds */
            CHECK(tally.updates >= 1 && tally.updates <= 6);
            CHECK_NEAR(-tally.last.level, level - DBOV_IN_DBM0, 1.0);
            CHECK_NEAR(comfort_noise_reflection(tally.last.reflection[0]), -poles[i], 0.1);
            comfort_noise_generator_init(&generator, 2);
            comfort_noise_generator_update(&generator, &tally.last);
            generate(&generator, 500);
            CHECK_NEAR(level_of(noise, 40000), level_of(line, 40000), 1.0);
        }
    }
}

TEST(digital_silence_is_described_once_in_two_seconds)
{
    struct comfort_noise_sender sender;
    memset(line, 0, sizeof line);
    comfort_noise_sender_init(&sender);
    const struct tally tally = send_all(&sender, line, 80000);
    CHECK_EQUAL(tally.speech, 0);
    CHECK_EQUAL(tally.updates, 5);
    CHECK_EQUAL(tally.last.level, 127);
}

TEST(idle_octets_are_silence)
{
    struct comfort_noise_sender sender;
    for (size_t i = 0; i < 8000; i++)
        line[i] = 8; /* A-law 0xD5 */
    comfort_noise_sender_init(&sender);
    CHECK_EQUAL(send_all(&sender, line, 8000).speech, 0);
}

TEST(a_louder_background_is_described_when_it_is_known_to_be_one)
{
    struct comfort_noise_sender sender;
    uint64_t seed = 9;
    comfort_noise_sender_init(&sender);
    low_noise(line, 40000, 0.5, -55, &seed);
    send_all(&sender, line, 40000);
    low_noise(line, 40000, 0.5, -50.5, &seed); /* less than a speaker: at once */
    struct tally tally = send_all(&sender, line, 3200);
    CHECK(tally.updates >= 1 && tally.updates <= 4);
    CHECK_NEAR(-tally.last.level, -50.5 - DBOV_IN_DBM0, 1.5);
    low_noise(line, 40000, 0.5, -40, &seed); /* as loud as one: after two seconds */
    tally = send_all(&sender, line, 40000);
    CHECK(tally.speech >= 150 && tally.speech <= 230);
    CHECK_NEAR(-tally.last.level, -40 - DBOV_IN_DBM0, 1.0);
    low_noise(line, 40000, -0.5, -40, &seed); /* another shape */
    tally = send_all(&sender, line, 40000);
    CHECK(tally.updates >= 1);
    CHECK_NEAR(comfort_noise_reflection(tally.last.reflection[0]), 0.5, 0.1);
}

TEST(tones_are_sent_for_ever)
{
    static const double tones[][2] = {{425, 425}, {1000, 1000}, {350, 440},
                                      {480, 620}, {697, 1209},  {2100, 2100}};
    for (size_t i = 0; i < sizeof tones / sizeof *tones; i++) {
        struct comfort_noise_sender sender;
        uint64_t seed = 4;
        memset(line, 0, sizeof line);
        add_sine(line, SECONDS * 8000, tones[i][0], -26, 0);
        add_sine(line, SECONDS * 8000, tones[i][1], -26, 1);
        add_noise(line, SECONDS * 8000, -62, &seed);
        comfort_noise_sender_init(&sender);
        CHECK_EQUAL(send_all(&sender, line, SECONDS * 8000).speech, SECONDS * 100);
    }
}

/* Spurts of 600 ms and pauses as long over noise: what of the spurts is not sent, what of the pauses is. */
static void speech_in_noise(double level, double pole, int *clipped, int *wasted)
{
    struct comfort_noise_sender sender;
    struct talker talker = {.random = 11};
    uint64_t seed = 6;
    low_noise(line, SECONDS * 8000, pole, level, &seed);
    comfort_noise_sender_init(&sender);
    *clipped = *wasted = 0;
    for (int block = 0; block < SECONDS * 100; block++) {
        int16_t samples[SAMPLES];
        talk(&talker, samples);
        for (int i = 0; i < SAMPLES; i++)
            samples[i] = (int16_t)(samples[i] / 2 + line[block * SAMPLES + i]);
        const enum comfort_noise_decision decision = comfort_noise_judge(&sender, samples);
        struct comfort_noise_payload payload;
        if (decision == COMFORT_NOISE_UPDATE)
            comfort_noise_take(&sender, &payload);
        if (block < 240)
            continue;
        *clipped += block % 120 < 60 && decision != COMFORT_NOISE_SPEECH;
        *wasted += block % 120 >= 60 && decision == COMFORT_NOISE_SPEECH;
    }
}

TEST(speech_is_sent_and_most_of_the_pauses_not)
{
    static const double poles[] = {0, 0.7, -0.5};
    for (size_t i = 0; i < 3; i++) {
        for (double level = -66; level <= -42; level += 6) {
            int clipped, wasted;
            speech_in_noise(level, poles[i], &clipped, &wasted);
            CHECK(clipped <= 4);  /* of 880 blocks */
            CHECK(wasted <= 880 * 32 / 100); /* the hangover alone is 150 of 600 ms */
        }
    }
}

TEST(an_update_stays_due_until_it_is_taken)
{
    struct comfort_noise_sender sender;
    struct comfort_noise_payload payload;
    static const int16_t silence[80];
    comfort_noise_sender_init(&sender);
    for (int i = 0; i < 5; i++)
        CHECK_EQUAL(comfort_noise_judge(&sender, silence), COMFORT_NOISE_UPDATE);
    comfort_noise_take(&sender, &payload);
    CHECK_EQUAL(comfort_noise_judge(&sender, silence), COMFORT_NOISE_NOTHING);
}

TEST(full_scale_of_any_kind_does_no_harm)
{
    struct comfort_noise_sender sender;
    uint64_t random = 2;
    comfort_noise_sender_init(&sender);
    for (int block = 0; block < 5000; block++) {
        int16_t samples[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            const uint32_t chance = harness_random(&random);
            samples[i] = block / 50 % 3 == 0   ? (int16_t)(chance >> 16)
                         : block / 50 % 3 == 1 ? (int16_t)((chance & 1) != 0 ? INT16_MAX : INT16_MIN)
                                               : (int16_t)(i == 3 ? INT16_MIN : 0);
        }
        if (comfort_noise_judge(&sender, samples) == COMFORT_NOISE_UPDATE) {
            struct comfort_noise_payload payload;
            comfort_noise_take(&sender, &payload);
            CHECK(payload.level <= 127);
        }
    }
    CHECK(isfinite(sender.noise.correlation[0]) && isfinite(sender.noise.residual));
}

/* Beside another detector, that of G.729 Annex B, on the ITU's speech. */
TEST(hardly_a_block_is_held_back_that_annex_b_calls_speech)
{
    static struct sequence_pcm pcm;
    int speech = 0, held = 0, pauses = 0, saved = 0;
    for (int number = 1; number <= 4; number++) {
        static union {
            max_align_t align;
            struct g729_encoder state;
        } encoder;
        char name[40];
        snprintf(name, sizeof name, "g729AnnexB/tstseq%d.bin", number);
        if (!sequence_read_pcm(name, &pcm))
            SKIP("no ITU sequences");
        struct comfort_noise_sender sender;
        comfort_noise_sender_init(&sender);
        codec_g729.init_encoder(&encoder, CODEC_OPTION_DTX);
        for (size_t at = 0; at + 80 <= pcm.count; at += 80) {
            uint8_t octets[10];
            struct comfort_noise_payload payload;
            const int annex_b = codec_g729.encode(&encoder, pcm.samples + at, octets) == 10;
            const enum comfort_noise_decision decision = comfort_noise_judge(&sender, pcm.samples + at);
            if (decision == COMFORT_NOISE_UPDATE)
                comfort_noise_take(&sender, &payload);
            speech += annex_b;
            held += annex_b && decision != COMFORT_NOISE_SPEECH;
            pauses += !annex_b;
            saved += !annex_b && decision != COMFORT_NOISE_SPEECH;
        }
    }
    CHECK(held * 100 <= speech * 3); /* tails that have fallen into a loud background */
    CHECK(saved * 100 >= pauses * 40);
}

MAIN()
