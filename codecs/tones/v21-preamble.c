#include "v21-preamble.h"

#include "level.h"

#include <string.h>

#define SPACE 0 /* symbol 0 */
#define MARK 1
#define NEITHER (-1)

/* V.21 §2: channel 2, symbol 1 is 1650 Hz, symbol 0 1850 Hz. */
static const float cosines[2] = {0.117537397f, 0.271440450f};
static const float sines[2] = {0.993068457f, 0.962455236f};
#define COMMON_PERIOD 160u /* samples in which both make whole turns */

#define WINDOW (V21_HOP * V21_WINDOW_HOPS)
#define FRACTION 0.35f /* of the energy that both tones hold; at a bit's edge each has a quarter */
#define LEAST_ENERGY ((float)(LEVEL_PEAK_0DBM0 * LEVEL_PEAK_0DBM0 / 2 * 1.5848932e-5 * WINDOW)) /* -48 dBm0 */

/* Runs in hops of 0.5 ms; a bit is 6.67. */
#define SIX_BITS_LEAST 37
#define SIX_BITS_MOST 43
#define ONE_BIT_LEAST 4   /* flags may share a zero... */
#define TWO_BITS_MOST 17  /* ...or have one each */
#define LOST_HOPS 100     /* 50 ms without the signal: the next preamble is a new one */

static void restart_oscillators(struct v21_preamble_detector *detector)
{
    for (int tone = 0; tone < 2; tone++) {
        detector->oscillator[tone][0] = 1.0f;
        detector->oscillator[tone][1] = 0.0f;
    }
    detector->sample = 0;
}

void v21_preamble_init(struct v21_preamble_detector *detector)
{
    memset(detector, 0, sizeof *detector);
    detector->bit = NEITHER;
    restart_oscillators(detector);
}

static void correlate(struct v21_preamble_detector *detector, float sample)
{
    for (int tone = 0; tone < 2; tone++) {
        float *oscillator = detector->oscillator[tone];
        detector->sum[tone][0] += sample * oscillator[0];
        detector->sum[tone][1] += sample * oscillator[1];
        const float real = oscillator[0] * cosines[tone] - oscillator[1] * sines[tone];
        oscillator[1] = oscillator[0] * sines[tone] + oscillator[1] * cosines[tone];
        oscillator[0] = real;
    }
    detector->energy += sample * sample;
    if (++detector->sample == COMMON_PERIOD)
        restart_oscillators(detector);
}

/* Closes a hop and decides on the last window of hops. */
static int decide(struct v21_preamble_detector *detector)
{
    memcpy(detector->hop_sum[detector->hop], detector->sum, sizeof detector->sum);
    detector->hop_energy[detector->hop] = detector->energy;
    detector->hop = (uint8_t)((detector->hop + 1) % V21_WINDOW_HOPS);
    memset(detector->sum, 0, sizeof detector->sum);
    detector->energy = 0.0f;

    float energy = 0.0f, sum[2][2] = {{0.0f, 0.0f}, {0.0f, 0.0f}};
    for (unsigned i = 0; i < V21_WINDOW_HOPS; i++) {
        energy += detector->hop_energy[i];
        for (int tone = 0; tone < 2; tone++) {
            sum[tone][0] += detector->hop_sum[i][tone][0];
            sum[tone][1] += detector->hop_sum[i][tone][1];
        }
    }
    if (energy < LEAST_ENERGY)
        return NEITHER;
    const float space = sum[SPACE][0] * sum[SPACE][0] + sum[SPACE][1] * sum[SPACE][1];
    const float mark = sum[MARK][0] * sum[MARK][0] + sum[MARK][1] * sum[MARK][1];
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
    for (size_t i = 0; i < count; i++) {
        correlate(detector, samples[i]);
        if (++detector->in_hop < V21_HOP)
            continue;
        detector->in_hop = 0;
        if (take(detector, decide(detector)))
            found = true;
    }
    return found;
}
