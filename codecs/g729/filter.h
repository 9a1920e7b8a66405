/*
 * Filters of order 10 with coefficients in Q12: A(z), 1/A(z) and A(z/gamma).
 */
#ifndef TRUNKGATE_CODECS_G729_FILTER_H
#define TRUNKGATE_CODECS_G729_FILTER_H

#include <stdbool.h>

#include "frame.h"

/* A(z/gamma), gamma in Q15. */
void g729_weight_filter(const int16_t filter[G729_TAPS], int16_t gamma, int16_t weighted[G729_TAPS]);

/* A(z) over a subframe: `in` is preceded by its last 10 samples. `out` may not be `in`. */
void g729_residual(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out);

/* 1/A(z): `out` is preceded by its last 10 samples. `out` may not be `in`. */
void g729_synthesize(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out, int count);

/* The same; true as soon as an operation overflows, and then `out` is worth nothing. */
bool g729_synthesis_overflows(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out,
                              int count);

#endif
