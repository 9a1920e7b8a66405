/* The parameters of speech frames (../frame.h), a frame a lane. */
#ifndef TRUNKGATE_CODECS_G729_LANES_PARAMETERS_H
#define TRUNKGATE_CODECS_G729_LANES_PARAMETERS_H

#include "twins.h"

struct lanes_speech {
    v32 lsp1, lsp2, parity;
    struct {
        v32 pitch, positions, signs, gains;
    } subframe[2];
};

/* The 80 bits of each lane, the first on top of the first word. */
struct lanes_bits {
    uint32_t words[3][V_LANES] __attribute__((aligned(4 * V_LANES)));
};

static inline void put_bits(struct lanes_bits *bits, unsigned lane, const uint8_t octets[10])
{
    for (int word = 0; word < 3; word++) {
        uint32_t value = 0;
        for (int i = 4 * word; i < 4 * word + 4; i++)
            value = value << 8 | (i < 10 ? octets[i] : 0u);
        bits->words[word][lane] = value;
    }
}

/* The `width` bits from `first` on. */
V_INLINE v32 take_bits(const struct lanes_bits *bits, int first, int width)
{
    const v32 *words = (const v32 *)(const void *)bits->words;
    const int word = first / 32, end = first % 32 + width;
    const v32 mask = v32_all((1 << width) - 1);
    if (end <= 32)
        return v_right_unsigned(words[word], 32 - end) & mask;
    return (v_left(words[word], end - 32) | v_right_unsigned(words[word + 1], 64 - end)) & mask;
}

V_INLINE void unpack_speech(const struct lanes_bits *bits, struct lanes_speech *speech)
{
    speech->lsp1 = take_bits(bits, 0, 8);
    speech->lsp2 = take_bits(bits, 8, 10);
    speech->subframe[0].pitch = take_bits(bits, 18, 8);
    speech->parity = take_bits(bits, 26, 1);
    speech->subframe[0].positions = take_bits(bits, 27, 13);
    speech->subframe[0].signs = take_bits(bits, 40, 4);
    speech->subframe[0].gains = take_bits(bits, 44, 7);
    speech->subframe[1].pitch = take_bits(bits, 51, 5);
    speech->subframe[1].positions = take_bits(bits, 56, 13);
    speech->subframe[1].signs = take_bits(bits, 69, 4);
    speech->subframe[1].gains = take_bits(bits, 73, 7);
}

/* §3.7.2: the parity bit of the six most significant bits of P1. */
V_INLINE v32 pitch_parity(v32 pitch)
{
    v32 bits = v_right(pitch, 2);
    bits = bits ^ v_right(bits, 3);
    bits = bits ^ v_right(bits, 1) ^ v_right(bits, 2);
    return (bits & v32_all(1)) ^ v32_all(1);
}

#endif
