/*
 * The pitch delay as sent, in thirds of a sample. G.729 §3.7.2, §4.1.3.
 */
#ifndef TRUNKGATE_CODECS_G729_PITCH_DELAY_H
#define TRUNKGATE_CODECS_G729_PITCH_DELAY_H

#include <stdint.h>

#define G729_PITCH_MIN 20
#define G729_PITCH_MAX 143

struct g729_delay {
    int16_t whole;
    int16_t thirds; /* -1, 0, 1 */
};

/* The first subframe, 8 bits: 19 1/3 to 84 2/3 in thirds, 85 to 143 in whole samples. */
struct g729_delay g729_decode_pitch1(int16_t index);

/* The second, 5 bits: around the first's `whole`. */
struct g729_delay g729_decode_pitch2(int16_t index, int16_t whole);

int16_t g729_encode_pitch1(struct g729_delay delay);

/* `lowest` is the least delay of the second subframe's range. */
int16_t g729_encode_pitch2(struct g729_delay delay, int16_t lowest);

/* §3.7: the least of the ten delays of the second subframe's range. */
int16_t g729_pitch2_lowest(int16_t whole);

#endif
