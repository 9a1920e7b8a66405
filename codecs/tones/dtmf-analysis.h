/*
 * What one block of the DTMF receiver shows. Private to the receiver.
 */
#ifndef TRUNKGATE_CODECS_DTMF_ANALYSIS_H
#define TRUNKGATE_CODECS_DTMF_ANALYSIS_H

#include "dtmf.h"

/* What a block shows. */
struct dtmf_view {
    float vector[8][2];  /* Goertzel outputs */
    float amplitude[8];  /* peak of a sine that would give them */
    int low, high;       /* strongest of each group, 0-3 and 4-7 */
    float fraction;      /* of the energy that those two hold */
    float dominance;     /* the smaller of both groups */
    bool twist_good;
    bool level_good;
};

/* False, and all zero, when the block is too weak to be looked at. */
bool dtmf_look(const int16_t *samples, struct dtmf_view *view);

/* True if the block may be one of a digit: two tones hold most of its energy, stand out of their
 * groups and keep to the limits of twist and level. `onset`: it may be filled in part. */
bool dtmf_is_candidate(const struct dtmf_view *view, bool onset);

/* True if both frequencies, measured against the block before, are right and the two tones, by the
 * filters' response there, are nearly all of the block. */
bool dtmf_is_pure(const struct dtmf_detector *detector, const struct dtmf_view *view);

static inline float dtmf_square(float value)
{
    return value * value;
}

#endif
