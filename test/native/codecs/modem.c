/*
 * Signals of fax and modems: the 2100 Hz answer tone in its four forms, and the T.30 preamble.
 */
#include "signals.h"

#include "codecs/tones/answer-tone.h"
#include "codecs/tones/v21-preamble.h"

static int16_t samples[64000];

/* 2100 Hz for `count` samples; `reversal`: samples between phase reversals, 0 none; `depth` of
 * 15 Hz modulation. */
static void make_answer_tone(size_t count, double frequency, double level, size_t reversal,
                             double depth)
{
    const double peak = PEAK_0DBM0 * pow(10, level / 20);
    for (size_t i = 0; i < count; i++) {
        const double sign = reversal != 0 && i / reversal % 2 ? -1 : 1;
        const double envelope = 1 + depth * sin(2 * PI * 15 * (double)i / 8000);
        const double carrier = sin(2 * PI * frequency * (double)i / 8000);
        samples[i] = (int16_t)lrint(sign * peak * envelope * carrier);
    }
}

/* Feeds in blocks of 80; flags at the end, and in `at` the sample where they were first not 0. */
static unsigned flags_of(size_t count, int *at)
{
    struct answer_tone_detector detector;
    answer_tone_init(&detector);
    *at = -1;
    for (size_t i = 0; i + 80 <= count; i += 80)
        if (answer_tone_detect(&detector, samples + i, 80) && *at < 0)
            *at = (int)i + 80;
    return answer_tone_flags(&detector);
}

TEST(each_form_of_the_answer_tone_is_told_apart)
{
    int at;
    make_answer_tone(16000, 2100, -12, 0, 0);
    CHECK_EQUAL(flags_of(16000, &at), ANSWER_TONE_PRESENT);
    make_answer_tone(16000, 2100, -12, 3600, 0);
    CHECK_EQUAL(flags_of(16000, &at), ANSWER_TONE_PRESENT | ANSWER_TONE_REVERSED);
    make_answer_tone(16000, 2100, -12, 0, 0.2);
    CHECK_EQUAL(flags_of(16000, &at), ANSWER_TONE_PRESENT | ANSWER_TONE_MODULATED);
    make_answer_tone(16000, 2100, -12, 3600, 0.2);
    CHECK_EQUAL(flags_of(16000, &at),
                ANSWER_TONE_PRESENT | ANSWER_TONE_REVERSED | ANSWER_TONE_MODULATED);
}

TEST(reversals_are_seen_wherever_they_fall_and_from_425_to_475_ms)
{
    for (size_t reversal = 3400; reversal <= 3800; reversal += 7) {
        int at;
        make_answer_tone(16000, 2100, -12, reversal, 0);
        CHECK_EQUAL(flags_of(16000, &at), ANSWER_TONE_PRESENT | ANSWER_TONE_REVERSED);
    }
}

/* G.164 §5.3: 300 +- 100 ms; levels down to -31 dBm0; 2100 +- 21 Hz. */
TEST(the_tone_is_told_after_300_ms_over_the_whole_range_of_level_and_frequency)
{
    for (double level = -31; level <= 0; level += 5)
        for (double frequency = 2079; frequency <= 2121; frequency += 6) {
            int at;
            make_answer_tone(8000, frequency, level, 0, 0);
            CHECK_EQUAL(flags_of(8000, &at), ANSWER_TONE_PRESENT);
            CHECK(at >= 200 * 8 && at <= 400 * 8);
        }
}

TEST(other_tones_short_tones_and_noise_are_no_answer_tone)
{
    int at;
    for (double frequency = 300; frequency < 3400; frequency += 13) {
        if (fabs(frequency - 2100) < 60)
            continue;
        make_answer_tone(8000, frequency, -10, 0, 0);
        CHECK_EQUAL(flags_of(8000, &at), 0);
    }
    make_answer_tone(1600, 2100, -10, 0, 0);
    memset(samples + 1600, 0, 8000);
    flags_of(4800, &at);
    CHECK_EQUAL(at, -1);
    uint64_t seed = 3;
    memset(samples, 0, sizeof samples);
    add_noise(samples, 64000, -15, &seed);
    flags_of(64000, &at);
    CHECK_EQUAL(at, -1);
    make_answer_tone(8000, 2100, -45, 0, 0);
    CHECK_EQUAL(flags_of(8000, &at), 0);
}

TEST(the_tone_is_recognised_in_noise_and_its_end_is_told)
{
    uint64_t seed = 9;
    int at;
    make_answer_tone(24000, 2100, -15, 3600, 0);
    add_noise(samples, 24000, -27, &seed);
    CHECK_EQUAL(flags_of(24000, &at), ANSWER_TONE_PRESENT | ANSWER_TONE_REVERSED);
    memset(samples + 12000, 0, 24000);
    CHECK_EQUAL(flags_of(24000, &at), 0);
    CHECK(at > 0);
}

/* V.21 channel 2 with continuous phase: `bits` at 300 bit/s. Returns the samples made. */
static size_t make_v21(const uint8_t *bits, size_t count, double level, double offset)
{
    const double peak = PEAK_0DBM0 * pow(10, level / 20);
    double phase = 0;
    size_t made = 0;
    for (; (double)made * 300 / 8000 < (double)count; made++) {
        const uint8_t bit = bits[(size_t)((double)made * 300 / 8000)];
        phase += 2 * PI * ((bit ? 1650 : 1850) + offset) / 8000;
        samples[made] = (int16_t)lrint(peak * sin(phase));
    }
    return made;
}

static int preambles(size_t count, size_t block)
{
    struct v21_preamble_detector detector;
    v21_preamble_init(&detector);
    int found = 0;
    for (size_t i = 0; i < count; i += block)
        found += v21_preamble_detect(&detector, samples + i, count - i < block ? count - i : block);
    return found;
}

static uint8_t bits[600];

static void make_flags(int shared_zero)
{
    for (int i = 0; i < 600; i++)
        bits[i] = shared_zero ? i % 7 != 0 : i % 8 != 0 && i % 8 != 7;
}

TEST(flags_at_300_bits_a_second_are_a_preamble_told_once)
{
    for (int shared = 0; shared < 2; shared++) {
        make_flags(shared);
        for (double level = -43; level <= -3; level += 10)
            for (double offset = -12; offset <= 12; offset += 6) {
                const size_t count = make_v21(bits, 300, level, offset);
                CHECK_EQUAL(preambles(count, 80), 1);
                CHECK_EQUAL(preambles(count, 8), 1);
            }
    }
}

TEST(the_preamble_is_told_within_200_ms)
{
    make_flags(0);
    make_v21(bits, 300, -12, 0);
    CHECK_EQUAL(preambles(1600, 80), 1);
}

TEST(a_second_preamble_after_a_pause_is_told_again)
{
    make_flags(0);
    size_t count = make_v21(bits, 300, -12, 0);
    memmove(samples + count + 1600, samples, count * sizeof *samples);
    memset(samples + count, 0, 1600 * sizeof *samples);
    CHECK_EQUAL(preambles(2 * count + 1600, 80), 2);
}

TEST(random_data_of_v21_noise_and_steady_tones_are_no_preamble)
{
    uint64_t seed = 77;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 600; i++)
            bits[i] = harness_random(&seed) & 1;
        CHECK_EQUAL(preambles(make_v21(bits, 600, -12, 0), 80), 0);
    }
    memset(samples, 0, sizeof samples);
    add_noise(samples, 64000, -15, &seed);
    CHECK_EQUAL(preambles(64000, 80), 0);
    memset(bits, 1, sizeof bits);
    CHECK_EQUAL(preambles(make_v21(bits, 600, -12, 0), 80), 0);
}

MAIN()
