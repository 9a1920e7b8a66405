/* LSPs to filters (../lsp.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LSP_H
#define TRUNKGATE_CODECS_G729_LANES_LSP_H

#include "../lsp.h"
#include "functions.h"

#define HALF (G729_ORDER / 2)

V_INLINE void lsp_from_lsf(const vpair lsf[G729_ORDER], vpair lsp[G729_ORDER])
{
    for (int i = 0; i < G729_ORDER; i++) {
        const v32 frequency = v_right(v_products(lsf[i], twin_all(20861)), 16);
        const vpair offset = twin_low(frequency & v32_all(0xFF));
        const v32 index = v_min(v_right(frequency, 8), v32_all(63));
        const v32 change = v_products(twin_gather(g729_cosine_slope, index), offset);
        lsp[i] = v_add_pairs(twin_gather(g729_cosine, index), twin_low(v_right(change, 13)));
    }
}

/* §3.2.6 (25): the product of the (1 - 2 q z^-1 + z^-2) of every other LSP, Q24. */
V_INLINE void expand_polynomial(const vpair *lsp, v32 f[HALF + 1])
{
    f[0] = v32_all(4096 * 2048 * 2);
    f[1] = v_minus(v32_zero(), v_products(lsp[0], twin_all(512)));
    UNROLL
    for (int i = 2; i <= HALF; i++) {
        const vpair q = lsp[2 * (i - 1)];
        f[i] = f[i - 2];
        UNROLL
        for (int j = i; j > 1; j--) {
            const struct v_dpf split = v_dpf_split(f[j - 1]);
            const v32 product = v_l_shl(v_dpf_scale(split, twin_value(q)), 1);
            f[j] = v_l_sub(v_l_add(f[j], f[j - 2]), product);
        }
        f[1] = v_l_sub(f[1], v_products(q, twin_all(512)));
    }
}

V_INLINE void filter_from_lsp(const vpair lsp[G729_ORDER], vpair filter[G729_TAPS])
{
    v32 f1[HALF + 1], f2[HALF + 1];
    expand_polynomial(lsp, f1);
    expand_polynomial(lsp + 1, f2);
    UNROLL
    for (int i = HALF; i > 0; i--) {
        f1[i] = v_l_add(f1[i], f1[i - 1]);
        f2[i] = v_l_sub(f2[i], f2[i - 1]);
    }
    filter[0] = twin_all(4096);
    UNROLL
    for (int i = 1; i <= HALF; i++) { /* (26) */
        filter[i] = twin_low(v_l_shr_r(v_l_add(f1[i], f2[i]), 13));
        filter[G729_TAPS - i] = twin_low(v_l_shr_r(v_l_sub(f1[i], f2[i]), 13));
    }
}

#endif
