/* The quantizer of the LSPs. */
#include <g729/lsp-quantizer.h>
#include <g729/lsp-search.h>
#include <g729/lsp.h>
#include <g729/tables.h>

#include "plain.h"

/* An LSF vector in Q13 that speech could have. */
static void draw_quantity(int16_t lsf[G729_ORDER], uint64_t *seed)
{
    double real[10];
    draw_lsf(real, seed);
    for (int i = 0; i < G729_ORDER; i++)
        lsf[i] = (int16_t)lrint(8192 * real[i]);
}

static void draw_memory(g729_lsp_memory memory, uint64_t *seed)
{
    for (int k = 0; k < G729_LSP_MEMORY; k++)
        draw_quantity(memory[k], seed);
}

TEST(prediction_is_equation_20_and_unprediction_undoes_it)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 500; turn++) {
        const int p = turn % 2;
        g729_lsp_memory memory;
        int16_t vector[G729_ORDER], lsf[G729_ORDER], again[G729_ORDER];
        draw_memory(memory, &seed);
        draw_quantity(vector, &seed);
        g729_lsp_predict(memory, g729_lsp_ma[p], g729_lsp_ma_rest[p], vector, lsf);
        g729_lsp_unpredict(memory, g729_lsp_ma[p], g729_lsp_ma_rest_inverse[p], lsf, again);
        for (int i = 0; i < G729_ORDER; i++) {
            double sum = 0, rest = 1;
            for (int k = 0; k < G729_LSP_MEMORY; k++) {
                sum += g729_lsp_ma[p][k][i] / 32768.0 * memory[k][i];
                rest -= g729_lsp_ma[p][k][i] / 32768.0;
            }
            CHECK_NEAR(lsf[i], sum + rest * vector[i], 4);
            CHECK_NEAR(again[i], vector[i], 24);
        }
    }
}

TEST(spreading_parts_elements_and_keeps_their_sum)
{
    int16_t vector[G729_ORDER] = {100, 95, 300, 300, 500, 700, 900, 1100, 1300, 1295};
    int32_t before = 0, after = 0;
    for (int i = 0; i < G729_ORDER; i++)
        before += vector[i];
    g729_lsp_spread(vector, 0, G729_ORDER - 1, 10);
    for (int i = 0; i < G729_ORDER; i++) {
        after += vector[i];
        CHECK(i == 0 || vector[i] - vector[i - 1] >= 9);
    }
    CHECK_EQUAL(after, before);
}

/* §3.2.4 */
TEST(stable_lsfs_are_ordered_apart_and_within_limits)
{
    uint64_t seed = 2;
    for (int turn = 0; turn < 2000; turn++) {
        int16_t lsf[G729_ORDER];
        draw_quantity(lsf, &seed);
        const int at = turn % 9;
        if (turn % 3 == 0) { /* two in the wrong order */
            const int16_t swapped = lsf[at];
            lsf[at] = lsf[at + 1];
            lsf[at + 1] = swapped;
        } else if (turn % 3 == 1) {
            lsf[at + 1] = (int16_t)(lsf[at] + turn % 300);
        } else {
            lsf[0] = -50;
        }
        g729_lsp_stabilize(lsf);
        CHECK(lsf[0] >= 40); /* 0.005 */
        CHECK(lsf[9] <= 25681); /* 3.135 */
        for (int i = 0; i < 8; i++)
            CHECK(lsf[i + 1] - lsf[i] >= 321 || lsf[i + 1] > 25000); /* 0.0392 */
    }
}

/* (22), up to its scale. */
TEST(weights_are_those_of_equation_22)
{
    uint64_t seed = 3;
    for (int turn = 0; turn < 500; turn++) {
        int16_t lsf[G729_ORDER], weights[G729_ORDER];
        double model[G729_ORDER], scale = 0;
        draw_quantity(lsf, &seed);
        g729_lsp_weights(lsf, weights);
        for (int i = 0; i < G729_ORDER; i++) {
            const double low = i == 0 ? 0.04 * PI : lsf[i - 1] / 8192.0;
            const double high = i == 9 ? 0.92 * PI : lsf[i + 1] / 8192.0;
            const double room = high - low - 1;
            model[i] = (room > 0 ? 1 : 10 * room * room + 1) * (i == 4 || i == 5 ? 1.2 : 1);
            scale = fmax(scale, weights[i] / model[i]);
        }
        for (int i = 0; i < G729_ORDER; i++)
            CHECK_NEAR(weights[i] / scale, model[i], 0.03);
    }
}

/* What the encoder chose is what the decoder finds, and near. */
TEST(quantized_lsps_are_decoded_alike_and_near)
{
    uint64_t seed = 4;
    double error = 0;
    struct g729_lsp_decoder decoder;
    g729_lsp_memory memory;
    g729_lsp_decoder_init(&decoder);
    g729_lsp_memory_init(memory);
    double real[10], wander[10];
    draw_lsf(real, &seed);
    for (int turn = 0; turn < 2000; turn++) { /* slowly, as in speech */
        int16_t lsp[G729_ORDER], quantized[G729_ORDER], decoded[G729_ORDER];
        struct g729_speech speech;
        if (turn % 50 == 0)
            draw_lsf(wander, &seed);
        for (int i = 0; i < G729_ORDER; i++) {
            real[i] += 0.05 * (wander[i] - real[i]);
            lsp[i] = plain16(lrint(32768 * cos(real[i])));
        }
        g729_lsp_quantize(memory, lsp, &speech, quantized);
        g729_lsp_decode(&decoder, &speech, decoded);
        CHECK_BYTES(decoded, quantized, sizeof decoded);
        CHECK_BYTES(decoder.memory, memory, sizeof memory);
        for (int i = 0; i < G729_ORDER; i++)
            error += fabs(acos(quantized[i] / 32768.0) - real[i]);
    }
    CHECK(error / 20000 < 0.045); /* radians: 57 Hz */
}

/* The first stage is the entry nearest to the target of its predictor, the target in real numbers. */
TEST(the_first_stage_is_the_nearest_entry)
{
    uint64_t seed = 5;
    for (int turn = 0; turn < 1000; turn++) {
        int16_t lsf[G729_ORDER], lsp[G729_ORDER], quantized[G729_ORDER];
        g729_lsp_memory memory;
        struct g729_speech speech;
        double target[G729_ORDER], least = 1e30, chosen = 0;
        draw_quantity(lsf, &seed);
        draw_memory(memory, &seed);
        g729_lsp_from_lsf(lsf, lsp);
        g729_lsf_from_lsp(lsp, lsf);
        g729_lsp_memory before;
        memcpy(before, memory, sizeof before);
        g729_lsp_quantize(memory, lsp, &speech, quantized);
        const int p = speech.lsp1 >> 7;
        for (int i = 0; i < G729_ORDER; i++) {
            double sum = lsf[i];
            for (int k = 0; k < G729_LSP_MEMORY; k++)
                sum -= g729_lsp_ma[p][k][i] / 32768.0 * before[k][i];
            target[i] = sum * g729_lsp_ma_rest_inverse[p][i] / 4096;
        }
        for (int k = 0; k < 128; k++) {
            double distance = 0;
            for (int i = 0; i < G729_ORDER; i++)
                distance += pow(target[i] - g729_lsp_codebook1[k][i], 2);
            least = fmin(least, distance);
            chosen = k == (speech.lsp1 & 127) ? distance : chosen;
        }
        CHECK(sqrt(chosen) <= sqrt(least) + 40); /* the target is rounded */
    }
}

/* ---- the search in the plain arithmetic ---- */

struct plain_choice {
    int stage1, stage2[2];
    int32_t distance;
};

/* Squares of ten or five elements, clamped at each step; the first least one below the largest number. */
static int nearest_plainly(const int16_t *target, const int16_t (*entries)[10], int count,
                           const int16_t *weights, int from, int to)
{
    int32_t least = INT32_MAX;
    int best = 0;
    for (int k = 0; k < count; k++) {
        int32_t distance = 0;
        for (int i = from; i < to; i++) {
            const int16_t error = plain16(target[i] - entries[k][i]);
            const int16_t weighted =
                weights == NULL ? error : plain16((int64_t)weights[i] * error >> 15);
            distance = plain_mac(distance, weighted, error, 1);
        }
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

static void choose_plainly(const g729_lsp_memory memory, int p, const int16_t lsf[G729_ORDER],
                           const int16_t weights[G729_ORDER], struct plain_choice *choice)
{
    int16_t target[G729_ORDER], rest[G729_ORDER], vector[G729_ORDER];
    g729_lsp_unpredict(memory, g729_lsp_ma[p], g729_lsp_ma_rest_inverse[p], lsf, target);
    choice->stage1 = nearest_plainly(target, g729_lsp_codebook1, 128, NULL, 0, 10);
    const int16_t *stage1 = g729_lsp_codebook1[choice->stage1];
    for (int i = 0; i < G729_ORDER; i++)
        rest[i] = plain16(target[i] - stage1[i]);
    for (int half = 0; half < 2; half++) {
        const int from = 5 * half;
        choice->stage2[half] =
            nearest_plainly(rest, g729_lsp_codebook2, 32, weights, from, from + 5);
        for (int i = from; i < from + 5; i++)
            vector[i] = plain16(stage1[i] + g729_lsp_codebook2[choice->stage2[half]][i]);
        g729_lsp_spread(vector, half == 0 ? 0 : 4, from + 4, 10);
    }
    g729_lsp_spread(vector, 0, G729_ORDER - 1, 5);
    choice->distance = 0;
    for (int i = 0; i < G729_ORDER; i++) {
        const int64_t rate = g729_lsp_ma_rest[p][i];
        const int16_t error = plain16(rate * plain16(vector[i] - target[i]) >> 15);
        const int16_t weighted =
            (int16_t)(plain32(16 * (int64_t)plain32(2 * (int64_t)weights[i] * error)) >> 16);
        choice->distance = plain_mac(choice->distance, weighted, error, 1);
    }
}

TEST(the_search_is_that_of_the_plain_arithmetic_at_any_size)
{
    uint64_t seed = 6;
    for (int turn = 0; turn < 3000; turn++) {
        int16_t lsp[G729_ORDER], lsf[G729_ORDER], weights[G729_ORDER], quantized[G729_ORDER];
        g729_lsp_memory memory;
        struct g729_speech speech;
        struct plain_choice choices[2];
        draw_quantity(lsf, &seed);
        g729_lsp_from_lsf(lsf, lsp);
        draw_memory(memory, &seed);
        if (turn % 3 != 0) /* the memory drives the target anywhere */
            for (int k = 0; k < G729_LSP_MEMORY; k++)
                draw_signal(memory[k], G729_ORDER, &seed, 12 + turn % 4);
        if (turn % 7 == 0)
            draw_signal(lsp, G729_ORDER, &seed, 15);
        g729_lsf_from_lsp(lsp, lsf);
        g729_lsp_weights(lsf, weights);
        for (int p = 0; p < 2; p++)
            choose_plainly(memory, p, lsf, weights, &choices[p]);
        const int p = choices[1].distance < choices[0].distance;
        g729_lsp_quantize(memory, lsp, &speech, quantized);
        CHECK_EQUAL(speech.lsp1, p << 7 | choices[p].stage1);
        CHECK_EQUAL(speech.lsp2, choices[p].stage2[0] << 5 | choices[p].stage2[1]);
    }
}

/* §4.4.1 */
TEST(a_lost_frame_keeps_the_lsps)
{
    uint64_t seed = 7;
    struct g729_lsp_decoder decoder;
    int16_t lsp[G729_ORDER], concealed[G729_ORDER];
    g729_lsp_decoder_init(&decoder);
    for (int turn = 0; turn < 200; turn++) {
        struct g729_speech speech = {.lsp1 = (int16_t)(harness_random(&seed) >> 24),
                                     .lsp2 = (int16_t)(harness_random(&seed) >> 22)};
        g729_lsp_decode(&decoder, &speech, lsp);
        g729_lsp_conceal(&decoder, concealed);
        CHECK_BYTES(concealed, lsp, sizeof lsp);
    }
}

MAIN()
