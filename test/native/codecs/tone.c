#include "signals.h"

#include "codecs/tones/country.h"
#include "codecs/tones/level.h"
#include "codecs/tones/tone.h"

static int16_t samples[80000];

TEST(the_sine_is_a_sine)
{
    for (uint32_t i = 0; i < 65536; i++) {
        const uint32_t phase = i * 65536 + i;
        CHECK_NEAR(tone_sine(phase), sin(2 * PI * phase / 4294967296.0), 1e-6);
    }
}

TEST(a_steady_tone_has_its_frequency_and_level)
{
    static const int frequencies[] = {425, 1004, 2100, 3400};
    for (size_t f = 0; f < 4; f++) {
        struct tone_generator tone;
        tone_start_steady(&tone, (uint16_t)frequencies[f], 0, -123);
        CHECK(tone_generate(&tone, samples, 8000));
        CHECK_NEAR(level_at(samples, 8000, frequencies[f]), -12.3, 0.01);
        CHECK_NEAR(level_from_energy(level_energy(samples, 8000), 8000), -123, 1);
    }
}

TEST(the_level_of_a_pattern_is_that_of_all_its_frequencies_together)
{
    struct tone_generator tone;
    const struct tone_pattern pattern = {
        .level = -100, .segment_count = 1, .segments = {{.frequencies = {350, 440, 620, 1400}}}};
    tone_start(&tone, &pattern);
    tone_generate(&tone, samples, 8000);
    CHECK_NEAR(level_from_energy(level_energy(samples, 8000), 8000), -100, 1);
    CHECK_NEAR(level_at(samples, 8000, 620), -16.02, 0.02);
}

TEST(a_cadence_is_exact_to_the_sample_whatever_the_block_size)
{
    const struct country_tones *gb = country_find("GB");
    const struct tone_pattern *ringing = &gb->tones[COUNTRY_TONE_RINGING];
    static const size_t blocks[] = {8, 80, 37};
    static int16_t whole[48000], pieces[48000];
    struct tone_generator tone;
    tone_start(&tone, ringing);
    tone_generate(&tone, whole, 48000);
    for (int b = 0; b < 3; b++) {
        tone_start(&tone, ringing);
        for (size_t at = 0; at < 48000; at += blocks[b]) {
            const size_t part = 48000 - at < blocks[b] ? 48000 - at : blocks[b];
            tone_generate(&tone, pieces + at, part);
        }
        CHECK_BYTES(pieces, whole, sizeof whole);
    }
    /* 400 on, 200 off, 400 on, 2000 off. */
    CHECK(level_energy(whole, 3200) > 0);
    CHECK_EQUAL(level_energy(whole + 3200, 1600), 0);
    CHECK(level_energy(whole + 4800, 16) > 0);
    CHECK_EQUAL(level_energy(whole + 8000, 16000), 0);
    CHECK_BYTES(whole + 24000, whole, 24000 * sizeof *whole);
}

TEST(a_pattern_with_repeats_ends_and_is_silent_after)
{
    const struct tone_pattern pattern = {.level = -100,
                                         .segment_count = 2,
                                         .repeats = 2,
                                         .segments = {{.frequencies = {1400}, .duration_ms = 10},
                                                      {.duration_ms = 10}}};
    struct tone_generator tone;
    tone_start(&tone, &pattern);
    CHECK(tone_generate(&tone, samples, 319));
    CHECK(!tone_generate(&tone, samples + 319, 81));
    CHECK(level_energy(samples + 160, 80) > 0);
    CHECK_EQUAL(level_energy(samples + 240, 160), 0);
}

TEST(a_pattern_repeats_from_the_segment_it_names)
{
    const struct tone_pattern pattern = {.level = -100,
                                         .segment_count = 2,
                                         .repeat_from = 1,
                                         .segments = {{.duration_ms = 20},
                                                      {.frequencies = {425}, .duration_ms = 10}}};
    struct tone_generator tone;
    tone_start(&tone, &pattern);
    tone_generate(&tone, samples, 1600);
    CHECK_EQUAL(level_energy(samples, 160), 0);
    for (int at = 160; at < 1600; at += 80)
        CHECK(level_energy(samples + at, 80) > 0);
}

TEST(an_empty_pattern_is_silence)
{
    struct tone_generator tone;
    const struct tone_pattern none = {.segment_count = 0};
    tone_start(&tone, &none);
    samples[0] = 1;
    CHECK(!tone_generate(&tone, samples, 80));
    CHECK_EQUAL(level_energy(samples, 80), 0);
}

TEST(every_country_has_every_tone_within_the_limits)
{
    for (size_t c = 0; c < country_count; c++)
        for (int t = 0; t < COUNTRY_TONE_COUNT; t++) {
            const struct tone_pattern *pattern = &country_table[c].tones[t];
            CHECK(pattern->segment_count > 0 && pattern->segment_count <= TONE_SEGMENTS);
            CHECK(pattern->level >= -150 && pattern->level <= -50); /* E.180 §2 */
            int sounds = 0;
            for (int s = 0; s < pattern->segment_count; s++) {
                const struct tone_segment *segment = &pattern->segments[s];
                sounds += segment->frequencies[0] != 0;
                for (int f = 0; f < TONE_FREQUENCIES; f++)
                    CHECK(segment->frequencies[f] == 0 ||
                          (segment->frequencies[f] >= 300 && segment->frequencies[f] <= 2000));
                CHECK(segment->duration_ms != 0 || pattern->segment_count == 1);
            }
            CHECK(sounds > 0);
        }
}

TEST(countries_are_found_by_code_and_the_rest_get_the_recommended_tones)
{
    static const char *const codes[] = {"DE", "FR", "GB", "US", "JP", "AU", "IT", "ES", "NL"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        CHECK(strcmp(country_find(codes[i])->code, codes[i]) == 0);
    CHECK(strcmp(country_find("XX")->code, "ITU") == 0);
    CHECK(strcmp(country_find(NULL)->code, "ITU") == 0);
    const struct tone_pattern *us = &country_find("US")->tones[COUNTRY_TONE_RINGING];
    CHECK_EQUAL(us->segments[0].frequencies[0], 440);
    CHECK_EQUAL(us->segments[0].frequencies[1], 480);
    CHECK_EQUAL(us->segments[0].duration_ms, 2000);
    CHECK_EQUAL(us->segments[1].duration_ms, 4000);
}

/* G.711 §5: decoded, tables 5 and 6 are a 1000 Hz sine at 0 dBm0. */
TEST(the_digital_milliwatt_is_0_dbm0_at_1000_hz_on_both_laws)
{
    for (int law = 0; law < 2; law++) {
        uint8_t octets[800], phase = 0;
        int16_t linear[800];
        for (size_t at = 0; at < 800; at += 5)
            milliwatt_generate((enum g711_law)law, &phase, octets + at, 5);
        CHECK_BYTES(octets, octets + 8, 792);
        g711_decode((enum g711_law)law, octets, 800, linear);
        CHECK_NEAR(level_at(linear, 800, 1000), 0.0, 0.1);
        CHECK(level_at(linear, 800, 3000) < -30);
    }
    static const uint8_t alaw[8] = {0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4};
    uint8_t octets[8], phase = 0;
    milliwatt_generate(G711_ALAW, &phase, octets, 8);
    CHECK_BYTES(octets, alaw, 8);
}

TEST(the_1004_hz_milliwatt_is_a_sine_of_0_dbm0)
{
    struct tone_generator tone;
    tone_start(&tone, &tone_milliwatt_1004);
    tone_generate(&tone, samples, 8000);
    CHECK_NEAR(level_at(samples, 8000, 1004), 0.0, 0.01);
}

TEST(levels_are_measured_alike_on_samples_and_octets)
{
    memset(samples, 0, sizeof samples);
    add_sine(samples, 8000, 700, -20, 0);
    CHECK_NEAR(level_from_energy(level_energy(samples, 8000), 8000), -200, 1);
    uint8_t octets[8000];
    for (int law = 0; law < 2; law++) {
        g711_encode((enum g711_law)law, samples, 8000, octets);
        CHECK_NEAR(level_from_energy(level_energy_octets((enum g711_law)law, octets, 8000), 8000),
                   -200, 1);
    }
    CHECK_EQUAL(level_from_energy(0, 80), LEVEL_SILENCE);
    CHECK_EQUAL(level_from_energy(1, 0), LEVEL_SILENCE);
    CHECK_NEAR(level_to_peak(-200), 2282.7, 0.01);
}

static uint64_t energy_of_level(double level)
{
    return (uint64_t)(80 * PEAK_0DBM0 * PEAK_0DBM0 / 2 * pow(10, level / 10));
}

TEST(pauses_are_told_from_speech_over_a_noise_floor_that_is_followed)
{
    struct pause_meter meter;
    pause_meter_init(&meter);
    /* Speech of -20 dBm0 over room noise of -48 dBm0, in turns of a second. */
    for (int second = 0; second < 10; second++)
        for (int block = 0; block < 100; block++) {
            const double level = second % 2 ? -48 + (block % 3) : -20 - (block % 7);
            const bool pause = pause_meter_update(&meter, energy_of_level(level), 80);
            if (second > 1)
                CHECK_EQUAL(pause, second % 2);
        }
    CHECK(pause_meter_judge(&meter, 0, 80));
    CHECK(pause_meter_judge(&meter, energy_of_level(-56), 80));
    CHECK(!pause_meter_judge(&meter, energy_of_level(-34), 80));
}

TEST(a_floor_that_rises_is_learnt_within_seconds)
{
    struct pause_meter meter;
    pause_meter_init(&meter);
    for (int block = 0; block < 500; block++)
        pause_meter_update(&meter, 0, 80);
    CHECK(!pause_meter_update(&meter, energy_of_level(-42), 80));
    for (int block = 0; block < 600; block++)
        pause_meter_update(&meter, energy_of_level(-42), 80);
    CHECK(pause_meter_update(&meter, energy_of_level(-42), 80));
}

MAIN()
