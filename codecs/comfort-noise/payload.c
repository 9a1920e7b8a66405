/*
 *   0 1 2 3 4 5 6 7
 *  |0|   level     |  N_1  |  N_2  | ... |  N_M  |        RFC 3389 §3.3, figures 1 and 2
 */
#include "comfort-noise.h"

#include <math.h>
#include <string.h>

#define OVERLOAD 32124.0f /* 8031 of 14 bits, left-justified */
#define ZERO_INDEX 127
#define LAST_INDEX 254

bool comfort_noise_parse(const uint8_t *octets, size_t count, struct comfort_noise_payload *payload)
{
    if (count == 0)
        return false;
    payload->level = octets[0] & 0x7F;
    memset(payload->reflection, ZERO_INDEX, sizeof payload->reflection);
    uint8_t order = 0;
    while (order < COMFORT_NOISE_ORDER && order + 1u < count && octets[order + 1] <= LAST_INDEX) {
        payload->reflection[order] = octets[order + 1];
        order++;
    }
    payload->order = order;
    return true;
}

size_t comfort_noise_print(const struct comfort_noise_payload *payload, uint8_t *octets)
{
    octets[0] = payload->level;
    memcpy(octets + 1, payload->reflection, payload->order);
    return 1u + payload->order;
}

float comfort_noise_power(uint8_t level)
{
    return OVERLOAD * OVERLOAD * powf(10.0f, (float)level / -10.0f);
}

float comfort_noise_reflection(uint8_t index)
{
    return 258.0f / 32768.0f * (float)(index - ZERO_INDEX); /* §3.2 */
}

uint8_t comfort_noise_level(float mean_square)
{
    if (mean_square <= 0.0f)
        return 127;
    const float level = -10.0f * log10f(mean_square / (OVERLOAD * OVERLOAD));
    return (uint8_t)lrintf(fminf(fmaxf(level, 0.0f), 127.0f));
}

uint8_t comfort_noise_index(float reflection)
{
    const float index = reflection * 32768.0f / 258.0f + ZERO_INDEX;
    return (uint8_t)lrintf(fminf(fmaxf(index, 0.0f), LAST_INDEX));
}
