#include "lsp-quantizer.h"

#include <string.h>

#include "basic-operators.h"
#include "lsp.h"
#include "tables.h"

#define LOWEST 40     /* 0.005, Q13 */
#define HIGHEST 25681 /* 3.135, Q13 */
#define APART 321     /* 0.0392, Q13 */

void g729_lsp_memory_init(g729_lsp_memory memory)
{
    for (int k = 0; k < G729_LSP_MEMORY; k++)
        memcpy(memory[k], g729_lsp_ma_reset, sizeof memory[k]);
}

void g729_lsp_memory_push(g729_lsp_memory memory, const int16_t vector[G729_ORDER])
{
    for (int k = G729_LSP_MEMORY - 1; k > 0; k--)
        memcpy(memory[k], memory[k - 1], sizeof memory[k]);
    memcpy(memory[0], vector, sizeof memory[0]);
}

void g729_lsp_predict(const g729_lsp_memory memory, const g729_lsp_memory ma,
                      const int16_t rest[G729_ORDER], const int16_t vector[G729_ORDER],
                      int16_t lsf[G729_ORDER])
{
    for (int i = 0; i < G729_ORDER; i++) {
        int32_t sum = g729_l_mult(vector[i], rest[i]);
        for (int k = 0; k < G729_LSP_MEMORY; k++)
            sum = g729_l_mac(sum, memory[k][i], ma[k][i]);
        lsf[i] = g729_high(sum);
    }
}

void g729_lsp_unpredict(const g729_lsp_memory memory, const g729_lsp_memory ma,
                        const int16_t rest_inverse[G729_ORDER], const int16_t lsf[G729_ORDER],
                        int16_t vector[G729_ORDER])
{
    for (int i = 0; i < G729_ORDER; i++) {
        int32_t sum = g729_deposit(lsf[i]);
        for (int k = 0; k < G729_LSP_MEMORY; k++)
            sum = g729_l_msu(sum, memory[k][i], ma[k][i]);
        sum = g729_l_mult(g729_high(sum), rest_inverse[i]);
        vector[i] = g729_high(g729_l_shl(sum, 3));
    }
}

void g729_lsp_spread(int16_t vector[G729_ORDER], int first, int last, int16_t gap)
{
    for (int j = first + 1; j <= last; j++) {
        const int16_t excess = (int16_t)(g729_add(g729_sub(vector[j - 1], vector[j]), gap) >> 1);
        if (excess > 0) {
            vector[j - 1] = g729_sub(vector[j - 1], excess);
            vector[j] = g729_add(vector[j], excess);
        }
    }
}

void g729_lsp_stabilize(int16_t lsf[G729_ORDER])
{
    for (int j = 0; j < G729_ORDER - 1; j++) {
        if (lsf[j + 1] < lsf[j]) {
            const int16_t swapped = lsf[j + 1];
            lsf[j + 1] = lsf[j];
            lsf[j] = swapped;
        }
    }
    if (lsf[0] < LOWEST)
        lsf[0] = LOWEST;
    for (int j = 0; j < G729_ORDER - 1; j++)
        if ((int32_t)lsf[j + 1] - lsf[j] < APART)
            lsf[j + 1] = g729_add(lsf[j], APART);
    if (lsf[G729_ORDER - 1] > HIGHEST)
        lsf[G729_ORDER - 1] = HIGHEST;
}

void g729_lsp_dequantize(g729_lsp_memory memory, const struct g729_speech *speech,
                         int16_t lsf[G729_ORDER])
{
    const int predictor = (speech->lsp1 >> 7) & 1;
    const int16_t *stage1 = g729_lsp_codebook1[speech->lsp1 & 127];
    const int16_t *low = g729_lsp_codebook2[(speech->lsp2 >> 5) & 31];
    const int16_t *high = g729_lsp_codebook2[speech->lsp2 & 31];
    int16_t vector[G729_ORDER];
    for (int i = 0; i < G729_ORDER; i++) /* (19) */
        vector[i] = g729_add(stage1[i], i < G729_ORDER / 2 ? low[i] : high[i]);
    g729_lsp_spread(vector, 0, G729_ORDER - 1, 10);
    g729_lsp_spread(vector, 0, G729_ORDER - 1, 5);
    g729_lsp_predict(memory, g729_lsp_ma[predictor], g729_lsp_ma_rest[predictor], vector, lsf);
    g729_lsp_memory_push(memory, vector);
    g729_lsp_stabilize(lsf);
}

void g729_lsp_decoder_init(struct g729_lsp_decoder *decoder)
{
    g729_lsp_memory_init(decoder->memory);
    memcpy(decoder->lsf, g729_lsp_ma_reset, sizeof decoder->lsf);
    decoder->predictor = 0;
}

void g729_lsp_decode(struct g729_lsp_decoder *decoder, const struct g729_speech *speech,
                     int16_t lsp[G729_ORDER])
{
    g729_lsp_dequantize(decoder->memory, speech, decoder->lsf);
    decoder->predictor = (speech->lsp1 >> 7) & 1;
    g729_lsp_from_lsf(decoder->lsf, lsp);
}

void g729_lsp_conceal(struct g729_lsp_decoder *decoder, int16_t lsp[G729_ORDER])
{
    int16_t vector[G729_ORDER];
    g729_lsp_unpredict(decoder->memory, g729_lsp_ma[decoder->predictor],
                       g729_lsp_ma_rest_inverse[decoder->predictor], decoder->lsf, vector);
    g729_lsp_memory_push(decoder->memory, vector);
    g729_lsp_from_lsf(decoder->lsf, lsp);
}
