/* Quantization of both gains (../gain-search.h) on lanes. §3.9.2. */
#ifndef TRUNKGATE_CODECS_G729_LANES_GAIN_SEARCH_H
#define TRUNKGATE_CODECS_G729_LANES_GAIN_SEARCH_H

#include "closed-loop-pitch.h"
#include "encoder-state.h"
#include "fixed-codebook-search.h"
#include "gain.h"

#define ENTRIES1 8
#define ENTRIES2 16
#define KEPT1 4 /* entries of each codebook that preselection keeps */
#define KEPT2 8
#define PRESELECT_SCALE (-17103)
#define TAMED_BEST 481 /* 0.94, Q9 */
#define TAMED 16383    /* below 1, Q14 */

/* The error of (63) as a polynomial of both gains: the factor of each term. */
enum lanes_term { PITCH_SQUARE, PITCH, CODE_SQUARE, CODE, PITCH_CODE, TERMS };

struct lanes_gain_target {
    const vpair *target;   /* x of (63) */
    const vpair *adaptive; /* y */
    const struct lanes_innovation *innovation;
    struct lanes_products products; /* of x and y */
    vmask taming;                   /* keeps the pitch gain below 1 */
};

V_INLINE v32 negate16(v32 a)
{
    return v_min(v_minus(v32_zero(), a), v32_all(INT16_MAX));
}

static void find_factors(const struct lanes_gain_target *target, struct lanes_scaled factor[TERMS])
{
    v32 code_square = v32_all(1), code = v32_all(1), pitch_code = v32_all(1);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const vpair pulse = v_right_pairs(target->innovation->filtered[i], 3); /* Q9 */
        code_square = v_dot(code_square, pulse, pulse);
        code = v_dot_saturated(code, target->target[i], pulse);
        pitch_code = v_dot_saturated(pitch_code, target->adaptive[i], pulse);
    }
    const struct lanes_products *products = &target->products;
    factor[PITCH_SQUARE] = products->yy;
    factor[PITCH] = (struct lanes_scaled){negate16(products->xy.mantissa),
                                          v_minus(products->xy.exponent, v32_all(1))};
    factor[CODE_SQUARE] = scale_sum(code_square, 3);
    factor[CODE] = scale_sum(code, -7);
    factor[CODE].mantissa = negate16(factor[CODE].mantissa);
    factor[PITCH_CODE] = scale_sum(pitch_code, -7);
}

/* 32-bit numbers x 2^-exponent. */
struct lanes_wide {
    v32 value;
    v32 exponent;
};

V_INLINE struct lanes_wide scaled_product(struct lanes_scaled a, struct lanes_scaled b, int exponent)
{
    return (struct lanes_wide){v_double_product(v_product32(a.mantissa, b.mantissa)),
                               v_plus(v_plus(a.exponent, b.exponent), v32_all(exponent))};
}

/* Shift right by counts that are not negative. */
V_INLINE v32 shift_down(v32 a, v32 count)
{
    return v_right_by(a, v_min(count, v32_all(31)));
}

/* a - b, normalised to 16 bits, both first shifted right by `margin`. */
V_INLINE struct lanes_scaled difference_of(struct lanes_wide a, struct lanes_wide b, int margin)
{
    const v32 exponent = v_min(a.exponent, b.exponent);
    const v32 base = v_minus(v32_all(margin), exponent);
    const v32 difference = v_l_sub(shift_down(a.value, v_plus(a.exponent, base)),
                                   shift_down(b.value, v_plus(b.exponent, base)));
    const v32 shift = v_norm_l(difference);
    return (struct lanes_scaled){v_right(v_left_by(difference, shift), 16),
                                 v_plus(v_minus(exponent, v32_all(margin + 16)), shift)};
}

V_INLINE v32 divide_scaled(struct lanes_scaled numerator, struct lanes_scaled inverse, int scale)
{
    const v32 shift = v_minus(v_plus(numerator.exponent, inverse.exponent), v32_all(scale + 15));
    const v32 product = v_double_product(v_product32(numerator.mantissa, inverse.mantissa));
    return v_right(v_l_shr_by(product, shift), 16);
}

/* The gains that minimise the error without any quantization. */
struct lanes_best {
    v32 pitch; /* Q9 */
    v32 code;  /* Q2 */
};

static struct lanes_best find_best(const struct lanes_scaled f[TERMS], vmask taming)
{
    const struct lanes_scaled determinant =
        difference_of(scaled_product(f[PITCH_SQUARE], f[CODE_SQUARE], -1),
                      scaled_product(f[PITCH_CODE], f[PITCH_CODE], 1), 0);
    const struct lanes_scaled inverse = {
        negate16(v_div_s(v32_all(16384), determinant.mantissa)),
        v_minus(v32_all(29), determinant.exponent)};
    const struct lanes_scaled pitch =
        difference_of(scaled_product(f[CODE_SQUARE], f[PITCH], 0),
                      scaled_product(f[CODE], f[PITCH_CODE], 1), 1);
    const struct lanes_scaled code =
        difference_of(scaled_product(f[PITCH_SQUARE], f[CODE], 0),
                      scaled_product(f[PITCH], f[PITCH_CODE], 1), 1);
    struct lanes_best best = {divide_scaled(pitch, inverse, 9), divide_scaled(code, inverse, 2)};
    best.pitch = v_select(taming, v_min(best.pitch, v32_all(TAMED_BEST)), best.pitch);
    return best;
}

/* The predicted gain in Q4. */
V_INLINE v32 round_prediction(v32 mantissa, v32 exponent)
{
    const v32 left = v_l_shl_by(mantissa, v_minus(v32_all(20), exponent));
    const v32 right = v_right_by(mantissa, v_min(v_max(v_minus(exponent, v32_all(4)), v32_zero()), v32_all(15)));
    return v_select(v_gt(exponent, v32_all(3)), right, v_right(left, 16));
}

/* The first of the entries that stay: as many thresholds x gain as `value` is beyond. */
V_INLINE v32 count_passed(v32 value, const int16_t *thresholds, int count, v32 gain, int shift)
{
    const vmask rising = v_gt(gain, v32_zero());
    vmask going = v_not(v_mask(0));
    v32 passed = v32_zero();
    for (int i = 0; i < count; i++) {
        const v32 product = v_product32(gain, v32_all(thresholds[i]));
        const v32 excess = v_l_sub(value, v_right(v_plus(product, product), shift));
        const vmask above = v_gt(excess, v32_zero()), below = v_lt(excess, v32_zero());
        going = v_and(going, v_or(v_and(rising, above), v_and(v_not(rising), below)));
        passed = v_select(going, v32_all(i + 1), passed);
    }
    return passed;
}

/* high(l_shl(sum, 2)) x a constant, doubled. */
V_INLINE v32 scale_preselection(v32 sum)
{
    const v32 product = v_product32(v_clamp16(v_right(sum, 14)), v32_all(PRESELECT_SCALE));
    return v_plus(product, product);
}

/* The first entry of each codebook that is kept. */
static void preselect(struct lanes_best best, v32 gain, v32 first[2])
{
    const v32 factor = v32_all(g729_gain_preselect[0][0]);
    const v32 product = v_product32(best.pitch, factor);
    const v32 pitch = v_plus(product, product); /* Q20 */
    v32 sum = v_l_add(pitch, v32_all(g729_gain_preselect_wide[1][1] >> 15));
    sum = v_l_sub(v_l_shl(best.code, 7), v_double_product(v_product32(v_right(sum, 16), gain))); /* Q9 */
    const v32 x = scale_preselection(sum); /* Q15 */

    sum = v_l_sub(pitch, v32_all(g729_gain_preselect_wide[0][1] >> 10));
    sum = v_clamp16(v_right(v_product32(v_right(sum, 16), gain), 15));
    sum = v_product32(sum, v32_all(g729_gain_preselect[1][0]));
    const v32 code = v_product32(best.code, factor);
    sum = v_l_sub(v_plus(sum, sum), v_right(v_plus(code, code), 3)); /* Q10 */
    const v32 y = scale_preselection(sum); /* Q16 */

    first[0] = count_passed(y, g729_gain_threshold1, ENTRIES1 - KEPT1, gain, 3);
    first[1] = count_passed(x, g729_gain_threshold2, ENTRIES2 - KEPT2, gain, 5);
}

/* The factors with one exponent, that of a sum with the gains as `measure_error` takes them. */
static void align_factors(const struct lanes_scaled factor[TERMS], v32 exponent,
                          struct v_dpf aligned[TERMS])
{
    const v32 added[TERMS] = {v32_all(13), v32_all(14),
                              v_minus(v_plus(exponent, exponent), v32_all(21)),
                              v_minus(exponent, v32_all(3)), v_minus(exponent, v32_all(4))};
    v32 least = v32_all(INT32_MAX);
    for (int i = 0; i < TERMS; i++)
        least = v_min(least, v_plus(factor[i].exponent, added[i]));
    for (int i = 0; i < TERMS; i++) {
        const v32 count = v_minus(v_plus(factor[i].exponent, added[i]), least);
        aligned[i] = v_dpf_split(shift_down(v_left(factor[i].mantissa, 16), count));
    }
}

/* (63): the error of a pair of gains, less that of no gains. */
V_INLINE v32 measure_error(const struct v_dpf factor[TERMS], v32 pitch, v32 code)
{
    const v32 pitch_square = v_right(v_product32(pitch, pitch), 15);
    const v32 code_square = v_clamp16(v_right(v_product32(code, code), 15));
    const v32 both = v_right(v_product32(code, pitch), 15);
    v32 error = v_dpf_scale(factor[PITCH_SQUARE], pitch_square);
    error = v_l_add(error, v_dpf_scale(factor[PITCH], pitch));
    error = v_l_add(error, v_dpf_scale(factor[CODE_SQUARE], code_square));
    error = v_l_add(error, v_dpf_scale(factor[CODE], code));
    return v_l_add(error, v_dpf_scale(factor[PITCH_CODE], both));
}

struct lanes_entries {
    v32 first, second;
};

/* Of the entries that were kept, the pair with the least error. */
static struct lanes_entries search_entries(const struct v_dpf factor[TERMS], const v32 first[2],
                                           v32 mantissa, vmask taming)
{
    struct lanes_entries best = {first[0], first[1]};
    v32 least = v32_all(INT32_MAX), others[KEPT2];
    for (int j = 0; j < KEPT2; j++)
        others[j] = v_gather_halves(g729_gain_codebook2[0],
                                    v_left(v_plus(first[1], v32_all(j)), 1));
    for (int i = 0; i < KEPT1; i++) {
        const v32 entry = v_plus(first[0], v32_all(i));
        const v32 a = v_gather_halves(g729_gain_codebook1[0], v_left(entry, 1));
        for (int j = 0; j < KEPT2; j++) {
            const v32 b = others[j];
            const v32 pitch = v_right(v_left((v32)v_add_pairs((vpair)a, (vpair)b), 16), 16);
            const v32 correction = v_right(v_plus(v_right(a, 16), v_right(b, 16)), 1);
            const v32 code = v_right(v_product32(mantissa, correction), 15);
            const v32 error = measure_error(factor, pitch, code);
            const vmask barred = v_and(taming, v_gt(pitch, v32_all(TAMED - 1)));
            const vmask better = v_and(v_gt(least, error), v_not(barred));
            least = v_select(better, error, least);
            best.first = v_select(better, entry, best.first);
            best.second = v_select(better, v_plus(first[1], v32_all(j)), best.second);
        }
    }
    return best;
}

/* Finds the gains, steps the memory of `lanes` and gives the index sent: GA (3 bits), GB (4). */
static v32 search_gains(v16 memory[4], vmask lanes, const struct lanes_gain_target *target,
                        struct lanes_gains *gains)
{
    struct lanes_scaled factor[TERMS];
    struct v_dpf aligned[TERMS];
    v32 first[2];
    const struct lanes_predicted_gain predicted = predict_gain(memory, target->innovation->code);
    const v32 mantissa = twin_value(predicted.mantissa);
    find_factors(target, factor);
    preselect(find_best(factor, target->taming), round_prediction(mantissa, predicted.exponent),
              first);
    align_factors(factor, predicted.exponent, aligned);
    const struct lanes_entries best = search_entries(aligned, first, mantissa, target->taming);
    const v32 index = v_left(v_lookup(g729_gain_map1, best.first), 4) |
                      v_lookup(g729_gain_map2, best.second);
    decode_gains(memory, lanes, index, target->innovation->code, gains);
    return index;
}

#endif
