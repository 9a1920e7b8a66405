/* The excitation of comfort noise (../comfort-noise.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_COMFORT_NOISE_H
#define TRUNKGATE_CODECS_G729_LANES_COMFORT_NOISE_H

#include "adaptive-codebook.h"
#include "frame-work.h"
#include "functions.h"
#include "gain.h"

#define GAUSSIAN_SCALE 19043 /* sqrt(40) / 4 - 1, Q15 */
#define FIXED_SHARE 24576    /* 1 - 0.5^2, Q15 */
#define FIXED_MAX 5000       /* the most gain of the pulses */

typedef uint16_t vupair __attribute__((vector_size(4 * V_LANES)));

/* (96). */
V_INLINE vpair draw_random(vpair *random)
{
    *random = (vpair)((vupair)*random * 31821 + 13849);
    return *random;
}

/* The random codebook entries of a subframe. */
struct lanes_entries {
    struct lanes_delay delay;
    v32 fives[4]; /* of each pulse's place; the last may be one further */
    vmask further;
    vmask positive[4];
    vpair gain; /* of the adaptive codebook, below 0.5, Q14 */
};

V_INLINE v32 bits_of(v32 number, int first, int width)
{
    return v_right_unsigned(number, first) & v32_all((1 << width) - 1);
}

V_INLINE vmask bit_of(v32 number, int bit)
{
    return v_eq(bits_of(number, bit, 1), v32_all(1));
}

V_INLINE void draw_entries(vpair *random, struct lanes_entries *entries)
{
    const v32 first = v_right_unsigned((v32)draw_random(random), 16);
    const v32 thirds = v_minus(bits_of(first, 0, 2), v32_all(1));
    entries->delay.thirds = v_select(v_eq(thirds, v32_all(2)), v32_zero(), thirds);
    entries->delay.whole = v_plus(bits_of(first, 2, 6), v32_all(40));
    entries->fives[0] = bits_of(first, 8, 3);
    entries->positive[0] = bit_of(first, 11);
    entries->fives[1] = bits_of(first, 12, 3);
    entries->positive[1] = bit_of(first, 15);
    const v32 second = v_right_unsigned((v32)draw_random(random), 16);
    entries->fives[2] = bits_of(second, 0, 3);
    entries->positive[2] = bit_of(second, 3);
    entries->fives[3] = bits_of(second, 5, 3);
    entries->further = bit_of(second, 4);
    entries->positive[3] = bit_of(second, 8);
    entries->gain = (vpair)((v32)draw_random(random) & v32_all(0x1FFF1FFF));
}

/* Shift right, rounded; left, saturated, by a negative count. */
V_INLINE vpair shift_rounded(vpair value, v32 count)
{
    const v32 right = v_max(count, v32_zero()), left = v_max(v_minus(v32_zero(), count), v32_zero());
    const v32 half = v_right(v_left_by(v32_all(1), right), 1);
    return twin_saturate(v_right_by(v_plus(v_left_by(twin_value(value), left), half), right));
}

/* A Gaussian vector of half the level. */
V_INLINE void draw_gaussian(vpair *random, vpair gain, vpair vector[G729_SUBFRAME])
{
    v32 energy = v32_zero();
    for (int i = 0; i < G729_SUBFRAME; i++) {
        v32 sum = v32_zero();
        for (int k = 0; k < 12; k++)
            sum = v_dot(sum, draw_random(random), vpair_all(1, 0));
        vector[i] = twin_low(v_right(sum, 7));
        energy = v_dot(energy, vector[i], vector[i]);
    }
    const v32 root = v_inverse_root(v_right(energy, 1));
    const vpair level = v_add_pairs(gain, v_mult_r_pairs(gain, twin_all(GAUSSIAN_SCALE)));
    const v32 factor = v_dpf_scale(v_dpf_split(root), twin_value(level));
    const v32 shift = v_norm_l(factor), count = v_minus(shift, v32_all(14));
    const vpair mantissa = twin_high(v_left_by(factor, shift));
    for (int i = 0; i < G729_SUBFRAME; i++)
        vector[i] = shift_rounded(v_mult_r_pairs(vector[i], mantissa), count);
}

V_INLINE vpair magnitude_of(vpair a)
{
    return v_max_pairs(a, twin_negate(a));
}

/* The samples at the pulses' places. */
V_INLINE void take_samples(const vpair samples[G729_SUBFRAME], const struct lanes_entries *entries,
                           vpair taken[4])
{
    for (int i = 0; i < 4; i++) {
        v32 place = v_plus(v_times(entries->fives[i], v32_all(5)), v32_all(i));
        if (i == 3)
            place = v_select(entries->further, v_plus(place, v32_all(1)), place);
        taken[i] = (vpair)take_row((const v32 *)(const void *)samples, place);
    }
}

V_INLINE vpair correlate_pulses(const vpair taken[4], const struct lanes_entries *entries)
{
    vpair sum = twin_all(0);
    for (int i = 0; i < 4; i++)
        sum = twin_select(entries->positive[i], v_add_pairs(sum, taken[i]),
                          v_sub_pairs(sum, taken[i]));
    return sum;
}

/* A quadratic 4 g^2 + 2 b g + c: b and its discriminant, divided by powers of two. */
struct lanes_quadratic {
    vpair b;
    v32 discriminant;
    v32 shift; /* of b */
};

/* For the excitation with its adaptive part; `energy` is four times that of a subframe. */
V_INLINE struct lanes_quadratic form_full(const vpair excitation[G729_SUBFRAME],
                                          const struct lanes_entries *entries, v32 energy)
{
    vpair largest = twin_all(0), scaled[G729_SUBFRAME], taken[4];
    for (int i = 0; i < G729_SUBFRAME; i++)
        largest = v_max_pairs(largest, magnitude_of(excitation[i]));
    const v32 room = v_minus(v_norm_l(twin_value(largest)), v32_all(16));
    v32 shift = v_max(v_minus(v32_all(3), room), v32_zero());
    shift = v_select(v_eq(twin_value(largest), v32_zero()), v32_zero(), shift);
    for (int i = 0; i < G729_SUBFRAME; i++)
        scaled[i] = twin_low(v_right_by(twin_value(excitation[i]), shift));
    take_samples(scaled, entries, taken);
    const vpair b = v_right_pairs(correlate_pulses(taken, entries), 1);
    const v32 scale = v_plus(v_plus(shift, shift), v32_all(1));
    const v32 rest = v_l_sub(v_right_by(energy, scale), energy_of(scaled, G729_SUBFRAME));
    return (struct lanes_quadratic){b, twin_l_mac(rest, b, b), v_plus(shift, v32_all(1))};
}

/* For the Gaussian part alone, which always has a solution. */
V_INLINE struct lanes_quadratic form_gaussian(const vpair gaussian[G729_SUBFRAME],
                                              const struct lanes_entries *entries, v32 energy)
{
    vpair taken[4], any = twin_all(0);
    take_samples(gaussian, entries, taken);
    for (int i = 0; i < 4; i++)
        any = any | magnitude_of(taken[i]);
    const vmask large = bit_of((v32)any, 14);
    for (int i = 0; i < 4; i++)
        taken[i] = twin_select(large, v_right_pairs(taken[i], 2), v_right_pairs(taken[i], 1));
    const vpair b = correlate_pulses(taken, entries);
    const v32 share = v_dpf_scale(v_dpf_split(energy), v32_all(FIXED_SHARE));
    const v32 rest = v_select(large, v_right(share, 3), v_right(share, 1));
    const v32 shift = v_select(large, v32_all(2), v32_all(1));
    return (struct lanes_quadratic){b, twin_l_mac(rest, b, b), shift};
}

/* The square root of value / 2. */
V_INLINE vpair root_of_half(v32 value)
{
    vpair root = twin_all(0);
    for (int bit = 0x4000; bit > 1; bit >>= 1) {
        const vpair tried = root | twin_all((int16_t)bit);
        root = twin_select(v_gt(v_products(tried, tried), value), root, tried);
    }
    return root;
}

/* The solution nearer to zero. */
V_INLINE vpair solve(const struct lanes_quadratic *quadratic)
{
    const vpair root = root_of_half(quadratic->discriminant);
    const vpair x1 = v_sub_pairs(root, quadratic->b);
    const vpair x2 = twin_negate(v_add_pairs(quadratic->b, root));
    const vmask second = v_gt(twin_value(magnitude_of(x1)), twin_value(magnitude_of(x2)));
    const vpair gain =
        shift_rounded(twin_select(second, x2, x1), v_minus(v32_all(2), quadratic->shift));
    return v_max_pairs(v_min_pairs(gain, twin_all(FIXED_MAX)), twin_all(-FIXED_MAX));
}

V_INLINE void add_pulses(vpair excitation[G729_SUBFRAME], const struct lanes_entries *entries,
                         vpair pulse)
{
    const vpair none = twin_all(0);
    for (int i = 0; i < 4; i++) {
        const vpair own = twin_select(entries->positive[i], pulse, twin_negate(pulse));
        for (int five = 0; five < G729_SUBFRAME / 5; five++) {
            vpair *at = excitation + 5 * five + i;
            const vpair here = twin_select(v_eq(entries->fives[i], v32_all(five)), own, none);
            if (i < 3) {
                at[0] = v_add_pairs(at[0], here);
            } else {
                at[0] = v_add_pairs(at[0], twin_select(entries->further, none, here));
                at[1] = v_add_pairs(at[1], twin_select(entries->further, here, none));
            }
        }
    }
}

/* A subframe of noise to where `now` says; silence in lanes whose level is 0. */
static void fill_noise(const struct lane_places *now, vmask lanes, vpair level, vpair *random)
{
    vpair gaussian[G729_SUBFRAME], excitation[G729_SUBFRAME];
    struct lanes_entries entries;
    draw_entries(random, &entries);
    draw_gaussian(random, level, gaussian);
    predict_from_histories(now, entries.delay, lanes, excitation);
    const vpair gain = v_add_pairs(entries.gain, entries.gain);
    for (int i = 0; i < G729_SUBFRAME; i++)
        excitation[i] = v_add_pairs(v_mult_r_pairs(excitation[i], gain), gaussian[i]);

    const vpair length = twin_low(v_right(v_products(level, twin_all(G729_SUBFRAME)), 6));
    const v32 energy = v_products(level, length);
    struct lanes_quadratic quadratic = form_full(excitation, &entries, energy);
    const struct lanes_quadratic other = form_gaussian(gaussian, &entries, energy);
    const vmask none = v_gt(v32_zero(), quadratic.discriminant);
    quadratic.b = twin_select(none, other.b, quadratic.b);
    quadratic.discriminant = v_select(none, other.discriminant, quadratic.discriminant);
    quadratic.shift = v_select(none, other.shift, quadratic.shift);
    for (int i = 0; i < G729_SUBFRAME; i++)
        excitation[i] = twin_select(none, gaussian[i], excitation[i]);
    add_pulses(excitation, &entries, solve(&quadratic));
    const vmask silent = v_eq((v32)level, v32_zero());
    for (int i = 0; i < G729_SUBFRAME; i++)
        excitation[i] = twin_select(silent, twin_all(0), excitation[i]);
    write_places(now, excitation, G729_SUBFRAME);
}

/* §B.4.4: the excitation of the noise lanes. */
static void make_noise(struct lanes_decoder *state, struct frame_work *work)
{
    const vmask lanes = v_mask(work->kinds.noise);
    const vpair level = twin_load(&state->noise_level);
    const vmask heard = v_and(lanes, v_not(v_eq((v32)level, v32_zero())));
    struct lane_places places;
    for (unsigned lane = 0; lane < V_LANES; lane++)
        places.at[lane] = (work->kinds.noise >> lane & 1) != 0
                              ? work->excitation_read.at[lane]
                              : work->nowhere.samples + G729_EXCITATION_PAST;
    vpair random = twin_load(&state->noise_random);
    for (int i = 0; i < 2; i++) {
        const struct lane_places now = lanes_back(&places, v32_all(-i * G729_SUBFRAME));
        fill_noise(&now, lanes, level, &random);
    }
    state->noise_random = v_select16(heard, twin_row(random), state->noise_random);
}

#endif
