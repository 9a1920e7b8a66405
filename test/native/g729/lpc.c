/* LP analysis, and LSPs to and from the filter. */
#include <g729/lpc.h>
#include <g729/lsp-roots.h>
#include <g729/lsp.h>

#include "plain.h"

/* (3) */
static double window(int n)
{
    return n < 200 ? 0.54 - 0.46 * cos(2 * PI * n / 399) : cos(2 * PI * (n - 200) / 159);
}

#define FACTOR 4.0 /* of lag 0 as kept to the energy of the windowed samples */

static double join(struct g729_dpf value)
{
    return value.hi * 65536.0 + value.lo * 2.0;
}

/* (5), all in real numbers. */
static void correlate(const int16_t speech[G729_WINDOW], double r[G729_LAGS + 1])
{
    double windowed[G729_WINDOW];
    for (int n = 0; n < G729_WINDOW; n++)
        windowed[n] = speech[n] * window(n);
    for (int lag = 0; lag <= G729_LAGS; lag++) {
        r[lag] = 0;
        for (int n = lag; n < G729_WINDOW; n++)
            r[lag] += windowed[n] * windowed[n - lag];
    }
}

/* Noise through one resonance. */
static void draw_speech(int16_t speech[G729_WINDOW], uint64_t *seed, double peak)
{
    double y1 = 0, y2 = 0;
    const double radius = 0.5 + 0.48 * draw_real(seed), turn = 2 * cos(PI * draw_real(seed));
    for (int n = 0; n < G729_WINDOW; n++) {
        const double y = draw_real(seed) - 0.5 + radius * turn * y1 - radius * radius * y2;
        y2 = y1;
        y1 = y;
        speech[n] = plain16(lrint(peak * y));
    }
}

TEST(autocorrelations_are_those_of_equation_5_at_any_level)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 300; turn++) {
        int16_t speech[G729_WINDOW];
        double r[G729_LAGS + 1];
        struct g729_autocorrelation found;
        draw_speech(speech, &seed, pow(10, 1.5 + turn % 40 / 10.0));
        if (turn % 7 == 0)
            draw_signal(speech, G729_WINDOW, &seed, 15);
        correlate(speech, r);
        g729_autocorrelate(speech, G729_LAGS, &found);
        CHECK(found.lag[0].hi >= 0x4000);
        if (r[0] > 1e5) /* else rounding of the windowed samples shows */
            CHECK_NEAR(ldexp(join(found.lag[0]), found.exponent) / r[0], FACTOR, FACTOR / 50);
        for (int lag = 1; lag <= G729_LAGS; lag++)
            CHECK_NEAR(join(found.lag[lag]) / join(found.lag[0]), r[lag] / r[0], 0.02);
    }
}

TEST(silence_has_an_autocorrelation_of_one)
{
    static const int16_t silence[G729_WINDOW];
    struct g729_autocorrelation found;
    g729_autocorrelate(silence, G729_LAGS, &found);
    CHECK_EQUAL(found.lag[0].hi, 0x4000);
    for (int lag = 1; lag <= G729_LAGS; lag++)
        CHECK_NEAR(join(found.lag[lag]), 0, 0);
}

/* (6), (7): 60 Hz of spread and a floor of white noise 40 dB down. */
TEST(the_lag_window_is_that_of_equation_6)
{
    struct g729_autocorrelation one;
    for (int i = 0; i <= G729_LAGS; i++)
        one.lag[i] = g729_dpf_split(INT32_MAX);
    g729_window_lags(&one, G729_LAGS);
    CHECK_NEAR(join(one.lag[0]) / INT32_MAX, 1, 1e-6);
    for (int k = 1; k <= G729_LAGS; k++) {
        const double spread = 2 * PI * 60 * k / 8000;
        CHECK_NEAR(join(one.lag[k]) / INT32_MAX, exp(-0.5 * spread * spread) / 1.0001, 2e-5);
    }
}

/* (8) in real numbers; the residual relative to r[0]. */
static double predict(const double r[G729_TAPS], double a[G729_TAPS])
{
    double error = r[0];
    memset(a, 0, G729_TAPS * sizeof *a);
    a[0] = 1;
    for (int i = 1; i < G729_TAPS; i++) {
        double sum = 0, next[G729_TAPS];
        for (int j = 0; j < i; j++)
            sum += a[j] * r[i - j];
        const double k = -sum / error;
        memcpy(next, a, sizeof next);
        for (int j = 1; j <= i; j++)
            next[j] = a[j] + k * a[i - j];
        memcpy(a, next, sizeof next);
        error *= 1 - k * k;
    }
    return error / r[0];
}

TEST(levinson_and_durbin_find_the_predictor_of_the_real_numbers)
{
    uint64_t seed = 2;
    for (int turn = 0; turn < 300; turn++) {
        int16_t speech[G729_WINDOW];
        double r[G729_TAPS], a[G729_TAPS];
        struct g729_autocorrelation found;
        struct g729_levinson_memory memory;
        struct g729_prediction prediction;
        draw_speech(speech, &seed, 3000);
        g729_autocorrelate(speech, G729_ORDER, &found);
        g729_window_lags(&found, G729_ORDER);
        for (int i = 0; i < G729_TAPS; i++)
            r[i] = join(found.lag[i]);
        const double error = predict(r, a);
        g729_levinson_init(&memory);
        CHECK(g729_levinson(&memory, found.lag, &prediction));
        for (int i = 0; i < G729_TAPS; i++)
            CHECK_NEAR(prediction.filter[i] / 4096.0, a[i], 0.004);
        CHECK_NEAR(prediction.error / join(found.lag[0]) * 65536, error, 0.002);
    }
}

TEST(an_unstable_filter_is_replaced_by_the_last_stable_one)
{
    struct g729_levinson_memory memory;
    struct g729_prediction prediction;
    struct g729_dpf r[G729_TAPS];
    for (int i = 0; i < G729_TAPS; i++) /* a pure tone */
        r[i] = g729_dpf_split((int32_t)(INT32_MAX * 0.9999 * cos(0.3 * i)));
    g729_levinson_init(&memory);
    memory.filter[3] = 1234;
    CHECK(!g729_levinson(&memory, r, &prediction));
    CHECK_EQUAL(prediction.filter[3], 1234);
}

/* ---- line spectral pairs ---- */

TEST(lsps_of_a_filter_are_the_cosines_it_was_made_of)
{
    static const int16_t before[G729_ORDER] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    uint64_t seed = 3;
    for (int turn = 0; turn < 1000; turn++) {
        double lsf[10], a[11];
        int16_t filter[G729_TAPS], lsp[G729_ORDER];
        bool fits = true;
        draw_lsf(lsf, &seed);
        filter_of_lsf(lsf, a);
        for (int i = 0; i < G729_TAPS; i++) {
            fits &= fabs(a[i]) < 7.9;
            filter[i] = plain16(lrint(4096 * a[i]));
        }
        if (!fits)
            continue;
        g729_find_lsp(filter, before, lsp);
        for (int i = 0; i < G729_ORDER; i++)
            CHECK_NEAR(lsp[i] / 32768.0, cos(lsf[i]), 0.02);
    }
}

TEST(fewer_than_ten_roots_leave_the_lsps_before)
{
    static const int16_t before[G729_ORDER] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    static const int16_t filter[G729_TAPS] = {4096, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32767}; /* unstable */
    int16_t lsp[G729_ORDER];
    g729_find_lsp(filter, before, lsp);
    CHECK_BYTES(lsp, before, sizeof before);
}

TEST(the_filter_of_lsps_is_that_of_equations_25_and_26)
{
    uint64_t seed = 4;
    for (int turn = 0; turn < 1000; turn++) {
        double lsf[10], a[11];
        int16_t lsp[G729_ORDER], filter[G729_TAPS];
        draw_lsf(lsf, &seed);
        for (int i = 0; i < G729_ORDER; i++)
            lsp[i] = plain16(lrint(32768 * cos(lsf[i])));
        filter_of_lsf(lsf, a);
        g729_filter_from_lsp(lsp, filter);
        for (int i = 0; i < G729_TAPS; i++)
            CHECK_NEAR(filter[i] / 4096.0, a[i], 0.002);
    }
}

TEST(frequencies_are_arc_cosines_and_back)
{
    for (int turn = 0; turn < 500; turn++) {
        int16_t lsf[G729_ORDER], lsp[G729_ORDER], again[G729_ORDER], normalized[G729_ORDER];
        for (int i = 0; i < G729_ORDER; i++)
            lsf[i] = (int16_t)(40 + (turn + 500 * i) * 25600 / 5000); /* all of 0.005 to 3.13 */
        g729_lsp_from_lsf(lsf, lsp);
        g729_lsf_from_lsp(lsp, again);
        g729_normalized_lsf(lsp, normalized);
        for (int i = 0; i < G729_ORDER; i++) {
            CHECK_NEAR(lsp[i] / 32768.0, cos(lsf[i] / 8192.0), 0.0006);
            CHECK_NEAR(again[i], lsf[i], lsf[i] < 1000 || lsf[i] > 24700 ? 300 : 40);
            CHECK_NEAR(normalized[i] / 32768.0, again[i] / 8192.0 / (2 * PI), 0.0005);
        }
    }
}

/* (24) */
TEST(the_first_subframe_has_the_mean_of_both_frames)
{
    uint64_t seed = 5;
    double one[10], other[10];
    int16_t before[G729_ORDER], now[G729_ORDER], middle[G729_ORDER];
    int16_t filters[2][G729_TAPS], expected[G729_TAPS];
    draw_lsf(one, &seed);
    draw_lsf(other, &seed);
    for (int i = 0; i < G729_ORDER; i++) {
        before[i] = plain16(lrint(32768 * cos(one[i])) & ~1);
        now[i] = plain16(lrint(32768 * cos(other[i])) & ~1);
        middle[i] = (int16_t)((before[i] + now[i]) / 2);
    }
    g729_interpolate_lsp(before, now, filters);
    g729_filter_from_lsp(middle, expected);
    CHECK_BYTES(filters[0], expected, sizeof expected);
    g729_filter_from_lsp(now, expected);
    CHECK_BYTES(filters[1], expected, sizeof expected);
}

MAIN()
