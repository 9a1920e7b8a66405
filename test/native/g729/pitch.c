/* Adaptive codebook: correlation, open-loop and closed-loop pitch, prediction, gain. */
#include <g729/adaptive-codebook.h>
#include <g729/closed-loop-pitch.h>
#include <g729/correlation.h>
#include <g729/open-loop-pitch.h>
#include <g729/tables.h>

#include "plain.h"

#define N G729_SUBFRAME

TEST(scalar_products_are_those_of_the_plain_arithmetic_at_any_size)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 4000; turn++) {
        int16_t a[N], b[N];
        int32_t product = turn & 1, self = turn & 1;
        draw_signal(a, N, &seed, turn % 16);
        draw_signal(b, N, &seed, turn / 16 % 16);
        for (int i = 0; i < N; i++) {
            product = plain_mac(product, a[i], b[i], 1);
            self = plain_mac(self, a[i], a[i], 1);
        }
        CHECK_EQUAL(g729_dot(a, b, turn & 1), product);
        CHECK_EQUAL(g729_dot_self(a, turn & 1), self);
    }
}

/* (52), then as many bits as leave 13. */
TEST(the_backward_filtered_target_is_that_of_the_plain_arithmetic_at_any_size)
{
    uint64_t seed = 2;
    for (int turn = 0; turn < 4000; turn++) {
        int16_t response[N], target[N], out[N];
        int32_t sums[N], largest = 0;
        int shift = 2;
        draw_signal(response, N, &seed, turn % 16);
        draw_signal(target, N, &seed, turn / 16 % 16);
        g729_correlate_target(response, target, out);
        for (int n = 0; n < N; n++) {
            sums[n] = 0;
            for (int i = n; i < N; i++)
                sums[n] = plain_mac(sums[n], target[i], response[i - n], 1);
            const int32_t magnitude = plain32(llabs(sums[n]));
            largest = magnitude > largest ? magnitude : largest;
        }
        while (largest >> shift >= 8192)
            shift++;
        for (int n = 0; n < N; n++)
            CHECK_EQUAL(out[n], sums[n] >> shift);
    }
}

/* Something smooth with this period. */
static void draw_periodic(int16_t *signal, int count, int period, double peak, uint64_t *seed)
{
    double shape[G729_PITCH_MAX], smooth[G729_PITCH_MAX];
    for (int i = 0; i < period; i++)
        shape[i] = draw_real(seed) - 0.5;
    for (int i = 0; i < period; i++) {
        smooth[i] = 0;
        for (int k = 0; k < 5; k++)
            smooth[i] += shape[(i + k) % period] * (k < 3 ? k + 1 : 5 - k) / 4;
    }
    for (int i = 0; i < count; i++)
        signal[i] = plain16(lrint(peak * (smooth[i % period] + 0.02 * (draw_real(seed) - 0.5))));
}

TEST(the_open_loop_finds_the_period_at_any_level)
{
    int16_t signal[G729_PITCH_MAX + G729_FRAME];
    uint64_t seed = 3;
    for (int period = 20; period <= 140; period++) {
        for (double peak = 30; peak < 40000; peak *= 10) {
            draw_periodic(signal, G729_PITCH_MAX + G729_FRAME, period, peak, &seed);
            const int found = g729_open_loop_pitch(signal + G729_PITCH_MAX);
            CHECK(found % period <= 1 || found % period >= period - 1); /* it, or a multiple */
        }
    }
}

/* (A.4), (35) and what follows, in the plain arithmetic but for the inverse root: only which delay wins. */
static int64_t correlate_plainly(const int16_t *signal, int delay)
{
    int32_t sum = 0;
    for (int i = 0; i < G729_FRAME; i += 2)
        sum = plain_mac(sum, signal[i], signal[i - delay], 1);
    return sum;
}

TEST(the_open_loop_takes_the_largest_correlation_of_a_range_at_any_size)
{
    uint64_t seed = 4;
    int tested = 0;
    for (int turn = 0; turn < 3000; turn++) {
        int16_t signal[G729_PITCH_MAX + G729_FRAME], *now = signal + G729_PITCH_MAX;
        int64_t energy = 0;
        draw_signal(signal, G729_PITCH_MAX + G729_FRAME, &seed, turn % 16);
        if (turn % 5 == 0) /* the odd samples alone are large: they are half of what is correlated */
            for (int i = 0; i < G729_FRAME; i += 2)
                now[i] = (int16_t)(now[i] >> 5);
        const int found = g729_open_loop_pitch(now);
        for (int i = -G729_PITCH_MAX; i < G729_FRAME; i += 2)
            energy += 2 * now[i] * (int64_t)now[i];
        for (int i = -G729_PITCH_MAX; i < G729_FRAME; i++)
            now[i] = energy > INT32_MAX ? (int16_t)(now[i] >> 3)
                     : energy < 1 << 20 ? plain16(now[i] * 8)
                                        : now[i];
        if (found >= 80)
            continue; /* there every other delay is left out at first */
        tested++;
        const int from = found < 40 ? 20 : 40;
        for (int delay = from; delay < 2 * from; delay++) {
            CHECK(correlate_plainly(now, delay) <= correlate_plainly(now, found));
            if (delay < found)
                CHECK(correlate_plainly(now, delay) < correlate_plainly(now, found));
        }
    }
    CHECK(tested > 1000);
}

/* (40) with the printed order of taps, clamped. */
TEST(the_prediction_is_that_of_the_plain_arithmetic_at_any_size)
{
    uint64_t seed = 5;
    for (int turn = 0; turn < 3000; turn++) {
        int16_t past[G729_EXCITATION_PAST + N], plain[G729_EXCITATION_PAST + N];
        const int thirds = 59 + turn % 370;
        struct g729_delay delay = {(int16_t)((thirds + 1) / 3), 0};
        delay.thirds = (int16_t)(thirds - 3 * delay.whole);
        draw_signal(past, G729_EXCITATION_PAST + N, &seed, turn / 370 * 2);
        memcpy(plain, past, sizeof past);
        int16_t *u = plain + G729_EXCITATION_PAST;
        for (int n = 0; n < N; n++) {
            int32_t sum = 0;
            const int t = (3 - delay.thirds) % 3, k = delay.whole + (delay.thirds > 0);
            for (int i = 0; i < 10; i++) {
                sum = plain_mac(sum, u[n - k - i], g729_pitch_interpolation[t + 3 * i], 1);
                sum = plain_mac(sum, u[n - k + 1 + i], g729_pitch_interpolation[3 - t + 3 * i], 1);
            }
            u[n] = plain_round(sum, 0);
        }
        g729_predict_excitation(past + G729_EXCITATION_PAST, delay);
        CHECK_BYTES(past, plain, sizeof past);
    }
}

/* A delay by thirds of a sample of a slow sine is a delay of its phase. */
TEST(the_prediction_delays_by_thirds_of_a_sample)
{
    for (int thirds = 3 * 60; thirds < 3 * 60 + 9; thirds++) {
        int16_t u[G729_EXCITATION_PAST + N];
        struct g729_delay delay = {(int16_t)((thirds + 1) / 3), 0};
        delay.thirds = (int16_t)(thirds - 3 * delay.whole);
        for (int i = 0; i < G729_EXCITATION_PAST; i++)
            u[i] = (int16_t)lrint(8000 * sin(0.3 * i));
        g729_predict_excitation(u + G729_EXCITATION_PAST, delay);
        for (int n = 0; n < N; n++)
            CHECK_NEAR(u[G729_EXCITATION_PAST + n],
                       8000 * sin(0.3 * (G729_EXCITATION_PAST + n - thirds / 3.0)), 250);
    }
}

TEST(the_closed_loop_finds_the_delay_that_the_target_was_made_with)
{
    uint64_t seed = 6;
    for (int thirds = 3 * 45; thirds <= 3 * 84; thirds++) {
        int16_t u[G729_EXCITATION_PAST + N], made[G729_EXCITATION_PAST + N];
        int16_t response[N] = {4096, 2048, 1024, 512, 256, 128}, target[N];
        struct g729_delay delay = {(int16_t)((thirds + 1) / 3), 0};
        delay.thirds = (int16_t)(thirds - 3 * delay.whole);
        for (int i = 0; i < G729_EXCITATION_PAST + N; i++) /* smooth: thirds matter little to noise */
            u[i] = plain16(draw(&seed, 11) + (i > 1 ? u[i - 1] * 1.2 - u[i - 2] * 0.5 : 0));
        memcpy(made, u, sizeof u);
        g729_predict_excitation(made + G729_EXCITATION_PAST, delay);
        for (int n = 0; n < N; n++) {
            double sum = 0;
            for (int i = 0; i <= n && i < 6; i++)
                sum += response[i] / 4096.0 * made[G729_EXCITATION_PAST + n - i];
            target[n] = plain16(lrint(sum));
        }
        int16_t *now = u + G729_EXCITATION_PAST;
        const struct g729_delay found =
            g729_search_pitch(now, target, response, delay.whole - 3, delay.whole + 3, 84);
        struct g729_pitch_products products;
        const int16_t gain = g729_pitch_gain(made + G729_EXCITATION_PAST, now, &products);
        CHECK_NEAR(3 * found.whole + found.thirds, thirds, 2); /* (A.7) does not divide by the energy */
        CHECK_NEAR(gain, 16384, 2000);
    }
}

TEST(beyond_84_the_closed_loop_looks_at_whole_samples_only)
{
    int16_t u[G729_EXCITATION_PAST + N], target[N], response[N] = {4096};
    uint64_t seed = 7;
    draw_signal(u, G729_EXCITATION_PAST + N, &seed, 12);
    memcpy(target, u + G729_EXCITATION_PAST - 100, sizeof target);
    const struct g729_delay found =
        g729_search_pitch(u + G729_EXCITATION_PAST, target, response, 97, 103, 84);
    CHECK_EQUAL(found.whole, 100);
    CHECK_EQUAL(found.thirds, 0);
}

/* (43), with both limits. */
TEST(the_pitch_gain_is_the_ratio_of_products_between_0_and_1_2)
{
    uint64_t seed = 8;
    for (int turn = 0; turn < 4000; turn++) {
        int16_t x[N], y[N];
        double xy = 0, yy = 0;
        struct g729_pitch_products products;
        draw_signal(y, N, &seed, 2 + turn % 12); /* at full scale the products are clamped */
        draw_signal(x, N, &seed, 2 + turn / 12 % 12);
        const double share = 2.6 * (draw_real(&seed) - 0.3);
        for (int i = 0; i < N; i++) {
            x[i] = plain16(lrint(share * y[i] + x[i] / 8));
            xy += x[i] * (double)y[i];
            yy += y[i] * (double)y[i];
        }
        const int16_t gain = g729_pitch_gain(x, y, &products);
        const double ratio = xy / (yy + 0.5);
        CHECK_NEAR(gain / 16384.0, ratio < 0 ? 0 : ratio > 1.2 ? 1.2 : ratio, 0.002);
        CHECK_NEAR(ldexp(products.yy.mantissa, -products.yy.exponent) / (yy + 0.5), 1, 0.01);
    }
}

MAIN()
