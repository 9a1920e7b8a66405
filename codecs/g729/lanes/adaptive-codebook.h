/* The adaptive codebook (../adaptive-codebook.h) on lanes, each with a delay of its own. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ADAPTIVE_CODEBOOK_H
#define TRUNKGATE_CODECS_G729_LANES_ADAPTIVE_CODEBOOK_H

#include "../adaptive-codebook.h"
#include "../tables.h"
#include "pitch-delay.h"

#define REACH 10 /* samples of the interpolation on each side */
#define BLOCK 8  /* samples at once: the shortest delay is 19, so none of them reads another */

/* Where each lane has the sample `back` rows before `row`, in numbers from the first row on. */
V_INLINE v32 places_back(int row, v32 back)
{
    return v_plus(v_times(v_minus(v32_all(row), back), v32_all(V_LANES)), v_lane_numbers());
}

/* Samples from `places` on. */
V_INLINE void gather_rows(const v16 *rows, v32 places, vpair *out, int count)
{
    for (int i = 0; i < count; i++)
        out[i] = twin_low(v_gather_halves((const int16_t *)(const void *)(rows + i), places));
}

/* Writes the subframe from `first` on from what precedes it, as twins and as rows. */
V_INLINE void predict_excitation(v16 *rows, int first, struct lanes_delay delay,
                                 vpair out[G729_SUBFRAME])
{
    const vmask later = v_gt(delay.thirds, v32_zero());
    const vmask earlier = v_gt(v32_zero(), delay.thirds);
    const v32 whole = v_select(later, v_plus(delay.whole, v32_all(1)), delay.whole);
    const v32 places = places_back(first - REACH + 1, whole);
    vpair left[REACH], right[REACH], past[G729_SUBFRAME + 2 * REACH - 1];
    for (int i = 0; i < REACH; i++) {
        const int16_t *at = g729_pitch_interpolation + 3 * i;
        left[i] = twin_select(earlier, twin_all(at[1]), twin_all(at[0]));
        left[i] = twin_select(later, twin_all(at[2]), left[i]);
        right[i] = twin_select(earlier, twin_all(at[2]), twin_all(at[3]));
        right[i] = twin_select(later, twin_all(at[1]), right[i]);
    }
    gather_rows(rows, places, past, 2 * REACH - 1);
    for (int n = 0; n < G729_SUBFRAME; n += BLOCK) {
        v32 sums[BLOCK];
        gather_rows(rows + n + 2 * REACH - 1, places, past + n + 2 * REACH - 1, BLOCK);
        for (int k = 0; k < BLOCK; k++)
            sums[k] = v32_zero();
        for (int i = 0; i < REACH; i++) { /* (40) */
            for (int k = 0; k < BLOCK; k++) {
                const vpair *now = past + n + k + REACH - 1;
                sums[k] = twin_l_mac(twin_l_mac(sums[k], now[-i], left[i]), now[1 + i], right[i]);
            }
        }
        for (int k = 0; k < BLOCK; k++) {
            out[n + k] = twin_round(sums[k]);
            rows[first + n + k] = twin_row(out[n + k]);
        }
    }
}

#endif
