#include "lpc.h"

#include <string.h>

#include "tables.h"
#include "vector.h"

#define UNSTABLE 32750 /* Q15 */

void g729_autocorrelate(const int16_t speech[G729_WINDOW], int lags,
                        struct g729_autocorrelation *correlation)
{
    int16_t windowed[G729_WINDOW + 2 * G729_WIDTH] = {0}; /* zeros follow */
    for (int i = 0; i < G729_WINDOW; i++)
        windowed[i] = g729_mult_r(speech[i], g729_lp_window[i]);

    /* Sums of squares grow, so that one overflowed exactly if it ends above 32 bits. */
    int exponent = 1;
    int64_t energy = 2 * g729_energy(windowed, G729_WINDOW) + 1; /* 1 for all zeros */
    while (energy > G729_MAX32) {
        for (int i = 0; i < G729_WINDOW; i++)
            windowed[i] = (int16_t)(windowed[i] >> 2);
        exponent += 4;
        energy = 2 * g729_energy(windowed, G729_WINDOW) + 1;
    }
    const int shift = g729_norm_l((int32_t)energy);
    correlation->exponent = (int16_t)(exponent - shift);
    correlation->lag[0] = g729_dpf_split((int32_t)energy << shift);

    /* No partial sum of another lag exceeds the energy. */
    for (int lag = 1; lag <= lags; lag++) {
        const int32_t sum = g729_product(windowed, windowed + lag, G729_WINDOW);
        correlation->lag[lag] = g729_dpf_split(g729_l_shl(sum * 2, shift));
    }
}

void g729_window_lags(struct g729_autocorrelation *correlation, int lags)
{
    for (int i = 1; i <= lags; i++) {
        const struct g729_dpf window = {g729_lag_window_hi[i - 1], g729_lag_window_lo[i - 1]};
        const int32_t product = g729_dpf_multiply(correlation->lag[i], window);
        correlation->lag[i] = g729_dpf_split(product);
    }
}

void g729_levinson_init(struct g729_levinson_memory *memory)
{
    memset(memory, 0, sizeof *memory);
    memory->filter[0] = 4096;
}

/* The prediction error, normalised: hi and lo of mantissa, and its shift. */
struct alpha {
    struct g729_dpf mantissa;
    int exponent;
};

/* alpha (1 - k^2) */
static void reduce(struct alpha *alpha, struct g729_dpf k)
{
    const int32_t square = g729_l_abs(g729_dpf_multiply(k, k));
    const struct g729_dpf rest = g729_dpf_split(g729_l_sub(G729_MAX32, square));
    const int32_t product = g729_dpf_multiply(alpha->mantissa, rest);
    const int shift = g729_norm_l(product);
    alpha->mantissa = g729_dpf_split(g729_l_shl(product, shift));
    alpha->exponent += shift;
}

/* -numerator / alpha, Q31 */
static int32_t reflect(int32_t numerator, const struct alpha *alpha)
{
    const int32_t quotient = g729_divide(g729_l_abs(numerator), alpha->mantissa);
    return g729_l_shl(numerator > 0 ? g729_l_negate(quotient) : quotient, alpha->exponent);
}

bool g729_levinson(struct g729_levinson_memory *memory, const struct g729_dpf r[G729_TAPS],
                   struct g729_prediction *prediction)
{
    struct g729_dpf a[G729_TAPS], next[G729_TAPS]; /* Q27 */
    struct alpha alpha = {r[0], 0};

    int32_t reflection = reflect(g729_dpf_join(r[1]), &alpha);
    struct g729_dpf k = g729_dpf_split(reflection);
    prediction->reflection[0] = k.hi;
    a[1] = g729_dpf_split(reflection >> 4);
    reduce(&alpha, k);

    for (int i = 2; i <= G729_ORDER; i++) {
        int32_t sum = 0;
        for (int j = 1; j < i; j++)
            sum = g729_l_add(sum, g729_dpf_multiply(r[j], a[i - j]));
        sum = g729_l_add(g729_l_shl(sum, 4), g729_dpf_join(r[i]));
        reflection = reflect(sum, &alpha);
        k = g729_dpf_split(reflection);
        prediction->reflection[i - 1] = k.hi;
        if (g729_abs(k.hi) > UNSTABLE) {
            memcpy(prediction->filter, memory->filter, sizeof memory->filter);
            memcpy(prediction->reflection, memory->reflection, sizeof memory->reflection);
            return false;
        }
        for (int j = 1; j < i; j++) {
            const int32_t change = g729_dpf_multiply(k, a[i - j]);
            next[j] = g729_dpf_split(g729_l_add(change, g729_dpf_join(a[j])));
        }
        next[i] = g729_dpf_split(reflection >> 4);
        memcpy(a + 1, next + 1, (size_t)i * sizeof *a);
        reduce(&alpha, k);
    }

    prediction->error = g729_shr(alpha.mantissa.hi, alpha.exponent);
    prediction->filter[0] = 4096;
    for (int i = 1; i < G729_TAPS; i++)
        prediction->filter[i] = g729_round(g729_l_shl(g729_dpf_join(a[i]), 1));
    memcpy(memory->filter, prediction->filter, sizeof memory->filter);
    memcpy(memory->reflection, prediction->reflection, sizeof memory->reflection);
    return true;
}
