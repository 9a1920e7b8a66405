#include "g711.h"

#include <string.h>

void g711_encode(enum g711_law law, const int16_t *samples, size_t count, uint8_t *octets)
{
    if (law == G711_ALAW) {
        for (size_t i = 0; i < count; i++)
            octets[i] = g711_alaw_from_linear(samples[i]);
    } else {
        for (size_t i = 0; i < count; i++)
            octets[i] = g711_ulaw_from_linear(samples[i]);
    }
}

void g711_decode(enum g711_law law, const uint8_t *octets, size_t count, int16_t *samples)
{
    const int16_t *table = g711_linear_table[law];
    for (size_t i = 0; i < count; i++)
        samples[i] = table[octets[i]];
}

void g711_convert(enum g711_law from, enum g711_law to, const uint8_t *in, size_t count,
                  uint8_t *out)
{
    if (from == to) {
        memmove(out, in, count);
        return;
    }
    const uint8_t *table = g711_convert_table[from];
    for (size_t i = 0; i < count; i++)
        out[i] = table[in[i]];
}
