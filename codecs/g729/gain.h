/*
 * The gains of both codebooks: MA prediction of the code's energy (§3.9.1), and decoding (§4.1.5, §4.4.2).
 */
#ifndef TRUNKGATE_CODECS_G729_GAIN_H
#define TRUNKGATE_CODECS_G729_GAIN_H

#include "frame.h"

struct g729_gain_memory {
    int16_t error[4]; /* prediction errors of the last subframes in dB, Q10, newest first */
};

struct g729_gains {
    int16_t pitch; /* Q14 */
    int16_t code;  /* Q1 */
};

/* A predicted gain: mantissa x 2^-exponent. */
struct g729_predicted_gain {
    int16_t mantissa;
    int16_t exponent;
};

void g729_gain_memory_init(struct g729_gain_memory *memory);

/* (66) to (71). */
struct g729_predicted_gain g729_predict_gain(const struct g729_gain_memory *memory,
                                             const int16_t code[G729_SUBFRAME]);

/* (72): `correction` is gamma, Q13. */
void g729_gain_memory_push(struct g729_gain_memory *memory, int32_t correction);

/* §4.4.2 (94): in place of an erased subframe. */
void g729_gain_memory_conceal(struct g729_gain_memory *memory);

void g729_decode_gains(struct g729_gain_memory *memory, int16_t index,
                       const int16_t code[G729_SUBFRAME], struct g729_gains *gains);

/* §4.4.2 (93): attenuates the gains of the subframe before. */
void g729_conceal_gains(struct g729_gain_memory *memory, struct g729_gains *gains);

#endif
