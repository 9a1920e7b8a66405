/*
 * Line spectral pairs: in the cosine domain (LSP, Q15), as frequencies (LSF, Q13, 0 to pi), and the LP filter
 * they stand for (Q12). G.729 §3.2.5, §3.2.6.
 */
#ifndef TRUNKGATE_CODECS_G729_LSP_H
#define TRUNKGATE_CODECS_G729_LSP_H

#include "frame.h"

/* The LSPs every state starts from. */
extern const int16_t g729_lsp_start[G729_ORDER];

void g729_lsp_from_lsf(const int16_t lsf[G729_ORDER], int16_t lsp[G729_ORDER]);
void g729_lsf_from_lsp(const int16_t lsp[G729_ORDER], int16_t lsf[G729_ORDER]);

/* Frequencies as parts of the sampling frequency, Q15 (0 to 0.5), for the voice activity detector. */
void g729_normalized_lsf(const int16_t lsp[G729_ORDER], int16_t lsf[G729_ORDER]);

void g729_filter_from_lsp(const int16_t lsp[G729_ORDER], int16_t filter[G729_TAPS]);

/* §3.2.5 (24): the filters of both subframes, from the LSPs of the frame before and of this one. */
void g729_interpolate_lsp(const int16_t before[G729_ORDER], const int16_t lsp[G729_ORDER],
                          int16_t filters[2][G729_TAPS]);

#endif
