/*
 * The search of the fixed codebook, depth first with a fixed count of candidates. G.729 §A.3.8.
 */
#ifndef TRUNKGATE_CODECS_G729_FIXED_CODEBOOK_SEARCH_H
#define TRUNKGATE_CODECS_G729_FIXED_CODEBOOK_SEARCH_H

#include "fixed-codebook.h"

/* What the search finds: the indices sent, and the vector and its filtered form, both sharpened. */
struct g729_innovation {
    int16_t positions;
    int16_t signs;
    int16_t code[G729_SUBFRAME];     /* Q13 */
    int16_t filtered[G729_SUBFRAME]; /* Q12 */
};

/* `response` is the impulse response of the weighted synthesis filter, Q12. */
void g729_search_code(const int16_t target[G729_SUBFRAME], const int16_t response[G729_SUBFRAME],
                      int delay, int16_t sharp, struct g729_innovation *innovation);

#endif
