#include "adaptive-codebook.h"

#include "basic-operators.h"
#include "tables.h"

#define REACH 10 /* samples of the interpolation on each side */

void g729_predict_excitation(int16_t *excitation, struct g729_delay delay)
{
    const int phase = delay.thirds > 0 ? 3 - delay.thirds : -delay.thirds;
    const int16_t *past = excitation - delay.whole - (delay.thirds > 0);
    const int16_t *left = &g729_pitch_interpolation[phase];
    const int16_t *right = &g729_pitch_interpolation[3 - phase];
    for (int n = 0; n < G729_SUBFRAME; n++) { /* (40) */
        int32_t sum = 0;
        for (int i = 0; i < REACH; i++) {
            sum = g729_l_mac(sum, past[n - i], left[3 * i]);
            sum = g729_l_mac(sum, past[n + 1 + i], right[3 * i]);
        }
        excitation[n] = g729_round(sum);
    }
}
