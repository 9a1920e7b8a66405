#include "answer-tone.h"

#include "level.h"

#include <math.h>
#include <string.h>

#define BLOCK ((int)ANSWER_TONE_BLOCK)
#define PI 3.14159265358979f

/* Every eighth sample goes to the same lane: 2100 Hz turns there by 36 degrees (and two whole turns)
 * from one to the next. */
#define LANES 8
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int16_t short_lanes __attribute__((vector_size(LANES * sizeof(int16_t))));
#define COSINE 0.809016994f /* of 36 degrees */
#define SINE 0.587785252f
/* The turns of 2100 Hz from the first lane to each. */
static const float lane_cosines[LANES] = {
    1.000000000f, -0.078459096f, -0.987688341f, 0.233445364f,
    0.951056516f, -0.382683432f, -0.891006524f, 0.522498565f};
static const float lane_sines[LANES] = {
    0.000000000f, 0.996917334f, -0.156434465f, -0.972369920f,
    0.309016994f, 0.923879533f, -0.453990500f, -0.852640164f};

#define FRACTION 0.7f /* of the energy that 2100 Hz must hold: beyond 37 Hz off it cannot */
#define LEAST_PEAK ((float)(LEVEL_PEAK_0DBM0 * 0.0158489)) /* -36 dBm0 */
#define PRESENT_BLOCKS 30   /* 300 ms (G.164 §5.3: 300 +- 100 ms) */
#define BRIDGED_BLOCKS 3    /* a reversal spoils one or two */
#define ABSENT_BLOCKS 10
#define REVERSAL_BLOCKS 25  /* a reversal counts only this long after the onset */
#define REVERSAL_TOLERANCE (35.0f * PI / 180.0f) /* G.165 §4.2.2: 180 +- 25 degrees must be seen */
#define ENVELOPE 20         /* 200 ms: three periods of 15 Hz */
#define MODULATION 0.1f     /* V.8 §3.2: ANSam has 0.2 */

void answer_tone_init(struct answer_tone_detector *detector)
{
    memset(detector, 0, sizeof *detector);
}

static float wrap(float angle)
{
    return angle - 2 * PI * rintf(angle / (2 * PI));
}

/* Amplitude and phase at 2100 Hz of a block; false if it is not mostly that. */
static bool look(const int16_t *samples, float *amplitude, float *phase)
{
    const float energy = (float)level_energy(samples, ANSWER_TONE_BLOCK);
    if (energy < LEAST_PEAK * LEAST_PEAK * BLOCK / 2 * FRACTION)
        return false;
    lanes s1 = {0}, s2 = {0};
    for (int i = 0; i < BLOCK; i += LANES) {
        short_lanes input;
        memcpy(&input, samples + i, sizeof input);
        const lanes s0 = __builtin_convertvector(input, lanes) + 2 * COSINE * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    float real = 0.0f, imaginary = 0.0f;
    for (int k = 0; k < LANES; k++) {
        const float lane_real = s1[k] - COSINE * s2[k], lane_imaginary = SINE * s2[k];
        real += lane_real * lane_cosines[k] + lane_imaginary * lane_sines[k];
        imaginary += lane_imaginary * lane_cosines[k] - lane_real * lane_sines[k];
    }
    const float power = real * real + imaginary * imaginary;
    if (power * (2.0f / BLOCK) < FRACTION * energy)
        return false;
    *amplitude = sqrtf(power) * (2.0f / BLOCK);
    *phase = atan2f(imaginary, real);
    return *amplitude >= LEAST_PEAK;
}

/* The 15 Hz part of the envelope of the last 200 ms, relative to its mean: bin 3 of 20. */
static float modulation(const float *envelope)
{
    float real = 0.0f, imaginary = 0.0f, sum = 0.0f;
    for (int i = 0; i < ENVELOPE; i++) {
        const float angle = 2 * PI * 3 * (float)i / ENVELOPE;
        real += envelope[i] * cosf(angle);
        imaginary += envelope[i] * sinf(angle);
        sum += envelope[i];
    }
    return 2 * sqrtf(real * real + imaginary * imaginary) / sum;
}

static void begin(struct answer_tone_detector *detector, float phase)
{
    detector->run = 1;
    detector->unbroken = 1;
    detector->misses = 0;
    detector->drift = 0.0f;
    detector->phase = phase;
}

/* Follows the phase: a steady frequency offset is learnt, a jump of half a turn is a reversal. */
static void follow_phase(struct answer_tone_detector *detector, float phase)
{
    const float blocks = (float)(detector->misses + 1);
    const float error = wrap(phase - detector->phase - detector->drift * blocks);
    detector->phase = phase;
    if (PI - fabsf(error) <= REVERSAL_TOLERANCE && detector->run >= REVERSAL_BLOCKS) {
        detector->flags_pending |= ANSWER_TONE_REVERSED;
        return;
    }
    /* Half of the first errors, an eighth of the later ones. */
    detector->drift += error / blocks * (detector->run < 4 ? 0.5f : 0.125f);
}

static void miss(struct answer_tone_detector *detector)
{
    if (detector->misses < UINT8_MAX)
        detector->misses++;
    detector->unbroken = 0;
    if (detector->misses > BRIDGED_BLOCKS && !(detector->flags & ANSWER_TONE_PRESENT))
        detector->run = 0;
    if (detector->misses >= ABSENT_BLOCKS) {
        detector->run = 0;
        detector->flags = 0;
    }
    if (detector->run == 0)
        detector->flags_pending = 0;
}

static void analyse(struct answer_tone_detector *detector, const int16_t *samples)
{
    float amplitude, phase;
    if (!look(samples, &amplitude, &phase)) {
        miss(detector);
        return;
    }
    if (detector->run == 0) {
        begin(detector, phase);
    } else {
        follow_phase(detector, phase);
        detector->misses = 0;
        if (detector->run < UINT16_MAX)
            detector->run++;
        if (detector->unbroken < UINT16_MAX)
            detector->unbroken++;
    }
    detector->envelope[detector->envelope_next] = amplitude;
    detector->envelope_next = (uint8_t)((detector->envelope_next + 1) % ENVELOPE);
    if (detector->run < PRESENT_BLOCKS)
        return;
    if (detector->unbroken >= ENVELOPE && modulation(detector->envelope) >= MODULATION)
        detector->flags_pending |= ANSWER_TONE_MODULATED;
    detector->flags |= ANSWER_TONE_PRESENT | detector->flags_pending;
}

bool answer_tone_detect(struct answer_tone_detector *detector, const int16_t *samples,
                        size_t count)
{
    const uint8_t flags = detector->flags;
    while (count > 0) {
        if (detector->filled == 0 && count >= ANSWER_TONE_BLOCK) {
            analyse(detector, samples);
            samples += ANSWER_TONE_BLOCK;
            count -= ANSWER_TONE_BLOCK;
            continue;
        }
        size_t part = ANSWER_TONE_BLOCK - detector->filled;
        if (part > count)
            part = count;
        memcpy(detector->block + detector->filled, samples, part * sizeof *samples);
        detector->filled = (uint16_t)(detector->filled + part);
        samples += part;
        count -= part;
        if (detector->filled == ANSWER_TONE_BLOCK) {
            detector->filled = 0;
            analyse(detector, detector->block);
        }
    }
    return detector->flags != flags;
}
