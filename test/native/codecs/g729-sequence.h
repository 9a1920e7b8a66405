/*
 * The ITU's test sequences of G.729: PCM files of 16-bit little-endian samples, and the serial format,
 * 16-bit little-endian words: 0x6B21, the number of bits, one word per bit (0x7F for 0, 0x81 for 1, 0 for
 * a bit of an erased frame).
 */
#ifndef TRUNKGATE_TEST_G729_SEQUENCE_H
#define TRUNKGATE_TEST_G729_SEQUENCE_H

#include "../harness.h"

#define SEQUENCE_FRAMES 4096

struct sequence_frame {
    int erased;
    int octets; /* 10, 2 or 0 */
    uint8_t data[10];
};

struct sequence_pcm {
    size_t count;
    int16_t samples[SEQUENCE_FRAMES * 80];
};

struct sequence_bits {
    size_t count;
    struct sequence_frame frames[SEQUENCE_FRAMES];
};

static inline unsigned sequence_word(const uint8_t *memory)
{
    return memory[0] | (unsigned)memory[1] << 8;
}

/* False where the file is not there. */
static inline int sequence_read_pcm(const char *name, struct sequence_pcm *pcm)
{
    static uint8_t file[sizeof pcm->samples];
    const char *path = harness_vector(name);
    if (path == NULL)
        return 0;
    pcm->count = harness_read(path, file, sizeof file) / 2;
    for (size_t i = 0; i < pcm->count; i++)
        pcm->samples[i] = (int16_t)sequence_word(file + 2 * i);
    return 1;
}

static inline int sequence_read_bits(const char *name, struct sequence_bits *bits)
{
    static uint8_t file[SEQUENCE_FRAMES * 164];
    const char *path = harness_vector(name);
    if (path == NULL)
        return 0;
    const size_t size = harness_read(path, file, sizeof file);
    bits->count = 0;
    for (size_t at = 0; at + 4 <= size && bits->count < SEQUENCE_FRAMES;) {
        struct sequence_frame *frame = &bits->frames[bits->count++];
        const unsigned width = sequence_word(file + at + 2);
        memset(frame, 0, sizeof *frame);
        frame->erased = width == 0 && sequence_word(file + at) != 0x6B21;
        frame->octets = (int)((width + 7) / 8);
        at += 4;
        for (unsigned i = 0; i < width && i < 80 && at + 2 <= size; i++, at += 2) {
            const unsigned word = sequence_word(file + at);
            frame->erased |= word == 0;
            if (word == 0x81)
                frame->data[i / 8] |= (uint8_t)(0x80 >> i % 8);
        }
    }
    return 1;
}

#endif
