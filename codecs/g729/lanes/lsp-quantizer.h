/* The quantizer of the LSFs (../lsp-quantizer.h) on lanes: what encoder and decoder share. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LSP_QUANTIZER_H
#define TRUNKGATE_CODECS_G729_LANES_LSP_QUANTIZER_H

#include "../lsp-quantizer.h"
#include "lsp.h"
#include "parameters.h"

#define LSF_LOWEST 40     /* 0.005, Q13 */
#define LSF_HIGHEST 25681 /* 3.135, Q13 */
#define LSF_APART 321     /* 0.0392, Q13 */

/* Elements 2 `pair` and the next of the row that each lane chose of a table. */
V_INLINE v32 row_pair(const int16_t (*rows)[G729_ORDER], v32 row, int pair)
{
    return v_gather_halves(rows[0], v_plus(v_times(row, v32_all(G729_ORDER)), v32_all(2 * pair)));
}

/* §3.2.4 (19). */
V_INLINE void lsp_vector(v32 lsp1, v32 lsp2, vpair vector[G729_ORDER])
{
    const v32 stage1 = lsp1 & v32_all(127);
    const v32 low = v_right(lsp2, 5), high = lsp2 & v32_all(31);
    for (int pair = 0; pair < HALF; pair++) {
        const v32 first = row_pair(g729_lsp_codebook1, stage1, pair);
        v32 second = row_pair(g729_lsp_codebook2, pair < 3 ? low : high, pair);
        if (pair == 2) /* elements 4 and 5 */
            second = (v32)v_pair32(second, v_right(row_pair(g729_lsp_codebook2, high, 2), 16));
        const v32 sum = (v32)v_add_pairs((vpair)first, (vpair)second);
        vector[2 * pair] = twin_low(sum);
        vector[2 * pair + 1] = twin_high(sum);
    }
}

/* Elements from `first` to `last` at least `gap` apart (21). */
V_INLINE void lsp_spread(vpair vector[G729_ORDER], int first, int last, int16_t gap)
{
    for (int j = first + 1; j <= last; j++) {
        const vpair near = v_add_pairs(v_sub_pairs(vector[j - 1], vector[j]), twin_all(gap));
        const vpair excess = v_max_pairs(v_right_pairs(near, 1), twin_all(0));
        vector[j - 1] = v_sub_pairs(vector[j - 1], excess);
        vector[j] = v_add_pairs(vector[j], excess);
    }
}

V_INLINE void lsp_stabilize(vpair lsf[G729_ORDER])
{
    for (int j = 0; j < G729_ORDER - 1; j++) {
        const vpair less = v_min_pairs(lsf[j], lsf[j + 1]);
        lsf[j + 1] = v_max_pairs(lsf[j], lsf[j + 1]);
        lsf[j] = less;
    }
    lsf[0] = v_max_pairs(lsf[0], twin_all(LSF_LOWEST));
    for (int j = 0; j < G729_ORDER - 1; j++)
        lsf[j + 1] = v_max_pairs(lsf[j + 1], v_add_pairs(lsf[j], twin_all(LSF_APART)));
    lsf[G729_ORDER - 1] = v_min_pairs(lsf[G729_ORDER - 1], twin_all(LSF_HIGHEST));
}

/* The LSFs that lsp1 and lsp2 of `speech` stand for; steps the memory of `lanes`. */
static void dequantize_lsp(v16 memory[G729_LSP_MEMORY][G729_ORDER], vmask lanes,
                           const struct lanes_speech *speech, vpair lsf[G729_ORDER])
{
    vpair vector[G729_ORDER];
    const vmask second = v_eq(v_right(speech->lsp1, 7), v32_all(1)); /* predictor */
    lsp_vector(speech->lsp1, speech->lsp2, vector);
    lsp_spread(vector, 0, G729_ORDER - 1, 10);
    lsp_spread(vector, 0, G729_ORDER - 1, 5);
    for (int i = 0; i < G729_ORDER; i++) { /* (20) */
        const vpair rest = twin_select(second, twin_all(g729_lsp_ma_rest[1][i]),
                                       twin_all(g729_lsp_ma_rest[0][i]));
        v32 sum = v_products(vector[i], rest);
        for (int k = 0; k < G729_LSP_MEMORY; k++)
            sum = twin_l_mac(sum, twin_load(&memory[k][i]),
                             twin_select(second, twin_all(g729_lsp_ma[1][k][i]),
                                         twin_all(g729_lsp_ma[0][k][i])));
        lsf[i] = twin_high(sum);
        for (int k = G729_LSP_MEMORY - 1; k > 0; k--)
            memory[k][i] = v_select16(lanes, memory[k - 1][i], memory[k][i]);
        memory[0][i] = v_select16(lanes, twin_row(vector[i]), memory[0][i]);
    }
    lsp_stabilize(lsf);
}

#endif
