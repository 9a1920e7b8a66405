/* Annex B: voice activity detection, discontinuous transmission, SID frames, comfort noise. */
#include <g729/adaptive-codebook.h>
#include <g729/comfort-noise.h>
#include <g729/dtx.h>
#include <g729/lsp-roots.h>
#include <g729/lsp.h>
#include <g729/sid-search.h>
#include <g729/sid.h>
#include <g729/tables.h>
#include <g729/vad.h>

#include "plain.h"

#define PAST G729_EXCITATION_PAST

/* ---- SID parameters ---- */

/* §B.4.2.2: -12 dB, -4 to 16 in steps of 4, then to 66 in steps of 2. */
static double decibels_of(int index)
{
    return index == 0 ? -12 : index < 6 ? 4 * index - 8 : 2 * index + 4;
}

TEST(levels_are_quantized_to_the_nearest_step)
{
    for (double decibels = -20; decibels < 80; decibels += 0.37) {
        const double energy = pow(10, decibels / 10);
        const int exponent = 24 - (int)floor(log2(energy));
        const struct g729_level level =
            g729_quantize_level((int32_t)lrint(ldexp(energy, exponent)), exponent);
        CHECK_EQUAL(level.decibels, decibels_of(level.index));
        const double step = decibels < 15 ? 4 : 2;
        if (decibels > -5 && decibels < 66)
            CHECK_NEAR(level.decibels, decibels, step / 2 + 0.15);
        CHECK(decibels > -9 || level.index == 0);
        CHECK(decibels < 67 || level.index == 31);
    }
}

TEST(gains_of_sid_frames_are_their_decibels)
{
    for (int index = 0; index < 32; index++) /* Q3, of a sample */
        CHECK_NEAR(g729_sid_gain[index], 8 * pow(10, decibels_of(index) / 20),
                   1 + 0.004 * g729_sid_gain[index]);
}

/* (B.19) */
TEST(the_level_goes_an_eighth_of_the_way)
{
    CHECK_NEAR(g729_smooth_level(800, 1600), 900, 1);
    CHECK_NEAR(g729_smooth_level(0, 0), 0, 0);
    CHECK_NEAR(g729_smooth_level(30000, 0), 26250, 1);
}

/* §B.4.3: the second predictor is a mean of those of speech. */
TEST(the_noise_predictor_mixes_those_of_speech)
{
    g729_lsp_memory ma[2];
    for (int p = 0; p < 2; p++)
        g729_noise_predictor(p, ma[p]);
    for (int k = 0; k < G729_LSP_MEMORY; k++) {
        for (int i = 0; i < G729_ORDER; i++) {
            CHECK_EQUAL(ma[0][k][i], g729_lsp_ma[0][k][i]);
            CHECK_NEAR(ma[1][k][i], 0.6 * g729_lsp_ma[0][k][i] + 0.4 * g729_lsp_ma[1][k][i], 2);
        }
    }
}

TEST(sid_lsps_are_decoded_as_they_were_quantized_and_near)
{
    uint64_t seed = 1;
    double error = 0;
    g729_lsp_memory memory, far;
    g729_lsp_memory_init(memory);
    g729_lsp_memory_init(far);
    for (int turn = 0; turn < 600; turn++) {
        double lsf[10];
        int16_t lsp[G729_ORDER], quantized[G729_ORDER], decoded[G729_ORDER];
        struct g729_sid sid = {0, 0, 0, 0};
        for (int i = 0; i < 10; i++) /* noise: nearly flat */
            lsf[i] = (i + 1) * PI / 11 + 0.1 * (draw_real(&seed) - 0.5) + 0.1 * sin(turn / 20.0);
        for (int i = 0; i < G729_ORDER; i++)
            lsp[i] = plain16(lrint(32768 * cos(lsf[i])));
        g729_sid_quantize(memory, lsp, &sid, quantized);
        g729_sid_decode(far, &sid, decoded);
        CHECK_BYTES(decoded, quantized, sizeof decoded);
        CHECK(sid.predictor < 2 && sid.stage1 < 32 && sid.stage2 < 16);
        for (int i = 0; i < G729_ORDER; i++)
            error += fabs(acos(quantized[i] / 32768.0) - lsf[i]);
    }
    CHECK(error / 6000 < 0.08);
}

/* ---- comfort noise ---- */

/* §B.4.4: the mean square of a subframe is the level's, whatever is drawn. */
TEST(the_excitation_has_the_level_asked_for)
{
    for (int16_t level = 16; level < 16000; level = (int16_t)(level * 3 / 2)) { /* Q3 */
        int16_t excitation[PAST + G729_FRAME] = {0};
        int16_t random = G729_NOISE_SEED;
        double energy = 0;
        for (int frame = 0; frame < 200; frame++) {
            g729_comfort_noise(excitation + PAST, level, &random, NULL);
            for (int i = 0; i < G729_FRAME; i++)
                energy += excitation[PAST + i] * (double)excitation[PAST + i];
            memmove(excitation, excitation + G729_FRAME, PAST * sizeof *excitation);
        }
        const double wanted = level / 8.0 * level / 8.0 * 200 * G729_FRAME;
        CHECK_NEAR(10 * log10(energy / wanted), 0, level < 60 ? 1.5 : 0.3);
    }
}

TEST(no_level_is_silence_and_the_same_seed_the_same_noise)
{
    int16_t one[PAST + G729_FRAME] = {0}, other[PAST + G729_FRAME] = {0};
    int16_t random = G729_NOISE_SEED, again = G729_NOISE_SEED;
    g729_comfort_noise(one + PAST, 0, &random, NULL);
    CHECK_BYTES(one, other, sizeof one);
    CHECK_EQUAL(random, G729_NOISE_SEED);
    g729_comfort_noise(one + PAST, 500, &random, NULL);
    g729_comfort_noise(other + PAST, 500, &again, NULL);
    CHECK_BYTES(one, other, sizeof one);
    CHECK_EQUAL(random, again);
}

/* ---- detector and transmission ---- */

/* A stretch of signal frame by frame through analysis and detector. */
struct listener {
    int16_t speech[G729_WINDOW];
    int16_t lsp[G729_ORDER];
    struct g729_levinson_memory levinson;
    struct g729_vad vad;
    struct g729_autocorrelation correlation; /* before the lag window */
};

static void start(struct listener *listener)
{
    memset(listener, 0, sizeof *listener);
    g729_levinson_init(&listener->levinson);
    g729_vad_init(&listener->vad);
    memcpy(listener->lsp, g729_lsp_start, sizeof listener->lsp);
}

static bool hear(struct listener *listener, const int16_t frame[G729_FRAME])
{
    int16_t lsp[G729_ORDER];
    struct g729_prediction prediction;
    memmove(listener->speech, listener->speech + G729_FRAME,
            (G729_WINDOW - G729_FRAME) * sizeof *frame);
    memcpy(listener->speech + G729_WINDOW - G729_FRAME, frame, G729_FRAME * sizeof *frame);
    g729_autocorrelate(listener->speech, G729_LAGS, &listener->correlation);
    struct g729_autocorrelation windowed = listener->correlation;
    g729_window_lags(&windowed, G729_LAGS);
    g729_levinson(&listener->levinson, windowed.lag, &prediction);
    g729_find_lsp(prediction.filter, listener->lsp, lsp);
    memcpy(listener->lsp, lsp, sizeof lsp);
    const struct g729_vad_input input = {&windowed, lsp, listener->speech,
                                         prediction.reflection[1]};
    return g729_vad_decide(&listener->vad, &input);
}

static void draw_noise(int16_t frame[G729_FRAME], double deviation, uint64_t *seed)
{
    for (int i = 0; i < G729_FRAME; i++) {
        double sum = -3;
        for (int k = 0; k < 6; k++)
            sum += draw_real(seed);
        frame[i] = plain16(lrint(deviation * sqrt(2) * sum));
    }
}

/* A vowel of 130 Hz over the noise. */
static void add_voice(int16_t frame[G729_FRAME], int at, double peak)
{
    for (int i = 0; i < G729_FRAME; i++) {
        double sum = 0;
        for (int k = 1; k < 12; k++)
            sum += sin(2 * PI * 130 * k / 8000 * (at + i)) / (1 + pow((k - 4) / 2.0, 2));
        frame[i] = plain16(frame[i] + lrint(peak * sum));
    }
}

TEST(the_detector_tells_a_voice_from_noise)
{
    static struct listener listener;
    uint64_t seed = 2;
    int heard = 0, missed = 0, spoken = 0, noisy = 0;
    start(&listener);
    for (int frame = 0; frame < 1200; frame++) {
        int16_t samples[G729_FRAME];
        draw_noise(samples, 60, &seed);
        const bool voiced = frame >= 200 && frame % 200 >= 100;
        if (voiced)
            add_voice(samples, frame * G729_FRAME, 1500);
        const bool speech = hear(&listener, samples);
        if (frame < 200)
            continue;
        spoken += voiced;
        missed += voiced && !speech && frame % 100 >= 3; /* the window takes its time */
        noisy += !voiced;
        heard += !voiced && speech;
    }
    CHECK(missed * 50 <= spoken);
    CHECK(heard * 4 <= noisy);
}

TEST(silence_is_no_speech)
{
    static struct listener listener;
    static const int16_t silence[G729_FRAME];
    int speech = 0;
    start(&listener);
    for (int frame = 0; frame < 300; frame++)
        speech += hear(&listener, silence);
    CHECK_EQUAL(speech, 0);
}

/* §B.4.1: a SID frame at the start of a silence, then where the noise changes, never within three frames. */
TEST(sid_frames_are_sent_where_the_noise_changes)
{
    static struct listener listener;
    struct g729_dtx dtx;
    struct g729_levinson_memory levinson;
    g729_lsp_memory memory;
    uint64_t seed = 3;
    int last = -10, sent[4] = {0}, gains[4] = {0};
    start(&listener);
    g729_dtx_init(&dtx);
    g729_levinson_init(&levinson);
    g729_lsp_memory_init(memory);
    const struct g729_dtx_context context = {&levinson, memory, g729_lsp_start};
    for (int frame = 0; frame < 400; frame++) {
        int16_t samples[G729_FRAME];
        struct g729_sid sid;
        draw_noise(samples, frame < 200 ? 30 : 300, &seed); /* 20 dB louder */
        hear(&listener, samples);
        g729_dtx_observe(&dtx, &listener.correlation, false);
        const bool send = g729_dtx_step(&dtx, &context, frame == 0, &sid);
        g729_dtx_finish(&dtx);
        CHECK(frame != 0 || send);
        if (!send)
            continue;
        CHECK(frame - last >= 3 || frame == 0);
        last = frame;
        sent[frame / 100]++;
        gains[frame / 100] = sid.gain;
    }
    CHECK(sent[1] < 25 && sent[3] < 25);
    CHECK(sent[2] >= 1);
    CHECK_NEAR(decibels_of(gains[2]) - decibels_of(gains[0]), 20, 4);
    const int16_t level = g729_sid_gain[gains[3] != 0 ? gains[3] : gains[2]];
    CHECK_NEAR(dtx.level, level, level / 5);
}

MAIN()
