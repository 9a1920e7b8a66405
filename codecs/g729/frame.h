/*
 * The parameters of a frame and their bits (G.729 §3.11 table 8, §B.4.4 table B.2).
 */
#ifndef TRUNKGATE_CODECS_G729_FRAME_H
#define TRUNKGATE_CODECS_G729_FRAME_H

#include <stdint.h>

#define G729_FRAME 80    /* samples of a frame */
#define G729_SUBFRAME 40 /* samples of a subframe */
#define G729_ORDER 10    /* of the LP filter */
#define G729_TAPS 11     /* coefficients of A(z), the leading 1 included */

/* Table 8, in the order of transmission. */
struct g729_speech {
    int16_t lsp1;   /* L0 (1 bit), L1 (7) */
    int16_t lsp2;   /* L2 (5), L3 (5) */
    int16_t parity; /* P0 (1), sent after the first P1 */
    struct {
        int16_t pitch;     /* P1 (8), P2 (5) */
        int16_t positions; /* C (13) */
        int16_t signs;     /* S (4) */
        int16_t gains;     /* GA (3), GB (4) */
    } subframe[2];
};

/* Table B.2. */
struct g729_sid {
    int16_t predictor; /* switched predictor index (1 bit) */
    int16_t stage1;    /* first stage vector (5) */
    int16_t stage2;    /* second stage vector (4) */
    int16_t gain;      /* (5) */
};

void g729_pack_speech(const struct g729_speech *speech, uint8_t octets[10]);
void g729_unpack_speech(const uint8_t octets[10], struct g729_speech *speech);
void g729_pack_sid(const struct g729_sid *sid, uint8_t octets[2]);
void g729_unpack_sid(const uint8_t octets[2], struct g729_sid *sid);

/* §3.7.2: the parity bit of the six most significant bits of P1. */
int16_t g729_pitch_parity(int16_t pitch);

#endif
