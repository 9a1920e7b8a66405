/*
 * Linear prediction analysis: autocorrelation of the windowed speech, lag window, Levinson-Durbin.
 * G.729 §3.2.1, §3.2.2.
 */
#ifndef TRUNKGATE_CODECS_G729_LPC_H
#define TRUNKGATE_CODECS_G729_LPC_H

#include <stdbool.h>

#include "double-precision.h"
#include "frame.h"

#define G729_WINDOW 240 /* samples of the LP analysis window */
#define G729_LAGS 12    /* lags of the autocorrelation; above 10 for voice activity detection only */

struct g729_autocorrelation {
    struct g729_dpf lag[G729_LAGS + 1]; /* normalised by lag 0 */
    int16_t exponent;                   /* of lag 0 */
};

/* The last filter that was found stable. */
struct g729_levinson_memory {
    int16_t filter[G729_TAPS];
    int16_t reflection[2];
};

/* What Levinson-Durbin finds. */
struct g729_prediction {
    int16_t filter[G729_TAPS];      /* A(z), Q12 */
    int16_t reflection[G729_ORDER]; /* Q15; all but the first two undefined for an unstable filter */
    int16_t error;                  /* normalised residual energy, Q15 */
};

/* (5): `lags` lags of `speech` under the window. */
void g729_autocorrelate(const int16_t speech[G729_WINDOW], int lags,
                        struct g729_autocorrelation *correlation);

/* (7). */
void g729_window_lags(struct g729_autocorrelation *correlation, int lags);

void g729_levinson_init(struct g729_levinson_memory *memory);

/* (8): A(z), or that of `memory` where a reflection coefficient comes near 1: false then. */
bool g729_levinson(struct g729_levinson_memory *memory, const struct g729_dpf r[G729_TAPS],
                   struct g729_prediction *prediction);

#endif
