#include "code-field.h"

#include "correlation.h"

#define TRACK G729_TRACK
#define BEFORE 8 /* room for samples before the first */

/* The impulse response with all the bits that its energy leaves room for. */
static void normalize(const int16_t response[G729_SUBFRAME], int16_t scaled[G729_SUBFRAME])
{
    const int32_t energy = g729_dot_self(response, 0);
    const int shift = g729_high(energy) > 32000 ? -1 : g729_norm_l(energy) >> 1;
    for (int i = 0; i < G729_SUBFRAME; i++)
        scaled[i] = g729_shl(response[i], shift);
}

/* (50): phi(i, j) over all j = i + lag is one running sum. */
static void fill_saturated(const int16_t h[G729_SUBFRAME], struct g729_field *field)
{
    int place[G729_SUBFRAME];
    for (int i = 0; i < G729_SUBFRAME; i++)
        place[g729_position(i)] = i;
    for (int lag = 0; lag < G729_SUBFRAME; lag++) {
        int32_t sum = 0;
        for (int k = 0; k < G729_SUBFRAME - lag; k++) {
            const int j = place[G729_SUBFRAME - 1 - k], i = place[G729_SUBFRAME - 1 - k - lag];
            sum = g729_l_mac(sum, h[k], h[k + lag]);
            const int16_t sign = field->negative[i] == field->negative[j] ? INT16_MAX : INT16_MIN;
            field->phi[i][j] = field->phi[j][i] = g729_mult(g729_high(sum), sign);
            if (lag == 0)
                field->diagonal[i] = g729_high(sum);
        }
    }
}

static void fill_diagonal(const int16_t h[G729_SUBFRAME], struct g729_field *field)
{
    int32_t sum = 0;
    for (int k = 0; k < G729_SUBFRAME; k++) {
        const int position = G729_SUBFRAME - 1 - k;
        sum += h[k] * h[k];
        field->diagonal[position % G729_TRACKS * TRACK + position / G729_TRACKS] =
            (int16_t)(sum >> 15);
    }
}

/* phi with the sign of d(i) d(j): times 32767/32768, truncated, or -1. */
static g729_samples sign(g729_samples phi, g729_samples negative)
{
    return (phi ^ negative) - negative + ((phi > 0) & ~negative);
}

/* h(n - j) of the columns of a track: n = 35 and 36, 37 and 38, 39 and nothing. */
struct columns {
    g729_samples low[3];
    g729_samples high[3];
};

static void take_columns(const int16_t *h, struct columns columns[G729_TRACKS])
{
    int16_t every[G729_TRACKS + 4][TRACK]; /* fifth sample, backwards from 31 to 39 */
    for (int k = 0; k < G729_TRACKS + 4; k++)
        for (int i = 0; i < TRACK; i++)
            every[k][i] = h[31 + k - G729_TRACKS * i];
    for (int track = 0; track < G729_TRACKS; track++) {
        for (int k = 0; k < 3; k++) {
            const int16_t(*from)[TRACK] = every + G729_TRACKS - 1 - track + 2 * k;
            const g729_samples even = g729_load(from[0]), none = {0};
            const g729_samples odd = k < 2 ? g729_load(from[1]) : none;
            columns[track].low[k] = g729_zip_low(even, odd);
            columns[track].high[k] = g729_zip_high(even, odd);
        }
    }
}

/*
 * The rows of one track over the columns of another, from the last row up: phi(i, j) is phi(i + 5, j + 5) and the five
 * products of h(n - i) and h(n - j) for n from 35 to 39. `h` is preceded by zeros.
 */
static void fill_block(const int16_t *h, const struct columns *taken, struct g729_field *field,
                       int rows, int columns)
{
    const g729_samples negative = g729_load(field->negative + columns * TRACK);
    const g729_sums zero = {0};
    g729_sums left = zero, right = zero;
    for (int i = TRACK - 1; i >= 0; i--) {
        const int16_t *from = h + 35 - rows - G729_TRACKS * i;
        left = __builtin_shufflevector(left, right, 1, 2, 3, 4);
        right = __builtin_shufflevector(right, zero, 1, 2, 3, 4);
        for (int k = 0; k < 3; k++) {
            const g729_samples pair = g729_spread_pair(from[2 * k], from[2 * k + 1]);
            left += g729_multiply_pairs(taken->low[k], pair);
            right += g729_multiply_pairs(taken->high[k], pair);
        }
        const int row = rows * TRACK + i;
        const g729_samples phi = g729_narrow(left >> 15, right >> 15);
        g729_store(field->phi[row] + columns * TRACK,
                   sign(phi, negative ^ g729_spread(field->negative[row])));
    }
}

/* Rows and columns of what the search looks at. */
static const struct {
    uint8_t rows;
    uint8_t columns;
} blocks[] = {{2, 3}, {2, 4}, {2, 0}, {2, 1}, {3, 0}, {3, 1}, {3, 2},
              {4, 0}, {4, 1}, {4, 2}, {0, 1}, {0, 2}, {1, 2}};

void g729_fill_field(struct g729_field *field, const int16_t correlation[G729_SUBFRAME],
                     const int16_t response[G729_SUBFRAME])
{
    int16_t padded[BEFORE + G729_SUBFRAME + 1] = {0};
    int16_t *h = padded + BEFORE;
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const int16_t d = correlation[g729_position(i)];
        field->target[i] = g729_abs(d);
        field->negative[i] = (int16_t)-(d < 0);
    }
    normalize(response, h);
    if (2 * g729_energy(h, G729_SUBFRAME) > G729_MAX32) {
        fill_saturated(h, field);
        return;
    }
    struct columns columns[G729_TRACKS];
    fill_diagonal(h, field);
    take_columns(h, columns);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        fill_block(h, &columns[blocks[i].columns], field, blocks[i].rows, blocks[i].columns);
}
