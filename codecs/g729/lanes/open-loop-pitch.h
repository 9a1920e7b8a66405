/* Open-loop pitch (../open-loop-pitch.h) on lanes. §A.3.4. */
#ifndef TRUNKGATE_CODECS_G729_LANES_OPEN_LOOP_PITCH_H
#define TRUNKGATE_CODECS_G729_LANES_OPEN_LOOP_PITCH_H

#include "../open-loop-pitch.h"
#include "../pitch-delay.h"
#include "columns.h"
#include "filter.h"
#include "functions.h"
#include "pairs.h"

#define LOW_ENERGY 1048576
#define LENGTH (G729_PITCH_MAX + G729_FRAME)
#define STEP_BY 4    /* samples from a pair to the next: every other sample counts */
#define IN_FLIGHT 8  /* sums */
#define BOUND ((1 << 30) - 1)

/* The weighted speech as pairs of a sample and the next but one. */
struct sparse_signal {
    vpair pairs[LENGTH + 2];
};

/* Half of the energy of every other sample from `first` on, saturated. */
V_INLINE v32 sparse_energy(const struct sparse_signal *signal, int first)
{
    v32 sums[4] = {v32_zero(), v32_zero(), v32_zero(), v32_zero()};
    for (int i = first; i < LENGTH; i += 4 * STEP_BY)
        for (int k = 0; k < 4 && i + k * STEP_BY < LENGTH; k++)
            sums[k] = v_add_squares(sums[k], signal->pairs[i + k * STEP_BY]);
    return v_l_add(v_l_add(sums[0], sums[1]), v_l_add(sums[2], sums[3]));
}

static void pair_sparsely(const v16 weighted[LENGTH], struct sparse_signal *signal)
{
    signal->pairs[LENGTH] = signal->pairs[LENGTH + 1] = twin_all(0);
    for (int i = LENGTH - 1; i >= 0; i--)
        signal->pairs[i] = twin_join(twin_load(&weighted[i]), i + 2 < LENGTH ? twin_load(&weighted[i + 2]) : twin_all(0));
}

V_INLINE vpair times_eight(vpair pair)
{
    for (int i = 0; i < 3; i++)
        pair = v_add_pairs(pair, pair);
    return pair;
}

/* The signal with room for its correlations. Returns the lanes where they may overflow all the same. */
static vmask scale_signal(struct sparse_signal *signal)
{
    const v32 energy = sparse_energy(signal, 0);
    const vmask loud = v_gt(energy, v32_all(BOUND));
    const vmask quiet = v_gt(v32_all(LOW_ENERGY / 2), energy);
    if (v_any(v_or(loud, quiet))) {
        for (int i = 0; i < LENGTH; i++) {
            const vpair pair = signal->pairs[i];
            const vpair more = twin_select(quiet, times_eight(pair), pair);
            signal->pairs[i] = twin_select(loud, v_right_pairs(pair, 3), more);
        }
    }
    /* Where the energies of all even and of all odd samples fit, so do all sums of products. */
    return v_or(v_gt(sparse_energy(signal, 0), v32_all(BOUND)),
                v_gt(sparse_energy(signal, 1), v32_all(BOUND)));
}

/* Halves of (A.4) and of the delayed signal's energy, for every delay. */
struct delays {
    v32 correlation[G729_PITCH_MAX + 1];
    v32 energy[G729_PITCH_MAX + 1];
};

static void correlate_delays(const struct sparse_signal *signal, struct delays *delays)
{
    const vpair *now = signal->pairs + G729_PITCH_MAX;
    for (int first = G729_PITCH_MIN; first <= G729_PITCH_MAX; first += IN_FLIGHT) {
        v32 sums[IN_FLIGHT];
        /* the last block begins earlier, rather than to be shorter */
        const int from = first + IN_FLIGHT <= G729_PITCH_MAX + 1 ? first : G729_PITCH_MAX + 1 - IN_FLIGHT;
        for (int k = 0; k < IN_FLIGHT; k++)
            sums[k] = v32_zero();
        for (int i = 0; i < G729_FRAME; i += STEP_BY)
#pragma GCC unroll 8
            for (int k = 0; k < IN_FLIGHT; k++)
                sums[k] = v_dot(sums[k], now[i], now[i - from - k]);
        for (int k = 0; k < IN_FLIGHT; k++)
            delays->correlation[from + k] = sums[k];
    }
}

/* From delay to delay + 4 one pair comes and one goes. */
static void measure_delays(const struct sparse_signal *signal, struct delays *delays)
{
    const vpair *now = signal->pairs + G729_PITCH_MAX;
    for (int delay = G729_PITCH_MIN; delay <= G729_PITCH_MAX; delay++) {
        v32 sum;
        if (delay < G729_PITCH_MIN + STEP_BY) {
            sum = v32_zero();
            for (int i = 0; i < G729_FRAME; i += STEP_BY)
                sum = v_dot(sum, now[i - delay], now[i - delay]);
        } else {
            const vpair come = now[-delay], go = now[G729_FRAME - delay];
            sum = v_minus(v_dot(delays->energy[delay - STEP_BY], come, come), v_products(go, go));
        }
        delays->energy[delay] = sum;
    }
}

struct lanes_peak {
    v32 delay;
    v32 correlation;
};

V_INLINE void consider_delay(struct lanes_peak *peak, v32 correlation, v32 delay)
{
    const vmask higher = v_gt(correlation, peak->correlation);
    peak->correlation = v_max(correlation, peak->correlation);
    peak->delay = v_select(higher, delay, peak->delay);
}

V_INLINE struct lanes_peak find_peak(const struct delays *delays, int first, int end, int step)
{
    struct lanes_peak peak = {v32_all(first), v32_all(INT32_MIN)};
    for (int delay = first; delay < end; delay += step)
        consider_delay(&peak, delays->correlation[delay], v32_all(delay));
    return peak;
}

/* (35): the correlation divided by the root of the delayed signal's energy. */
V_INLINE v32 normalize_peak(const struct delays *delays, const struct lanes_peak *peak)
{
    const v32 half = take_row(delays->energy, peak->delay);
    const v32 root = v_inverse_root(v_plus(v_plus(half, half), v32_all(1)));
    const v32 correlation = v_plus(peak->correlation, peak->correlation);
    const v32 quotient = v_dpf_multiply(v_dpf_split(correlation), v_dpf_split(root));
    return v_right(v_left(quotient, 16), 16);
}

/* True where `longer` is about `multiple` times `shorter`. */
V_INLINE vmask is_multiple(v32 shorter, v32 longer, int multiple, int tolerance)
{
    const v32 difference = v_minus(v_times(shorter, v32_all(multiple)), longer);
    return v_gt(v32_all(tolerance), v_magnitude(difference));
}

V_INLINE v32 favour(v32 measure, v32 bonus, vmask lanes)
{
    return v_select(lanes, v_clamp16(v_plus(measure, bonus)), measure);
}

V_INLINE v32 fifth_of(v32 measure)
{
    return v_right(v_product32(measure, v32_all(6554)), 15);
}

static v32 choose_delay(const struct delays *delays)
{
    const struct lanes_peak first = find_peak(delays, 20, 40, 1);
    const struct lanes_peak second = find_peak(delays, 40, 80, 1);
    struct lanes_peak third = find_peak(delays, 80, G729_PITCH_MAX, 2);
    const v32 after = v_plus(third.delay, v32_all(1)), before = v_minus(third.delay, v32_all(1));
    consider_delay(&third, take_row(delays->correlation, after), after);
    consider_delay(&third, take_row(delays->correlation, before), before);

    /* Favour the lower of delays that are multiples of each other. */
    v32 m1 = normalize_peak(delays, &first), m2 = normalize_peak(delays, &second);
    const v32 m3 = normalize_peak(delays, &third);
    m2 = favour(m2, v_right(m3, 2), is_multiple(second.delay, third.delay, 2, 5));
    m2 = favour(m2, v_right(m3, 2), is_multiple(second.delay, third.delay, 3, 7));
    m1 = favour(m1, fifth_of(m2), is_multiple(first.delay, second.delay, 2, 5));
    m1 = favour(m1, fifth_of(m2), is_multiple(first.delay, second.delay, 3, 7));
    const vmask longer = v_gt(m2, m1);
    const v32 delay = v_select(longer, second.delay, first.delay);
    return v_select(v_gt(m3, v_max(m1, m2)), third.delay, delay);
}

static v32 open_loop_pitch(const v16 weighted[LENGTH], vmask lanes)
{
    struct sparse_signal signal;
    struct delays delays;
    pair_sparsely(weighted, &signal);
    const vmask doubtful = scale_signal(&signal);
    correlate_delays(&signal, &delays);
    measure_delays(&signal, &delays);
    v32 delay = choose_delay(&delays);
    for (unsigned bits = v_bits(v_and(doubtful, lanes)); bits != 0; bits &= bits - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(bits);
        int16_t column[LENGTH];
        store_column(weighted, lane, column, LENGTH);
        delay[lane] = g729_open_loop_pitch(column + G729_PITCH_MAX);
    }
    return delay;
}

#endif
