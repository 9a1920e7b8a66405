#include "adaptive-codebook.h"

#include "basic-operators.h"
#include "tables.h"
#include "vector.h"

#define REACH 10 /* samples of the interpolation on each side */

/* (40) for eight samples; `from` is REACH - 1 before the first. */
static void interpolate(const int16_t *from, const int16_t taps[2 * REACH], int16_t *out)
{
    g729_sums low = {0x4000, 0x4000, 0x4000, 0x4000}, high = low;
    g729_convolve(from, taps, 2 * REACH, &low, &high);
    g729_store(out, g729_narrow(low >> 15, high >> 15));
}

static void interpolate_saturated(const int16_t *from, const int16_t taps[2 * REACH], int16_t *out)
{
    for (int n = 0; n < G729_WIDTH; n++) {
        int32_t sum = 0;
        for (int i = 0; i < REACH; i++) {
            sum = g729_l_mac(sum, from[n + REACH - 1 - i], taps[REACH - 1 - i]);
            sum = g729_l_mac(sum, from[n + REACH + i], taps[REACH + i]);
        }
        out[n] = g729_round(sum);
    }
}

void g729_predict_excitation(int16_t *excitation, struct g729_delay delay)
{
    const int phase = delay.thirds > 0 ? 3 - delay.thirds : -delay.thirds;
    const int16_t *from = excitation - delay.whole - (delay.thirds > 0) - (REACH - 1);
    int16_t taps[2 * REACH];
    for (int i = 0; i < REACH; i++) {
        taps[REACH - 1 - i] = g729_pitch_interpolation[phase + 3 * i];
        taps[REACH + i] = g729_pitch_interpolation[3 - phase + 3 * i];
    }
    /* The delay is longer than what is predicted at once. The taps' magnitudes add up to less than 2. */
    for (int n = 0; n < G729_SUBFRAME; n += G729_WIDTH) {
        if (g729_bits(from + n, 4 * G729_WIDTH) < 0x4000)
            interpolate(from + n, taps, excitation + n);
        else
            interpolate_saturated(from + n, taps, excitation + n);
    }
}
