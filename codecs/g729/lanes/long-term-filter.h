/* The long-term part of the post-filter (../post-filter.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LONG_TERM_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_LONG_TERM_FILTER_H

#include "../correlation.h"
#include "../pitch-delay.h"
#include "filter.h"
#include "histories.h"

#define PAST G729_PITCH_MAX
#define DELAYS 7          /* tried around the pitch delay */
#define WINDOW (G729_SUBFRAME + DELAYS + 1) /* a multiple of eight; the last two are not used */

struct pitch_gains {
    vpair now;
    vpair past;
};

/* §A.4.2.1 (A.14): the gains of the residual now and one delay back; the lanes at 3 dB and above. */
V_INLINE vmask find_gains(v32 correlation, v32 past_energy, v32 energy, struct pitch_gains *gains)
{
    const v32 shift = v_norm_l(v_max(v_max(correlation, past_energy), energy));
    const vpair cmax = twin_round(v_left_by(correlation, shift));
    const vpair en = twin_round(v_left_by(past_energy, shift));
    const vpair en0 = twin_round(v_left_by(energy, shift));
    const vmask good =
        v_not(v_gt(v_right(v_products(en, en0), 1), v_products(cmax, cmax)));
    const vpair part = v_right_pairs(cmax, 2);
    const v32 total = twin_value(v_add_pairs(part, v_right_pairs(en, 1)));
    const vmask limited = v_gt(twin_value(cmax), twin_value(en)); /* to 1: 2/3 and 1/3 */
    vpair past = twin_div_s(twin_value(part), total);
    past = twin_select(v_gt(total, v32_zero()), past, twin_all(0));
    gains->past = twin_select(limited, twin_all(10923), past);
    gains->now = twin_select(limited, twin_all(21845), v_sub_pairs(twin_all(INT16_MAX), past));
    return good;
}

/* Signals in pairs of a sample with the next. */
struct windows {
    vpair even[WINDOW / 2];
    vpair odd[WINDOW / 2]; /* from the second sample on; the last is not used */
};

/* Each lane's samples from its place of 0 to 6 on, in pairs from the first on. */
V_INLINE void slide(struct windows *window, v32 place)
{
    for (int step = 4; step > 1; step /= 2) {
        const vmask far = v_eq(place & v32_all(step), v32_all(step));
        for (int i = 0; i < G729_SUBFRAME / 2 + step / 4; i++) {
            window->even[i] = twin_select(far, window->even[i + step / 2], window->even[i]);
            window->odd[i] = twin_select(far, window->odd[i + step / 2], window->odd[i]);
        }
    }
    const vmask far = v_eq(place & v32_all(1), v32_all(1));
    for (int i = 0; i < G729_SUBFRAME / 2; i++)
        window->even[i] = twin_select(far, window->odd[i], window->even[i]);
}

/* The sum of squares of pairs, at most 2^31 - 1. */
V_INLINE v32 squares_of(const vpair *pairs, int count)
{
    v32 sums[4] = {v32_zero(), v32_zero(), v32_zero(), v32_zero()};
    for (int i = 0; i < count; i += 4)
        UNROLL
        for (int k = 0; k < 4; k++)
            sums[k] = v_add_squares(sums[k], pairs[i + k]);
    return v_l_add(v_l_add(sums[0], sums[1]), v_l_add(sums[2], sums[3]));
}

/* The scalar products of a subframe in pairs with a window from place 6 on, from place 5 on, and so forth to 0. */
V_INLINE void correlate(const vpair now[G729_SUBFRAME / 2], const struct windows *window,
                        v32 found[DELAYS])
{
    UNROLL
    for (int k = 0; k < DELAYS; k++)
        found[k] = v32_zero();
    for (int i = 0; i < G729_SUBFRAME / 2; i++)
        UNROLL
        for (int k = 0; k < DELAYS; k++) {
            const int place = DELAYS - 1 - k;
            const vpair past = (place % 2 == 0 ? window->even : window->odd)[i + place / 2];
            found[k] = v_dot(found[k], now[i], past);
        }
    UNROLL
    for (int k = 0; k < DELAYS; k++)
        found[k] = v_plus(found[k], found[k]);
}

/* A lane of an array of pairs of samples. */
static void pairs_store_lane(const vpair *pairs, unsigned lane, int16_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        numbers[i] = pairs[i / 2][2 * lane + i % 2];
}

/* The same with saturation, in their order. */
static void correlate_lanes(vmask lanes, const vpair now[G729_SUBFRAME / 2],
                            const struct windows *window, v32 found[DELAYS])
{
    for (unsigned bits = v_bits(lanes); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        int16_t samples[G729_SUBFRAME], past[WINDOW];
        pairs_store_lane(now, lane, samples, G729_SUBFRAME);
        pairs_store_lane(window->even, lane, past, WINDOW);
        for (int k = 0; k < DELAYS; k++)
            found[k][lane] = g729_dot(samples, past + DELAYS - 1 - k, 0);
    }
}

/* A quarter of a subframe's residual, of what lies around `delay` before it, and which of that matches best. */
struct pitch_match {
    v32 correlation;
    v32 place;
};

V_INLINE struct pitch_match find_match(const vpair now[G729_SUBFRAME / 2], v32 squares,
                                       const struct windows *window, vmask lanes)
{
    v32 found[DELAYS];
    correlate(now, window, found);
    /* No part of a sum is more than the root of the product of both energies: 2^30 twice is the limit. */
    const v32 limit = v32_all((1 << 30) - 1);
    const v32 past_squares = squares_of(window->even, WINDOW / 2);
    const vmask loud = v_and(lanes, v_gt(v_max(squares, past_squares), limit));
    if (v_any(loud))
        correlate_lanes(loud, now, window, found);
    struct pitch_match match = {found[0], v32_all(DELAYS - 1)};
    UNROLL
    for (int k = 1; k < DELAYS; k++) {
        const vmask better = v_gt(found[k], match.correlation);
        match.correlation = v_select(better, found[k], match.correlation);
        match.place = v_select(better, v32_all(DELAYS - 1 - k), match.place);
    }
    return match;
}

V_INLINE void quarter_of(const vpair *pairs, vpair *quarter, int count)
{
    for (int i = 0; i < count; i++)
        quarter[i] = v_right_pairs(pairs[i], 2);
}

/* The energy in Q1 and a bit. */
V_INLINE v32 energy_of_squares(v32 squares)
{
    return v_l_add(v_l_shl(squares, 1), v32_all(1));
}

/* The long-term filter around `delay` on a subframe of the residual; `places` is where it begins. */
V_INLINE void filter_pitch(const struct lane_places *places, const vpair now[G729_SUBFRAME],
                           v32 delay, vmask active, vpair out[G729_SUBFRAME])
{
    struct windows window, quarter;
    vpair scaled[G729_SUBFRAME / 2];
    const v32 longest = v_min(v_plus(delay, v32_all(3)), v32_all(PAST));
    const struct lane_places past = lanes_back(places, longest);
    for (int i = 0; i < WINDOW; i += EIGHT)
        read_four_pairs(&past, i, window.even + i / 2);
    quarter_of(window.even, quarter.even, WINDOW / 2);
    for (int i = 0; i < WINDOW / 2 - 1; i++) {
        window.odd[i] = pair_between(window.even[i], window.even[i + 1]);
        quarter.odd[i] = v_right_pairs(window.odd[i], 2);
    }
    for (int i = 0; i < G729_SUBFRAME / 2; i++)
        scaled[i] = v_right_pairs(twin_join(now[2 * i], now[2 * i + 1]), 2);

    const v32 squares = squares_of(scaled, G729_SUBFRAME / 2);
    const struct pitch_match match = find_match(scaled, squares, &quarter, active);
    slide(&window, match.place);
    quarter_of(window.even, quarter.even, G729_SUBFRAME / 2);
    const v32 past_squares = squares_of(quarter.even, G729_SUBFRAME / 2);
    struct pitch_gains gains;
    const v32 past_energy = energy_of_squares(past_squares), energy = energy_of_squares(squares);
    const v32 correlation = v_max(match.correlation, v32_zero());
    const vmask good = v_and(active, find_gains(correlation, past_energy, energy, &gains));
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const v32 pair = (v32)window.even[i / 2];
        const vpair delayed = i % 2 == 0 ? twin_low(pair) : twin_high(pair);
        const vpair sum =
            v_add_pairs(twin_mult(gains.now, now[i]), twin_mult(gains.past, delayed));
        out[i] = twin_select(good, sum, now[i]);
    }
}

#endif
