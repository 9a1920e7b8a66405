/* The adaptive codebook (../adaptive-codebook.h) on lanes, each with a delay of its own. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ADAPTIVE_CODEBOOK_H
#define TRUNKGATE_CODECS_G729_LANES_ADAPTIVE_CODEBOOK_H

#include "../adaptive-codebook.h"
#include "../tables.h"
#include "histories.h"
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

/* The interpolation of each lane: what samples before and behind a place count. */
struct lanes_interpolation {
    v32 back; /* whole samples */
    vpair left[REACH], right[REACH];
};

V_INLINE void choose_interpolation(struct lanes_delay delay, struct lanes_interpolation *taps)
{
    const vmask later = v_gt(delay.thirds, v32_zero());
    const vmask earlier = v_gt(v32_zero(), delay.thirds);
    taps->back = v_select(later, v_plus(delay.whole, v32_all(1)), delay.whole);
    for (int i = 0; i < REACH; i++) {
        const int16_t *at = g729_pitch_interpolation + 3 * i;
        const vpair left = twin_select(earlier, twin_all(at[1]), twin_all(at[0]));
        const vpair right = twin_select(earlier, twin_all(at[2]), twin_all(at[3]));
        taps->left[i] = twin_select(later, twin_all(at[2]), left);
        taps->right[i] = twin_select(later, twin_all(at[1]), right);
    }
}

/* (40): a block of samples; `past` is where the first has its place. */
V_INLINE void interpolate_block(const struct lanes_interpolation *taps, const vpair *past,
                                vpair out[BLOCK])
{
    v32 sums[BLOCK];
    for (int k = 0; k < BLOCK; k++)
        sums[k] = v32_zero();
    for (int i = 0; i < REACH; i++) {
        for (int k = 0; k < BLOCK; k++) {
            const v32 sum = twin_l_mac(sums[k], past[k - i], taps->left[i]);
            sums[k] = twin_l_mac(sum, past[k + 1 + i], taps->right[i]);
        }
    }
    for (int k = 0; k < BLOCK; k++)
        out[k] = twin_round(sums[k]);
}

/* Writes the subframe from row `first` on from what precedes it, as twins and as rows. */
V_INLINE void predict_excitation(v16 *rows, int first, struct lanes_delay delay,
                                 vpair out[G729_SUBFRAME])
{
    struct lanes_interpolation taps;
    vpair past[G729_SUBFRAME + 2 * REACH - 1];
    choose_interpolation(delay, &taps);
    const v32 places = places_back(first - REACH + 1, taps.back);
    gather_rows(rows, places, past, 2 * REACH - 1);
    for (int n = 0; n < G729_SUBFRAME; n += BLOCK) {
        gather_rows(rows + n + 2 * REACH - 1, places, past + n + 2 * REACH - 1, BLOCK);
        interpolate_block(&taps, past + n + REACH - 1, out + n);
        for (int k = 0; k < BLOCK; k++)
            rows[first + n + k] = twin_row(out[n + k]);
    }
}

/* What precedes the samples that the interpolation needs, to the next eight. */
#define LEAD 5

/* The same, of histories; `now` is where each lane's subframe begins. */
V_INLINE void predict_from_histories(const struct lane_places *now, struct lanes_delay delay,
                                     vpair out[G729_SUBFRAME])
{
    struct lanes_interpolation taps;
    vpair past[G729_SUBFRAME + 3 * EIGHT];
    choose_interpolation(delay, &taps);
    const struct lane_places places =
        lanes_back(now, v_plus(taps.back, v32_all(REACH - 1 + LEAD)));
    read_places(&places, past, 3 * EIGHT);
    for (int n = 0; n < G729_SUBFRAME; n += BLOCK) {
        /* The latest sample that this needs was written by the last turn. */
        read_eight(&places, n + 3 * EIGHT, past + n + 3 * EIGHT);
        interpolate_block(&taps, past + n + REACH - 1 + LEAD, out + n);
        write_eight(now, n, out + n);
    }
}

#endif
