/* Whether a block is speech: by its power over the noise floor, its shape against the noise's, and tones. */
#ifndef TRUNKGATE_CODECS_COMFORT_NOISE_VOICE_H
#define TRUNKGATE_CODECS_COMFORT_NOISE_VOICE_H

#include "comfort-noise.h"

enum comfort_noise_voicing {
    VOICE_ACTIVE,   /* speech or a tone */
    VOICE_HANGOVER, /* not, but so soon after it that it is sent */
    VOICE_PAUSE
};

void comfort_noise_voice_init(struct comfort_noise_voice *voice);

/*
 * `power` is the block's mean square, `spectrum` that of the last 30 ms, `distance` from the noise heard in pauses (0
 * where none was heard yet).
 */
enum comfort_noise_voicing comfort_noise_voice_judge(struct comfort_noise_voice *voice, float power,
                                                     const struct comfort_noise_spectrum *spectrum,
                                                     float distance);

#endif
