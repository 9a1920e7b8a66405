/* A(z), 1/A(z), A(z/gamma), the high-passes of §3.1 and §4.2.5, and the post-filter. */
#include <g729/filter.h>
#include <g729/high-pass.h>
#include <g729/post-filter.h>

#include "plain.h"

#define N G729_SUBFRAME

/* Q12; where `wild`, coefficients that no speech has. */
static void draw_filter(int16_t filter[G729_TAPS], uint64_t *seed, bool wild)
{
    double lsf[10], a[11];
    draw_lsf(lsf, seed);
    filter_of_lsf(lsf, a);
    for (int i = 0; i < G729_TAPS; i++)
        filter[i] = plain16(lrint(4096 * a[i]));
    if (wild)
        draw_signal(filter + 1, G729_ORDER, seed, (int)(harness_random(seed) % 16));
}

TEST(weighting_multiplies_by_powers_of_gamma)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 500; turn++) {
        int16_t filter[G729_TAPS], weighted[G729_TAPS];
        draw_filter(filter, &seed, false);
        g729_weight_filter(filter, 24576, weighted);
        for (int i = 0; i < G729_TAPS; i++)
            CHECK_NEAR(weighted[i], filter[i] * pow(0.75, i), 1.5);
    }
}

/* §3.5 (31) with every step clamped. */
TEST(the_residual_is_that_of_the_plain_arithmetic_at_any_size)
{
    uint64_t seed = 2;
    for (int turn = 0; turn < 4000; turn++) {
        int16_t filter[G729_TAPS], in[10 + N], out[N];
        draw_filter(filter, &seed, turn % 3 == 0);
        draw_signal(in, 10 + N, &seed, turn % 16);
        g729_residual(filter, in + 10, out);
        for (int n = 0; n < N; n++) {
            int32_t sum = 0;
            for (int i = 0; i < G729_TAPS; i++)
                sum = plain_mac(sum, filter[i], in[10 + n - i], 1);
            CHECK_EQUAL(out[n], plain_round(sum, 3));
        }
    }
}

/* The same for 1/A(z); true where anything was clamped. */
static bool synthesize_plainly(const int16_t *filter, const int16_t *in, int16_t *out, int count)
{
    bool clamped = false;
    for (int n = 0; n < count; n++) {
        int64_t exact = 2 * (int64_t)filter[0] * in[n];
        int32_t sum = plain32(exact);
        for (int i = 1; i < G729_TAPS; i++) {
            exact -= 2 * (int64_t)filter[i] * out[n - i];
            sum = plain_mac(sum, filter[i], out[n - i], -1);
            clamped |= exact != sum;
        }
        clamped |= plain32(8 * exact) != 8 * exact;
        clamped |= plain32(8 * exact + 0x8000) != 8 * exact + 0x8000;
        out[n] = plain_round(sum, 3);
    }
    return clamped;
}

TEST(synthesis_and_its_overflow_are_those_of_the_plain_arithmetic_at_any_size)
{
    uint64_t seed = 3;
    int overflows = 0;
    for (int turn = 0; turn < 6000; turn++) {
        int16_t filter[G729_TAPS], in[N], plain[10 + N], out[10 + N];
        const int count = turn % 4 == 0 ? 22 : N;
        draw_filter(filter, &seed, turn % 3 == 0);
        draw_signal(in, N, &seed, turn % 16);
        draw_signal(plain, 10, &seed, turn % 16);
        memcpy(out, plain, sizeof out);
        const bool clamped = synthesize_plainly(filter, in, plain + 10, count);
        g729_synthesize(filter, in, out + 10, count);
        CHECK_BYTES(out, plain, (size_t)(10 + count) * sizeof *out);
        memset(out + 10, 0, N * sizeof *out);
        CHECK_EQUAL(g729_synthesis_overflows(filter, in, out + 10, count), clamped);
        if (!clamped)
            CHECK_BYTES(out, plain, (size_t)(10 + count) * sizeof *out);
        overflows += clamped;
    }
    CHECK(overflows > 500 && overflows < 5000);
}

TEST(synthesis_undoes_the_residual)
{
    uint64_t seed = 4;
    for (int turn = 0; turn < 200; turn++) {
        int16_t filter[G729_TAPS], in[10 + N], rest[N], out[10 + N];
        draw_filter(filter, &seed, false);
        draw_signal(in, 10 + N, &seed, 9);
        memcpy(out, in, sizeof in);
        g729_residual(filter, in + 10, rest);
        g729_synthesize(filter, rest, out + 10, N);
        for (int n = 0; n < 10 + N; n++)
            CHECK_NEAR(out[n], in[n], 60);
    }
}

/* ---- high-pass ---- */

/* |H| of (1) or (90): coefficients from the highest, as printed in the Recommendation. */
static double gain_at(double frequency, const double zeros[3], const double poles[3])
{
    double part[2][2] = {{0}};
    for (int i = 0; i < 3; i++) {
        const double angle = 2 * PI * frequency / 8000 * i;
        part[0][0] += zeros[i] * cos(angle);
        part[0][1] -= zeros[i] * sin(angle);
        part[1][0] += poles[i] * cos(angle);
        part[1][1] -= poles[i] * sin(angle);
    }
    return hypot(part[0][0], part[0][1]) / hypot(part[1][0], part[1][1]);
}

static const double input_zeros[3] = {0.46363718, -0.92724705, 0.46363718};
static const double input_poles[3] = {1, -1.9059465, 0.9114024};
static const double output_zeros[3] = {0.93980581, -1.8795834, 0.93980581};
static const double output_poles[3] = {1, -1.9330735, 0.93589199};

/* The gain measured on a sine of a second, after another second. */
static double measure(bool input, double frequency)
{
    struct g729_high_pass filter;
    double in = 0, out = 0;
    g729_high_pass_init(&filter);
    for (int frame = 0; frame < 200; frame++) {
        int16_t samples[G729_FRAME], filtered[G729_FRAME];
        for (int i = 0; i < G729_FRAME; i++)
            samples[i] = (int16_t)lrint(8000 * sin(2 * PI * frequency / 8000 * (frame * 80 + i)));
        memcpy(filtered, samples, sizeof samples);
        if (input)
            g729_preprocess(&filter, samples, filtered);
        else
            g729_postprocess(&filter, filtered);
        for (int i = 0; i < G729_FRAME && frame >= 100; i++) {
            in += samples[i] * samples[i];
            out += filtered[i] * filtered[i];
        }
    }
    return sqrt(out / in);
}

TEST(high_passes_have_the_response_of_equations_1_and_90)
{
    static const double frequencies[] = {30, 60, 100, 140, 200, 300, 1000, 3400};
    for (size_t i = 0; i < sizeof frequencies / sizeof *frequencies; i++) {
        const double f = frequencies[i];
        CHECK_NEAR(measure(true, f), gain_at(f, input_zeros, input_poles), 0.01);
        /* (90) also doubles, to undo the halving of (1) */
        CHECK_NEAR(measure(false, f), 2 * gain_at(f, output_zeros, output_poles), 0.03);
    }
}

/* Step by step in 64 bits, clamped as the operators do, at full scale. */
static int16_t pass_plainly(int32_t y[2], int16_t x[3], const int16_t zeros[3],
                            const int16_t poles[2], int shift, int last)
{
    int32_t sum = 0;
    for (int i = 0; i < 2; i++) {
        const int16_t high = (int16_t)(y[i] >> 16), low = (int16_t)((y[i] & 0xFFFF) >> 1);
        const int32_t product = plain_mac(plain_mac(0, high, poles[i], 1),
                                          plain16(low * poles[i] >> 15), 1, 1);
        sum = plain32((int64_t)sum + product);
    }
    for (int i = 0; i < 3; i++)
        sum = plain_mac(sum, x[i], zeros[i], 1);
    y[1] = y[0];
    y[0] = plain32((int64_t)sum * (1 << shift));
    x[2] = x[1];
    x[1] = x[0];
    return plain_round(y[0], last);
}

TEST(high_passes_clamp_where_the_plain_arithmetic_does)
{
    static const int16_t zeros[2][3] = {{1899, -3798, 1899}, {7699, -15398, 7699}};
    static const int16_t poles[2][2] = {{7807, -3733}, {15836, -7667}};
    uint64_t seed = 5;
    for (int output = 0; output < 2; output++) {
        struct g729_high_pass filter;
        int32_t y[2] = {0, 0};
        int16_t x[3] = {0, 0, 0};
        g729_high_pass_init(&filter);
        for (int frame = 0; frame < 600; frame++) {
            int16_t samples[G729_FRAME], filtered[G729_FRAME];
            for (int i = 0; i < G729_FRAME; i++) /* slow and fast full-scale squares, noise */
                samples[i] = frame % 3 == 2 ? draw(&seed, 15)
                             : i / (frame % 3 == 0 ? 40 : 7) % 2 != 0 ? INT16_MAX : INT16_MIN;
            memcpy(filtered, samples, sizeof samples);
            if (output != 0)
                g729_postprocess(&filter, filtered);
            else
                g729_preprocess(&filter, samples, filtered);
            for (int i = 0; i < G729_FRAME; i++) {
                x[0] = samples[i];
                CHECK_EQUAL(filtered[i], pass_plainly(y, x, zeros[output], poles[output],
                                                      output != 0 ? 2 : 3, output));
            }
        }
    }
}

/* ---- post-filter ---- */

/* Pulses at a pitch through one resonance: a steady vowel. */
static void vowel(int16_t *samples, int count, const double a[11])
{
    double memory[11] = {0};
    for (int i = 0; i < count; i++) {
        memory[0] = i % 60 == 0 ? 800 : 0;
        for (int k = 1; k <= 10; k++)
            memory[0] -= a[k] * memory[k];
        memmove(memory + 1, memory, 10 * sizeof *memory);
        samples[i] = plain16(lrint(memory[0]));
    }
}

/* §A.4.2: the level stays, what lies between the formants falls. */
TEST(the_post_filter_keeps_the_level_and_deepens_the_valleys)
{
    static int16_t in[8000], out[8000];
    const double lsf[10] = {0.2, 0.28, 0.7, 0.9, 1.2, 1.5, 1.8, 2.2, 2.5, 2.8};
    double a[11], levels[2] = {0, 0}, valleys[2] = {0, 0};
    int16_t filters[2][G729_TAPS];
    const int16_t delays[2] = {60, 60};
    struct g729_post_filter filter;
    filter_of_lsf(lsf, a);
    for (int i = 0; i < G729_TAPS; i++)
        filters[0][i] = filters[1][i] = (int16_t)lrint(4096 * a[i]);
    vowel(in, 8000, a);
    g729_post_filter_init(&filter);
    for (int at = 0; at < 8000; at += G729_FRAME)
        g729_post_filter(&filter, in + at, filters, delays, true, out + at);
    for (int which = 0; which < 2; which++) {
        const int16_t *samples = which == 0 ? in : out;
        double real = 0, imaginary = 0;
        for (int i = 4000; i < 8000; i++) {
            levels[which] += samples[i] * samples[i];
            real += samples[i] * cos(2 * PI * 7 / 60 * i); /* the 7th harmonic: 933 Hz */
            imaginary += samples[i] * sin(2 * PI * 7 / 60 * i);
        }
        valleys[which] = real * real + imaginary * imaginary;
    }
    CHECK_NEAR(10 * log10(levels[1] / levels[0]), 0, 1);
    CHECK(10 * log10(valleys[1] / valleys[0]) < 10 * log10(levels[1] / levels[0]) - 1);
}

TEST(the_post_filter_leaves_silence_silent_and_survives_anything)
{
    static const int16_t delays[2] = {20, 143};
    struct g729_post_filter filter;
    uint64_t seed = 6;
    int16_t filters[2][G729_TAPS], samples[G729_FRAME] = {0}, out[G729_FRAME];
    g729_post_filter_init(&filter);
    draw_filter(filters[0], &seed, false);
    draw_filter(filters[1], &seed, false);
    for (int frame = 0; frame < 400; frame++) {
        draw_filter(filters[frame % 2], &seed, frame % 5 == 0);
        draw_signal(samples, G729_FRAME, &seed, frame % 16);
        g729_post_filter(&filter, samples, filters, delays, frame % 4 != 0, out);
    }
    memset(samples, 0, sizeof samples);
    draw_filter(filters[0], &seed, false);
    draw_filter(filters[1], &seed, false);
    for (int frame = 0; frame < 100; frame++)
        g729_post_filter(&filter, samples, filters, delays, true, out);
    for (int i = 0; i < G729_FRAME; i++)
        CHECK_EQUAL(out[i], 0);
}

MAIN()
