#include "pitch-delay.h"

struct g729_delay g729_decode_pitch1(int16_t index)
{
    if (index >= 197)
        return (struct g729_delay){(int16_t)(index - 112), 0};
    const int16_t whole = (int16_t)((index + 2) / 3 + 19);
    return (struct g729_delay){whole, (int16_t)(index - 3 * whole + 58)};
}

struct g729_delay g729_decode_pitch2(int16_t index, int16_t whole)
{
    const int16_t steps = (int16_t)((index + 2) / 3 - 1);
    return (struct g729_delay){(int16_t)(g729_pitch2_lowest(whole) + steps),
                               (int16_t)(index - 2 - 3 * steps)};
}

int16_t g729_encode_pitch1(struct g729_delay delay)
{
    if (delay.whole > 85)
        return (int16_t)(delay.whole + 112);
    return (int16_t)(3 * delay.whole - 58 + delay.thirds);
}

int16_t g729_encode_pitch2(struct g729_delay delay, int16_t lowest)
{
    return (int16_t)(3 * (delay.whole - lowest) + 2 + delay.thirds);
}

int16_t g729_pitch2_lowest(int16_t whole)
{
    const int16_t lowest = (int16_t)(whole - 5 < G729_PITCH_MIN ? G729_PITCH_MIN : whole - 5);
    return lowest + 9 > G729_PITCH_MAX ? G729_PITCH_MAX - 9 : lowest;
}
