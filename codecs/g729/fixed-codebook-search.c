#include "fixed-codebook-search.h"

#include <stdbool.h>
#include <string.h>

#include "code-field.h"
#include "correlation.h"

/* A pair of pulses, or four, and its C^2 and E of (49). */
struct candidate {
    int16_t square;
    int16_t energy;
    int16_t sum; /* C */
    int first;
    int second;
};

/* A choice that any other beats. */
static const struct candidate none = {-1, 1, 0, 0, 0};

static bool is_better(int16_t square, int16_t energy, const struct candidate *best)
{
    return (int32_t)best->energy * square > (int32_t)best->square * energy;
}

/* Squares in Q15; no element is -32768. */
static g729_samples square_of(g729_samples a)
{
    const g729_samples low = (g729_samples)((g729_bits16)a * (g729_bits16)a);
    const g729_samples high = g729_multiply_high(a, a);
    return high + high - (low >> 15);
}

/*
 * The candidates of `first` and each place of the second track, in their order: the choice is not transitive where an
 * energy is not positive. Most vectors hold no better one.
 */
static void consider(g729_samples sums, g729_samples energies, int first, int second,
                     struct candidate *best)
{
    const g729_samples squares = square_of(sums);
    const g729_samples factors = g729_spread_pair(best->energy, (int16_t)-best->square);
    const g729_sums gain1 = g729_multiply_pairs(g729_zip_low(squares, energies), factors);
    const g729_sums gain2 = g729_multiply_pairs(g729_zip_high(squares, energies), factors);
    const g729_wide better = (g729_wide)((gain1 > 0) | (gain2 > 0));
    if ((better[0] | better[1]) == 0)
        return;
    for (int i = 0; i < G729_TRACK; i++)
        if (is_better(squares[i], energies[i], best))
            *best = (struct candidate){squares[i], energies[i], sums[i], first, second + i};
}

/* start + factor1 a + factor2 b, shifted right. */
static g729_samples combine(g729_samples a, int16_t factor1, g729_samples b, int16_t factor2,
                            int32_t start, int shift)
{
    const g729_samples factors = g729_spread_pair(factor1, factor2);
    const g729_sums low = g729_multiply_pairs(g729_zip_low(a, b), factors) + start;
    const g729_sums high = g729_multiply_pairs(g729_zip_high(a, b), factors) + start;
    return g729_narrow(low >> shift, high >> shift);
}

/* The place of the largest |d(n)| of a track, but for `except`. */
static int find_largest(const struct g729_field *field, int track, int except)
{
    int16_t largest = -1;
    int best = track;
    for (int i = track; i < track + G729_TRACK; i++) {
        if (i != except && field->target[i] > largest) {
            largest = field->target[i];
            best = i;
        }
    }
    return best;
}

/*
 * The energies below are sums of shifted 16-bit numbers that cannot leave 32 bits; common low zeros are left out.
 *
 * Phase A: the best pair of one of the two largest of `track1` and any of `track2`: E/4.
 */
static struct candidate search_first_pair(const struct g729_field *field, int track1, int track2)
{
    struct candidate best = none;
    best.first = track1;
    best.second = track2;
    const g729_samples target2 = g729_load(field->target + track2);
    const g729_samples diagonal2 = g729_load(field->diagonal + track2);
    int first = -1;
    for (int i = 0; i < 2; i++) {
        first = find_largest(field, track1, first);
        const g729_samples energies = combine(g729_load(field->phi[first] + track2), 2, diagonal2, 1,
                                              field->diagonal[first] + 2, 2);
        consider(g729_add_each(g729_spread(field->target[first]), target2), energies, first, track2,
                 &best);
    }
    return best;
}

/* Phase B: the pair of `track1` and `track2` that completes `pair` best: E/16. */
static struct candidate search_second_pair(const struct g729_field *field,
                                           const struct candidate *pair, int track1, int track2)
{
    const int16_t *phi1 = field->phi[pair->first], *phi2 = field->phi[pair->second];
    const g729_samples target2 = g729_load(field->target + track2);
    const g729_samples diagonal2 = g729_load(field->diagonal + track2);
    g729_sums low = {4, 4, 4, 4}, high = low;
    const g729_samples part1 = g729_load(phi1 + track2), part2 = g729_load(phi2 + track2);
    const g729_samples twos = g729_spread(2), ones = g729_spread_pair(1, 0);
    low += g729_multiply_pairs(g729_zip_low(part1, part2), twos) +
           g729_multiply_pairs(g729_zip_low(diagonal2, diagonal2), ones);
    high += g729_multiply_pairs(g729_zip_high(part1, part2), twos) +
            g729_multiply_pairs(g729_zip_high(diagonal2, diagonal2), ones);
    const g729_samples of_second = g729_narrow(low >> 3, high >> 3);

    struct candidate best = none;
    best.first = track1;
    best.second = track2;
    for (int first = track1; first < track1 + G729_TRACK; first++) {
        const int16_t sum1 = g729_add(pair->sum, field->target[first]);
        const int32_t energy1 =
            4 * pair->energy + 2 * (phi1[first] + phi2[first]) + field->diagonal[first] + 8;
        const g729_samples energies =
            combine(g729_load(field->phi[first] + track2), 2, of_second, 8, energy1, 4);
        consider(g729_add_each(g729_spread(sum1), target2), energies, first, track2, &best);
    }
    return best;
}

/* §A.3.8.1: both places of the last track, each from two orders of the tracks. */
static void search(const struct g729_field *field, int place[4])
{
    enum { TRACK0, TRACK1 = G729_TRACK, TRACK2 = 2 * G729_TRACK };
    struct candidate best = none;
    for (int last = 3 * G729_TRACK; last <= 4 * G729_TRACK; last += G729_TRACK) {
        const struct candidate a1 = search_first_pair(field, TRACK2, last);
        const struct candidate b1 = search_second_pair(field, &a1, TRACK0, TRACK1);
        if (is_better(b1.square, b1.energy, &best)) {
            best = b1;
            memcpy(place, (int[4]){b1.first, b1.second, a1.first, a1.second}, 4 * sizeof *place);
        }
        const struct candidate a2 = search_first_pair(field, last, TRACK0);
        const struct candidate b2 = search_second_pair(field, &a2, TRACK1, TRACK2);
        if (is_better(b2.square, b2.energy, &best)) {
            best = b2;
            memcpy(place, (int[4]){a2.second, b2.first, b2.second, a2.first}, 4 * sizeof *place);
        }
    }
}

static void filter_pulses(const struct g729_field *field, const int place[4],
                          const int16_t response[G729_SUBFRAME], int16_t filtered[G729_SUBFRAME])
{
    int16_t padded[2 * G729_SUBFRAME] = {0};
    memcpy(padded + G729_SUBFRAME, response, G729_SUBFRAME * sizeof *padded);
    for (int n = 0; n < G729_SUBFRAME; n += G729_WIDTH) {
        g729_samples sums = {0};
        for (int i = 0; i < 4; i++) {
            const g729_samples from =
                g729_load(padded + G729_SUBFRAME + n - g729_position(place[i]));
            sums = field->negative[place[i]] == 0 ? g729_add_each(sums, from)
                                                  : g729_subtract_each(sums, from);
        }
        g729_store(filtered + n, sums);
    }
}

void g729_search_code(const int16_t target[G729_SUBFRAME], const int16_t response[G729_SUBFRAME],
                      int delay, int16_t sharp, struct g729_innovation *innovation)
{
    struct g729_field field;
    int16_t sharpened[G729_SUBFRAME], correlation[G729_SUBFRAME];
    int place[4] = {0, G729_TRACK, 2 * G729_TRACK, 3 * G729_TRACK};
    memcpy(sharpened, response, sizeof sharpened);
    g729_sharpen(sharpened, delay, sharp);
    g729_correlate_target(sharpened, target, correlation);
    g729_fill_field(&field, correlation, sharpened);
    search(&field, place);

    int signs = 0, positions = (place[3] / G729_TRACK - 3) << 9;
    for (int i = 0; i < 4; i++) {
        signs |= (field.negative[place[i]] == 0) << i;
        positions |= place[i] % G729_TRACK << (i == 3 ? 10 : 3 * i);
    }
    innovation->positions = (int16_t)positions;
    innovation->signs = (int16_t)signs;
    filter_pulses(&field, place, sharpened, innovation->filtered);
    g729_decode_pulses(innovation->positions, innovation->signs, innovation->code);
    g729_sharpen(innovation->code, delay, sharp);
}
