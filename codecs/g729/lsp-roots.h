/*
 * From the LP filter to its LSPs: the roots of two Chebyshev polynomials, searched on a grid.
 * G.729 §3.2.3, §A.3.2.3.
 */
#ifndef TRUNKGATE_CODECS_G729_LSP_ROOTS_H
#define TRUNKGATE_CODECS_G729_LSP_ROOTS_H

#include "frame.h"

/* The LSPs of `filter`; where fewer than ten roots are found, `before`. */
void g729_find_lsp(const int16_t filter[G729_TAPS], const int16_t before[G729_ORDER],
                   int16_t lsp[G729_ORDER]);

#endif
