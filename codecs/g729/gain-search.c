#include "gain-search.h"

#include "correlation.h"
#include "double-precision.h"
#include "tables.h"

#define ENTRIES1 8
#define ENTRIES2 16
#define KEPT1 4 /* entries of each codebook that preselection keeps */
#define KEPT2 8
#define PRESELECT_SCALE (-17103)
#define TAMED_BEST 481 /* 0.94, Q9 */
#define TAMED 16383    /* below 1, Q14 */

/* The error of (63) as a polynomial of both gains: the factor of each term. */
enum term { PITCH_SQUARE, PITCH, CODE_SQUARE, CODE, PITCH_CODE, TERMS };

static struct g729_scaled normalize(int32_t sum, int exponent)
{
    const int shift = g729_norm_l(sum);
    return (struct g729_scaled){g729_round(g729_l_shl(sum, shift)), (int16_t)(shift + exponent)};
}

static void find_factors(const struct g729_gain_target *target, struct g729_scaled factor[TERMS])
{
    int16_t code[G729_SUBFRAME]; /* Q9 */
    for (int i = 0; i < G729_SUBFRAME; i++)
        code[i] = (int16_t)(target->innovation->filtered[i] >> 3);
    const struct g729_pitch_products *products = &target->products;
    factor[PITCH_SQUARE] = products->yy;
    factor[PITCH] = (struct g729_scaled){g729_negate(products->xy.mantissa),
                                         (int16_t)(products->xy.exponent - 1)};
    factor[CODE_SQUARE] = normalize(g729_dot_self(code, 1), 3);
    factor[CODE] = normalize(g729_dot(target->target, code, 1), -7);
    factor[CODE].mantissa = g729_negate(factor[CODE].mantissa);
    factor[PITCH_CODE] = normalize(g729_dot(target->adaptive, code, 1), -7);
}

/* A 32-bit number x 2^-exponent. */
struct wide {
    int32_t value;
    int exponent;
};

static struct wide product(struct g729_scaled a, struct g729_scaled b, int exponent)
{
    return (struct wide){g729_l_mult(a.mantissa, b.mantissa),
                         a.exponent + b.exponent + exponent};
}

/* a - b, normalised to 16 bits, both first shifted right by `margin`. */
static struct g729_scaled subtract(struct wide a, struct wide b, int margin)
{
    const int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
    const int32_t difference = g729_l_sub(g729_l_shr(a.value, a.exponent - exponent + margin),
                                          g729_l_shr(b.value, b.exponent - exponent + margin));
    const int shift = g729_norm_l(difference);
    return (struct g729_scaled){g729_high(g729_l_shl(difference, shift)),
                                (int16_t)(exponent - margin + shift - 16)};
}

static int16_t divide(struct g729_scaled numerator, struct g729_scaled inverse, int scale)
{
    const int shift = numerator.exponent + inverse.exponent - (scale + 15);
    return g729_high(g729_l_shr(g729_l_mult(numerator.mantissa, inverse.mantissa), shift));
}

/* The gains that minimise the error without any quantization. */
struct best {
    int16_t pitch; /* Q9 */
    int16_t code;  /* Q2 */
};

static struct best find_best(const struct g729_scaled f[TERMS], bool taming)
{
    const struct g729_scaled determinant =
        subtract(product(f[PITCH_SQUARE], f[CODE_SQUARE], -1),
                 product(f[PITCH_CODE], f[PITCH_CODE], 1), 0);
    const struct g729_scaled inverse = {g729_negate(g729_div_s(16384, determinant.mantissa)),
                                        (int16_t)(29 - determinant.exponent)};
    const struct g729_scaled pitch = subtract(product(f[CODE_SQUARE], f[PITCH], 0),
                                              product(f[CODE], f[PITCH_CODE], 1), 1);
    const struct g729_scaled code = subtract(product(f[PITCH_SQUARE], f[CODE], 0),
                                             product(f[PITCH], f[PITCH_CODE], 1), 1);
    struct best best = {divide(pitch, inverse, 9), divide(code, inverse, 2)};
    if (taming && best.pitch > TAMED_BEST)
        best.pitch = TAMED_BEST;
    return best;
}

/* The predicted gain in Q4. */
static int16_t round_prediction(struct g729_predicted_gain predicted)
{
    if (predicted.exponent >= 4)
        return g729_shr(predicted.mantissa, predicted.exponent - 4);
    return g729_high(g729_l_shl(predicted.mantissa, 20 - predicted.exponent));
}

/* The first of the entries that stay: as many thresholds x gain as `value` is beyond. */
static int count_passed(int32_t value, const int16_t *thresholds, int count, int16_t gain,
                        int shift)
{
    int passed = 0;
    while (passed < count) {
        const int32_t bound = g729_l_shr(g729_l_mult(thresholds[passed], gain), shift);
        const int32_t excess = g729_l_sub(value, bound);
        if (gain > 0 ? excess <= 0 : excess >= 0)
            break;
        passed++;
    }
    return passed;
}

/* The first entry of each codebook that is kept. */
static void preselect(struct best best, int16_t gain, int first[2])
{
    const int32_t pitch = g729_l_mult(g729_gain_preselect[0][0], best.pitch); /* Q20 */
    int32_t sum = g729_l_add(pitch, g729_gain_preselect_wide[1][1] >> 15);
    sum = g729_l_sub(g729_l_shl(best.code, 7), g729_l_mult(g729_high(sum), gain)); /* Q9 */
    const int32_t x = g729_l_mult(g729_high(g729_l_shl(sum, 2)), PRESELECT_SCALE); /* Q15 */

    sum = g729_l_sub(pitch, g729_gain_preselect_wide[0][1] >> 10);
    sum = g729_l_mult(g729_mult(g729_high(sum), gain), g729_gain_preselect[1][0]); /* Q10 */
    sum = g729_l_sub(sum, g729_l_mult(g729_gain_preselect[0][0], best.code) >> 3);
    const int32_t y = g729_l_mult(g729_high(g729_l_shl(sum, 2)), PRESELECT_SCALE); /* Q16 */

    first[0] = count_passed(y, g729_gain_threshold1, ENTRIES1 - KEPT1, gain, 3);
    first[1] = count_passed(x, g729_gain_threshold2, ENTRIES2 - KEPT2, gain, 5);
}

/* The factors with one exponent, that of a sum with the gains as `measure` takes them. */
static void align(const struct g729_scaled factor[TERMS], int exponent,
                  struct g729_dpf aligned[TERMS])
{
    const int added[TERMS] = {13, 14, 2 * exponent - 21, exponent - 3, exponent - 4};
    int least = INT32_MAX;
    for (int i = 0; i < TERMS; i++)
        if (factor[i].exponent + added[i] < least)
            least = factor[i].exponent + added[i];
    for (int i = 0; i < TERMS; i++) {
        const int32_t value = g729_deposit(factor[i].mantissa);
        aligned[i] = g729_dpf_split(g729_l_shr(value, factor[i].exponent + added[i] - least));
    }
}

/* (63): the error of a pair of gains, less that of no gains. */
static int32_t measure(const struct g729_dpf factor[TERMS], int16_t pitch, int16_t code)
{
    int32_t error = g729_dpf_scale(factor[PITCH_SQUARE], g729_mult(pitch, pitch));
    error = g729_l_add(error, g729_dpf_scale(factor[PITCH], pitch));
    error = g729_l_add(error, g729_dpf_scale(factor[CODE_SQUARE], g729_mult(code, code)));
    error = g729_l_add(error, g729_dpf_scale(factor[CODE], code));
    return g729_l_add(error, g729_dpf_scale(factor[PITCH_CODE], g729_mult(code, pitch)));
}

int16_t g729_search_gains(struct g729_gain_memory *memory, const struct g729_gain_target *target,
                          struct g729_gains *gains)
{
    struct g729_scaled factor[TERMS];
    struct g729_dpf aligned[TERMS];
    int first[2];
    const struct g729_predicted_gain predicted =
        g729_predict_gain(memory, target->innovation->code);
    find_factors(target, factor);
    preselect(find_best(factor, target->taming), round_prediction(predicted), first);
    align(factor, predicted.exponent, aligned);

    int32_t least = G729_MAX32;
    int best1 = first[0], best2 = first[1];
    for (int i = first[0]; i < first[0] + KEPT1; i++) {
        for (int j = first[1]; j < first[1] + KEPT2; j++) {
            const int16_t *ga = g729_gain_codebook1[i], *gb = g729_gain_codebook2[j];
            const int16_t pitch = g729_add(ga[0], gb[0]);
            if (target->taming && pitch >= TAMED)
                continue;
            const int16_t correction = (int16_t)(((int32_t)ga[1] + gb[1]) >> 1);
            const int32_t error =
                measure(aligned, pitch, g729_mult(predicted.mantissa, correction));
            if (error < least) {
                least = error;
                best1 = i;
                best2 = j;
            }
        }
    }
    const int16_t index = (int16_t)(g729_gain_map1[best1] << 4 | g729_gain_map2[best2]);
    g729_decode_gains(memory, index, target->innovation->code, gains);
    return index;
}
