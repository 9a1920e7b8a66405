/*
 * Blocks of 102 samples (12.75 ms) through eight Goertzel filters, and the frequencies of two tones
 * from the advance of their phases, which a block this short cannot tell by its magnitudes.
 */
#include "dtmf-analysis.h"

#include "level.h"

#include <math.h>
#include <string.h>

#define BLOCK ((int)DTMF_BLOCK)
#define PI 3.14159265358979f

/* Fractions of the block's energy that the two tones must hold: with p of the block filled, the
 * fraction is p. With both frequencies off by 1.5 % + 2 Hz and the worst twist a full block still
 * has 0.73. */
#define EARLY_FRACTION 0.65f
#define STEADY_FRACTION 0.60f
/* The same once the frequencies are known and the loss beside the filters' middle is made good:
 * 15 dB of noise leave 0.97. */
#define PURE_FRACTION 0.82f
/* Power by which a tone exceeds the others of its group. */
#define EARLY_DOMINANCE 2.5f  /* 4 dB: the filters are wider on a part of a block */
#define STEADY_DOMINANCE 4.0f /* 6 dB */
/* Twist as power ratio, Q.24: 4 dB and 8 dB accepted; with 2 dB of room for scalloping and
 * noise. */
#define HIGH_OVER_LOW 3.98f /* 6 dB */
#define LOW_OVER_HIGH 10.0f /* 10 dB */
/* Least amplitude of a tone, -36 dBm0, in a whole block; early blocks may be filled to two
 * thirds. */
#define LEAST_PEAK ((float)(LEVEL_PEAK_0DBM0 * 0.0158489))
/* Largest deviation of a frequency: between 1.5 % + 2 Hz (accepted) and 3.5 % (refused). */
#define DEVIATION 0.025f

/* A vector type of four lanes, as gcc and clang know it on every machine. */
typedef float lanes __attribute__((vector_size(16)));

static const uint16_t frequencies[8] = {697, 770, 852, 941, 1209, 1336, 1477, 1633};

/* cos and sin of 2 pi f / 8000. */
static const float cosines[8] = {0.853868905f, 0.822640518f, 0.784343492f, 0.739102284f,
                                 0.582052012f, 0.498185105f, 0.399309195f, 0.284266353f};
static const float sines[8] = {0.520488130f, 0.568561851f, 0.620326758f, 0.673593211f,
                               0.813151558f, 0.867070701f, 0.916816321f, 0.958745347f};

static void filter(const int16_t *samples, float vector[8][2])
{
    const lanes low_factor = {2 * cosines[0], 2 * cosines[1], 2 * cosines[2], 2 * cosines[3]};
    const lanes high_factor = {2 * cosines[4], 2 * cosines[5], 2 * cosines[6], 2 * cosines[7]};
    lanes low1 = {0}, low2 = {0}, high1 = {0}, high2 = {0};
    for (int i = 0; i < BLOCK; i++) {
        const float x = samples[i];
        const lanes input = {x, x, x, x};
        const lanes low0 = input + low_factor * low1 - low2;
        const lanes high0 = input + high_factor * high1 - high2;
        low2 = low1;
        low1 = low0;
        high2 = high1;
        high1 = high0;
    }
    for (int k = 0; k < 8; k++) {
        const float s1 = k < 4 ? low1[k] : high1[k - 4];
        const float s2 = k < 4 ? low2[k] : high2[k - 4];
        vector[k][0] = s1 - cosines[k] * s2;
        vector[k][1] = sines[k] * s2;
    }
}

/* One filter only, for the block that lies half in the one before. */
static void filter_one(const int16_t *samples, int k, float vector[2])
{
    float s1 = 0.0f, s2 = 0.0f;
    for (int i = 0; i < BLOCK; i++) {
        const float s0 = (float)samples[i] + 2 * cosines[k] * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    vector[0] = s1 - cosines[k] * s2;
    vector[1] = sines[k] * s2;
}

/* Strongest of amplitudes[first..first+3]; `dominance`: its power over the next's. */
static int strongest(const float *amplitudes, int first, float *dominance)
{
    int best = first;
    for (int k = first + 1; k < first + 4; k++)
        if (amplitudes[k] > amplitudes[best])
            best = k;
    float next = 0.0f;
    for (int k = first; k < first + 4; k++)
        if (k != best && amplitudes[k] > next)
            next = amplitudes[k];
    *dominance = dtmf_square(amplitudes[best]) / (dtmf_square(next) + 1e-3f);
    return best;
}

bool dtmf_look(const int16_t *samples, struct dtmf_view *view)
{
    const uint64_t energy = level_energy(samples, DTMF_BLOCK);
    if ((float)energy < dtmf_square(LEAST_PEAK) * BLOCK / 2) {
        memset(view, 0, sizeof *view);
        view->high = 4;
        return false;
    }
    filter(samples, view->vector);
    for (int k = 0; k < 8; k++)
        view->amplitude[k] =
            (2.0f / BLOCK) *
            sqrtf(dtmf_square(view->vector[k][0]) + dtmf_square(view->vector[k][1]));
    float low_dominance, high_dominance;
    view->low = strongest(view->amplitude, 0, &low_dominance);
    view->high = strongest(view->amplitude, 4, &high_dominance);
    view->dominance = low_dominance < high_dominance ? low_dominance : high_dominance;
    const float low = dtmf_square(view->amplitude[view->low]);
    const float high = dtmf_square(view->amplitude[view->high]);
    view->fraction = (low + high) * (BLOCK / 2.0f) / (float)energy;
    view->twist_good = high <= low * HIGH_OVER_LOW && low <= high * LOW_OVER_HIGH;
    const float least = dtmf_square(LEAST_PEAK * EARLY_FRACTION);
    view->level_good = low >= least && high >= least;
    return true;
}

static float wrap(float angle)
{
    return angle - 2 * PI * rintf(angle / (2 * PI));
}

/* Frequency deviation in Hz from the phase advance between two vectors `hop` samples apart. */
static float deviation(const float from[2], const float to[2], int k, int hop)
{
    const float advance = atan2f(to[1], to[0]) - atan2f(from[1], from[0]);
    const float nominal = (float)((frequencies[k] * hop) % 8000) * (2 * PI / 8000.0f);
    return wrap(advance - nominal) * (8000.0f / (2 * PI * (float)hop));
}

/*
 * Measures one tone between the block before and this one: finely over a whole block (ambiguous by
 * 78 Hz), and coarsely over half of one, which tells which of the fine results it is.
 */
static float measure(const struct dtmf_detector *detector, const struct dtmf_view *view, int k,
                     const float before[2])
{
    float half[2];
    filter_one(detector->samples + BLOCK / 2, k, half);
    const float coarse = deviation(half, view->vector[k], k, BLOCK - BLOCK / 2);
    const float fine = deviation(before, view->vector[k], k, BLOCK);
    const float period = 8000.0f / BLOCK;
    return fine + period * rintf((coarse - fine) / period);
}

/* Power that a filter shows of a tone `offset` Hz beside it: the main lobe of its response. */
static float response(float offset)
{
    const float x = PI * offset * (BLOCK / 8000.0f);
    return fabsf(x) < 1e-3f ? 1.0f : dtmf_square(sinf(x) / x);
}

bool dtmf_is_pure(const struct dtmf_detector *detector, const struct dtmf_view *view)
{
    const float low_offset = measure(detector, view, view->low, detector->vector[0]);
    const float high_offset = measure(detector, view, view->high, detector->vector[1]);
    if (fabsf(low_offset) > DEVIATION * frequencies[view->low] ||
        fabsf(high_offset) > DEVIATION * frequencies[view->high])
        return false;
    const float low = dtmf_square(view->amplitude[view->low]);
    const float high = dtmf_square(view->amplitude[view->high]);
    const float power = low / response(low_offset) + high / response(high_offset);
    return power * view->fraction >= PURE_FRACTION * (low + high);
}

bool dtmf_is_candidate(const struct dtmf_view *view, bool onset)
{
    return view->fraction >= (onset ? EARLY_FRACTION : STEADY_FRACTION) &&
           view->dominance >= (onset ? EARLY_DOMINANCE : STEADY_DOMINANCE) && view->twist_good &&
           view->level_good;
}
