/* Gains of both codebooks: prediction, decoding, search, taming. */
#include <g729/gain-search.h>
#include <g729/tables.h>
#include <g729/taming.h>

#include "plain.h"

#define N G729_SUBFRAME

/* (69) */
static const double weights[4] = {0.68, 0.58, 0.34, 0.19};

static void draw_code(int16_t code[N], uint64_t *seed)
{
    const int16_t positions = (int16_t)(harness_random(seed) >> 19);
    g729_decode_pulses(positions, (int16_t)(harness_random(seed) >> 28), code);
    g729_sharpen(code, 20 + (int)(harness_random(seed) % 60),
                 (int16_t)(3277 + harness_random(seed) % 9000));
}

/* (66) to (71): the gain that the last errors (dB) and the energy of the code (Q13) predict. */
static double predict(const double errors[4], const int16_t code[N])
{
    double energy = 0, level = 30;
    for (int n = 0; n < N; n++)
        energy += code[n] / 8192.0 * code[n] / 8192.0;
    for (int i = 0; i < 4; i++)
        level += weights[i] * errors[i];
    return pow(10, (level - 10 * log10(energy / N)) / 20);
}

TEST(the_predicted_gain_is_that_of_equation_71)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 2000; turn++) {
        struct g729_gain_memory memory;
        double errors[4];
        int16_t code[N];
        for (int i = 0; i < 4; i++) {
            memory.error[i] = (int16_t)(draw(&seed, 14) - 2000);
            errors[i] = memory.error[i] / 1024.0;
        }
        draw_code(code, &seed);
        const struct g729_predicted_gain found = g729_predict_gain(&memory, code);
        /* the gain is kept in Q1 of samples, the code in Q13 */
        CHECK_NEAR(ldexp(found.mantissa, -found.exponent) / predict(errors, code), 1, 0.006);
    }
}

/* (72): 20 log10 of the correction. */
TEST(the_memory_keeps_the_correction_in_decibels)
{
    struct g729_gain_memory memory;
    g729_gain_memory_init(&memory);
    for (int i = 0; i < 4; i++)
        CHECK_EQUAL(memory.error[i], -14 * 1024);
    for (int32_t correction = 600; correction < 40000; correction += 777) {
        const int16_t before = memory.error[0];
        g729_gain_memory_push(&memory, correction);
        CHECK_NEAR(memory.error[0] / 1024.0, 20 * log10(correction / 8192.0), 0.01);
        CHECK_EQUAL(memory.error[1], before);
    }
}

/* (94), (93): the mean less 4 dB, at least -14; gains x 0.9, at most 0.9, and x 0.98. */
TEST(lost_gains_fade)
{
    struct g729_gain_memory memory = {{2048, 1024, 0, -1024}};
    struct g729_gains gains = {19000, 10000};
    g729_conceal_gains(&memory, &gains);
    CHECK_EQUAL(memory.error[0], 512 - 4096);
    CHECK_NEAR(gains.pitch, 19000 * 0.9, 1);
    CHECK_NEAR(gains.code, 9800, 1);
    for (int i = 0; i < 20; i++)
        g729_conceal_gains(&memory, &gains);
    CHECK_EQUAL(memory.error[0], -14336);
    gains.pitch = INT16_MAX;
    g729_conceal_gains(&memory, &gains);
    CHECK_NEAR(gains.pitch, 29491, 1);
}

/* (73), (74) */
TEST(decoded_gains_are_the_codebooks_sums)
{
    uint64_t seed = 2;
    for (int16_t index = 0; index < 128; index++) {
        struct g729_gain_memory memory;
        struct g729_gains gains;
        int16_t code[N];
        double errors[4];
        g729_gain_memory_init(&memory);
        memory.error[0] = (int16_t)(index * 100 - 6000);
        for (int i = 0; i < 4; i++)
            errors[i] = memory.error[i] / 1024.0;
        draw_code(code, &seed);
        const int16_t *ga = g729_gain_codebook1[g729_gain_unmap1[index >> 4]];
        const int16_t *gb = g729_gain_codebook2[g729_gain_unmap2[index & 15]];
        const double correction = (ga[1] + gb[1]) / 8192.0;
        g729_decode_gains(&memory, index, code, &gains);
        CHECK_EQUAL(gains.pitch, ga[0] + gb[0]);
        CHECK_NEAR(gains.code / 2.0, correction * predict(errors, code), 1 + 0.01 * gains.code);
    }
}

TEST(the_indices_sent_are_a_permutation_of_the_entries)
{
    for (int i = 0; i < 8; i++)
        CHECK_EQUAL(g729_gain_unmap1[g729_gain_map1[i]], i);
    for (int i = 0; i < 16; i++)
        CHECK_EQUAL(g729_gain_unmap2[g729_gain_map2[i]], i);
}

struct scene {
    int16_t target[N], adaptive[N];
    struct g729_innovation innovation;
    struct g729_gain_memory memory;
};

/* A target made of both contributions by gains that the memory expects, and noise. */
static void draw_scene(struct scene *scene, uint64_t *seed)
{
    double errors[4];
    for (int i = 0; i < 4; i++) {
        scene->memory.error[i] = (int16_t)(draw(seed, 12) / 2);
        errors[i] = scene->memory.error[i] / 1024.0;
    }
    draw_code(scene->innovation.code, seed);
    const double pitch = 1.1 * draw_real(seed);
    const double code = predict(errors, scene->innovation.code) * (0.3 + 1.5 * draw_real(seed));
    double memory = 0;
    for (int n = 0; n < N; n++) {
        memory = 0.7 * memory + scene->innovation.code[n] / 8192.0;
        scene->innovation.filtered[n] = (int16_t)lrint(4096 * memory);
        scene->adaptive[n] = (int16_t)(draw(seed, 9));
        scene->target[n] =
            plain16(lrint(pitch * scene->adaptive[n] + code * memory + draw(seed, 5)));
    }
}

static struct g729_gain_target target_of(const struct scene *scene)
{
    struct g729_gain_target target = {
        scene->target, scene->adaptive, &scene->innovation, {{0, 0}, {0, 0}}, false};
    g729_pitch_gain(scene->target, scene->adaptive, &target.products);
    return target;
}

/* (63) */
static double error_of(const struct scene *scene, double pitch, double code)
{
    double error = 0;
    for (int n = 0; n < N; n++) {
        const double filtered = scene->innovation.filtered[n] / 4096.0;
        const double rest = scene->target[n] - pitch * scene->adaptive[n] - code * filtered;
        error += rest * rest;
    }
    return error;
}

static double least_error(const struct scene *scene)
{
    double least = 1e30;
    for (int16_t index = 0; index < 128; index++) {
        struct g729_gain_memory memory = scene->memory;
        struct g729_gains gains;
        g729_decode_gains(&memory, index, scene->innovation.code, &gains);
        const double error = error_of(scene, gains.pitch / 16384.0, gains.code / 2.0);
        least = error < least ? error : least;
    }
    return least;
}

TEST(the_search_comes_near_the_best_of_all_gains)
{
    uint64_t seed = 3;
    int best = 0;
    for (int turn = 0; turn < 1000; turn++) {
        struct scene scene;
        struct g729_gains gains, decoded;
        draw_scene(&scene, &seed);
        struct g729_gain_memory memory = scene.memory, far = scene.memory;
        struct g729_gain_target target = target_of(&scene);
        const int16_t index = g729_search_gains(&memory, &target, &gains);
        g729_decode_gains(&far, index, scene.innovation.code, &decoded);
        CHECK_EQUAL(gains.pitch, decoded.pitch);
        CHECK_EQUAL(gains.code, decoded.code);
        CHECK_BYTES(&memory, &far, sizeof far);
        best += error_of(&scene, gains.pitch / 16384.0, gains.code / 2.0) <=
                1.02 * least_error(&scene) + 10;
    }
    CHECK(best > 930); /* preselection leaves out three quarters of the pairs */
}

TEST(taming_keeps_the_pitch_gain_below_one)
{
    uint64_t seed = 4;
    int above = 0;
    for (int turn = 0; turn < 1000; turn++) {
        struct scene scene;
        struct g729_gains gains;
        draw_scene(&scene, &seed);
        struct g729_gain_memory memory = scene.memory;
        struct g729_gain_target target = target_of(&scene);
        g729_search_gains(&memory, &target, &gains);
        above += gains.pitch >= 16384;
        memory = scene.memory;
        target.taming = true;
        g729_search_gains(&memory, &target, &gains);
        CHECK(gains.pitch < 16384);
    }
    CHECK(above > 50);
}

/* §3.9: the error grows by the gain at each pass through the pitch predictor. */
TEST(taming_follows_the_growth_of_an_error)
{
    struct g729_taming taming;
    double model[4] = {1, 1, 1, 1};
    g729_taming_init(&taming);
    for (int turn = 0; turn < 70; turn++) {
        CHECK_EQUAL(g729_taming_needed(&taming, (struct g729_delay){50, 0}),
                    model[0] > 60000 || model[1] > 60000);
        g729_taming_update(&taming, 19661, 50); /* 1.2; 50 samples back: zones 0 and 1 */
        const double grown = 1 + 1.2 * (model[0] > model[1] ? model[0] : model[1]);
        const double worst = grown < 131072 ? grown : 131072; /* Q14 */
        memmove(model + 1, model, 3 * sizeof *model);
        model[0] = worst;
        CHECK_NEAR(taming.error[0] / 16384.0 / worst, 1, 0.001);
    }
    for (int turn = 0; turn < 60; turn++)
        g729_taming_update(&taming, 19661, 30); /* within a subframe: twice through */
    CHECK(g729_taming_needed(&taming, (struct g729_delay){30, 1}));
    for (int turn = 0; turn < 8; turn++)
        g729_taming_update(&taming, 0, 143);
    CHECK(!g729_taming_needed(&taming, (struct g729_delay){143, 0}));
}

MAIN()
