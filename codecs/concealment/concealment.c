/*
 * G.711 Appendix I, linear form. Arithmetic is in double precision and results are truncated to 16
 * bits where the Recommendation's own sequences are.
 */
#include "concealment.h"

#include <math.h>
#include <string.h>

#define BLOCK ((int)CONCEALMENT_BLOCK)
#define HISTORY ((int)CONCEALMENT_HISTORY)
#define DELAY ((int)CONCEALMENT_DELAY)

#define PITCH_MIN 40  /* 200 Hz (§I.2.3) */
#define PITCH_MAX 120 /* 66 Hz */
#define LAGS (PITCH_MAX - PITCH_MIN)
#define CORRELATION_LENGTH 160 /* 20 ms */
#define CORRELATION_FLOOR 250.0 /* least energy by which a correlation is divided */
#define COARSE_STEP 2 /* decimation of the coarse search */
#define OVERLAP_GROWTH 32 /* 4 ms more overlap per further lost block (§I.2.7) */
#define ATTENUATION 0.2 /* per lost block after the first (§I.2.6) */
#define SILENT_FROM 6 /* lost blocks after which the synthesis is zero: 60 ms */

static int16_t clamp(double value)
{
    if (value > 32767.0)
        return 32767;
    if (value < -32768.0)
        return -32768;
    return (int16_t)value;
}

/*
 * Normalised correlation of the newest 20 ms with those `lag` samples before, energy given. The
 * samples are whole numbers, so every sum is exact in any order: four of them run side by side.
 */
static double correlate(const double *newest, const double *past, int step, double energy)
{
    double a = 0.0, b = 0.0, c = 0.0, d = 0.0;
    for (int i = 0; i < CORRELATION_LENGTH; i += 4 * step) {
        a += past[i] * newest[i];
        b += past[i + step] * newest[i + step];
        c += past[i + 2 * step] * newest[i + 2 * step];
        d += past[i + 3 * step] * newest[i + 3 * step];
    }
    const double sum = a + b + c + d;
    return sum / sqrt(energy < CORRELATION_FLOOR ? CORRELATION_FLOOR : energy);
}

static double energy_of(const double *samples, int step)
{
    double sum = 0.0;
    for (int i = 0; i < CORRELATION_LENGTH; i += step)
        sum += samples[i] * samples[i];
    return sum;
}

/*
 * Pitch period (§I.2.3): the peak of the normalised cross-correlation, first on every second sample
 * and lag, then on all around that peak. `offset` counts from the longest period down. The energies
 * are carried along by adding the sample that enters and taking off the one that leaves.
 */
static int find_pitch(const double *end)
{
    const double *newest = end - CORRELATION_LENGTH;
    const double *oldest = newest - PITCH_MAX;

    double energy = energy_of(oldest, COARSE_STEP);
    double best = correlate(newest, oldest, COARSE_STEP, energy);
    int peak = 0;
    for (int offset = COARSE_STEP; offset <= LAGS; offset += COARSE_STEP) {
        const double *leaving = oldest + offset - COARSE_STEP;
        energy -= leaving[0] * leaving[0];
        energy += leaving[CORRELATION_LENGTH] * leaving[CORRELATION_LENGTH];
        const double value = correlate(newest, oldest + offset, COARSE_STEP, energy);
        if (value >= best) {
            best = value;
            peak = offset;
        }
    }

    int offset = peak - (COARSE_STEP - 1) < 0 ? 0 : peak - (COARSE_STEP - 1);
    const int last = peak + (COARSE_STEP - 1) > LAGS ? LAGS : peak + (COARSE_STEP - 1);
    energy = energy_of(oldest + offset, 1);
    best = correlate(newest, oldest + offset, 1, energy);
    peak = offset;
    for (offset++; offset <= last; offset++) {
        const double *leaving = oldest + offset - 1;
        energy -= leaving[0] * leaving[0];
        energy += leaving[CORRELATION_LENGTH] * leaving[CORRELATION_LENGTH];
        const double value = correlate(newest, oldest + offset, 1, energy);
        if (value > best) {
            best = value;
            peak = offset;
        }
    }
    return PITCH_MAX - peak;
}

/* Triangular overlap-add: `falling` fades out, `rising` fades in (§I.2.4). `out` may be either. */
static void overlap_add(const double *falling, const double *rising, double *out, int count)
{
    const double step = 1.0 / count;
    double left = 1.0 - step, right = step;
    for (int i = 0; i < count; i++) {
        double sum = left * falling[i] + right * rising[i];
        if (sum > 32767.0)
            sum = 32767.0;
        else if (sum < -32768.0)
            sum = -32768.0;
        out[i] = sum;
        left -= step;
        right += step;
    }
}

static void overlap_add_samples(const int16_t *falling, int16_t *inout, int count)
{
    const double step = 1.0 / count;
    double left = 1.0 - step, right = step;
    for (int i = 0; i < count; i++) {
        inout[i] = clamp(left * falling[i] + right * inout[i]);
        left -= step;
        right += step;
    }
}

/* Gain at the start of the block after `erasures` lost ones. */
static double gain_after(int erasures)
{
    const double gain = 1.0 - (erasures - 1) * ATTENUATION;
    return gain < 0.0 ? 0.0 : gain;
}

/* Overlap at the end of a loss: the synthesis fades out from its attenuated level, the speech
 * fades in. */
static void overlap_add_at_end(const int16_t *synthetic, int16_t *speech, int count, double gain)
{
    const double step = 1.0 / count;
    double left = (1.0 - step) * gain, right = step;
    for (int i = 0; i < count; i++) {
        speech[i] = clamp(left * synthetic[i] + right * speech[i]);
        left -= step * gain;
        right += step;
    }
}

/* The next `count` samples of the repeated pitch periods. */
static void synthesize(struct concealment *state, int16_t *out, int count)
{
    const double *start = state->period + HISTORY - state->period_length;
    int offset = state->period_offset;
    for (int i = 0; i < count; i++) {
        out[i] = (int16_t)start[offset];
        if (++offset == state->period_length)
            offset = 0;
    }
    state->period_offset = (int16_t)offset;
}

/* Attenuation within a block, sample by sample (§I.2.6). */
static void attenuate(int16_t *samples, int erasures)
{
    double gain = gain_after(erasures);
    for (int i = 0; i < BLOCK; i++) {
        samples[i] = (int16_t)(samples[i] * gain);
        gain -= ATTENUATION / BLOCK;
    }
}

/* The newest `periods` periods become the repeated ones: their end is overlapped with what came
 * before their start. */
static void use_periods(struct concealment *state, int length)
{
    double *end = state->period + HISTORY;
    state->period_length = (int16_t)length;
    overlap_add(state->last_quarter, end - length - state->overlap, end - state->overlap,
                state->overlap);
}

/* First lost block (§I.2.3, §I.2.4): one period; its smoothed end also replaces what is not yet
 * heard. */
static void begin_loss(struct concealment *state)
{
    for (int i = 0; i < HISTORY; i++)
        state->period[i] = state->history[i];
    const double *end = state->period + HISTORY;
    state->pitch = (int16_t)find_pitch(end);
    state->overlap = (int16_t)(state->pitch / 4);
    state->period_offset = 0;
    memcpy(state->last_quarter, end - state->overlap,
           (size_t)state->overlap * sizeof *state->last_quarter);
    use_periods(state, state->pitch);
    for (int i = HISTORY - state->overlap; i < HISTORY; i++)
        state->history[i] = (int16_t)state->period[i];
}

/* Second and third lost block (§I.2.5): one period more, overlapped with the continuation of the
 * old. */
static void lengthen_loss(struct concealment *state, int16_t *out)
{
    int16_t continuation[DELAY];
    int offset = state->period_offset;
    synthesize(state, continuation, state->overlap);
    while (offset > state->pitch)
        offset -= state->pitch;
    state->period_offset = (int16_t)offset;
    use_periods(state, state->period_length + state->pitch);
    synthesize(state, out, BLOCK);
    overlap_add_samples(continuation, out, state->overlap);
}

/* Puts a block behind the history and takes out the one that is now to be heard. */
static void exchange(struct concealment *state, const int16_t *block, int16_t *out)
{
    memmove(state->history, state->history + BLOCK,
            (size_t)(HISTORY - BLOCK) * sizeof *state->history);
    memcpy(state->history + HISTORY - BLOCK, block, (size_t)BLOCK * sizeof *block);
    memcpy(out, state->history + HISTORY - BLOCK - DELAY, (size_t)BLOCK * sizeof *out);
}

void concealment_init(struct concealment *state)
{
    memset(state, 0, sizeof *state);
    state->pitch = PITCH_MIN;
}

void concealment_receive(struct concealment *state, const int16_t *in, int16_t *out)
{
    if (state->erasures == 0) {
        exchange(state, in, out);
        return;
    }
    int16_t block[BLOCK], synthetic[BLOCK];
    memcpy(block, in, sizeof block);
    int overlap = state->overlap + (state->erasures - 1) * OVERLAP_GROWTH;
    if (overlap > BLOCK)
        overlap = BLOCK;
    synthesize(state, synthetic, overlap);
    overlap_add_at_end(synthetic, block, overlap, gain_after(state->erasures));
    state->erasures = 0;
    exchange(state, block, out);
}

void concealment_lose(struct concealment *state, int16_t *out)
{
    int16_t block[BLOCK];
    if (state->erasures == 0) {
        begin_loss(state);
        synthesize(state, block, BLOCK);
    } else if (state->erasures < SILENT_FROM) {
        if (state->erasures <= 2)
            lengthen_loss(state, block);
        else
            synthesize(state, block, BLOCK);
        attenuate(block, state->erasures);
    } else {
        memset(block, 0, sizeof block);
    }
    if (state->erasures < SILENT_FROM)
        state->erasures++;
    exchange(state, block, out);
}
