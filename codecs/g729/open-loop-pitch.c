#include "open-loop-pitch.h"

#include "double-precision.h"

#define PAST G729_PITCH_MAX
#define LOW_ENERGY 1048576

/* (A.4): every other sample. */
static int32_t correlate(const int16_t *signal, int delay)
{
    int32_t sum = 0;
    for (int i = 0; i < G729_FRAME; i += 2)
        sum = g729_l_mac(sum, signal[i], signal[i - delay]);
    return sum;
}

/* The signal with room for its correlations. */
static void scale(const int16_t *weighted, int16_t scaled[PAST + G729_FRAME])
{
    int64_t energy = 0;
    for (int i = -PAST; i < G729_FRAME; i += 2)
        energy += (int32_t)weighted[i] * weighted[i];
    energy *= 2;
    for (int i = 0; i < PAST + G729_FRAME; i++) {
        const int16_t sample = weighted[i - PAST];
        scaled[i] = energy > G729_MAX32    ? (int16_t)(sample >> 3)
                    : energy < LOW_ENERGY ? g729_shl(sample, 3)
                                          : sample;
    }
}

struct peak {
    int delay;
    int32_t correlation;
};

static void consider(const int16_t *signal, int delay, struct peak *peak)
{
    const int32_t correlation = correlate(signal, delay);
    if (correlation > peak->correlation)
        *peak = (struct peak){delay, correlation};
}

/* (35): the correlation divided by the root of the delayed signal's energy. */
static int16_t normalize(const int16_t *signal, const struct peak *peak)
{
    int32_t energy = 1;
    for (int i = 0; i < G729_FRAME; i += 2)
        energy = g729_l_mac(energy, signal[i - peak->delay], signal[i - peak->delay]);
    const int32_t root = g729_inverse_root(energy);
    const struct g729_dpf correlation = g729_dpf_split(peak->correlation);
    return g729_low(g729_dpf_multiply(correlation, g729_dpf_split(root)));
}

/* True where `longer` is about `multiple` times `shorter`. */
static int is_multiple(int shorter, int longer, int multiple, int tolerance)
{
    const int difference = multiple * shorter - longer;
    return -tolerance < difference && difference < tolerance;
}

int g729_open_loop_pitch(const int16_t *weighted)
{
    int16_t scaled[PAST + G729_FRAME];
    const int16_t *signal = scaled + PAST;
    struct peak first = {20, G729_MIN32}, second = {40, G729_MIN32}, third = {80, G729_MIN32};
    scale(weighted, scaled);

    for (int delay = 20; delay < 40; delay++)
        consider(signal, delay, &first);
    for (int delay = 40; delay < 80; delay++)
        consider(signal, delay, &second);
    for (int delay = 80; delay < PAST; delay += 2)
        consider(signal, delay, &third);
    const int middle = third.delay;
    consider(signal, middle + 1, &third);
    consider(signal, middle - 1, &third);

    /* Favour the lower of delays that are multiples of each other. */
    int16_t m1 = normalize(signal, &first);
    int16_t m2 = normalize(signal, &second);
    const int16_t m3 = normalize(signal, &third);
    if (is_multiple(second.delay, third.delay, 2, 5))
        m2 = g729_add(m2, (int16_t)(m3 >> 2));
    if (is_multiple(second.delay, third.delay, 3, 7))
        m2 = g729_add(m2, (int16_t)(m3 >> 2));
    if (is_multiple(first.delay, second.delay, 2, 5))
        m1 = g729_add(m1, g729_mult(m2, 6554));
    if (is_multiple(first.delay, second.delay, 3, 7))
        m1 = g729_add(m1, g729_mult(m2, 6554));

    int delay = first.delay;
    if (m1 < m2) {
        m1 = m2;
        delay = second.delay;
    }
    return m1 < m3 ? third.delay : delay;
}
