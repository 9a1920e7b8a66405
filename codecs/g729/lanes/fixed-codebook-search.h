/*
 * The search of the fixed codebook (../fixed-codebook-search.h) on lanes. §A.3.8.
 *
 * Every lane has its own two first pulses, but the table of correlations lies in rows: a row is picked under a mask for each of
 * the eight positions of a track, which costs less than a gather.
 */
#ifndef TRUNKGATE_CODECS_G729_LANES_FIXED_CODEBOOK_SEARCH_H
#define TRUNKGATE_CODECS_G729_LANES_FIXED_CODEBOOK_SEARCH_H

#include "../fixed-codebook-search.h"
#include "correlation.h"
#include "fixed-codebook.h"
#include "histories.h"

#define TRACKS 5
#define TRACK 8 /* positions of a track, 5 apart */
#define HALF_GAIN 16384
#define QUARTER 8192
#define EIGHTH 4096
#define SIXTEENTH 2048

/* What the search looks at: |d(n)| of (52) and phi(i, j) of (50) with the signs of d(n) in it, by track and place in it. */
struct lanes_field {
    vpair target[TRACKS][TRACK];
    v16 phi[TRACKS][TRACKS][TRACK][TRACK];
};

/* phi(i, j) is at as_row[i] + as_column[j], where the track of i is not above that of j; the rest is not filled. */
#define AS_ROW(i) ((i) % TRACKS * TRACKS * TRACK * TRACK + (i) / TRACKS * TRACK)
#define AS_COLUMN(i) ((i) % TRACKS * TRACK * TRACK + (i) / TRACKS)
#define FIVE(f, i) f(i), f((i) + 1), f((i) + 2), f((i) + 3), f((i) + 4)
#define ALL_POSITIONS(f)                                                                     \
    FIVE(f, 0), FIVE(f, 5), FIVE(f, 10), FIVE(f, 15), FIVE(f, 20), FIVE(f, 25), FIVE(f, 30), \
        FIVE(f, 35)
static const int16_t as_row[G729_SUBFRAME] = {ALL_POSITIONS(AS_ROW)};
static const int16_t as_column[G729_SUBFRAME] = {ALL_POSITIONS(AS_COLUMN)};

/* Pairs of positions, and what they are compared by: E of (49) in the low half, -C^2 in the high one. */
struct lanes_candidate {
    vpair ratio;
    vpair sum; /* C */
    v32 first;
    v32 second;
};

/* Choices that any other beats. */
V_INLINE struct lanes_candidate no_candidate(void)
{
    return (struct lanes_candidate){vpair_all(1, 1), twin_all(0), v32_zero(), v32_zero()};
}

/* C^2 in the low half and E in the high one, against the best: C^2 x its E - E x its C^2 above 0. */
V_INLINE vmask is_better(vpair square_and_energy, vpair best)
{
    return v_gt(v_products(square_and_energy, best), v32_zero());
}

/* `energy` in 32 bits, to be rounded; `sum` is not negative. */
V_INLINE vmask consider_pulses(vpair sum, v32 energy, vpair *best)
{
    const v32 rounded = v_plus(v_min(energy, v32_all(INT32_MAX - 0x8000)), v32_all(0x8000));
    const v32 square = v_products(sum, sum); /* C^2 in the high half */
    const vpair turned =
        twin_join((vpair)v_right(rounded, 16), twin_negate((vpair)square));
    const vmask better =
        is_better(twin_join((vpair)v_right(square, 16), (vpair)rounded), *best);
    *best = twin_select(better, turned, *best);
    return better;
}

/* The impulse response with all the bits that its energy leaves room for; true where that is no more than it had. */
static bool normalize_response(const vpair response[G729_SUBFRAME], vpair scaled[G729_SUBFRAME])
{
    const v32 half = subframe_energy(response);
    const v32 energy = v_min(half, v32_all(1 << 30));
    /* the high half of twice this above 32000 */
    const vmask large = v_gt(energy, v32_all((32001 << 15) - 1));
    const v32 twice = v_select(large, v32_zero(), v_plus(energy, energy));
    const v32 shift = v_right(v_norm_l(twice), 1);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const vpair more = twin_low(v_left_by(twin_value(response[i]), shift));
        scaled[i] = twin_select(large, v_right_pairs(response[i], 1), more);
    }
    return v_any(large);
}

/*
 * (50): phi(i, j) over all j = i + lag is one running sum, which cannot overflow but where the response was not scaled up.
 * Pairs of one track are never looked up, but for the energies of single pulses.
 */
V_INLINE void fill_field(const vpair h[G729_SUBFRAME], const vpair negative[G729_SUBFRAME],
                         bool saturated, struct lanes_field *field)
{
    v16 *phi = &field->phi[0][0][0][0];
    for (int lag = 0; lag < G729_SUBFRAME; lag++) {
        v32 sum = v32_zero();
        if (lag > 0 && lag % TRACKS == 0)
            continue;
        for (int k = 0; k < G729_SUBFRAME - lag; k++) {
            const int j = G729_SUBFRAME - 1 - k, i = j - lag;
            sum = saturated ? v_dot_saturated(sum, h[k], h[k + lag]) : v_dot(sum, h[k], h[k + lag]);
            v16 value = v_high(sum);
            if (lag > 0) {
                const vpair sign = negative[i] ^ negative[j] ^ twin_all(INT16_MAX);
                const v32 high = sum & v32_all((int32_t)0xFFFF0000u); /* alone */
                value = v_saturate(v_right(v_products((vpair)high, sign), 15));
            }
            phi[i % TRACKS < j % TRACKS ? as_row[i] + as_column[j] : as_row[j] + as_column[i]] =
                value;
        }
    }
}

static void fill_bounded(const vpair h[G729_SUBFRAME], const vpair negative[G729_SUBFRAME],
                         struct lanes_field *field)
{
    fill_field(h, negative, false, field);
}

static void fill_saturated(const vpair h[G729_SUBFRAME], const vpair negative[G729_SUBFRAME],
                           struct lanes_field *field)
{
    fill_field(h, negative, true, field);
}

/* The place of a track, by mask. */
struct place {
    v32 index;
    vmask is[TRACK];
};

V_INLINE struct place place_of(v32 index)
{
    struct place place = {.index = index};
    for (int i = 0; i < TRACK; i++)
        place.is[i] = v_eq(index, v32_all(i));
    return place;
}

/* phi of places of two tracks. */
V_INLINE v16 phi_at(const struct lanes_field *field, int track1, int at1, int track2, int at2)
{
    return track1 <= track2 ? field->phi[track1][track2][at1][at2]
                            : field->phi[track2][track1][at2][at1];
}

/* phi of each lane's place of a track and place `other` of another. */
V_INLINE v16 pick_phi(const struct lanes_field *field, int track, const struct place *place,
                      int other_track, int other)
{
    v16 value = phi_at(field, track, 0, other_track, other);
    UNROLL
    for (int i = 1; i < TRACK; i++)
        value = v_select16(place->is[i], phi_at(field, track, i, other_track, other), value);
    return value;
}

/* sum + 2 phi factor, for a factor up to 8192. */
V_INLINE v32 add_phi(v32 sum, v16 phi, int16_t factor)
{
    return v_dot_saturated(sum, (vpair)v_widen(phi), vpair_all((int16_t)(2 * factor), 0));
}

V_INLINE vpair pick_target(const vpair target[TRACK], const struct place *place)
{
    vpair value = target[0];
    for (int i = 1; i < TRACK; i++)
        value = twin_select(place->is[i], target[i], value);
    return value;
}

/* The place of the largest |d(n)| of a track, but for `except`. */
V_INLINE v32 find_largest(const vpair target[TRACK], v32 except)
{
    v32 largest = v32_all(-1), best = v32_zero();
    for (int i = 0; i < TRACK; i++) {
        const v32 value = v_select(v_eq(except, v32_all(i)), v32_all(-1), twin_value(target[i]));
        const vmask higher = v_gt(value, largest);
        largest = v_max(value, largest);
        best = v_select(higher, v32_all(i), best);
    }
    return best;
}

/* Phase A: the best pair of one of the two largest of `track1` and any of `track2`. */
V_INLINE void search_first_pair(const struct lanes_field *field, int track1, int track2,
                                struct lanes_candidate *best)
{
    v32 first = v32_all(-1);
    *best = no_candidate();
    for (int i = 0; i < 2; i++) {
        first = find_largest(field->target[track1], first);
        const struct place place = place_of(first);
        v16 own = phi_at(field, track1, 0, track1, 0);
        for (int k = 1; k < TRACK; k++)
            own = v_select16(place.is[k], phi_at(field, track1, k, track1, k), own);
        const v32 energy1 = add_phi(v32_zero(), own, QUARTER);
        const vpair target1 = pick_target(field->target[track1], &place);
        for (int second = 0; second < TRACK; second++) {
            const v16 both = pick_phi(field, track1, &place, track2, second);
            v32 energy = v_dot_saturated(energy1, v_twin(both), twin_all(HALF_GAIN));
            energy = add_phi(energy, phi_at(field, track2, second, track2, second), QUARTER);
            const vpair sum = v_add_pairs(target1, field->target[track2][second]);
            const vmask better = consider_pulses(sum, energy, &best->ratio);
            best->sum = twin_select(better, sum, best->sum);
            best->first = v_select(better, first, best->first);
            best->second = v_select(better, v32_all(second), best->second);
        }
    }
}

/* What a second pair is added to: the first one's places in its tracks. */
struct lanes_pair {
    int track[2];
    struct place place[2];
    v32 energy0;
    vpair sum;
};

/* (phi1 + phi2) x both + phi x own, of a pulse at place `at` of `track`. */
V_INLINE v32 energy_with(const struct lanes_field *field, const struct lanes_pair *pair, int track,
                         int at, v32 start, int16_t both, int16_t own)
{
    for (int i = 0; i < 2; i++)
        start = add_phi(start, pick_phi(field, pair->track[i], &pair->place[i], track, at), both);
    return add_phi(start, phi_at(field, track, at, track, at), own);
}

/* Phase B: the pair of `track1` and `track2` that completes `pair` best. */
V_INLINE void search_second_pair(const struct lanes_field *field, const struct lanes_pair *pair,
                                 int track1, int track2, struct lanes_candidate *best)
{
    vpair of_second[TRACK];
    for (int i = 0; i < TRACK; i++)
        of_second[i] = twin_round(
            energy_with(field, pair, track2, i, v32_zero(), QUARTER, EIGHTH));
    *best = no_candidate();
    v32 index = v32_zero();
    for (int first = 0; first < TRACK; first++) {
        const vpair sum1 = v_add_pairs(pair->sum, field->target[track1][first]);
        const v32 energy1 =
            energy_with(field, pair, track1, first, pair->energy0, EIGHTH, SIXTEENTH);
        UNROLL
        for (int i = 0; i < TRACK; i++) {
            v32 energy = add_phi(energy1, phi_at(field, track1, first, track2, i), EIGHTH);
            energy = v_dot_saturated(energy, of_second[i], twin_all(HALF_GAIN));
            const vpair sum = v_add_pairs(sum1, field->target[track2][i]);
            const vmask better = consider_pulses(sum, energy, &best->ratio);
            index = v_select(better, v32_all(first * TRACK + i), index);
        }
    }
    best->first = v_right(index, 3);
    best->second = index & v32_all(TRACK - 1);
}

/* One order of the tracks: where it beats `best`, `places` receives those of the tracks. */
V_INLINE void search_order(const struct lanes_field *field, const int order[4], vpair *best,
                         v32 places[4], v32 *last)
{
    struct lanes_candidate a, b;
    search_first_pair(field, order[0], order[1], &a);
    const struct lanes_pair pair = {{order[0], order[1]},
                                    {place_of(a.first), place_of(a.second)},
                                    v_products(twin_low((v32)a.ratio), twin_all(QUARTER)),
                                    a.sum};
    search_second_pair(field, &pair, order[2], order[3], &b);
    const vpair energy = twin_low((v32)b.ratio), square = twin_negate(twin_high((v32)b.ratio));
    const vmask better = is_better(twin_join(square, energy), *best);
    *best = twin_select(better, b.ratio, *best);
    const v32 found[4] = {a.first, a.second, b.first, b.second};
    for (int i = 0; i < 4; i++) {
        const int track = order[i] > 3 ? 3 : order[i];
        places[track] = v_select(better, found[i], places[track]);
        if (order[i] >= 3)
            *last = v_select(better, v32_all(order[i]), *last);
    }
}

struct lanes_innovation {
    v32 positions;
    v32 signs;
    vpair code[G729_SUBFRAME];     /* Q13 */
    vpair filtered[G729_SUBFRAME]; /* Q12 */
};

/* §A.3.8.1: both tracks of the last place, each from two orders of the tracks. */
static void search_positions(const struct lanes_field *field, v32 places[4], v32 *last)
{
    vpair best = no_candidate().ratio;
    for (int i = 0; i < 4; i++)
        places[i] = v32_zero();
    *last = v32_all(3);
    search_order(field, (const int[4]){2, 3, 0, 1}, &best, places, last);
    search_order(field, (const int[4]){3, 0, 1, 2}, &best, places, last);
    search_order(field, (const int[4]){2, 4, 0, 1}, &best, places, last);
    search_order(field, (const int[4]){4, 0, 1, 2}, &best, places, last);
}

/* Zeros, and a response behind them, of one lane: so all that comes before its beginning is 0. */
struct lane_response {
    int16_t zeros[G729_SUBFRAME];
    int16_t samples[G729_SUBFRAME];
};

/* The pulses through the impulse response: each lane's response from its own positions on. */
static void filter_pulses(const v32 position[4], const vmask positive[4],
                          const vpair response[G729_SUBFRAME], vpair filtered[G729_SUBFRAME])
{
    struct lane_response lanes[V_LANES];
    struct lane_places from;
    for (int lane = 0; lane < V_LANES; lane++) {
        memset(lanes[lane].zeros, 0, sizeof lanes[lane].zeros);
        from.at[lane] = lanes[lane].samples;
    }
    write_places(&from, response, G729_SUBFRAME);
    memset(filtered, 0, G729_SUBFRAME * sizeof *filtered);
    for (int i = 0; i < 4; i++) {
        const struct lane_places places = lanes_back(&from, position[i]);
        for (int n = 0; n < G729_SUBFRAME; n += EIGHT) {
            vpair values[EIGHT];
            read_eight(&places, n, values);
            UNROLL
            for (int k = 0; k < EIGHT; k++)
                filtered[n + k] = twin_select(positive[i], v_add_pairs(filtered[n + k], values[k]),
                                              v_sub_pairs(filtered[n + k], values[k]));
        }
    }
}

/* The indices sent, and the vector with its filtered form. */
static void describe(const v32 places[4], v32 last, const vpair negative[G729_SUBFRAME],
                     const vpair response[G729_SUBFRAME], struct lanes_innovation *innovation)
{
    v32 position[4];
    vmask positive[4];
    innovation->signs = v32_zero();
    for (int i = 0; i < 4; i++) {
        position[i] = v_plus(v_times(places[i], v32_all(TRACKS)), i == 3 ? last : v32_all(i));
        positive[i] = v_eq(take_row((const v32 *)negative, position[i]), v32_zero());
        innovation->signs =
            innovation->signs | v_select(positive[i], v32_all(1 << i), v32_zero());
    }
    innovation->positions = places[0] | v_left(places[1], 3) | v_left(places[2], 6) |
                            v_left(v_minus(last, v32_all(3)), 9) | v_left(places[3], 10);
    filter_pulses(position, positive, response, innovation->filtered);
}

static void search_code(const vpair target[G729_SUBFRAME], const vpair response[G729_SUBFRAME],
                        v32 delay, vpair sharp, struct lanes_innovation *innovation)
{
    struct lanes_field field;
    vpair sharpened[G729_SUBFRAME], correlation[G729_SUBFRAME], h[G729_SUBFRAME];
    vpair negative[G729_SUBFRAME];
    v32 places[4], last;
    memcpy(sharpened, response, sizeof sharpened);
    sharpen_code(sharpened, delay, sharp);
    correlate_target(sharpened, target, correlation);
    for (int i = 0; i < G729_SUBFRAME; i++) {
        negative[i] = v_right_pairs(correlation[i], 15);
        field.target[i % TRACKS][i / TRACKS] =
            v_max_pairs(correlation[i], twin_negate(correlation[i]));
    }
    if (normalize_response(sharpened, h))
        fill_saturated(h, negative, &field);
    else
        fill_bounded(h, negative, &field);
    search_positions(&field, places, &last);
    describe(places, last, negative, sharpened, innovation);
    decode_pulses(innovation->positions, innovation->signs, innovation->code);
    sharpen_code(innovation->code, delay, sharp);
}

#endif
