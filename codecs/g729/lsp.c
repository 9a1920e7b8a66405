#include "lsp.h"

#include "double-precision.h"
#include "tables.h"

#define HALF (G729_ORDER / 2)

const int16_t g729_lsp_start[G729_ORDER] = {30000, 26000, 21000,  15000,  8000,
                                            0,     -8000, -15000, -21000, -26000};

void g729_lsp_from_lsf(const int16_t lsf[G729_ORDER], int16_t lsp[G729_ORDER])
{
    for (int i = 0; i < G729_ORDER; i++) {
        const int16_t frequency = g729_mult(lsf[i], 20861); /* x 1/(2 pi), Q17 */
        const int16_t offset = frequency & 0xFF;
        const int index = frequency >> 8 > 63 ? 63 : frequency >> 8;
        const int32_t change = g729_l_mult(g729_cosine_slope[index], offset);
        lsp[i] = g729_add(g729_cosine[index], g729_low(change >> 13));
    }
}

void g729_lsf_from_lsp(const int16_t lsp[G729_ORDER], int16_t lsf[G729_ORDER])
{
    int index = 63;
    for (int i = G729_ORDER - 1; i >= 0; i--) {
        while (index > 0 && g729_sub(g729_cosine[index], lsp[i]) < 0)
            index--;
        const int16_t offset = g729_sub(lsp[i], g729_cosine[index]);
        const int32_t change = g729_l_mult(g729_arccosine_slope[index], offset);
        const int16_t frequency = g729_add((int16_t)(index << 9), g729_low(change >> 12));
        lsf[i] = g729_mult(frequency, 25736); /* x 2 pi, Q12 */
    }
}

void g729_normalized_lsf(const int16_t lsp[G729_ORDER], int16_t lsf[G729_ORDER])
{
    int index = 63;
    for (int i = G729_ORDER - 1; i >= 0; i--) {
        while (index > 0 && g729_sub(g729_cosine[index], lsp[i]) < 0)
            index--;
        const int16_t offset = g729_sub(lsp[i], g729_cosine[index]);
        const int32_t change = g729_l_mult(offset, g729_arccosine_slope[index]);
        lsf[i] = g729_add(g729_round(g729_l_shl(change, 3)), (int16_t)(index << 8));
    }
}

/* §3.2.6 (25): the product of the (1 - 2 q z^-1 + z^-2) of every other LSP, Q24. */
static void expand_polynomial(const int16_t *lsp, int32_t f[HALF + 1])
{
    f[0] = 4096 * 2048 * 2;
    f[1] = g729_l_msu(0, lsp[0], 512);
    for (int i = 2; i <= HALF; i++) {
        const int16_t q = lsp[2 * (i - 1)];
        f[i] = f[i - 2];
        for (int j = i; j > 1; j--) {
            const int32_t product = g729_l_shl(g729_dpf_scale(g729_dpf_split(f[j - 1]), q), 1);
            f[j] = g729_l_sub(g729_l_add(f[j], f[j - 2]), product);
        }
        f[1] = g729_l_msu(f[1], q, 512);
    }
}

void g729_filter_from_lsp(const int16_t lsp[G729_ORDER], int16_t filter[G729_TAPS])
{
    int32_t f1[HALF + 1], f2[HALF + 1];
    expand_polynomial(lsp, f1);
    expand_polynomial(lsp + 1, f2);
    for (int i = HALF; i > 0; i--) {
        f1[i] = g729_l_add(f1[i], f1[i - 1]);
        f2[i] = g729_l_sub(f2[i], f2[i - 1]);
    }
    filter[0] = 4096;
    for (int i = 1; i <= HALF; i++) { /* (26) */
        filter[i] = g729_low(g729_l_shr_r(g729_l_add(f1[i], f2[i]), 13));
        filter[G729_TAPS - i] = g729_low(g729_l_shr_r(g729_l_sub(f1[i], f2[i]), 13));
    }
}

void g729_interpolate_lsp(const int16_t before[G729_ORDER], const int16_t lsp[G729_ORDER],
                          int16_t filters[2][G729_TAPS])
{
    int16_t middle[G729_ORDER];
    for (int i = 0; i < G729_ORDER; i++)
        middle[i] = g729_add((int16_t)(lsp[i] >> 1), (int16_t)(before[i] >> 1));
    g729_filter_from_lsp(middle, filters[0]);
    g729_filter_from_lsp(lsp, filters[1]);
}
