/*
 * G.711 Appendix I: the ITU's sequences sample for sample (tolerance 0), and the behaviour that
 * they do not reach.
 */
#include "../harness.h"

#include "codecs/concealment/concealment.h"

#define PI 3.14159265358979323846

enum { BLOCK = CONCEALMENT_BLOCK, DELAY = CONCEALMENT_DELAY };

static int16_t speech[23040], expected[23040], heard[23040 + 2 * BLOCK];

static size_t read_words(const char *name, int16_t *words, size_t limit)
{
    char path[64];
    snprintf(path, sizeof path, "stl_g711iplc/%s", name);
    const char *found = harness_vector(path);
    return found == NULL ? 0 : harness_read(found, words, limit * 2) / 2;
}

static void check_sequence(const char *mask_name, const char *expected_name)
{
    uint16_t mask[64];
    const size_t count = read_words("f2.le", speech, 22960);
    if (count == 0)
        SKIP("no ITU test sequences (TRUNKGATE_VECTORS)");
    const size_t masks = read_words(mask_name, (int16_t *)mask, 64);
    REQUIRE(masks > 0 && read_words(expected_name, expected, count) == count);

    struct concealment state;
    concealment_init(&state);
    memset(speech + count, 0, BLOCK * 2);
    for (size_t b = 0; b * BLOCK < count + BLOCK; b++) {
        if (mask[b % masks] == 0x6B20 && b * BLOCK < count)
            concealment_lose(&state, heard + b * BLOCK);
        else
            concealment_receive(&state, speech + b * BLOCK, heard + b * BLOCK);
    }
    for (size_t i = 0; i < count - BLOCK; i++)
        CHECK_EQUAL(heard[i + DELAY], expected[i]);
}

TEST(itu_sequence_with_single_losses_is_met_sample_for_sample)
{
    check_sequence("fe10.g192", "f2_10.raw");
}

TEST(itu_sequence_with_double_losses_is_met_sample_for_sample)
{
    check_sequence("fe10_2.g192", "f2_10_2.raw");
}

static void fill_voice(int16_t *samples, size_t count, double period)
{
    for (size_t i = 0; i < count; i++) {
        const double phase = 2 * PI * (double)i / period;
        samples[i] = (int16_t)(6000 * sin(phase) + 3000 * sin(2 * phase) + 1500 * sin(5 * phase));
    }
}

TEST(a_periodic_signal_goes_on_through_a_lost_block)
{
    struct concealment state;
    concealment_init(&state);
    fill_voice(speech, 12 * BLOCK, 73.0);
    for (int b = 0; b < 12; b++) {
        if (b == 9)
            concealment_lose(&state, heard + b * BLOCK);
        else
            concealment_receive(&state, speech + b * BLOCK, heard + b * BLOCK);
    }
    for (int i = 6 * BLOCK; i < 12 * BLOCK - DELAY; i++)
        CHECK_NEAR(heard[i + DELAY], speech[i], 60);
}

/* §I.2.6: no attenuation in the first 10 ms, then 20 % per 10 ms, silence after 60 ms. */
TEST(a_long_loss_fades_by_a_fifth_per_block_and_is_silent_after_60_ms)
{
    struct concealment state;
    concealment_init(&state);
    fill_voice(speech, 8 * BLOCK, 80.0); /* a block is one period: every block has the same peak */
    for (int b = 0; b < 8; b++)
        concealment_receive(&state, speech + b * BLOCK, heard);
    int peaks[10];
    for (int b = 0; b < 10; b++)
        concealment_lose(&state, heard + b * BLOCK);
    for (int b = 0; b < 9; b++) {
        peaks[b] = 0;
        for (int i = 0; i < BLOCK; i++)
            if (abs(heard[b * BLOCK + DELAY + i]) > peaks[b])
                peaks[b] = abs(heard[b * BLOCK + DELAY + i]);
    }
    for (int b = 1; b < 6; b++) {
        CHECK(peaks[b] < peaks[b - 1]);
        CHECK(peaks[b] <= peaks[0] * (1.0 - 0.2 * (b - 1)) + 1);
        CHECK(peaks[b] >= peaks[0] * (1.0 - 0.2 * b) - 1);
    }
    for (int b = 6; b < 9; b++)
        CHECK_EQUAL(peaks[b], 0);
}

TEST(speech_after_a_loss_is_unchanged_once_the_overlap_is_over)
{
    for (int lost = 1; lost <= 8; lost++) {
        struct concealment state;
        concealment_init(&state);
        fill_voice(speech, 24 * BLOCK, 61.0);
        for (int b = 0; b < 24; b++) {
            if (b >= 8 && b < 8 + lost)
                concealment_lose(&state, heard + b * BLOCK);
            else
                concealment_receive(&state, speech + b * BLOCK, heard + b * BLOCK);
        }
        for (int i = (9 + lost) * BLOCK; i < 23 * BLOCK; i++)
            CHECK_EQUAL(heard[i + DELAY], speech[i]);
    }
}

TEST(random_losses_of_full_scale_noise_never_leave_the_sample_range)
{
    uint64_t seed = 7;
    struct concealment state;
    concealment_init(&state);
    for (int b = 0; b < 2000; b++) {
        int16_t block[BLOCK];
        for (int i = 0; i < BLOCK; i++)
            block[i] = harness_random(&seed) & 1 ? 32767 : -32768;
        if (harness_random(&seed) % 3 == 0)
            concealment_lose(&state, block);
        else
            concealment_receive(&state, block, block);
        CHECK(state.pitch >= 40 && state.pitch <= 120);
    }
}

static uint8_t octets_in[60 * BLOCK], octets_out[60 * BLOCK];

TEST(octets_pass_unchanged_but_delayed_when_nothing_is_lost)
{
    for (int law = 0; law < 2; law++) {
        struct octet_concealment state;
        octet_concealment_init(&state, (enum g711_law)law);
        for (size_t i = 0; i < sizeof octets_in; i++)
            /* every octet, mu-law minus zero among them */
            octets_in[i] = (uint8_t)(i * 7 + i / 256);
        for (int b = 0; b < 60; b++)
            octet_concealment_receive(&state, octets_in + b * BLOCK, octets_out + b * BLOCK);
        for (int i = 0; i < DELAY; i++)
            CHECK_EQUAL(octets_out[i], g711_idle((enum g711_law)law));
        CHECK_BYTES(octets_out + DELAY, octets_in, sizeof octets_in - DELAY);
    }
}

TEST(a_loss_changes_only_octets_near_it)
{
    struct octet_concealment state;
    octet_concealment_init(&state, G711_ULAW);
    uint64_t seed = 99;
    for (size_t i = 0; i < sizeof octets_in; i++)
        octets_in[i] = harness_random(&seed) % 9 == 0 ? 0x7F : (uint8_t)harness_random(&seed);
    for (int b = 0; b < 60; b++) {
        if (b == 20 || b == 21 || b == 40)
            octet_concealment_lose(&state, octets_out + b * BLOCK);
        else
            octet_concealment_receive(&state, octets_in + b * BLOCK, octets_out + b * BLOCK);
    }
    /* A quarter of a period before the loss, one block after it. */
    CHECK_BYTES(octets_out + DELAY, octets_in, 20 * BLOCK - DELAY);
    CHECK_BYTES(octets_out + 23 * BLOCK + DELAY, octets_in + 23 * BLOCK, 17 * BLOCK - DELAY);
    CHECK_BYTES(octets_out + 42 * BLOCK + DELAY, octets_in + 42 * BLOCK, 18 * BLOCK - DELAY);
}

TEST(the_octet_form_hears_what_the_linear_form_computes)
{
    for (int law = 0; law < 2; law++) {
        struct octet_concealment state;
        struct concealment linear;
        octet_concealment_init(&state, (enum g711_law)law);
        concealment_init(&linear);
        fill_voice(speech, 60 * BLOCK, 91.0);
        g711_encode((enum g711_law)law, speech, 60 * BLOCK, octets_in);
        uint64_t seed = 5;
        for (int b = 0; b < 60; b++) {
            uint8_t octets[BLOCK], want[BLOCK];
            int16_t samples[BLOCK];
            if (b > 6 && harness_random(&seed) % 4 == 0) {
                octet_concealment_lose(&state, octets);
                concealment_lose(&linear, samples);
            } else {
                octet_concealment_receive(&state, octets_in + b * BLOCK, octets);
                g711_decode((enum g711_law)law, octets_in + b * BLOCK, BLOCK, samples);
                concealment_receive(&linear, samples, samples);
            }
            g711_encode((enum g711_law)law, samples, BLOCK, want);
            if (b > 6) /* the first 50 ms differ: silence is one octet more or less */
                for (int i = 0; i < BLOCK; i++)
                    CHECK_NEAR(g711_to_linear((enum g711_law)law, octets[i]),
                               g711_to_linear((enum g711_law)law, want[i]), 520);
        }
    }
}

MAIN()
