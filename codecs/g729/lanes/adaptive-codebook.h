/* The adaptive codebook (../adaptive-codebook.h) on lanes, each with a delay of its own. */
#ifndef TRUNKGATE_CODECS_G729_LANES_ADAPTIVE_CODEBOOK_H
#define TRUNKGATE_CODECS_G729_LANES_ADAPTIVE_CODEBOOK_H

#include "../adaptive-codebook.h"
#include "../tables.h"
#include "filter.h"
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
    UNROLL
    for (int k = 0; k < BLOCK; k++)
        sums[k] = v32_zero();
    for (int i = 0; i < REACH; i++) {
        UNROLL
        for (int k = 0; k < BLOCK; k++) {
            const v32 sum = twin_l_mac(sums[k], past[k - i], taps->left[i]);
            sums[k] = twin_l_mac(sum, past[k + 1 + i], taps->right[i]);
        }
    }
    UNROLL
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
        UNROLL
        for (int k = 0; k < BLOCK; k++)
            rows[first + n + k] = twin_row(out[n + k]);
    }
}

/* No sum passes 2^30 with samples up to this: the coefficients of a phase sum up to no more than 2^30 / it. */
#define LOUDEST 18076
#define LEAD 5 /* samples read before those needed, so that the last are read in time */

struct extremes {
    vpair least, most;
};

V_INLINE void note_extremes(struct extremes *extremes, const vpair *pairs, int count)
{
    for (int i = 0; i < count; i++) {
        extremes->least = v_min_pairs(extremes->least, pairs[i]);
        extremes->most = v_max_pairs(extremes->most, pairs[i]);
    }
}

V_INLINE vmask are_loud(const struct extremes *extremes)
{
    const vpair limit = twin_all(LOUDEST);
    const vpair over = v_max_pairs(v_sub_pairs(extremes->most, limit),
                                   v_sub_pairs(twin_negate(limit), extremes->least));
    return v_not(v_eq((v32)v_max_pairs(over, twin_all(0)), v32_zero()));
}

/* (40), of samples in pairs with the next, the one at the first's place in pairs[9]. */
V_INLINE void interpolate_pairs(const vpair taps[REACH], const vpair *pairs, vpair out[BLOCK])
{
    v32 sums[BLOCK];
    UNROLL
    for (int k = 0; k < BLOCK; k++)
        sums[k] = v32_all(0x4000);
    for (int i = 0; i < REACH; i++)
        UNROLL
        for (int k = 0; k < BLOCK; k++)
            sums[k] = v_dot(sums[k], pairs[k + 2 * i], taps[i]);
    UNROLL
    for (int k = 0; k < BLOCK; k++)
        out[k] = twin_saturate(v_right(sums[k], 15));
}

/* With saturation, for the lanes where it might count. */
static void predict_lanes(vmask lanes, const struct lane_places *now, struct lanes_delay delay,
                          vpair out[G729_SUBFRAME])
{
    for (unsigned bits = v_bits(lanes); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        const struct g729_delay own = {(int16_t)delay.whole[lane], (int16_t)delay.thirds[lane]};
        g729_predict_excitation(now->at[lane], own);
        twin_load_lane(out, lane, now->at[lane], G729_SUBFRAME);
    }
}

/* The same for `lanes`, of histories; `now` is where each lane's subframe begins. */
V_INLINE void predict_from_histories(const struct lane_places *now, struct lanes_delay delay,
                                     vmask lanes, vpair out[G729_SUBFRAME])
{
    struct lanes_interpolation taps;
    vpair halves[REACH], pairs[G729_SUBFRAME + 3 * EIGHT];
    struct extremes extremes = {twin_all(0), twin_all(0)};
    choose_interpolation(delay, &taps);
    for (int i = 0; i < REACH / 2; i++) {
        halves[i] = twin_join(taps.left[REACH - 1 - 2 * i], taps.left[REACH - 2 - 2 * i]);
        halves[REACH / 2 + i] = twin_join(taps.right[2 * i], taps.right[2 * i + 1]);
    }
    const struct lane_places places =
        lanes_back(now, v_plus(taps.back, v32_all(REACH - 1 + LEAD)));
    vpair even[(G729_SUBFRAME + 3 * EIGHT) / 2];
    for (int n = 0; n < 3 * EIGHT; n += EIGHT)
        read_four_pairs(&places, n, even + n / 2);
    for (int i = 0; i < 3 * EIGHT / 2 - 1; i++)
        spread_pairs(even, i, pairs);
    note_extremes(&extremes, even, 3 * EIGHT / 2);
    for (int n = 0; n < G729_SUBFRAME; n += BLOCK) {
        const int next = (n + 3 * EIGHT) / 2;
        /* The latest sample that this needs was written by the last turn. */
        read_four_pairs(&places, n + 3 * EIGHT, even + next);
        UNROLL
        for (int i = next - 1; i < next + 3; i++)
            spread_pairs(even, i, pairs);
        pairs[2 * next + 6] = even[next + 3];
        note_extremes(&extremes, even + next, 4);
        interpolate_pairs(halves, pairs + n + LEAD, out + n);
        write_eight(now, n, out + n);
    }
    const vmask loud = v_and(lanes, are_loud(&extremes));
    if (v_any(loud))
        predict_lanes(loud, now, delay, out);
}

#endif
