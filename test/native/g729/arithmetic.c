/* Basic operators, double precision, random numbers, vectors. */
#include <g729/double-precision.h>
#include <g729/random.h>
#include <g729/vector.h>

#include "plain.h"

static const int16_t corners[] = {INT16_MIN, INT16_MIN + 1, -16384, -257,  -1,    0,
                                  1,         2,             255,    16384, 32766, INT16_MAX};
#define CORNERS ((int)(sizeof corners / sizeof *corners))

static void check_pair(int16_t a, int16_t b)
{
    CHECK_EQUAL(g729_add(a, b), plain16(a + b));
    CHECK_EQUAL(g729_sub(a, b), plain16(a - b));
    CHECK_EQUAL(g729_mult(a, b), plain16((int64_t)floor(a * (double)b / 32768)));
    CHECK_EQUAL(g729_mult_r(a, b), plain16((int64_t)floor(a * (double)b / 32768 + 0.5)));
    CHECK_EQUAL(g729_l_mult(a, b), plain32(2 * (int64_t)a * b));
}

static void check_wide(int32_t a, int16_t b, int16_t c)
{
    const int32_t other = plain32((int64_t)b * 65536 + c);
    CHECK_EQUAL(g729_l_add(a, other), plain32((int64_t)a + other));
    CHECK_EQUAL(g729_l_sub(a, other), plain32((int64_t)a - other));
    CHECK_EQUAL(g729_l_mac(a, b, c), plain_mac(a, b, c, 1));
    CHECK_EQUAL(g729_l_msu(a, b, c), plain_mac(a, b, c, -1));
    CHECK_EQUAL(g729_round(a), plain_round(a, 0));
    CHECK_EQUAL(g729_l_negate(a), plain32(-(int64_t)a));
    CHECK_EQUAL(g729_l_abs(a), plain32(a < 0 ? -(int64_t)a : a));
}

TEST(operators_are_exact_and_clamped)
{
    uint64_t seed = 1;
    for (int i = 0; i < CORNERS; i++) {
        CHECK_EQUAL(g729_negate(corners[i]), plain16(-corners[i]));
        CHECK_EQUAL(g729_abs(corners[i]), plain16(abs(corners[i])));
        for (int j = 0; j < CORNERS; j++) {
            check_pair(corners[i], corners[j]);
            for (int k = 0; k < CORNERS; k++)
                check_wide(plain32((int64_t)corners[k] * 65536 + corners[j]), corners[i],
                           corners[j]);
        }
    }
    for (int i = 0; i < 20000; i++) {
        check_pair(draw(&seed, 15), draw(&seed, 14));
        check_wide((int32_t)harness_random(&seed), draw(&seed, 15), draw(&seed, 15));
    }
}

/* value x 2^count, rounded down, as far as it matters. */
static int64_t shifted(int32_t value, int count)
{
    return (int64_t)fmax(fmin(floor(ldexp(value, count)), 1e12), -1e12);
}

TEST(shifts_multiply_by_powers_of_two)
{
    uint64_t seed = 2;
    for (int i = 0; i < 20000; i++) {
        const int16_t narrow = draw(&seed, 1 + i % 15);
        const int32_t wide = (int32_t)harness_random(&seed) >> i % 31;
        const int count = i % 48 - 20;
        CHECK_EQUAL(g729_shl(narrow, count), plain16(shifted(narrow, count)));
        CHECK_EQUAL(g729_l_shl(wide, count), plain32(shifted(wide, count)));
        CHECK_EQUAL(g729_shr(narrow, count), g729_shl(narrow, -count));
        if (count > 0)
            CHECK_EQUAL(g729_l_shr_r(wide, count), (int64_t)floor(ldexp(wide, -count) + 0.5));
    }
}

TEST(norms_fill_the_bits)
{
    uint64_t seed = 3;
    for (int i = 0; i < 10000; i++) {
        const int32_t value = (int32_t)harness_random(&seed) >> i % 32;
        if (value == 0 || value == -1)
            continue;
        const double shifted = ldexp(value, g729_norm_l(value));
        CHECK(value > 0 ? shifted >= 0x40000000 && shifted <= INT32_MAX
                        : shifted < -0x40000000LL && shifted >= INT32_MIN);
        CHECK_EQUAL(g729_norm_s(g729_high(value)),
                    value >> 16 == 0    ? 0
                    : value >> 16 == -1 ? 15
                                        : g729_norm_l(value >> 16) - 16);
    }
    CHECK_EQUAL(g729_norm_l(0), 0);
    CHECK_EQUAL(g729_norm_l(-1), 31);
}

TEST(quotients_powers_logarithms_and_roots_are_near_the_real_ones)
{
    uint64_t seed = 4;
    for (int i = 0; i < 20000; i++) {
        const int32_t denominator = 0x40000000 | (int32_t)(harness_random(&seed) >> 2);
        const int32_t numerator = (int32_t)(draw_real(&seed) * denominator);
        const double quotient = (double)numerator / denominator;
        CHECK_NEAR(g729_divide(numerator, g729_dpf_split(denominator)) / 2147483648.0, quotient,
                   2e-6);
        CHECK_EQUAL(g729_div_s((int16_t)(numerator >> 16), (int16_t)(denominator >> 16)),
                    plain16(((int64_t)(numerator >> 16) << 15) / (denominator >> 16)));

        const int16_t fraction = (int16_t)(harness_random(&seed) >> 17);
        const double power = exp2(i % 31 + fraction / 32768.0);
        CHECK_NEAR(g729_power(i % 31, fraction) / power, 1, 2e-4 + 0.51 / power);

        const int32_t value = (int32_t)(harness_random(&seed) >> (1 + i % 31));
        const struct g729_logarithm log = g729_log2(value);
        if (value > 0) {
            CHECK_NEAR(log.exponent + log.fraction / 32768.0, log2(value), 3e-4);
            CHECK_NEAR(g729_inverse_root(value) * sqrt(value) / (1 << 30), 1,
                       1e-3 + sqrt(value) / (1 << 30));
        }
    }
    CHECK_EQUAL(g729_inverse_root(0), 0x3FFFFFFF);
    CHECK_EQUAL(g729_log2(-5).exponent, 0);
}

TEST(products_of_double_precision_are_near_the_real_ones)
{
    uint64_t seed = 5;
    for (int i = 0; i < 20000; i++) {
        const int32_t a = (int32_t)harness_random(&seed), b = (int32_t)harness_random(&seed);
        CHECK_EQUAL(g729_dpf_join(g729_dpf_split(a)), a & ~1);
        const double product = (double)a * b / 2147483648.0;
        CHECK_NEAR(g729_dpf_multiply(g729_dpf_split(a), g729_dpf_split(b)), product, 70000);
        CHECK_NEAR(g729_dpf_scale(g729_dpf_split(a), (int16_t)(b >> 16)),
                   (double)a * (b >> 16) / 32768, 4);
    }
}

TEST(random_numbers_are_those_of_equation_96)
{
    int16_t seed = 21845;
    int64_t model = 21845;
    for (int i = 0; i < 1000; i++) {
        model = (model * 31821 + 13849) & 0xFFFF;
        CHECK_EQUAL((uint16_t)g729_random(&seed), model);
    }
}

TEST(vectors_do_what_eight_samples_would)
{
    uint64_t seed = 6;
    for (int turn = 0; turn < 4000; turn++) {
        int16_t a[8], b[8], out[8];
        draw_signal(a, 8, &seed, turn % 16);
        draw_signal(b, 8, &seed, 14);
        const g729_samples x = g729_load(a), y = g729_load(b);
        const g729_sums pairs = g729_multiply_pairs(x, y);
        for (int i = 0; i < 4; i++)
            CHECK_EQUAL(pairs[i], a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1]);
        g729_store(out, g729_add_each(x, y));
        for (int i = 0; i < 8; i++)
            CHECK_EQUAL(out[i], plain16(a[i] + b[i]));
        g729_store(out, g729_subtract_each(x, y));
        for (int i = 0; i < 8; i++)
            CHECK_EQUAL(out[i], plain16(a[i] - b[i]));
        g729_store(out, g729_multiply_high(x, y));
        for (int i = 0; i < 8; i++)
            CHECK_EQUAL(out[i], a[i] * b[i] >> 16);
        g729_store(out, g729_narrow(pairs >> 10, pairs));
        for (int i = 0; i < 8; i++)
            CHECK_EQUAL(out[i], plain16(i < 4 ? pairs[i] >> 10 : pairs[i - 4]));
        const g729_sums totals = g729_totals(pairs >> 2, pairs >> 3, pairs >> 4, pairs >> 5);
        CHECK_EQUAL(totals[1], g729_total(pairs >> 3));
        CHECK_EQUAL(totals[3],
                    (pairs[0] >> 5) + (pairs[1] >> 5) + (pairs[2] >> 5) + (pairs[3] >> 5));
    }
}

/* Where the bound holds no partial sum is clamped, in the plain order or any other. */
TEST(bounds_keep_their_word)
{
    uint64_t seed = 7;
    int held = 0;
    for (int turn = 0; turn < 4000; turn++) {
        int16_t a[40], b[40];
        int64_t energy = 0, sum = 0;
        bool clamped = false;
        draw_signal(a, 40, &seed, 9 + turn % 7);
        draw_signal(b, 40, &seed, 9 + turn / 7 % 7);
        if (turn % 3 == 0) /* the worst case: all terms of one sign */
            for (int i = 0; i < 40; i++)
                b[i] = plain16(turn % 2 == 0 ? a[i] : -a[i]);
        int bits = 0;
        for (int i = 0; i < 40; i++) {
            energy += a[i] * a[i];
            sum += 2 * (int64_t)a[i] * b[i];
            clamped |= sum != plain32(sum);
            bits |= a[i] < 0 ? ~a[i] : a[i];
        }
        CHECK_EQUAL(g729_energy(a, 40), energy);
        CHECK_EQUAL(g729_bits(a, 40), bits);
        if (!g729_fits(energy, g729_energy(b, 40)))
            continue;
        held++;
        CHECK(!clamped);
        CHECK_EQUAL(2 * (int64_t)g729_product(a, b, 40), sum);
    }
    CHECK(held > 1000 && held < 3500);
}

MAIN()
