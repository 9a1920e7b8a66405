/* Closed-loop pitch of a subframe and its gain (../closed-loop-pitch.h) on lanes. §A.3.7, §3.7.3. */
#ifndef TRUNKGATE_CODECS_G729_LANES_CLOSED_LOOP_PITCH_H
#define TRUNKGATE_CODECS_G729_LANES_CLOSED_LOOP_PITCH_H

#include "../closed-loop-pitch.h"
#include "adaptive-codebook.h"
#include "correlation.h"
#include "filter.h"

#define GAIN_MAX 19661 /* 1.2, Q14 */
#define DELAYS_MAX 10  /* that are searched */

/* The best of `count` delays from each lane's `lowest` on. `now` is where each lane's subframe begins. */
static v32 search_whole(const struct lane_places *now, const vpair correlation[G729_SUBFRAME],
                        v32 lowest, int count)
{
    vpair past[G729_SUBFRAME + 2 * EIGHT];
    v32 sums[DELAYS_MAX];
    const struct lane_places from = lanes_back(now, v_plus(lowest, v32_all(count - 1)));
    read_places(&from, past, G729_SUBFRAME + 2 * EIGHT);
    for (int k = 0; k < count; k++)
        sums[k] = dot_subframes(correlation, past + count - 1 - k, v32_zero());
    v32 largest = v32_all(INT32_MIN), best = v32_zero();
    for (int k = 0; k < count; k++) {
        const vmask higher = v_gt(sums[k], largest);
        largest = v_max(sums[k], largest);
        best = v_select(higher, v32_all(k), best);
    }
    return v_plus(lowest, best);
}

/* The fraction that correlates best, where the delay is at most `thirds_to`; leaves the vector in `best`. */
static struct lanes_delay search_fraction(vmask lanes, const struct lane_places *now,
                                          const vpair correlation[G729_SUBFRAME], v32 whole,
                                          int thirds_to, vpair best[G729_SUBFRAME])
{
    vpair vector[G729_SUBFRAME];
    struct lanes_delay delay = {whole, v32_zero()};
    const vmask fine = v_not(v_gt(whole, v32_all(thirds_to)));
    predict_from_histories(now, delay, lanes, best);
    v32 largest = dot_subframes(correlation, best, v32_zero());
    for (int thirds = -1; thirds <= 1 && v_any(fine); thirds += 2) {
        const struct lanes_delay other = {whole, v32_all(thirds)};
        predict_from_histories(now, other, lanes, vector);
        const v32 found = dot_subframes(correlation, vector, v32_zero());
        const vmask higher = v_and(fine, v_gt(found, largest));
        largest = v_select(higher, found, largest);
        delay.thirds = v_select(higher, other.thirds, delay.thirds);
        for (int i = 0; i < G729_SUBFRAME; i++)
            best[i] = twin_select(higher, vector[i], best[i]);
    }
    return delay;
}

/* What is searched: the target and the impulse response, and `count` delays from `lowest` on. */
struct pitch_search {
    const vpair *target;
    const vpair *response;
    v32 lowest;
    int count;
    int thirds_to; /* the longest delay whose fractions are tried */
};

/* The pitch delay and the adaptive codebook vector. */
static struct lanes_delay search_pitch(vmask lanes, const struct lane_places *now,
                                       const struct pitch_search *search,
                                       vpair vector[G729_SUBFRAME])
{
    vpair correlation[G729_SUBFRAME];
    correlate_target(search->response, search->target, correlation);
    const v32 whole = search_whole(now, correlation, search->lowest, search->count);
    return search_fraction(lanes, now, correlation, whole, search->thirds_to, vector);
}

/* Numbers as mantissa x 2^-exponent. */
struct lanes_scaled {
    v32 mantissa; /* sign extended */
    v32 exponent;
};

struct lanes_products {
    struct lanes_scaled yy;
    struct lanes_scaled xy;
};

V_INLINE struct lanes_scaled scale_sum(v32 sum, int exponent)
{
    const v32 shift = v_norm_l(sum);
    return (struct lanes_scaled){v_widen(v_round(v_left_by(sum, shift))),
                                 v_plus(shift, v32_all(exponent))};
}

/* Where a product overflows. */
static void pitch_gain_lanes(vmask lanes, const vpair target[G729_SUBFRAME],
                             const vpair filtered[G729_SUBFRAME], struct lanes_products *products,
                             v32 *gain)
{
    for (unsigned bits = v_bits(lanes); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        int16_t x[G729_SUBFRAME], y[G729_SUBFRAME];
        struct g729_pitch_products scaled;
        twin_store_lane(target, lane, x, G729_SUBFRAME);
        twin_store_lane(filtered, lane, y, G729_SUBFRAME);
        (*gain)[lane] = g729_pitch_gain(x, y, &scaled);
        products->yy.mantissa[lane] = scaled.yy.mantissa;
        products->yy.exponent[lane] = scaled.yy.exponent;
        products->xy.mantissa[lane] = scaled.xy.mantissa;
        products->xy.exponent[lane] = scaled.xy.exponent;
    }
}

V_INLINE vpair least_sample(const vpair samples[G729_SUBFRAME])
{
    vpair least = samples[0];
    for (int i = 1; i < G729_SUBFRAME; i++)
        least = v_min_pairs(least, samples[i]);
    return least;
}

/* (43): the gain, Q14, at most 1.2. */
static v32 pitch_gain(vmask lanes, const vpair target[G729_SUBFRAME],
                      const vpair filtered[G729_SUBFRAME], struct lanes_products *products)
{
    v32 half = v32_zero(), over = v32_zero();
    const v32 energy = subframe_energy(filtered);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        half = v_dot(half, target[i], (vpair)((v32)filtered[i] & v32_all(0xFFFF)));
        over = over | (half ^ v_left(half, 1)); /* the sign tells whether twice the sum overflows */
    }
    const vmask both = v_and(v_eq(twin_value(least_sample(target)), v32_all(INT16_MIN)),
                             v_eq(twin_value(least_sample(filtered)), v32_all(INT16_MIN)));
    const vmask overflow = v_or(v_or(v_lt(over, v32_zero()), both), v_gt(energy, v32_all((1 << 30) - 1)));

    products->yy = scale_sum(v_plus(v_plus(energy, energy), v32_all(1)), -15);
    products->xy = scale_sum(v_plus(half, half), -15);
    const vmask none = v_not(v_gt(products->xy.mantissa, v32_zero()));
    const v32 quotient = v_div_s(v_right(products->xy.mantissa, 1), products->yy.mantissa);
    const v32 shift = v_minus(products->xy.exponent, products->yy.exponent);
    const v32 left = v_min(v_max(v_minus(v32_zero(), shift), v32_zero()), v32_all(16));
    const v32 right = v_min(v_max(shift, v32_zero()), v32_all(15));
    const v32 gain = v_right_by(v_left_by(quotient, left), right);
    products->xy.exponent = v_select(none, v32_all(15), products->xy.exponent);
    v32 limited = v_select(none, v32_zero(), v_min(gain, v32_all(GAIN_MAX)));
    pitch_gain_lanes(v_and(overflow, lanes), target, filtered, products, &limited);
    return limited;
}

#endif
