#include "sid-search.h"

#include "basic-operators.h"
#include "lsp-search.h"
#include "lsp.h"
#include "sid.h"
#include "tables.h"

#define LOWEST 40     /* 0.005, Q13 */
#define HIGHEST 25681 /* 3.135, Q13 */
#define APART 321     /* 0.0392, Q13 */
#define STAGE1 32     /* entries */
#define STAGE2 16
#define KEPT 4 /* candidates of the first stage */

struct candidate {
    int predictor;
    int stage1;
    int16_t rest[G729_ORDER]; /* what the first stage leaves */
};

/* At least 100 Hz between the LSFs. */
static void space(int16_t lsf[G729_ORDER])
{
    if (lsf[0] < LOWEST)
        lsf[0] = LOWEST;
    for (int i = 0; i < G729_ORDER - 1; i++)
        if (g729_sub(lsf[i + 1], lsf[i]) < 2 * APART)
            lsf[i + 1] = g729_add(lsf[i], 2 * APART);
    if (lsf[G729_ORDER - 1] > HIGHEST)
        lsf[G729_ORDER - 1] = HIGHEST;
    if (lsf[G729_ORDER - 1] < lsf[G729_ORDER - 2])
        lsf[G729_ORDER - 2] = g729_sub(lsf[G729_ORDER - 1], APART);
}

static void subtract(const int16_t target[G729_ORDER], int stage1, int16_t rest[G729_ORDER])
{
    const int16_t *entry = g729_lsp_codebook1[g729_noise_codebook1[stage1]];
    for (int i = 0; i < G729_ORDER; i++)
        rest[i] = g729_sub(target[i], entry[i]);
}

/* The four nearest of both predictors and all entries, unweighted, nearest first. */
static void search_first_stage(int16_t targets[2][G729_ORDER], struct candidate kept[KEPT])
{
    int16_t distance[2][STAGE1], rest[G729_ORDER];
    for (int p = 0; p < 2; p++) {
        for (int m = 0; m < STAGE1; m++) {
            int32_t sum = 0;
            subtract(targets[p], m, rest);
            for (int i = 0; i < G729_ORDER; i++)
                sum = g729_l_mac(sum, rest[i], rest[i]);
            distance[p][m] = g729_mult(g729_high(sum), g729_noise_predictor_weight[p]);
        }
    }
    for (int q = 0; q < KEPT; q++) {
        int16_t least = INT16_MAX;
        int predictor = 0, stage1 = 0;
        for (int p = 0; p < 2; p++) {
            for (int m = 0; m < STAGE1; m++) {
                if (distance[p][m] < least) {
                    least = distance[p][m];
                    predictor = p;
                    stage1 = m;
                }
            }
        }
        distance[predictor][stage1] = INT16_MAX;
        kept[q].predictor = predictor;
        kept[q].stage1 = stage1;
        subtract(targets[predictor], stage1, kept[q].rest);
    }
}

/* The weighted distance of a candidate from an entry of the second stage. */
static int16_t measure(const struct candidate *candidate, const int16_t weights[G729_ORDER],
                       int stage2)
{
    const int16_t *rest = g729_noise_ma_rest[candidate->predictor];
    int32_t sum = 0;
    for (int i = 0; i < G729_ORDER; i++) {
        const int row = g729_noise_codebook2[i < G729_ORDER / 2 ? 0 : 1][stage2];
        const int16_t square = g729_high(g729_l_shl(g729_l_mult(rest[i], rest[i]), 2));
        const int16_t error = g729_sub(candidate->rest[i], g729_lsp_codebook2[row][i]);
        const int32_t weighted = g729_l_mult(g729_mult(square, weights[i]), error);
        sum = g729_l_mac(sum, g729_high(g729_l_shl(weighted, 3)), error);
    }
    return g729_high(sum);
}

static void search(int16_t targets[2][G729_ORDER], const int16_t weights[G729_ORDER],
                   struct g729_sid *sid)
{
    struct candidate kept[KEPT];
    int16_t least = INT16_MAX;
    int best = 0;
    search_first_stage(targets, kept);
    sid->stage2 = 0;
    for (int q = 0; q < KEPT; q++) {
        for (int m = 0; m < STAGE2; m++) {
            const int16_t distance = measure(&kept[q], weights, m);
            if (distance < least) {
                least = distance;
                best = q;
                sid->stage2 = (int16_t)m;
            }
        }
    }
    sid->predictor = (int16_t)kept[best].predictor;
    sid->stage1 = (int16_t)kept[best].stage1;
}

void g729_sid_quantize(g729_lsp_memory memory, const int16_t lsp[G729_ORDER],
                       struct g729_sid *sid, int16_t quantized[G729_ORDER])
{
    int16_t lsf[G729_ORDER], weights[G729_ORDER], targets[2][G729_ORDER];
    g729_lsf_from_lsp(lsp, lsf);
    space(lsf);
    g729_lsp_weights(lsf, weights);
    for (int p = 0; p < 2; p++) {
        g729_lsp_memory ma;
        g729_noise_predictor(p, ma);
        g729_lsp_unpredict(memory, ma, g729_noise_ma_rest_inverse[p], lsf, targets[p]);
    }
    search(targets, weights, sid);
    g729_sid_decode(memory, sid, quantized);
}
