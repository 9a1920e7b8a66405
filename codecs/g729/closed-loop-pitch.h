/*
 * Closed-loop pitch of a subframe and its gain. G.729 §A.3.7, §3.7.3.
 */
#ifndef TRUNKGATE_CODECS_G729_CLOSED_LOOP_PITCH_H
#define TRUNKGATE_CODECS_G729_CLOSED_LOOP_PITCH_H

#include "adaptive-codebook.h"

/*
 * The delay from `lowest` to `highest` that correlates best with the target; leaves the adaptive codebook vector in
 * `excitation`. `thirds_to` is the longest delay whose fractions are tried.
 */
struct g729_delay g729_search_pitch(int16_t *excitation, const int16_t target[G729_SUBFRAME],
                                    const int16_t response[G729_SUBFRAME], int lowest, int highest,
                                    int thirds_to);

/* A number as mantissa x 2^-exponent. */
struct g729_scaled {
    int16_t mantissa;
    int16_t exponent;
};

/* The products of target x and filtered adaptive codebook vector y that the gain search needs. */
struct g729_pitch_products {
    struct g729_scaled yy;
    struct g729_scaled xy;
};

/* (43): the gain, Q14, at most 1.2. */
int16_t g729_pitch_gain(const int16_t target[G729_SUBFRAME], const int16_t filtered[G729_SUBFRAME],
                        struct g729_pitch_products *products);

#endif
