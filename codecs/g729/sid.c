#include "sid.h"

#include <string.h>

#include "double-precision.h"
#include "lsp.h"
#include "tables.h"

#define GAP 10       /* 0.0012, Q13 */
#define SHARE0 19660 /* of the first speech predictor, 0.6, Q15 */
#define SHARE1 13107 /* of the second, 0.4, Q15 */

/* log2 of the energy, Q10 */
#define LOWEST (-2721) /* -8 dB */
#define MIDDLE 4762    /* 14 dB: steps of 4 dB below, of 2 dB above */
#define HIGHEST 22111  /* 65 dB */

void g729_noise_predictor(int predictor, g729_lsp_memory ma)
{
    if (predictor == 0) {
        memcpy(ma, g729_lsp_ma[0], sizeof(g729_lsp_memory));
        return;
    }
    for (int k = 0; k < G729_LSP_MEMORY; k++) {
        for (int i = 0; i < G729_ORDER; i++) {
            const int32_t share = g729_l_mult(g729_lsp_ma[0][k][i], SHARE0);
            ma[k][i] = g729_high(g729_l_mac(share, g729_lsp_ma[1][k][i], SHARE1));
        }
    }
}

void g729_noise_vector(int stage1, int stage2, int16_t vector[G729_ORDER])
{
    const int16_t *first = g729_lsp_codebook1[g729_noise_codebook1[stage1]];
    const int16_t *low = g729_lsp_codebook2[g729_noise_codebook2[0][stage2]];
    const int16_t *high = g729_lsp_codebook2[g729_noise_codebook2[1][stage2]];
    for (int i = 0; i < G729_ORDER; i++)
        vector[i] = g729_add(first[i], i < G729_ORDER / 2 ? low[i] : high[i]);
    g729_lsp_spread(vector, 0, G729_ORDER - 1, GAP);
}

void g729_sid_decode(g729_lsp_memory memory, const struct g729_sid *sid, int16_t lsp[G729_ORDER])
{
    g729_lsp_memory ma;
    int16_t vector[G729_ORDER], lsf[G729_ORDER];
    g729_noise_vector(sid->stage1, sid->stage2, vector);
    g729_noise_predictor(sid->predictor, ma);
    g729_lsp_predict(memory, ma, g729_noise_ma_rest[sid->predictor], vector, lsf);
    g729_lsp_memory_push(memory, vector);
    g729_lsp_stabilize(lsf);
    g729_lsp_from_lsf(lsf, lsp);
}

struct g729_level g729_quantize_level(int32_t energy, int exponent)
{
    const struct g729_logarithm log = g729_log2(energy);
    const int16_t fraction = g729_mult_r(log.fraction, 1024);
    const int16_t level = g729_add(g729_shl((int16_t)(log.exponent - exponent), 10), fraction);
    if (level <= LOWEST)
        return (struct g729_level){0, -12};
    if (level > HIGHEST)
        return (struct g729_level){31, 66};
    if (level <= MIDDLE) {
        const int16_t index = g729_mult((int16_t)(level + 3401), 24);
        const int16_t step = index < 1 ? 1 : index;
        return (struct g729_level){step, (int16_t)(4 * step - 8)};
    }
    const int16_t index = (int16_t)((g729_mult((int16_t)(level - 340), 193) >> 2) - 1);
    const int16_t step = index < 6 ? 6 : index;
    return (struct g729_level){step, (int16_t)(2 * step + 4)};
}
