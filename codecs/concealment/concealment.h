/*
 * ITU-T G.711 Appendix I: packet loss concealment, in blocks of 10 ms (80 samples).
 *
 * A packet of 20 to 60 ms is 2 to 6 blocks. The output lags the input by CONCEALMENT_DELAY samples
 * (3.75 ms, Appendix I §I.2.2): the tail of the last good block is held back so that it can be
 * overlapped with the synthetic signal. After 60 ms of loss the output is silence.
 *
 * Two forms over the same algorithm:
 *  - `concealment`: linear samples in and out (computed in double precision, as the ITU's own
 * sequences are);
 *  - `octet_concealment`: G.711 octets in and out. Octets that no loss touches pass unchanged;
 * without
 *    a loss in the last 50 ms a block costs two copies and no decoding.
 *
 * Where nothing may touch the octets (clear channel, fax, modem) the caller does not call this at
 * all. A silence of the sender (DTX) is no loss: the caller passes comfort noise or idle octets as
 * good blocks.
 */
#ifndef TRUNKGATE_CODECS_CONCEALMENT_H
#define TRUNKGATE_CODECS_CONCEALMENT_H

#include "../g711/g711.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CONCEALMENT_BLOCK 80u /* samples of a block, 10 ms */
#define CONCEALMENT_DELAY 30u /* samples of output lag: a quarter of the longest pitch period */
#define CONCEALMENT_HISTORY 390u /* three longest periods and the overlap (§I.2.2) */

/* Linear form. Treat as opaque. About 4.2 KB. */
struct concealment {
    int16_t history[CONCEALMENT_HISTORY]; /* newest last; the last 30 are not yet heard */
    int16_t erasures;                     /* consecutive lost blocks so far */
    int16_t pitch;                        /* period in samples, 40..120 */
    int16_t overlap;                      /* a quarter of it */
    int16_t period_length;                /* samples of `period` in use: 1, 2 or 3 pitch periods */
    int16_t period_offset;                /* where the synthesis reads next */
    double period[CONCEALMENT_HISTORY];   /* pitch buffer, newest last */
    double last_quarter[CONCEALMENT_DELAY];
};

void concealment_init(struct concealment *state);

/* A block that arrived: 80 samples in, 80 samples out (delayed by 30). `in` may equal `out`. */
void concealment_receive(struct concealment *state, const int16_t *in, int16_t *out);

/* A block that was lost: 80 samples out. */
void concealment_lose(struct concealment *state, int16_t *out);

/* Octet form. Treat as opaque. */
struct octet_concealment {
    uint8_t law;          /* enum g711_law */
    uint8_t linear_left;  /* blocks for which the linear form must still run */
    uint8_t reserved[6];
    uint8_t octets[CONCEALMENT_HISTORY + 10]; /* newest last: 5 blocks */
    struct concealment linear;
};

void octet_concealment_init(struct octet_concealment *state, enum g711_law law);

/* A block that arrived: 80 octets in, 80 octets out (delayed by 30). `in` may equal `out`. */
void octet_concealment_receive(struct octet_concealment *state, const uint8_t *in, uint8_t *out);

/* A block that was lost: 80 octets out. */
void octet_concealment_lose(struct octet_concealment *state, uint8_t *out);

#ifdef __cplusplus
}
#endif

#endif
