#include "v21-preamble.h"

#include "level.h"

#include <string.h>

#define SPACE 0 /* symbol 0 */
#define MARK 1
#define NEITHER (-1)

/* Two tones side by side, in the lower lanes of a vector as gcc and clang know it on every
 * machine. */
typedef float lanes __attribute__((vector_size(16)));

/* V.21 §2: channel 2, symbol 0 is 1850 Hz, symbol 1 1650 Hz. The turn of one sample. */
static const lanes turn_cosines = {0.117537397f, 0.271440450f};
static const lanes turn_sines = {0.993068457f, 0.962455236f};
#define COMMON_PERIOD 160u /* samples in which both make whole turns */

#define WINDOW (V21_HOP * V21_WINDOW_HOPS)
#define FRACTION 0.35f /* of the energy that both tones hold; at a bit's edge each has a quarter */
/* -48 dBm0 */
#define LEAST_ENERGY ((float)(LEVEL_PEAK_0DBM0 * LEVEL_PEAK_0DBM0 / 2 * 1.5848932e-5 * WINDOW))

/* Runs in hops of 1 ms; a bit is 3.33. */
#define SIX_BITS_LEAST 19
#define SIX_BITS_MOST 21
#define ONE_BIT_LEAST 2   /* flags may share a zero... */
#define TWO_BITS_MOST 8   /* ...or have one each */
#define LOST_HOPS 50     /* 50 ms without the signal: the next preamble is a new one */

static const float oscillator_start[4] = {1.0f, 1.0f, 0.0f, 0.0f};

void v21_preamble_init(struct v21_preamble_detector *detector)
{
    memset(detector, 0, sizeof *detector);
    detector->bit = NEITHER;
    memcpy(detector->oscillator, oscillator_start, sizeof oscillator_start);
}

/* Adds `count` samples to the correlations of the hop under way. */
static void correlate(struct v21_preamble_detector *detector, const int16_t *samples, size_t count)
{
    lanes cosines = {detector->oscillator[0], detector->oscillator[1]};
    lanes sines = {detector->oscillator[2], detector->oscillator[3]};
    lanes cosine_sums = {0}, sine_sums = {0};
    float energy = detector->energy;
    for (size_t i = 0; i < count; i++) {
        const float sample = samples[i];
        const lanes input = {sample, sample};
        cosine_sums += input * cosines;
        sine_sums += input * sines;
        const lanes turned = cosines * turn_cosines - sines * turn_sines;
        sines = cosines * turn_sines + sines * turn_cosines;
        cosines = turned;
        energy += sample * sample;
    }
    const float oscillator[4] = {cosines[0], cosines[1], sines[0], sines[1]};
    for (int k = 0; k < 2; k++) {
        detector->sum[k] += cosine_sums[k];
        detector->sum[k + 2] += sine_sums[k];
    }
    detector->energy = energy;
    detector->sample = (uint16_t)(detector->sample + count);
    /* A hop divides the common period, so that no error adds up. */
    const int whole = detector->sample == COMMON_PERIOD;
    memcpy(detector->oscillator, whole ? oscillator_start : oscillator, sizeof oscillator);
    if (whole)
        detector->sample = 0;
}

/* Closes a hop and decides on the last window of hops. */
static int decide(struct v21_preamble_detector *detector)
{
    memcpy(detector->hop_sum[detector->hop], detector->sum, sizeof detector->sum);
    detector->hop_energy[detector->hop] = detector->energy;
    detector->hop = (uint8_t)((detector->hop + 1) % V21_WINDOW_HOPS);
    memset(detector->sum, 0, sizeof detector->sum);
    detector->energy = 0.0f;

    float energy = 0.0f, sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    for (unsigned i = 0; i < V21_WINDOW_HOPS; i++) {
        energy += detector->hop_energy[i];
        for (int k = 0; k < 4; k++)
            sum[k] += detector->hop_sum[i][k];
    }
    if (energy < LEAST_ENERGY)
        return NEITHER;
    const float space = sum[SPACE] * sum[SPACE] + sum[SPACE + 2] * sum[SPACE + 2];
    const float mark = sum[MARK] * sum[MARK] + sum[MARK + 2] * sum[MARK + 2];
    if ((space + mark) * 2.0f / WINDOW < FRACTION * energy)
        return NEITHER;
    return mark > space ? MARK : SPACE;
}

/* A run of equal bits has ended: six ones between one or two zeros make a flag. */
static void end_run(struct v21_preamble_detector *detector)
{
    const unsigned run = detector->run;
    if (detector->bit == MARK) {
        if (run < SIX_BITS_LEAST || run > SIX_BITS_MOST)
            detector->flags = 0;
        else if (detector->flags < UINT8_MAX)
            detector->flags++;
    } else if (detector->bit == SPACE) {
        if (run < ONE_BIT_LEAST || run > TWO_BITS_MOST)
            detector->flags = 0;
    }
}

/* True when this hop completes a preamble. */
static bool take(struct v21_preamble_detector *detector, int bit)
{
    if (bit == detector->bit) {
        if (detector->run < UINT16_MAX)
            detector->run++;
        if (bit == NEITHER && detector->run >= LOST_HOPS)
            detector->present = false;
        return false;
    }
    end_run(detector);
    if (bit == NEITHER)
        detector->flags = 0;
    detector->bit = (int8_t)bit;
    detector->run = 1;
    if (detector->flags < V21_FLAGS_NEEDED || detector->present)
        return false;
    detector->present = true;
    return true;
}

bool v21_preamble_detect(struct v21_preamble_detector *detector, const int16_t *samples,
                         size_t count)
{
    bool found = false;
    while (count > 0) {
        size_t part = V21_HOP - detector->in_hop;
        if (part > count)
            part = count;
        correlate(detector, samples, part);
        detector->in_hop = (uint8_t)(detector->in_hop + part);
        samples += part;
        count -= part;
        if (detector->in_hop < V21_HOP)
            break;
        detector->in_hop = 0;
        if (take(detector, decide(detector)))
            found = true;
    }
    return found;
}
