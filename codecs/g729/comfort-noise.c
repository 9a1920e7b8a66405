#include "comfort-noise.h"

#include <string.h>

#include "adaptive-codebook.h"
#include "correlation.h"
#include "double-precision.h"
#include "random.h"

#define GAUSSIAN_SCALE 19043 /* sqrt(40) / 4 - 1, Q15 */
#define FIXED_SHARE 24576    /* 1 - 0.5^2, Q15 */
#define FIXED_MAX 5000       /* the most gain of the pulses */
#define SMOOTH_OLD 28672     /* 7/8, Q15 */
#define SMOOTH_NEW 4096      /* 1/8, Q15 */

/* The random codebook entries of a subframe. */
struct entries {
    struct g729_delay delay;
    int place[4];
    bool positive[4];
    int16_t gain; /* of the adaptive codebook, below 0.5, Q14 */
};

static struct entries draw(int16_t *random)
{
    struct entries entries;
    const int first = (uint16_t)g729_random(random);
    const int thirds = (first & 3) - 1;
    entries.delay.thirds = (int16_t)(thirds == 2 ? 0 : thirds);
    entries.delay.whole = (int16_t)((first >> 2 & 63) + 40);
    entries.place[0] = 5 * (first >> 8 & 7);
    entries.positive[0] = (first >> 11 & 1) != 0;
    entries.place[1] = 5 * (first >> 12 & 7) + 1;
    entries.positive[1] = (first >> 15 & 1) != 0;
    const int second = (uint16_t)g729_random(random);
    entries.place[2] = 5 * (second & 7) + 2;
    entries.positive[2] = (second >> 3 & 1) != 0;
    entries.place[3] = 5 * (second >> 5 & 7) + 3 + (second >> 4 & 1);
    entries.positive[3] = (second >> 8 & 1) != 0;
    entries.gain = g729_random(random) & 0x1FFF;
    return entries;
}

static int16_t shift_rounded(int16_t value, int count)
{
    if (count > 15)
        return 0;
    const int16_t shifted = g729_shr(value, count);
    return count > 0 ? (int16_t)(shifted + (value >> (count - 1) & 1)) : shifted;
}

/* A Gaussian vector of half the level. */
static void draw_gaussian(int16_t *random, int16_t gain, int16_t vector[G729_SUBFRAME])
{
    for (int i = 0; i < G729_SUBFRAME; i++) {
        int32_t sum = 0;
        for (int k = 0; k < 12; k++)
            sum += g729_random(random);
        vector[i] = (int16_t)(sum >> 7);
    }
    const int32_t root = g729_inverse_root(g729_dot_self(vector, 0) >> 1);
    const int16_t level = g729_add(gain, g729_mult_r(gain, GAUSSIAN_SCALE));
    const int32_t factor = g729_dpf_scale(g729_dpf_split(root), level);
    const int shift = g729_norm_l(factor);
    const int16_t mantissa = g729_high(g729_l_shl(factor, shift));
    for (int i = 0; i < G729_SUBFRAME; i++)
        vector[i] = shift_rounded(g729_mult_r(vector[i], mantissa), shift - 14);
}

/* The scalar product of a vector, shifted right, and the pulses. */
static int16_t correlate_pulses(const int16_t vector[G729_SUBFRAME], const struct entries *entries,
                                int shift)
{
    int16_t sum = 0;
    for (int i = 0; i < 4; i++) {
        const int16_t value = g729_shr(vector[entries->place[i]], shift);
        sum = entries->positive[i] ? g729_add(sum, value) : g729_sub(sum, value);
    }
    return sum;
}

/* The square root of value / 2. */
static int16_t root_of_half(int32_t value)
{
    int16_t root = 0;
    for (int bit = 0x4000; bit > 1; bit >>= 1) {
        const int16_t tried = (int16_t)(root + bit);
        if (g729_l_sub(value, g729_l_mult(tried, tried)) >= 0)
            root = tried;
    }
    return root;
}

/* A quadratic 4 g^2 + 2 b g + c: b and its discriminant, divided by powers of two. */
struct quadratic {
    int16_t b;
    int32_t discriminant; /* x 2^(1 - 2 shift) */
    int shift;            /* of b */
};

/* For the excitation with its adaptive part; `energy` is four times that of a subframe. */
static struct quadratic form_full(const int16_t *excitation, const struct entries *entries,
                                  int32_t energy)
{
    int16_t largest = 0, scaled[G729_SUBFRAME];
    for (int i = 0; i < G729_SUBFRAME; i++)
        if (g729_abs(excitation[i]) > largest)
            largest = g729_abs(excitation[i]);
    int shift = largest == 0 ? 0 : 3 - g729_norm_s(largest);
    shift = shift < 0 ? 0 : shift;
    for (int i = 0; i < G729_SUBFRAME; i++)
        scaled[i] = (int16_t)(excitation[i] >> shift);
    const int16_t b = (int16_t)(correlate_pulses(scaled, entries, 0) >> 1);
    const int32_t rest =
        g729_l_sub(g729_l_shr(energy, 1 + 2 * shift), g729_dot_self(scaled, 0));
    return (struct quadratic){b, g729_l_mac(rest, b, b), shift + 1};
}

/* For the Gaussian part alone, which always has a solution. */
static struct quadratic form_gaussian(const int16_t gaussian[G729_SUBFRAME],
                                      const struct entries *entries, int32_t energy)
{
    int any = 0;
    for (int i = 0; i < 4; i++)
        any |= g729_abs(gaussian[entries->place[i]]);
    const int shift = (any & 0x4000) == 0 ? 1 : 2;
    const int16_t b = correlate_pulses(gaussian, entries, shift);
    const int32_t rest =
        g729_l_shr(g729_dpf_scale(g729_dpf_split(energy), FIXED_SHARE), 2 * shift - 1);
    return (struct quadratic){b, g729_l_mac(rest, b, b), shift};
}

/* The solution nearer to zero. */
static int16_t solve(struct quadratic quadratic)
{
    const int16_t root = root_of_half(quadratic.discriminant);
    const int16_t x1 = g729_sub(root, quadratic.b);
    const int16_t x2 = g729_negate(g729_add(quadratic.b, root));
    const int16_t nearer = g729_abs(x2) < g729_abs(x1) ? x2 : x1;
    const int16_t gain = shift_rounded(nearer, 2 - quadratic.shift);
    return gain > FIXED_MAX ? FIXED_MAX : gain < -FIXED_MAX ? -FIXED_MAX : gain;
}

static void fill_subframe(int16_t *excitation, int16_t gain, int16_t *random,
                          struct g729_taming *taming)
{
    int16_t gaussian[G729_SUBFRAME];
    struct entries entries = draw(random);
    draw_gaussian(random, gain, gaussian);
    g729_predict_excitation(excitation, entries.delay);
    for (int i = 0; i < G729_SUBFRAME; i++)
        excitation[i] = g729_add(
            g729_mult_r(excitation[i], (int16_t)(2 * entries.gain)), gaussian[i]);

    const int32_t energy =
        g729_l_mult(gain, g729_low(g729_l_mult(gain, G729_SUBFRAME) >> 6));
    struct quadratic quadratic = form_full(excitation, &entries, energy);
    if (quadratic.discriminant < 0) {
        memcpy(excitation, gaussian, sizeof gaussian);
        quadratic = form_gaussian(gaussian, &entries, energy);
        entries.gain = 0;
    }
    const int16_t pulse = solve(quadratic);
    for (int i = 0; i < 4; i++) {
        int16_t *sample = &excitation[entries.place[i]];
        *sample = entries.positive[i] ? g729_add(*sample, pulse) : g729_sub(*sample, pulse);
    }
    if (taming != NULL)
        g729_taming_update(taming, entries.gain, entries.delay.whole);
}

void g729_comfort_noise(int16_t *excitation, int16_t gain, int16_t *random,
                        struct g729_taming *taming)
{
    for (int i = 0; i < 2; i++) {
        int16_t *subframe = excitation + i * G729_SUBFRAME;
        if (gain != 0) {
            fill_subframe(subframe, gain, random, taming);
            continue;
        }
        memset(subframe, 0, G729_SUBFRAME * sizeof *subframe);
        if (taming != NULL)
            g729_taming_update(taming, 0, G729_SUBFRAME + 1);
    }
}

int16_t g729_smooth_level(int16_t level, int16_t sid_level)
{
    return g729_add(g729_mult_r(level, SMOOTH_OLD), g729_mult_r(sid_level, SMOOTH_NEW));
}
