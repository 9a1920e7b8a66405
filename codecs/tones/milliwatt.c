#include "tone.h"

/* G.711 §5, tables 5 and 6: the periodic sequences of 1000 Hz at 0 dBm0, as on the line. */
static const uint8_t sequences[2][8] = {
    {0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4},
    {0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E},
};

void milliwatt_generate(enum g711_law law, uint8_t *phase, uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        octets[i] = sequences[law][(*phase + i) & 7];
    *phase = (uint8_t)((*phase + count) & 7);
}

const struct tone_pattern tone_milliwatt_1004 = {
    .level = 0,
    .segment_count = 1,
    .segments = {{.frequencies = {1004}}},
};
