#include "correlation.h"

int32_t g729_dot_self(const int16_t *a, int32_t start)
{
    const int64_t sum = start + 2 * g729_energy(a, G729_SUBFRAME);
    return sum > G729_MAX32 ? G729_MAX32 : (int32_t)sum;
}

int32_t g729_dot(const int16_t *a, const int16_t *b, int32_t start)
{
    if (g729_fits(g729_energy(a, G729_SUBFRAME), g729_energy(b, G729_SUBFRAME)))
        return start + 2 * g729_product(a, b, G729_SUBFRAME);
    for (int i = 0; i < G729_SUBFRAME; i++)
        start = g729_l_mac(start, a[i], b[i]);
    return start;
}

static void correlate_saturated(const int16_t *response, const int16_t *target,
                                int32_t sums[G729_SUBFRAME])
{
    for (int i = 0; i < G729_SUBFRAME; i++) {
        sums[i] = 0;
        for (int j = i; j < G729_SUBFRAME; j++)
            sums[i] = g729_l_mac(sums[i], target[j], response[j - i]);
    }
}

static void correlate(const int16_t *response, const int16_t *target, int32_t sums[G729_SUBFRAME])
{
    int16_t padded[G729_SUBFRAME + G729_WIDTH] = {0};
    memcpy(padded, target, G729_SUBFRAME * sizeof *padded);
    for (int i = 0; i < G729_SUBFRAME; i += 4) {
        const int count = (G729_SUBFRAME - i + G729_WIDTH - 1) / G729_WIDTH * G729_WIDTH;
        const int16_t *from = padded + i;
        /* what lies beyond the target is zero */
        const g729_sums totals = g729_totals(
            g729_products(from, response, count), g729_products(from + 1, response, count),
            g729_products(from + 2, response, count), g729_products(from + 3, response, count));
        for (int k = 0; k < 4; k++)
            sums[i + k] = 2 * totals[k];
    }
}

void g729_correlate_target(const int16_t response[G729_SUBFRAME],
                           const int16_t target[G729_SUBFRAME], int16_t out[G729_SUBFRAME])
{
    int32_t sums[G729_SUBFRAME];
    int32_t largest = 0;
    if (g729_fits(g729_energy(response, G729_SUBFRAME), g729_energy(target, G729_SUBFRAME)))
        correlate(response, target, sums);
    else
        correlate_saturated(response, target, sums);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const int32_t magnitude = g729_l_abs(sums[i]);
        if (magnitude > largest)
            largest = magnitude;
    }
    const int room = g729_norm_l(largest);
    const int shift = 18 - (room > 16 ? 16 : room);
    for (int i = 0; i < G729_SUBFRAME; i++)
        out[i] = g729_low(sums[i] >> shift);
}
