/*
 * Quantization of both gains: preselection, then the best pair of what is left. G.729 §3.9.2.
 */
#ifndef TRUNKGATE_CODECS_G729_GAIN_SEARCH_H
#define TRUNKGATE_CODECS_G729_GAIN_SEARCH_H

#include <stdbool.h>

#include "closed-loop-pitch.h"
#include "fixed-codebook-search.h"
#include "gain.h"

struct g729_gain_target {
    const int16_t *target;   /* x of (63) */
    const int16_t *adaptive; /* y: the filtered adaptive codebook vector */
    const struct g729_innovation *innovation;
    struct g729_pitch_products products; /* of x and y */
    bool taming;                         /* keeps the pitch gain below 1 */
};

/* Finds the gains, steps the memory and gives the index sent: GA (3 bits), GB (4). */
int16_t g729_search_gains(struct g729_gain_memory *memory, const struct g729_gain_target *target,
                          struct g729_gains *gains);

#endif
