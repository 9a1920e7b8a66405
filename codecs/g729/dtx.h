/*
 * Discontinuous transmission: when a SID frame is sent, and what is in it. G.729 §B.4.1, §B.4.2.
 */
#ifndef TRUNKGATE_CODECS_G729_DTX_H
#define TRUNKGATE_CODECS_G729_DTX_H

#include "lpc.h"
#include "lsp-quantizer.h"

#define G729_RECENT 2 /* frames of the current filter and of the level */
#define G729_PAST 3   /* sums of the past average filter */

/* Autocorrelations, each x 2^-exponent. */
struct g729_acf {
    int16_t lag[G729_TAPS];
    int16_t exponent;
};

struct g729_energy {
    int16_t mantissa;
    int16_t exponent;
};

struct g729_dtx {
    struct g729_acf recent[G729_RECENT]; /* of the last frames, newest first */
    struct g729_acf past[G729_PAST];     /* sums of G729_RECENT frames, newest first */
    int frames;                          /* in the newest sum to come */
    struct g729_energy energy[G729_RECENT];
    int energies;                 /* of those, how many are of this silence */
    int16_t reference[G729_TAPS]; /* autocorrelation of the filter last sent */
    int16_t reference_shift;
    int16_t decibels;        /* of the level last sent */
    int since_sid;           /* frames, at most 3 */
    bool changed;            /* since the last SID frame */
    int16_t lsp[G729_ORDER]; /* as sent, Q15 */
    int16_t sid_level;       /* as sent, Q3 */
    int16_t level;           /* smoothed, Q3 */
};

/* What of the encoder takes part. */
struct g729_dtx_context {
    struct g729_levinson_memory *levinson;
    int16_t (*lsp_memory)[G729_ORDER];
    const int16_t *quantized; /* the quantized LSPs of the frame before */
};

void g729_dtx_init(struct g729_dtx *dtx);

/* Takes the autocorrelation of every frame, before its lag window. */
void g729_dtx_observe(struct g729_dtx *dtx, const struct g729_autocorrelation *correlation,
                      bool speech);

/* A frame without speech, the `first` after speech: true where `sid` is to be sent. Steps the level. */
bool g729_dtx_step(struct g729_dtx *dtx, const struct g729_dtx_context *context, bool first,
                   struct g729_sid *sid);

/* To be called at the end of a frame without speech. */
void g729_dtx_finish(struct g729_dtx *dtx);

#endif
