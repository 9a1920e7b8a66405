#include "v21-preamble.h"

#include "level.h"

#include <string.h>

#define SPACE 0 /* symbol 0 */
#define MARK 1
#define NEITHER (-1)

/* Both tones side by side, in a vector as gcc and clang know it on every machine: cosines of
 * symbols 0 and 1, then their sines. */
typedef float lanes __attribute__((vector_size(16)));

/* V.21 §2: channel 2, symbol 0 is 1850 Hz, symbol 1 1650 Hz. Their turns within a hop... */
static const lanes turns[V21_HOP] = {
    {1.000000000f, 1.000000000f, 0.000000000f, 0.000000000f},
    {0.117537397f, 0.271440450f, 0.993068457f, 0.962455236f},
    {-0.972369920f, -0.852640164f, 0.233445364f, 0.522498565f},
    {-0.346117057f, -0.734322509f, -0.938191336f, -0.678800746f},
    {0.891006524f, 0.453990500f, -0.453990500f, -0.891006524f},
    {0.555570233f, 0.980785280f, 0.831469612f, 0.195090322f},
    {-0.760405966f, 0.078459096f, 0.649448048f, 0.996917334f},
    {-0.734322509f, -0.938191336f, -0.678800746f, 0.346117057f},
};
/* ...and from one hop to the next. */
static const float hop_cosines[2] = {0.587785252f, -0.587785252f};
static const float hop_sines[2] = {-0.809016994f, -0.809016994f};
#define COMMON_PERIOD 20u /* hops in which both make whole turns */

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

/* Adds `count` samples to the correlations of the hop under way, as if it began at angle 0. */
static inline void correlate(struct v21_preamble_detector *detector, const int16_t *samples,
                             size_t begin, size_t count)
{
    lanes sums;
    memcpy(&sums, detector->sum, sizeof sums);
    uint64_t energy = detector->energy;
    for (size_t i = 0; i < count; i++) {
        const float sample = samples[i];
        const lanes input = {sample, sample, sample, sample};
        sums += input * turns[begin + i];
        energy += (uint32_t)((int32_t)samples[i] * samples[i]);
    }
    memcpy(detector->sum, &sums, sizeof sums);
    detector->energy = energy;
}

/* Turns the hop's correlations to where the hop began, and both tones on to the next hop. */
static void close_hop(struct v21_preamble_detector *detector)
{
    float *hop_sum = detector->hop_sum[detector->hop];
    float *cosines = detector->oscillator, *sines = detector->oscillator + 2;
    for (int k = 0; k < 2; k++) {
        const float real = detector->sum[k], imaginary = detector->sum[k + 2];
        hop_sum[k] = cosines[k] * real - sines[k] * imaginary;
        hop_sum[k + 2] = sines[k] * real + cosines[k] * imaginary;
        const float turned = cosines[k] * hop_cosines[k] - sines[k] * hop_sines[k];
        sines[k] = cosines[k] * hop_sines[k] + sines[k] * hop_cosines[k];
        cosines[k] = turned;
    }
    /* Begun anew after whole turns of both, so that no error adds up. */
    if (++detector->hops == COMMON_PERIOD) {
        detector->hops = 0;
        memcpy(detector->oscillator, oscillator_start, sizeof oscillator_start);
    }
    detector->hop_energy[detector->hop] = (float)detector->energy;
    detector->hop = (uint8_t)((detector->hop + 1) % V21_WINDOW_HOPS);
    memset(detector->sum, 0, sizeof detector->sum);
    detector->energy = 0;
}

/* Decides on the last window of hops. */
static int decide(const struct v21_preamble_detector *detector)
{
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
        if (part == V21_HOP)
            correlate(detector, samples, 0, V21_HOP);
        else
            correlate(detector, samples, detector->in_hop, part);
        detector->in_hop = (uint8_t)(detector->in_hop + part);
        samples += part;
        count -= part;
        if (detector->in_hop < V21_HOP)
            break;
        detector->in_hop = 0;
        close_hop(detector);
        if (take(detector, decide(detector)))
            found = true;
    }
    return found;
}
