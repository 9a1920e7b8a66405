/*
 * DTMF after Q.23 and Q.24: what must be accepted, what must be refused, and how fast.
 */
#include "signals.h"

#include "codecs/g711/g711.h"
#include "codecs/tones/dtmf.h"

static const double lows[4] = {697, 770, 852, 941}, highs[4] = {1209, 1336, 1477, 1633};
static const char keys[4][5] = {"123A", "456B", "789C", "*0#D"};

static int16_t samples[160000];

struct heard {
    int early, cancelled, begun, ended;
    int early_at, begun_at, ended_at, duration, level;
    char digits[64];
};

/* Feeds `count` samples in blocks and notes what is told; times are absolute samples. */
static struct heard detect(const int16_t *in, size_t count, size_t block)
{
    struct dtmf_detector detector;
    struct heard heard = {.early_at = -1, .begun_at = -1, .ended_at = -1};
    dtmf_detector_init(&detector);
    int state = 0;
    for (size_t at = 0; at < count; at += block) {
        struct dtmf_event events[DTMF_EVENTS];
        const size_t part = count - at < block ? count - at : block;
        const size_t told = dtmf_detect(&detector, in + at, part, events);
        for (size_t i = 0; i < told; i++) {
            const int time = (int)(at + events[i].offset);
            switch (events[i].kind) {
            case DTMF_EARLY:
                CHECK_EQUAL(state, 0);
                state = 1;
                if (heard.early++ == 0)
                    heard.early_at = time;
                break;
            case DTMF_CANCEL:
                CHECK_EQUAL(state, 1);
                state = 0;
                heard.cancelled++;
                break;
            case DTMF_BEGIN:
                CHECK_EQUAL(state, 1);
                state = 2;
                if (heard.begun < 63)
                    heard.digits[heard.begun] = dtmf_character(events[i].code);
                if (heard.begun++ == 0)
                    heard.begun_at = time;
                heard.level = events[i].level;
                break;
            default:
                CHECK_EQUAL(state, 2);
                state = 0;
                heard.ended++;
                heard.ended_at = time;
                heard.duration = (int)events[i].duration;
            }
        }
    }
    return heard;
}

/* One digit of `length` samples from sample `onset`, in `total` samples of silence. */
static void make_digit(double low, double high, double low_level, double high_level, size_t onset,
                       size_t length, size_t total)
{
    memset(samples, 0, total * sizeof *samples);
    add_sine(samples + onset, length, low, low_level, 0.3);
    add_sine(samples + onset, length, high, high_level, 1.1);
}

/* Digits among `trials` onsets on all phases of the block grid. */
static int accepted(double low, double high, double low_level, double high_level, size_t length,
                    int trials)
{
    int count = 0;
    for (int t = 0; t < trials; t++) {
        make_digit(low, high, low_level, high_level, 800 + (size_t)t * 102 / (size_t)trials, length,
                   2400);
        count += detect(samples, 2400, 80).begun == 1;
    }
    return count;
}

TEST(every_key_is_recognised_once_with_its_code)
{
    for (int l = 0; l < 4; l++)
        for (int h = 0; h < 4; h++) {
            make_digit(lows[l], highs[h], -10, -8, 801, 560, 2400);
            const struct heard heard = detect(samples, 2400, 80);
            CHECK_EQUAL(heard.begun, 1);
            CHECK_EQUAL(heard.ended, 1);
            CHECK_EQUAL(heard.early, 1);
            CHECK_EQUAL(heard.digits[0], keys[l][h]);
            CHECK_NEAR(heard.duration, 560, 64);
            CHECK_NEAR(heard.level, -59, 6); /* -10 and -8 dBm0 together */
        }
}

TEST(a_digit_is_told_early_within_24_ms_and_for_sure_within_46_ms)
{
    for (size_t onset = 800; onset < 902; onset++)
        for (int l = 0; l < 4; l++) {
            make_digit(lows[l], highs[3 - l], -10, -8, onset, 800, 2400);
            const struct heard heard = detect(samples, 2400, 8);
            REQUIRE(heard.begun == 1);
            CHECK(heard.early_at - (int)onset <= 24 * 8);
            CHECK_NEAR((heard.begun_at - (int)onset) / 8.0, 23, 23);
        }
}

/* Q.24 table A-1: operate from 40 ms on, do not below 23 ms; pauses from 40 ms on separate. */
TEST(forty_milliseconds_are_a_digit_and_twenty_three_are_not)
{
    for (int l = 0; l < 4; l++)
        for (int h = 0; h < 4; h++) {
            CHECK_EQUAL(accepted(lows[l], highs[h], -10, -8, 320, 17), 17);
            CHECK_EQUAL(accepted(lows[l], highs[h], -10, -8, 184, 17), 0);
        }
}

TEST(the_same_digit_after_a_pause_of_40_ms_is_a_second_digit)
{
    for (size_t onset = 800; onset < 902; onset += 3) {
        memset(samples, 0, 4000 * sizeof *samples);
        for (int d = 0; d < 3; d++) {
            add_sine(samples + onset + (size_t)d * 640, 320, 770, -10, 0.3);
            add_sine(samples + onset + (size_t)d * 640, 320, 1336, -8, 1.1);
        }
        const struct heard heard = detect(samples, 4000, 80);
        CHECK_EQUAL(heard.begun, 3);
        CHECK(strcmp(heard.digits, "555") == 0);
    }
}

TEST(an_interruption_of_10_ms_does_not_make_a_second_digit)
{
    for (size_t onset = 800; onset < 902; onset += 3) {
        make_digit(852, 1477, -10, -8, onset, 1600, 4000);
        memset(samples + onset + 800, 0, 80 * sizeof *samples);
        CHECK_EQUAL(detect(samples, 4000, 80).begun, 1);
    }
}

TEST(twist_is_accepted_up_to_4_db_high_and_8_db_low_and_refused_far_beyond)
{
    for (int l = 0; l < 4; l++)
        for (int h = 0; h < 4; h++) {
            CHECK_EQUAL(accepted(lows[l], highs[h], -14, -10, 400, 7), 7);
            CHECK_EQUAL(accepted(lows[l], highs[h], -10, -18, 400, 7), 7);
            CHECK_EQUAL(accepted(lows[l], highs[h], -20, -10, 400, 7), 0);
            CHECK_EQUAL(accepted(lows[l], highs[h], -10, -24, 400, 7), 0);
        }
}

TEST(levels_from_0_to_minus_30_dbm0_are_accepted_and_minus_45_refused)
{
    for (int l = 0; l < 4; l++)
        for (int h = 0; h < 4; h++) {
            CHECK_EQUAL(accepted(lows[l], highs[h], -3, -3, 400, 5), 5);
            CHECK_EQUAL(accepted(lows[l], highs[h], -30, -30, 400, 5), 5);
            CHECK_EQUAL(accepted(lows[l], highs[h], -45, -45, 400, 5), 0);
        }
}

TEST(frequencies_within_1_5_percent_and_2_hz_are_accepted_and_3_5_percent_refused)
{
    for (int l = 0; l < 4; l++)
        for (int h = 0; h < 4; h++)
            for (int sign = -1; sign <= 1; sign += 2) {
                const double low = lows[l], high = highs[h];
                CHECK_EQUAL(accepted(low * (1 + sign * 0.015) + sign * 2,
                                     high * (1 + sign * 0.015) + sign * 2, -10, -8, 400, 7), 7);
                CHECK_EQUAL(accepted(low * (1 + sign * 0.035), high, -10, -8, 400, 7), 0);
                CHECK_EQUAL(accepted(low, high * (1 + sign * 0.035), -10, -8, 400, 7), 0);
            }
}

TEST(digits_are_recognised_in_noise_15_db_below)
{
    uint64_t seed = 4711;
    int begun = 0;
    for (int trial = 0; trial < 500; trial++) {
        make_digit(lows[trial % 4], highs[trial / 4 % 4], -12, -12, 800 + (size_t)trial % 102, 400,
                   2000);
        add_noise(samples, 2000, -24, &seed);
        const struct heard heard = detect(samples, 2000, 80);
        begun += heard.begun == 1 && heard.digits[0] == keys[trial % 4][trial / 4 % 4];
    }
    CHECK(begun >= 498);
}

TEST(digits_survive_both_laws)
{
    for (int law = 0; law < 2; law++) {
        struct dtmf_generator generator;
        dtmf_generator_init(&generator, dtmf_default_levels, 50, 50);
        for (uint8_t code = 0; code < DTMF_CODES; code++)
            CHECK(dtmf_generator_push(&generator, code));
        for (size_t at = 0; at < 16000; at += 80) {
            uint8_t octets[80];
            dtmf_generate(&generator, samples + at, 80);
            g711_encode((enum g711_law)law, samples + at, 80, octets);
            g711_decode((enum g711_law)law, octets, 80, samples + at);
        }
        const struct heard heard = detect(samples, 16000, 80);
        CHECK(strcmp(heard.digits, "0123456789*#ABCD") == 0);
        CHECK_EQUAL(heard.ended, 16);
    }
}

/* Talk-off: a glottal pulse train through moving resonances, at many pitches; ten minutes. */
TEST(voiced_speech_like_sound_is_no_digit)
{
    uint64_t seed = 1234;
    int begun = 0, early = 0;
    double phase = 0, state[3][2] = {{0}};
    struct dtmf_detector detector;
    dtmf_detector_init(&detector);
    double pitch = 120, formant[3] = {500, 1300, 2500};
    for (int block = 0; block < 60000; block++) {
        if (block % 8 == 0) {
            pitch = 80 + harness_random(&seed) % 220;
            formant[0] = 300 + harness_random(&seed) % 600;
            formant[1] = 900 + harness_random(&seed) % 1400;
            formant[2] = 2200 + harness_random(&seed) % 900;
        }
        int16_t in[80];
        for (int i = 0; i < 80; i++) {
            phase += pitch / 8000.0;
            double x = 0;
            if (phase >= 1) {
                phase -= 1;
                x = 20000;
            }
            double sum = 0;
            for (int f = 0; f < 3; f++) {
                const double r = exp(-PI * (60 + 30 * f) / 8000.0);
                const double y = x + 2 * r * cos(2 * PI * formant[f] / 8000.0) * state[f][0] -
                                 r * r * state[f][1];
                state[f][1] = state[f][0];
                state[f][0] = y;
                sum += y / (1 + 2 * f);
            }
            in[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
        }
        struct dtmf_event events[DTMF_EVENTS];
        const size_t told = dtmf_detect(&detector, in, 80, events);
        for (size_t i = 0; i < told; i++) {
            begun += events[i].kind == DTMF_BEGIN;
            early += events[i].kind == DTMF_EARLY;
        }
    }
    CHECK_EQUAL(begun, 0);
    CHECK(early < 600); /* a mute of 13 ms at most once a second */
}

TEST(noise_silence_and_single_tones_are_no_digits)
{
    uint64_t seed = 55;
    memset(samples, 0, sizeof samples);
    CHECK_EQUAL(detect(samples, 80000, 80).early, 0);
    add_noise(samples, 160000, -15, &seed);
    CHECK_EQUAL(detect(samples, 160000, 80).begun, 0);
    for (double frequency = 300; frequency < 3400; frequency += 7) {
        memset(samples, 0, 4000 * sizeof *samples);
        add_sine(samples, 4000, frequency, -10, 0);
        CHECK_EQUAL(detect(samples, 4000, 80).begun, 0);
    }
    for (int l = 0; l < 4; l++) { /* dial tones under one DTMF frequency */
        memset(samples, 0, 4000 * sizeof *samples);
        add_sine(samples, 4000, 425, -10, 0);
        add_sine(samples, 4000, lows[l], -10, 0);
        CHECK_EQUAL(detect(samples, 4000, 80).begun, 0);
    }
}

TEST(block_sizes_make_no_difference)
{
    make_digit(941, 1477, -10, -8, 850, 500, 2400);
    const struct heard a = detect(samples, 2400, 80), b = detect(samples, 2400, 8),
                       c = detect(samples, 2400, 160), d = detect(samples, 2400, 13);
    CHECK(a.begun == 1 && b.begun == 1 && c.begun == 1 && d.begun == 1);
    CHECK(a.begun_at == b.begun_at && b.begun_at == c.begun_at && c.begun_at == d.begun_at);
    CHECK_EQUAL(a.digits[0], '#');
}

TEST(codes_and_characters_are_those_of_rfc_4733)
{
    static const char characters[] = "0123456789*#ABCD";
    for (uint8_t code = 0; code < 16; code++) {
        CHECK_EQUAL(dtmf_code(characters[code]), code);
        CHECK_EQUAL(dtmf_character(code), characters[code]);
    }
    CHECK_EQUAL(dtmf_code('d'), 15);
    CHECK_EQUAL(dtmf_code('\0'), DTMF_NONE);
    CHECK_EQUAL(dtmf_code('E'), DTMF_NONE);
    CHECK_EQUAL(dtmf_character(16), '\0');
}

TEST(queued_digits_have_exact_lengths_levels_and_pauses)
{
    struct dtmf_generator generator;
    dtmf_generator_init(&generator, (struct dtmf_levels){.low = -90, .high = -70}, 100, 60);
    dtmf_generator_push(&generator, dtmf_code('7'));
    dtmf_generator_push(&generator, dtmf_code('7'));
    CHECK(dtmf_generate(&generator, samples, 800));
    CHECK(!dtmf_generate(&generator, samples + 800, 480));
    CHECK(dtmf_generate(&generator, samples + 1280, 800));
    CHECK(dtmf_generator_busy(&generator));
    CHECK(!dtmf_generate(&generator, samples + 2080, 480));
    CHECK(!dtmf_generate(&generator, samples + 2560, 80));
    CHECK(!dtmf_generator_busy(&generator));
    CHECK_NEAR(level_at(samples, 800, 852), -9.0, 0.1);
    CHECK_NEAR(level_at(samples, 800, 1209), -7.0, 0.1);
    for (int i = 800; i < 1280; i++)
        CHECK_EQUAL(samples[i], 0);
}

TEST(a_held_digit_lasts_until_released_but_never_less_than_its_minimum)
{
    struct dtmf_generator generator;
    dtmf_generator_init(&generator, dtmf_default_levels, 50, 50);
    CHECK(dtmf_generator_hold(&generator, 5));
    for (int block = 0; block < 30; block++)
        CHECK(dtmf_generate(&generator, samples, 80));
    dtmf_generator_release(&generator);
    dtmf_generate(&generator, samples, 80);
    CHECK(!dtmf_generate(&generator, samples, 80));
    while (dtmf_generator_busy(&generator))
        dtmf_generate(&generator, samples, 80);

    CHECK(dtmf_generator_hold(&generator, 6));
    dtmf_generate(&generator, samples, 80);
    dtmf_generator_release(&generator);
    for (int block = 1; block < 5; block++)
        CHECK(dtmf_generate(&generator, samples, 80));
    CHECK(!dtmf_generate(&generator, samples, 80));
}

TEST(held_digits_that_come_faster_than_they_can_sound_are_all_heard)
{
    struct dtmf_generator generator;
    dtmf_generator_init(&generator, dtmf_default_levels, 50, 50);
    for (uint8_t code = 1; code <= 4; code++) {
        dtmf_generator_hold(&generator, code);
        dtmf_generate(&generator, samples, 0);
        dtmf_generator_release(&generator);
    }
    size_t at = 0;
    for (; dtmf_generator_busy(&generator) && at < 80000; at += 80)
        dtmf_generate(&generator, samples + at, 80);
    CHECK(strcmp(detect(samples, at + 800, 80).digits, "1234") == 0);
}

TEST(the_queue_has_a_bound_and_stop_empties_it)
{
    struct dtmf_generator generator;
    dtmf_generator_init(&generator, dtmf_default_levels, 0, 0);
    for (int i = 0; i < DTMF_QUEUE; i++)
        CHECK(dtmf_generator_push(&generator, (uint8_t)(i % 16)));
    CHECK(!dtmf_generator_push(&generator, 1));
    CHECK(!dtmf_generator_push(&generator, 16));
    CHECK(!dtmf_generator_hold(&generator, 16));
    dtmf_generate(&generator, samples, 80);
    dtmf_generator_stop(&generator);
    CHECK(!dtmf_generator_busy(&generator));
    CHECK(!dtmf_generate(&generator, samples, 80));
}

MAIN()
