#include "tone.h"

#include "level.h"

#include <math.h>
#include <string.h>

#define SAMPLES_PER_MS 8u
#define FOR_EVER UINT32_MAX

/* Odd polynomial of degree 9 over a quarter turn, minimax. */
float tone_sine(uint32_t phase)
{
    float x = (float)(int32_t)phase * (1.0f / 1073741824.0f); /* quarter turns, -2..2 */
    if (x > 1.0f)
        x = 2.0f - x;
    else if (x < -1.0f)
        x = -2.0f - x;
    const float y = x * x;
    return x * (1.57079629f +
                y * (-0.645963360f +
                     y * (0.0796884805f + y * (-0.00467222790f + y * 0.000150820552f))));
}

uint32_t tone_step(unsigned frequency)
{
    return (uint32_t)(((uint64_t)frequency << 32) / 8000u);
}

static void enter_segment(struct tone_generator *tone, uint8_t index)
{
    const struct tone_segment *segment = &tone->pattern.segments[index];
    tone->segment = index;
    tone->active = 0;
    for (int i = 0; i < TONE_FREQUENCIES; i++) {
        if (segment->frequencies[i] == 0)
            continue;
        tone->phase[tone->active] = 0;
        tone->step[tone->active++] = tone_step(segment->frequencies[i]);
    }
    /* The level is that of all together: each has its share of the power. */
    if (tone->active > 0)
        tone->amplitude = (float)(level_to_peak(tone->pattern.level) / sqrt((double)tone->active));
    tone->left = segment->duration_ms == 0 ? FOR_EVER : segment->duration_ms * SAMPLES_PER_MS;
}

static void next_segment(struct tone_generator *tone)
{
    const struct tone_pattern *pattern = &tone->pattern;
    if (tone->segment + 1 < pattern->segment_count) {
        enter_segment(tone, (uint8_t)(tone->segment + 1));
        return;
    }
    if (pattern->repeats != 0 && ++tone->passes >= pattern->repeats) {
        tone->ended = true;
        return;
    }
    enter_segment(tone, pattern->repeat_from < pattern->segment_count ? pattern->repeat_from : 0);
}

void tone_start(struct tone_generator *tone, const struct tone_pattern *pattern)
{
    memset(tone, 0, sizeof *tone);
    tone->pattern = *pattern;
    if (tone->pattern.segment_count > TONE_SEGMENTS)
        tone->pattern.segment_count = TONE_SEGMENTS;
    tone->ended = tone->pattern.segment_count == 0;
    if (!tone->ended)
        enter_segment(tone, 0);
}

void tone_start_steady(struct tone_generator *tone, uint16_t first, uint16_t second, int level)
{
    const struct tone_pattern pattern = {
        .level = (int16_t)level,
        .segment_count = 1,
        .segments = {{.frequencies = {first, second}}},
    };
    tone_start(tone, &pattern);
}

static void oscillate(struct tone_generator *tone, int16_t *samples, size_t count)
{
    if (tone->active == 0) {
        memset(samples, 0, count * sizeof *samples);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        float sum = 0.0f;
        for (int k = 0; k < tone->active; k++) {
            sum += tone_sine(tone->phase[k]);
            tone->phase[k] += tone->step[k];
        }
        const float value = sum * tone->amplitude;
        const float bounded = value > 32767.0f ? 32767.0f : value < -32768.0f ? -32768.0f : value;
        samples[i] = (int16_t)lrintf(bounded);
    }
}

bool tone_generate(struct tone_generator *tone, int16_t *samples, size_t count)
{
    while (count > 0 && !tone->ended) {
        const size_t part = tone->left < count ? tone->left : count;
        oscillate(tone, samples, part);
        samples += part;
        count -= part;
        if (tone->left != FOR_EVER && (tone->left -= (uint32_t)part) == 0)
            next_segment(tone);
    }
    memset(samples, 0, count * sizeof *samples);
    return !tone->ended;
}
