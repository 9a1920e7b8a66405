#include "lsp-search.h"

#include <string.h>

#include "basic-operators.h"
#include "lsp.h"
#include "tables.h"

#define HALF (G729_ORDER / 2)
#define ONE 8192        /* Q13 */
#define PI_04 1029      /* 0.04 pi, Q13 */
#define PI_92 23677     /* 0.92 pi, Q13 */
#define WEIGHT_ONE 2048 /* Q11 */
#define TEN 20480       /* Q11 */
#define ONE_POINT_2 19661 /* Q14 */

static int16_t weigh(int16_t room)
{
    if (room > 0)
        return WEIGHT_ONE;
    const int16_t square = g729_high(g729_l_shl(g729_l_mult(room, room), 2));
    return g729_add(g729_high(g729_l_shl(g729_l_mult(square, TEN), 2)), WEIGHT_ONE);
}

void g729_lsp_weights(const int16_t lsf[G729_ORDER], int16_t weights[G729_ORDER])
{
    weights[0] = weigh(g729_sub(lsf[1], PI_04 + ONE));
    for (int i = 1; i < G729_ORDER - 1; i++)
        weights[i] = weigh(g729_sub(g729_sub(lsf[i + 1], lsf[i - 1]), ONE));
    weights[G729_ORDER - 1] = weigh(g729_sub(PI_92 - ONE, lsf[G729_ORDER - 2]));
    for (int i = HALF - 1; i <= HALF; i++)
        weights[i] = g729_high(g729_l_shl(g729_l_mult(weights[i], ONE_POINT_2), 1));

    int16_t largest = 0;
    for (int i = 0; i < G729_ORDER; i++)
        if (weights[i] > largest)
            largest = weights[i];
    const int shift = g729_norm_s(largest);
    for (int i = 0; i < G729_ORDER; i++)
        weights[i] = g729_shl(weights[i], shift);
}

/* The entry of L1 nearest to the target, unweighted. */
static int search_first_stage(const int16_t target[G729_ORDER])
{
    int32_t least = G729_MAX32;
    int best = 0;
    for (int k = 0; k < 128; k++) {
        int32_t distance = 0;
        for (int i = 0; i < G729_ORDER; i++) {
            const int16_t error = g729_sub(target[i], g729_lsp_codebook1[k][i]);
            distance = g729_l_mac(distance, error, error);
        }
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

/* The entry of L2 or L3 (elements from `first` on) nearest to what the first stage leaves, weighted. */
static int search_second_stage(const int16_t *rest, const int16_t *weights, int first)
{
    int32_t least = G729_MAX32;
    int best = 0;
    for (int k = 0; k < 32; k++) {
        int32_t distance = 0;
        for (int i = first; i < first + HALF; i++) {
            const int16_t error = g729_sub(rest[i], g729_lsp_codebook2[k][i]);
            distance = g729_l_mac(distance, g729_mult(weights[i], error), error);
        }
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

struct choice {
    int stage1;
    int low;
    int high;
    int16_t vector[G729_ORDER];
    int32_t distance;
};

/* The best entries under one predictor. */
static void choose(const g729_lsp_memory memory, int predictor, const int16_t lsf[G729_ORDER],
                   const int16_t weights[G729_ORDER], struct choice *choice)
{
    int16_t target[G729_ORDER], rest[G729_ORDER];
    int16_t *vector = choice->vector;
    g729_lsp_unpredict(memory, g729_lsp_ma[predictor], g729_lsp_ma_rest_inverse[predictor], lsf,
                       target);
    choice->stage1 = search_first_stage(target);
    const int16_t *stage1 = g729_lsp_codebook1[choice->stage1];
    for (int i = 0; i < G729_ORDER; i++)
        rest[i] = g729_sub(target[i], stage1[i]);

    choice->low = search_second_stage(rest, weights, 0);
    for (int i = 0; i < HALF; i++)
        vector[i] = g729_add(stage1[i], g729_lsp_codebook2[choice->low][i]);
    g729_lsp_spread(vector, 0, HALF - 1, 10);
    choice->high = search_second_stage(rest, weights, HALF);
    for (int i = HALF; i < G729_ORDER; i++)
        vector[i] = g729_add(stage1[i], g729_lsp_codebook2[choice->high][i]);
    g729_lsp_spread(vector, HALF - 1, G729_ORDER - 1, 10);
    g729_lsp_spread(vector, 0, G729_ORDER - 1, 5);

    choice->distance = 0; /* (21) */
    for (int i = 0; i < G729_ORDER; i++) {
        const int16_t error =
            g729_mult(g729_sub(vector[i], target[i]), g729_lsp_ma_rest[predictor][i]);
        const int16_t weighted = g729_high(g729_l_shl(g729_l_mult(weights[i], error), 4));
        choice->distance = g729_l_mac(choice->distance, weighted, error);
    }
}

void g729_lsp_quantize(g729_lsp_memory memory, const int16_t lsp[G729_ORDER],
                       struct g729_speech *speech, int16_t quantized[G729_ORDER])
{
    int16_t lsf[G729_ORDER], weights[G729_ORDER];
    struct choice choices[2];
    g729_lsf_from_lsp(lsp, lsf);
    g729_lsp_weights(lsf, weights);
    for (int i = 0; i < 2; i++)
        choose(memory, i, lsf, weights, &choices[i]);
    const int predictor = choices[1].distance < choices[0].distance;
    const struct choice *choice = &choices[predictor];
    speech->lsp1 = (int16_t)(predictor << 7 | choice->stage1);
    speech->lsp2 = (int16_t)(choice->low << 5 | choice->high);
    g729_lsp_dequantize(memory, speech, lsf);
    g729_lsp_from_lsf(lsf, quantized);
}
