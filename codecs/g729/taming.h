/*
 * Taming: how an error of the decoder's past excitation could grow, by zones of the delay. G.729 §3.9.
 */
#ifndef TRUNKGATE_CODECS_G729_TAMING_H
#define TRUNKGATE_CODECS_G729_TAMING_H

#include <stdbool.h>

#include "pitch-delay.h"

struct g729_taming {
    int32_t error[4]; /* worst growth of each zone of 40 samples, Q14, newest first */
};

void g729_taming_init(struct g729_taming *taming);

/* True where the error could grow too far at this delay. */
bool g729_taming_needed(const struct g729_taming *taming, struct g729_delay delay);

/* Steps the growth by a subframe of this pitch gain (Q14). */
void g729_taming_update(struct g729_taming *taming, int16_t gain, int delay);

#endif
