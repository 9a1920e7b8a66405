#include "open-loop-pitch.h"

#include "correlation.h"
#include "double-precision.h"

#define LOW_ENERGY 1048576
#define PAST ((G729_PITCH_MAX + 1) / 2) /* of every other sample */
#define HALF_FRAME (G729_FRAME / 2)

/* The weighted speech, its even samples apart from its odd ones: (A.4) looks at every other only. */
struct signal {
    int16_t half[2][PAST + HALF_FRAME];
    bool fits; /* no correlation overflows */
};

static const int16_t *delayed(const struct signal *signal, int delay)
{
    return signal->half[delay & 1] + PAST - (delay + 1) / 2;
}

static void scale(int16_t *half, int64_t energy)
{
    for (int i = 0; i < PAST + HALF_FRAME; i++)
        half[i] = energy > G729_MAX32 ? (int16_t)(half[i] >> 3)
                                      : g729_saturate((int32_t)half[i] * 8);
}

/* The signal with room for its correlations. */
static void prepare(const int16_t *weighted, struct signal *signal)
{
    for (int i = 0; i < PAST + HALF_FRAME; i++) {
        signal->half[0][i] = i == 0 ? 0 : weighted[2 * (i - PAST)];
        signal->half[1][i] = weighted[2 * (i - PAST) + 1];
    }
    const int64_t energy = 2 * g729_energy(signal->half[1], PAST + HALF_FRAME);
    if (energy > G729_MAX32 || energy < LOW_ENERGY) {
        scale(signal->half[0], energy);
        scale(signal->half[1], energy);
    }
    const int64_t now = g729_energy(delayed(signal, 0), HALF_FRAME);
    signal->fits = g729_fits(now, g729_energy(signal->half[0], PAST + HALF_FRAME)) &&
                   g729_fits(now, g729_energy(signal->half[1], PAST + HALF_FRAME));
}

struct peak {
    int delay;
    int32_t correlation;
};

static void consider(int delay, int32_t correlation, struct peak *peak)
{
    if (correlation > peak->correlation)
        *peak = (struct peak){delay, correlation};
}

/* `count`, a multiple of four, delays. */
static struct peak search(const struct signal *signal, int first, int step, int count)
{
    struct peak peak = {first, G729_MIN32};
    const int16_t *now = delayed(signal, 0);
    for (int i = 0; i < count; i += 4) {
        g729_sums sums[4];
        for (int k = 0; k < 4; k++)
            sums[k] = g729_products(now, delayed(signal, first + (i + k) * step), HALF_FRAME);
        const g729_sums totals = g729_totals(sums[0], sums[1], sums[2], sums[3]);
        for (int k = 0; k < 4; k++)
            consider(first + (i + k) * step, 2 * totals[k], &peak);
    }
    return peak;
}

static struct peak search_saturated(const struct signal *signal, int first, int step, int count)
{
    struct peak peak = {first, G729_MIN32};
    for (int i = 0; i < count; i++) {
        const int delay = first + i * step;
        consider(delay, g729_dot(delayed(signal, 0), delayed(signal, delay), 0), &peak);
    }
    return peak;
}

/* (35): the correlation divided by the root of the delayed signal's energy. */
static int16_t normalize(const struct signal *signal, const struct peak *peak)
{
    const int32_t root = g729_inverse_root(g729_dot_self(delayed(signal, peak->delay), 1));
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
    struct signal signal;
    prepare(weighted, &signal);
    struct peak (*const find)(const struct signal *, int, int, int) =
        signal.fits ? search : search_saturated;
    const struct peak first = find(&signal, 20, 1, 20), second = find(&signal, 40, 1, 40);
    struct peak third = find(&signal, 80, 2, 32);
    const int middle = third.delay;
    for (int delay = middle + 1; delay >= middle - 1; delay -= 2)
        consider(delay, g729_dot(delayed(&signal, 0), delayed(&signal, delay), 0), &third);

    /* Favour the lower of delays that are multiples of each other. */
    int16_t m1 = normalize(&signal, &first);
    int16_t m2 = normalize(&signal, &second);
    const int16_t m3 = normalize(&signal, &third);
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
