/* Fixed codebook: pulses, sharpening, the field of correlations, the search. */
#include <g729/code-field.h>
#include <g729/fixed-codebook-search.h>

#include "plain.h"

#define N G729_SUBFRAME

/* Table 7: three bits a pulse; the last has two tracks. */
static void places_of(int positions, int place[4])
{
    place[0] = positions % 8 * 5;
    place[1] = positions / 8 % 8 * 5 + 1;
    place[2] = positions / 64 % 8 * 5 + 2;
    place[3] = positions / 1024 * 5 + 3 + positions / 512 % 2;
}

TEST(pulses_lie_where_table_7_puts_them)
{
    for (int16_t positions = 0; positions < 1 << 13; positions++) {
        const int16_t signs = positions % 16;
        int place[4];
        places_of(positions, place);
        int16_t code[N], expected[N] = {0};
        for (int i = 0; i < 4; i++)
            expected[place[i]] = (signs >> i & 1) != 0 ? 8191 : -8192; /* +-1, Q13 */
        g729_decode_pulses(positions, signs, code);
        CHECK_BYTES(code, expected, sizeof code);
    }
}

/* (48) */
TEST(sharpening_adds_what_lies_a_delay_before)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 1000; turn++) {
        int16_t code[N], before[N];
        const int delay = 20 + turn % 30;
        const int16_t sharp = (int16_t)(3277 + turn * 9);
        draw_signal(code, N, &seed, turn % 16);
        memcpy(before, code, sizeof code);
        g729_sharpen(code, delay, sharp);
        for (int n = 0; n < N; n++)
            CHECK_NEAR(code[n],
                       n < delay ? before[n]
                                 : plain16(lrint(before[n] + sharp / 16384.0 * code[n - delay])),
                       1);
    }
}

/* h of a weighted synthesis filter: decaying, Q12. */
static void draw_response(int16_t h[N], uint64_t *seed)
{
    const double radius = 0.6 + 0.35 * draw_real(seed), turn = PI * draw_real(seed);
    for (int n = 0; n < N; n++)
        h[n] = (int16_t)lrint(4096 * pow(radius, n) * cos(turn * n));
}

/* (50) as it stands, clamped at each step, with the signs of d; `shift` normalises h. */
static int16_t phi_plainly(const int16_t h[N], int i, int j, bool alike, bool diagonal)
{
    const int lag = i > j ? i - j : j - i, last = i > j ? i : j;
    int32_t sum = 0;
    for (int k = 0; k <= N - 1 - last; k++)
        sum = plain_mac(sum, h[k], h[k + lag], 1);
    const int64_t high = sum >> 16;
    return diagonal ? (int16_t)high : plain16(high * (alike ? INT16_MAX : INT16_MIN) >> 15);
}

/* The bits that h has room for: its energy doubled is to fill 32, or is halved where it is beyond 32000 x 65536. */
static void normalize_plainly(const int16_t h[N], int16_t scaled[N])
{
    int32_t energy = 0;
    int shift = 0;
    for (int n = 0; n < N; n++)
        energy = plain_mac(energy, h[n], h[n], 1);
    while (energy >> 16 <= 32000 && energy > 0 && energy <= INT32_MAX / 4) {
        energy *= 4;
        shift++;
    }
    for (int n = 0; n < N; n++)
        scaled[n] = energy >> 16 > 32000 && shift == 0 ? (int16_t)(h[n] >> 1)
                                                       : (int16_t)(h[n] * (1 << shift));
}

TEST(the_field_is_that_of_the_plain_arithmetic_at_any_size)
{
    static const int blocks[][2] = {{2, 3}, {2, 4}, {2, 0}, {2, 1}, {3, 0}, {3, 1}, {3, 2},
                                    {4, 0}, {4, 1}, {4, 2}, {0, 1}, {0, 2}, {1, 2}};
    uint64_t seed = 2;
    for (int turn = 0; turn < 400; turn++) {
        int16_t h[N], scaled[N], d[N];
        struct g729_field field;
        draw_signal(d, N, &seed, 13);
        if (turn % 2 == 0)
            draw_response(h, &seed);
        else
            draw_signal(h, N, &seed, 1 + turn / 2 % 15);
        normalize_plainly(h, scaled);
        g729_fill_field(&field, d, h);
        for (int p = 0; p < N; p++) {
            const int n = g729_position(p);
            CHECK_EQUAL(n, p % 8 * 5 + p / 8);
            CHECK_EQUAL(field.target[p], abs(d[n]));
            CHECK_EQUAL(field.negative[p], d[n] < 0 ? -1 : 0);
            CHECK_EQUAL(field.diagonal[p], phi_plainly(scaled, n, n, true, true));
        }
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
            for (int k = 0; k < 64; k++) {
                const int row = blocks[b][0] * 8 + k / 8, column = blocks[b][1] * 8 + k % 8;
                const int i = g729_position(row), j = g729_position(column);
                CHECK_EQUAL(field.phi[row][column],
                            phi_plainly(scaled, i, j, (d[i] < 0) == (d[j] < 0), false));
            }
        }
    }
}

/* C^2 / E of (49) in real numbers, each pulse with the sign of d. */
static double criterion(const double d[N], const double phi[N][N], const int place[4])
{
    double c = 0, e = 0;
    for (int i = 0; i < 4; i++) {
        c += fabs(d[place[i]]);
        for (int k = 0; k < 4; k++)
            e += phi[place[i]][place[k]] * ((d[place[i]] < 0) == (d[place[k]] < 0) ? 1 : -1);
    }
    return c * c / e;
}

/* (50), (52) in real numbers. */
static void correlate(const int16_t h[N], const int16_t x[N], double d[N], double phi[N][N])
{
    for (int i = 0; i < N; i++) {
        d[i] = 0;
        for (int n = i; n < N; n++)
            d[i] += (double)x[n] * h[n - i];
        for (int j = 0; j < N; j++) {
            phi[i][j] = 0;
            for (int n = i > j ? i : j; n < N; n++)
                phi[i][j] += (double)h[n - i] * h[n - j];
        }
    }
}

/* The best of all 8192 by the criterion. */
static double search_all(const double d[N], const double phi[N][N])
{
    double best = 0;
    for (int p = 0; p < 1 << 13; p++) {
        int place[4];
        places_of(p, place);
        const double found = criterion(d, phi, place);
        best = found > best ? found : best;
    }
    return best;
}

TEST(the_search_comes_near_the_best_of_all_codes)
{
    uint64_t seed = 3;
    double found = 0, best = 0;
    for (int turn = 0; turn < 150; turn++) {
        static double phi[N][N];
        double d[N];
        int16_t h[N], x[N];
        int place[4], count = 0;
        struct g729_innovation innovation;
        draw_response(h, &seed);
        draw_signal(x, N, &seed, 12);
        correlate(h, x, d, phi);
        g729_search_code(x, h, 60, 3277, &innovation);
        for (int n = 0; n < N && count < 4; n++) {
            if (innovation.code[n] != 0) {
                CHECK_EQUAL(innovation.code[n] > 0, d[n] >= 0);
                place[count++] = n;
            }
        }
        REQUIRE(count == 4);
        const double most = search_all(d, phi);
        const double ours = criterion(d, phi, place);
        CHECK(ours <= most * 1.0001);
        CHECK(ours >= most * 0.6);
        found += ours / most;
        best++;
    }
    CHECK(found / best > 0.9); /* §A.3.8.1: 320 of 8192 are looked at */
}

TEST(the_innovation_is_its_indices_and_their_filtered_pulses)
{
    uint64_t seed = 4;
    for (int turn = 0; turn < 500; turn++) {
        int16_t h[N], x[N], code[N];
        const int delay = 20 + turn % 40;
        struct g729_innovation innovation;
        draw_response(h, &seed);
        draw_signal(x, N, &seed, 13);
        g729_search_code(x, h, delay, 9000, &innovation);
        g729_decode_pulses(innovation.positions, innovation.signs, code);
        g729_sharpen(code, delay, 9000);
        CHECK_BYTES(innovation.code, code, sizeof code);
        for (int n = 0; n < N; n++) {
            double sum = 0;
            for (int i = 0; i <= n; i++)
                sum += code[i] / 8192.0 * h[n - i];
            CHECK_NEAR(innovation.filtered[n], sum, 8);
        }
    }
}

MAIN()
