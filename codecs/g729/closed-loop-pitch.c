#include "closed-loop-pitch.h"

#include <stdbool.h>
#include <string.h>

#include "correlation.h"

#define GAIN_MAX 19661 /* 1.2, Q14 */

static int search_whole(const int16_t *excitation, const int16_t correlation[G729_SUBFRAME],
                        int lowest, int highest)
{
    const int span = (G729_SUBFRAME + highest - lowest + G729_WIDTH - 1) / G729_WIDTH * G729_WIDTH;
    const bool fits = g729_fits(g729_energy(correlation, G729_SUBFRAME),
                                g729_energy(excitation - highest, span));
    int32_t largest = G729_MIN32;
    int best = lowest;
    for (int delay = lowest; delay <= highest; delay++) {
        const int16_t *past = excitation - delay;
        const int32_t found = fits ? 2 * g729_product(correlation, past, G729_SUBFRAME)
                                   : g729_dot(correlation, past, 0);
        if (found > largest) {
            largest = found;
            best = delay;
        }
    }
    return best;
}

struct g729_delay g729_search_pitch(int16_t *excitation, const int16_t target[G729_SUBFRAME],
                                    const int16_t response[G729_SUBFRAME], int lowest, int highest,
                                    int thirds_to)
{
    int16_t correlation[G729_SUBFRAME], vector[G729_SUBFRAME];
    g729_correlate_target(response, target, correlation);
    const int whole = search_whole(excitation, correlation, lowest, highest);
    struct g729_delay best = {(int16_t)whole, 0};
    g729_predict_excitation(excitation, best);
    if (whole > thirds_to)
        return best;

    int32_t largest = g729_dot(correlation, excitation, 0);
    memcpy(vector, excitation, sizeof vector);
    for (int thirds = -1; thirds <= 1; thirds += 2) {
        const struct g729_delay delay = {(int16_t)whole, (int16_t)thirds};
        g729_predict_excitation(excitation, delay);
        const int32_t found = g729_dot(correlation, excitation, 0);
        if (found > largest) {
            largest = found;
            best = delay;
            memcpy(vector, excitation, sizeof vector);
        }
    }
    memcpy(excitation, vector, sizeof vector);
    return best;
}

/* The scalar product of two subframes; true where a partial sum overflows. */
static bool overflows(const int16_t *a, const int16_t *b, int32_t *sum)
{
    if (g729_fits(g729_energy(a, G729_SUBFRAME), g729_energy(b, G729_SUBFRAME))) {
        *sum += 2 * g729_product(a, b, G729_SUBFRAME);
        return false;
    }
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const int32_t term = (int32_t)a[i] * b[i];
        if (term == 0x40000000 || __builtin_add_overflow(*sum, term * 2, sum))
            return true;
    }
    return false;
}

/* start (0 or 1) + the scalar product, the second divided by 4 where the sum would overflow. */
static struct g729_scaled product(const int16_t *a, const int16_t *b, int both, int32_t start)
{
    int16_t quarter[G729_SUBFRAME];
    int32_t sum = start;
    int scale = 0;
    if (overflows(a, b, &sum)) {
        for (int i = 0; i < G729_SUBFRAME; i++)
            quarter[i] = (int16_t)(b[i] >> 2);
        sum = g729_dot(both ? quarter : a, quarter, start);
        scale = both ? 4 : 2;
    }
    const int shift = g729_norm_l(sum);
    return (struct g729_scaled){g729_round(g729_l_shl(sum, shift)), (int16_t)(shift - scale - 15)};
}

int16_t g729_pitch_gain(const int16_t target[G729_SUBFRAME], const int16_t filtered[G729_SUBFRAME],
                        struct g729_pitch_products *products)
{
    const struct g729_scaled yy = product(filtered, filtered, 1, 1);
    const struct g729_scaled xy = product(target, filtered, 0, 0);
    products->yy = yy;
    products->xy = xy;
    if (xy.mantissa <= 0) {
        products->xy.exponent = 15;
        return 0;
    }
    const int16_t quotient = g729_div_s((int16_t)(xy.mantissa >> 1), yy.mantissa);
    const int16_t gain = g729_shr(quotient, xy.exponent - yy.exponent);
    return gain > GAIN_MAX ? GAIN_MAX : gain;
}
