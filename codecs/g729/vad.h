/*
 * Voice activity detection. G.729 §B.3.
 */
#ifndef TRUNKGATE_CODECS_G729_VAD_H
#define TRUNKGATE_CODECS_G729_VAD_H

#include "lpc.h"

#define G729_MINIMA 16 /* each of eight frames */

/* The running means of the background noise (§B.3.1). */
struct g729_background {
    int16_t energy;     /* Q11 */
    int16_t low_energy; /* below 1 kHz, Q11 */
    int16_t crossings;  /* Q15 */
    int16_t lsf[G729_ORDER];
};

struct g729_vad {
    struct g729_background mean;
    int16_t mean_start; /* mean energy over the start, Q11 */
    int16_t minima[G729_MINIMA];
    int16_t minimum;
    int16_t minimum_before;
    int16_t minimum_next;
    int16_t energy_before;
    int16_t frame; /* counted from 1; goes on from 256 after the largest */
    int16_t silent;     /* frames of noise in a row */
    int16_t updates;    /* of the means */
    int16_t extensions; /* of speech, in a row */
    int16_t quiet;      /* frames of the start below 15 dB */
    bool may_extend;
    bool before;        /* the decision on the last frame: true for speech */
    bool before_that;
};

/* What the detector looks at. */
struct g729_vad_input {
    const struct g729_autocorrelation *correlation; /* 12 lags, windowed */
    const int16_t *lsp;
    const int16_t *speech; /* the LP analysis window */
    int16_t reflection;    /* the second coefficient */
};

void g729_vad_init(struct g729_vad *vad);

/* True for speech. */
bool g729_vad_decide(struct g729_vad *vad, const struct g729_vad_input *input);

#endif
