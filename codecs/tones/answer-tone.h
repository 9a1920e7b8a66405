/*
 * Detector of the 2100 Hz answer tone: ANS of V.25 (CED of T.30), with phase reversals (/ANS, G.165
 * and G.168 tone disabler), and amplitude-modulated (ANSam, V.8), with or without reversals.
 */
#ifndef TRUNKGATE_CODECS_ANSWER_TONE_H
#define TRUNKGATE_CODECS_ANSWER_TONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ANSWER_TONE_BLOCK 80u /* 10 ms: 21 periods of 2100 Hz */

enum answer_tone_flag {
    ANSWER_TONE_PRESENT = 1,  /* 2100 Hz for 300 ms: G.164 disables echo suppressors here */
    ANSWER_TONE_REVERSED = 2, /* phase reversal(s) at 450 ms: G.165 disables echo cancellers here */
    ANSWER_TONE_MODULATED = 4 /* 15 Hz amplitude modulation: ANSam */
};

/* Treat as opaque. */
struct answer_tone_detector {
    int16_t block[ANSWER_TONE_BLOCK];
    uint16_t filled;
    uint8_t flags;         /* enum answer_tone_flag, as reported */
    uint8_t flags_pending; /* seen, but the tone is not yet PRESENT */
    uint8_t misses;        /* blocks without the tone, in a row */
    uint8_t envelope_next;
    uint16_t run;          /* blocks with it, this tone */
    uint16_t unbroken;     /* the same since the last miss */
    float phase;           /* of the block before, radians */
    float drift;           /* phase advance per block from the frequency offset, radians */
    float envelope[20];    /* amplitudes of the last 200 ms */
};

void answer_tone_init(struct answer_tone_detector *detector);

/*
 * Takes `count` samples. Returns true when what is known has changed: see answer_tone_flags.
 * Operates from 0 to -31 dBm0, 2100 Hz +-21 Hz; does not at 1900 Hz or 2350 Hz, nor on speech
 * (G.164 §5).
 */
bool answer_tone_detect(struct answer_tone_detector *detector, const int16_t *samples,
                        size_t count);

/* Flags of the tone that is there now; 0 when none. Falls to 0 100 ms after the tone's end. */
static inline unsigned answer_tone_flags(const struct answer_tone_detector *detector)
{
    return detector->flags;
}

#ifdef __cplusplus
}
#endif

#endif
