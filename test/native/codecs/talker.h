/* Speech of our own for the tests of codecs. */
#ifndef TRUNKGATE_TEST_TALKER_H
#define TRUNKGATE_TEST_TALKER_H

#include "../harness.h"

#define SAMPLES 80

/*
 * Something like speech in integers: pulses at a pitch that glides, through two resonances, in talk spurts of 600 ms
 * over faint noise.
 */
struct talker {
    uint64_t random;
    int at, pulse;
    int32_t resonance[2][2];
};

static inline void talk(struct talker *talker, int16_t samples[SAMPLES])
{
    static const int32_t twice_cosine[2] = {30800, 14500}, radius[2] = {15400, 14600}; /* Q14 */
    for (int i = 0; i < SAMPLES; i++, talker->at++) {
        const int noise = (int)(harness_random(&talker->random) >> 26) - 32;
        int32_t input = noise;
        const int spurt = talker->at % 9600;
        if (spurt < 4800 && --talker->pulse <= 0) {
            talker->pulse = 40 + spurt / 80;
            input += 1500 + 500 * (talker->at / 9600 % 8);
        }
        int32_t sum = noise / 8;
        for (int k = 0; k < 2; k++) {
            int32_t *memory = talker->resonance[k];
            const int32_t output =
                input + (int32_t)(((int64_t)twice_cosine[k] * memory[0] -
                                   (int64_t)radius[k] * memory[1]) / 16384);
            memory[1] = memory[0];
            memory[0] = output;
            sum += output;
        }
        samples[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
    }
}

#endif
