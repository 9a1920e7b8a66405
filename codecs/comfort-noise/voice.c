#include "voice.h"

#include <math.h>
#include <string.h>

#define DBM0(tenths_of_power) (2.6054e8f * (tenths_of_power)) /* mean square */
#define ALWAYS_PAUSE DBM0(6.3e-7f) /* -62 dBm0: idle channel noise */
#define FIRST_FLOOR DBM0(1e-5f)    /* -50 dBm0, until a pause is heard or two seconds are over */
#define LEAST_TONE DBM0(1e-5f)

#define SMOOTHING 0.2f
#define FLOOR_BIAS 1.15f  /* the least of 200 smoothed values lies 0.6 dB under the mean */
#define PART_BLOCKS 25    /* eight parts: the floor is the least of the last 1.75 to 2 s */
#define LOUD 4.0f         /* 6 dB over the floor: speech, whatever its shape */
#define LOUDER 1.8f       /* 2.5 dB: speech if its shape differs */
#define OTHER_SHAPE 0.5f
#define TONE_GAIN 200.0f  /* prediction gain, 23 dB: no noise of a room, but any tone */

#define BURST_BLOCKS 4    /* shorter: a click */
#define LONG_HANGOVER 15
#define SHORT_HANGOVER 4

void comfort_noise_voice_init(struct comfort_noise_voice *voice)
{
    memset(voice, 0, sizeof *voice);
    voice->smooth = FIRST_FLOOR;
    for (int i = 0; i < COMFORT_NOISE_FLOORS; i++)
        voice->minima[i] = FIRST_FLOOR;
}

static float follow_floor(struct comfort_noise_voice *voice, float power)
{
    voice->smooth += SMOOTHING * (power - voice->smooth);
    if (++voice->part_blocks > PART_BLOCKS) {
        memmove(voice->minima + 1, voice->minima, sizeof voice->minima - sizeof *voice->minima);
        voice->minima[0] = voice->smooth;
        voice->part_blocks = 1;
    }
    voice->minima[0] = fminf(voice->minima[0], voice->smooth);
    float floor = voice->minima[0];
    for (int i = 1; i < COMFORT_NOISE_FLOORS; i++)
        floor = fminf(floor, voice->minima[i]);
    return FLOOR_BIAS * floor;
}

static bool is_active(float power, float floor, const struct comfort_noise_spectrum *spectrum,
                      float distance)
{
    if (power < ALWAYS_PAUSE)
        return false;
    if (power > LOUD * floor || (power > LOUDER * floor && distance > OTHER_SHAPE))
        return true;
    return power > LEAST_TONE && spectrum->correlation[0] > TONE_GAIN * spectrum->residual;
}

enum comfort_noise_voicing comfort_noise_voice_judge(struct comfort_noise_voice *voice, float power,
                                                     const struct comfort_noise_spectrum *spectrum,
                                                     float distance)
{
    const float floor = follow_floor(voice, power);
    if (is_active(power, floor, spectrum, distance)) {
        if (voice->active_blocks < BURST_BLOCKS)
            voice->active_blocks++;
        const uint8_t hangover =
            voice->active_blocks < BURST_BLOCKS ? SHORT_HANGOVER : LONG_HANGOVER;
        if (voice->hangover < hangover)
            voice->hangover = hangover;
        return VOICE_ACTIVE;
    }
    voice->active_blocks = 0;
    if (voice->hangover == 0)
        return VOICE_PAUSE;
    voice->hangover--;
    return VOICE_HANGOVER;
}
