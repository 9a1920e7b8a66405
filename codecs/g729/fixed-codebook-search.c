#include "fixed-codebook-search.h"

#include <stdbool.h>
#include <string.h>

#include "correlation.h"

#define STEP 5  /* between the positions of a track */
#define TRACK 8 /* positions of a track */
#define HALF 16384
#define QUARTER 8192
#define EIGHTH 4096
#define SIXTEENTH 2048

/* What the search looks at: |d(n)| of (52) and phi(i, j) of (50) with the signs of d(n) in it. */
struct field {
    int16_t target[G729_SUBFRAME];
    int16_t phi[G729_SUBFRAME][G729_SUBFRAME];
};

/* A pair of positions, or four, and its C^2 and E of (49). */
struct candidate {
    int16_t square;
    int16_t energy;
    int16_t sum; /* C */
    int first;
    int second;
};

/* A choice that any other beats. */
static const struct candidate none = {-1, 1, 0, 0, 0};

/* True where square / energy is more than that of `best`. */
static bool is_better(int16_t square, int16_t energy, const struct candidate *best)
{
    return g729_l_msu(g729_l_mult(best->energy, square), best->square, energy) > 0;
}

static void consider(int16_t sum, int16_t energy, int first, int second, struct candidate *best)
{
    const int16_t square = g729_mult(sum, sum);
    if (is_better(square, energy, best))
        *best = (struct candidate){square, energy, sum, first, second};
}

/* The impulse response with all the bits that its energy leaves room for. */
static void normalize(const int16_t response[G729_SUBFRAME], int16_t scaled[G729_SUBFRAME])
{
    const int32_t energy = g729_dot(response, response, 0);
    const int shift = g729_high(energy) > 32000 ? -1 : g729_norm_l(energy) >> 1;
    for (int i = 0; i < G729_SUBFRAME; i++)
        scaled[i] = g729_shl(response[i], shift);
}

/* (50): phi(i, j) over all j = i + lag is one running sum. */
static void fill(const int16_t response[G729_SUBFRAME], const bool positive[G729_SUBFRAME],
                 struct field *field)
{
    int16_t h[G729_SUBFRAME];
    normalize(response, h);
    for (int lag = 0; lag < G729_SUBFRAME; lag++) {
        int32_t sum = 0;
        for (int k = 0; k < G729_SUBFRAME - lag; k++) {
            const int j = G729_SUBFRAME - 1 - k, i = j - lag;
            sum = g729_l_mac(sum, h[k], h[k + lag]);
            int16_t value = g729_high(sum);
            if (lag > 0)
                value = g729_mult(value, positive[i] == positive[j] ? INT16_MAX : INT16_MIN);
            field->phi[i][j] = field->phi[j][i] = value;
        }
    }
}

/* The position of the largest |d(n)| of a track, but for `except`. */
static int find_largest(const struct field *field, int track, int except)
{
    int16_t largest = -1;
    int best = track;
    for (int i = track; i < G729_SUBFRAME; i += STEP) {
        if (i != except && field->target[i] > largest) {
            largest = field->target[i];
            best = i;
        }
    }
    return best;
}

/* Phase A: the best pair of one of the two largest of `track1` and any of `track2`. */
static struct candidate search_first_pair(const struct field *field, int track1, int track2)
{
    struct candidate best = none;
    best.first = track1;
    best.second = track2;
    int first = -1;
    for (int i = 0; i < 2; i++) {
        first = find_largest(field, track1, first);
        const int32_t energy1 = g729_l_mult(field->phi[first][first], QUARTER);
        for (int second = track2; second < G729_SUBFRAME; second += STEP) {
            int32_t energy = g729_l_mac(energy1, field->phi[first][second], HALF);
            energy = g729_l_mac(energy, field->phi[second][second], QUARTER);
            consider(g729_add(field->target[first], field->target[second]), g729_round(energy),
                     first, second, &best);
        }
    }
    return best;
}

/* Phase B: the pair of `track1` and `track2` that completes `pair` best. */
static struct candidate search_second_pair(const struct field *field,
                                           const struct candidate *pair, int track1, int track2)
{
    const int16_t *phi1 = field->phi[pair->first], *phi2 = field->phi[pair->second];
    const int32_t energy0 = g729_l_mult(pair->energy, QUARTER);
    int16_t of_second[TRACK];
    for (int i = 0; i < TRACK; i++) {
        const int second = track2 + STEP * i;
        int32_t sum = g729_l_mult(phi1[second], QUARTER);
        sum = g729_l_mac(sum, phi2[second], QUARTER);
        sum = g729_l_mac(sum, field->phi[second][second], EIGHTH);
        of_second[i] = g729_round(sum);
    }
    struct candidate best = none;
    best.first = track1;
    best.second = track2;
    for (int first = track1; first < G729_SUBFRAME; first += STEP) {
        const int16_t sum1 = g729_add(pair->sum, field->target[first]);
        int32_t energy1 = g729_l_mac(energy0, phi1[first], EIGHTH);
        energy1 = g729_l_mac(energy1, phi2[first], EIGHTH);
        energy1 = g729_l_mac(energy1, field->phi[first][first], SIXTEENTH);
        for (int i = 0; i < TRACK; i++) {
            const int second = track2 + STEP * i;
            int32_t energy = g729_l_mac(energy1, field->phi[first][second], EIGHTH);
            energy = g729_l_mac(energy, of_second[i], HALF);
            consider(g729_add(sum1, field->target[second]), g729_round(energy), first, second,
                     &best);
        }
    }
    return best;
}

/* §A.3.8.1: both places of the last track, each from two orders of the tracks. */
static void search(const struct field *field, int place[4])
{
    struct candidate best = none;
    for (int last = 3; last <= 4; last++) {
        const struct candidate a1 = search_first_pair(field, 2, last);
        const struct candidate b1 = search_second_pair(field, &a1, 0, 1);
        if (is_better(b1.square, b1.energy, &best)) {
            best = b1;
            memcpy(place, (int[4]){b1.first, b1.second, a1.first, a1.second}, 4 * sizeof *place);
        }
        const struct candidate a2 = search_first_pair(field, last, 0);
        const struct candidate b2 = search_second_pair(field, &a2, 1, 2);
        if (is_better(b2.square, b2.energy, &best)) {
            best = b2;
            memcpy(place, (int[4]){a2.second, b2.first, b2.second, a2.first}, 4 * sizeof *place);
        }
    }
}

static void filter_pulses(const int place[4], const bool positive[G729_SUBFRAME],
                          const int16_t response[G729_SUBFRAME], int16_t filtered[G729_SUBFRAME])
{
    memset(filtered, 0, G729_SUBFRAME * sizeof *filtered);
    for (int i = 0; i < 4; i++) {
        for (int n = place[i]; n < G729_SUBFRAME; n++) {
            const int16_t value = response[n - place[i]];
            filtered[n] = positive[place[i]] ? g729_add(filtered[n], value)
                                             : g729_sub(filtered[n], value);
        }
    }
}

void g729_search_code(const int16_t target[G729_SUBFRAME], const int16_t response[G729_SUBFRAME],
                      int delay, int16_t sharp, struct g729_innovation *innovation)
{
    struct field field;
    bool positive[G729_SUBFRAME];
    int16_t sharpened[G729_SUBFRAME];
    int place[4] = {0, 1, 2, 3};
    memcpy(sharpened, response, sizeof sharpened);
    g729_sharpen(sharpened, delay, sharp);
    g729_correlate_target(sharpened, target, field.target);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        positive[i] = field.target[i] >= 0;
        field.target[i] = g729_abs(field.target[i]);
    }
    fill(sharpened, positive, &field);
    search(&field, place);

    innovation->positions = (int16_t)(place[0] / STEP | place[1] / STEP << 3 |
                                      place[2] / STEP << 6 | (place[3] % STEP - 3) << 9 |
                                      place[3] / STEP << 10);
    innovation->signs = (int16_t)(positive[place[0]] | positive[place[1]] << 1 |
                                  positive[place[2]] << 2 | positive[place[3]] << 3);
    filter_pulses(place, positive, sharpened, innovation->filtered);
    g729_decode_pulses(innovation->positions, innovation->signs, innovation->code);
    g729_sharpen(innovation->code, delay, sharp);
}
