/*
 * Detector of the T.30 preamble: HDLC flags on V.21 channel 2 (300 bit/s, 1650 Hz for 1, 1850 Hz
 * for 0).
 */
#ifndef TRUNKGATE_CODECS_V21_PREAMBLE_H
#define TRUNKGATE_CODECS_V21_PREAMBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define V21_HOP 8u          /* samples between decisions */
#define V21_WINDOW_HOPS 3u  /* hops of a correlation window: 24 samples, most of a bit of 26.67 */
#define V21_FLAGS_NEEDED 4u /* flags in a row (107 ms) that make a preamble */

/* Treat as opaque. */
struct v21_preamble_detector {
    float oscillator[4];    /* cosines of symbols 0 and 1 where the hop began, then their sines */
    float sum[4];           /* correlation over the hop under way, in the same order */
    uint64_t energy;
    float hop_sum[V21_WINDOW_HOPS][4];
    float hop_energy[V21_WINDOW_HOPS];
    uint8_t hops;      /* 0..19: oscillators start anew, their common period is 160 samples */
    uint8_t in_hop;
    uint8_t hop;
    int8_t bit;        /* 1, 0, or -1: no V.21 signal */
    uint16_t run;      /* hops that `bit` has lasted */
    uint8_t flags;     /* whole flags in a row */
    bool present;
};

void v21_preamble_init(struct v21_preamble_detector *detector);

/* Takes `count` samples; true once per preamble, at its V21_FLAGS_NEEDED-th flag. From -43 dBm0
 * up (T.30 §5.1). */
bool v21_preamble_detect(struct v21_preamble_detector *detector, const int16_t *samples,
                         size_t count);

#ifdef __cplusplus
}
#endif

#endif
