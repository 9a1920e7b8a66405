/*
 * White noise through the normalised lattice: each of its stages turns the pair of forward and backward
 * signal by an angle whose sine is the reflection coefficient. Turning keeps power, so the output has the
 * excitation's power at once and whatever the coefficients are, also while they change.
 */
#include "comfort-noise.h"

#include <math.h>
#include <string.h>

#define GLIDE 0.25f /* of the distance to the target, in a block */
#define NEAR 0.001f

void comfort_noise_generator_init(struct comfort_noise_generator *generator, uint32_t seed)
{
    memset(generator, 0, sizeof *generator);
    generator->random = seed;
}

/* Near Gaussian, of unit power: four even numbers added. */
static float white(struct comfort_noise_generator *generator)
{
    int32_t sum = 0;
    for (int i = 0; i < 2; i++) {
        generator->random = generator->random * 1664525u + 1013904223u;
        sum += (int32_t)(generator->random >> 20) + (int32_t)(generator->random >> 8 & 0xFFF);
    }
    return ((float)sum - 8190.0f) * (1.7320508f / 4096.0f);
}

void comfort_noise_generator_update(struct comfort_noise_generator *generator,
                                    const struct comfort_noise_payload *payload)
{
    generator->target_level = payload->level;
    for (int i = 0; i < COMFORT_NOISE_ORDER; i++)
        generator->target_reflection[i] =
            i < payload->order ? comfort_noise_reflection(payload->reflection[i]) : 0.0f;
    if (generator->described)
        return;
    generator->described = true;
    generator->level = generator->target_level;
    memcpy(generator->reflection, generator->target_reflection, sizeof generator->reflection);
    for (int i = 0; i < COMFORT_NOISE_ORDER; i++)
        generator->backward[i] = white(generator);
}

static float glide(float from, float to)
{
    return fabsf(to - from) < NEAR ? to : from + GLIDE * (to - from);
}

static float amplitude(float level)
{
    return sqrtf(comfort_noise_power(0)) * powf(10.0f, level / -20.0f);
}

/* One sample of unit power. */
static float lattice(const float *sines, const float *cosines, float *backward, float input)
{
    float forward = input;
    for (int i = COMFORT_NOISE_ORDER - 1; i >= 0; i--) {
        const float behind = backward[i];
        if (i + 1 < COMFORT_NOISE_ORDER)
            backward[i + 1] = sines[i] * forward + cosines[i] * behind;
        forward = cosines[i] * forward - sines[i] * behind;
    }
    backward[0] = forward;
    return forward;
}

void comfort_noise_generate(struct comfort_noise_generator *generator, int16_t *samples)
{
    if (!generator->described) {
        memset(samples, 0, COMFORT_NOISE_BLOCK * sizeof *samples);
        return;
    }
    float cosines[COMFORT_NOISE_ORDER];
    for (int i = 0; i < COMFORT_NOISE_ORDER; i++) {
        float *sine = &generator->reflection[i];
        *sine = glide(*sine, generator->target_reflection[i]);
        cosines[i] = sqrtf(1.0f - *sine * *sine);
    }
    float gain = amplitude(generator->level);
    generator->level = glide(generator->level, generator->target_level);
    const float step = (amplitude(generator->level) - gain) / (float)COMFORT_NOISE_BLOCK;
    for (size_t i = 0; i < COMFORT_NOISE_BLOCK; i++, gain += step) {
        const float sample = gain * lattice(generator->reflection, cosines, generator->backward,
                                            white(generator));
        samples[i] = (int16_t)lrintf(fminf(fmaxf(sample, -32768.0f), 32767.0f));
    }
}
