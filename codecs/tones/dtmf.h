/*
 * DTMF: generator (Q.23) and detector (Q.24).
 *
 * Codes are those of RFC 4733 §3.2: 0-9 the digits, 10 *, 11 #, 12-15 A-D.
 */
#ifndef TRUNKGATE_CODECS_DTMF_H
#define TRUNKGATE_CODECS_DTMF_H

#include "tone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DTMF_CODES 16
#define DTMF_NONE 0xFFu

/* Code of a character (0-9 * # A-D a-d), DTMF_NONE if it has none; and back (upper case). */
uint8_t dtmf_code(char character);
char dtmf_character(uint8_t code);

/* ---- generator ---- */

#define DTMF_QUEUE 64

struct dtmf_levels {
    int16_t low;  /* tenths of a dBm0, low group (697-941 Hz) */
    int16_t high; /* tenths of a dBm0, high group (1209-1633 Hz) */
};

/* -10.0 and -8.0 dBm0: 2 dB of pre-emphasis, within what Q.24 table A-1 receivers accept. */
extern const struct dtmf_levels dtmf_default_levels;

/* Treat as opaque. */
struct dtmf_generator {
    uint32_t phase[2], step[2]; /* turns, Q32 */
    float amplitude[2];         /* peaks of the two groups, 16-bit samples */
    uint32_t on_samples, off_samples;
    uint32_t sounded; /* samples of the present tone or pause so far */
    uint8_t state;
    uint8_t held; /* code being held by dtmf_generator_hold, or DTMF_NONE */
    uint8_t head, count;
    uint8_t queue[DTMF_QUEUE];
};

/* `on_ms`: length of a queued digit, least length of a held one; `off_ms`: least pause.
 * Q.24: at least 40 ms each. 0 means 70 and 70. */
void dtmf_generator_init(struct dtmf_generator *generator, struct dtmf_levels levels,
                         uint16_t on_ms, uint16_t off_ms);

/* Appends a digit of on_ms. False when the queue is full or the code is none. */
bool dtmf_generator_push(struct dtmf_generator *generator, uint8_t code);

/* Sounds a digit until released (RFC 4733 events): at least on_ms, behind what is queued. A hold of
 * another code releases the first. */
bool dtmf_generator_hold(struct dtmf_generator *generator, uint8_t code);
void dtmf_generator_release(struct dtmf_generator *generator);

/* Silence at once; the queue is emptied. */
void dtmf_generator_stop(struct dtmf_generator *generator);

/* True while a tone or a pause after it is being made, or digits are queued. */
bool dtmf_generator_busy(const struct dtmf_generator *generator);

/* Writes `count` samples (zeros in pauses and when idle). True if any of them carries a tone. */
bool dtmf_generate(struct dtmf_generator *generator, int16_t *samples, size_t count);

/* ---- detector ---- */

#define DTMF_BLOCK 102u /* samples of an analysis block: 12.75 ms */

enum dtmf_event_kind {
    DTMF_EARLY = 0, /* a digit seems to begin: mute now. At most 24 ms after the onset */
    DTMF_CANCEL,    /* the early indication was no digit: unmute */
    /* a digit is there for sure (at least 30 ms of it). At most 46 ms after the onset */
    DTMF_BEGIN,
    DTMF_END        /* it is over; `duration` is its length */
};

struct dtmf_event {
    uint8_t kind;      /* enum dtmf_event_kind */
    uint8_t code;      /* 0..15 */
    int16_t level;     /* power of both tones, tenths of a dBm0 */
    uint32_t duration; /* samples from the estimated onset to the end (END) or to now */
    uint16_t offset;   /* sample of the present call after which this became known */
};

/* Every EARLY is followed by CANCEL or BEGIN, every BEGIN by END, before the next EARLY. */
#define DTMF_EVENTS 6 /* most events of one call with at most 160 samples: two blocks of three */

/* Treat as opaque. */
struct dtmf_detector {
    int16_t samples[2 * DTMF_BLOCK]; /* the block before and the one being filled */
    uint16_t filled;
    uint8_t state;
    uint8_t code;      /* digit under way */
    uint8_t misses;    /* blocks without it, in a row */
    uint8_t measured;  /* block pairs whose frequencies were measured and good */
    uint8_t steady_code; /* pair of the block before if it was a steady one, else DTMF_NONE */
    uint8_t refused;   /* pair whose frequencies are off, as long as it lasts, else DTMF_NONE */
    float covered;     /* blocks of it so far, by amplitude */
    float peak;        /* largest amplitude of both tones together */
    float before[8];   /* amplitudes of the eight frequencies in the block before */
    float vector[2][2]; /* of the two tones in the block before: real, imaginary */
};

void dtmf_detector_init(struct dtmf_detector *detector);

/*
 * Takes `count` (at most 160) samples, writes up to DTMF_EVENTS events and returns how many.
 *
 * Accepts (Q.24 table A-1, the strictest of the administrations): 0 to -30 dBm0 per frequency, high
 * group up to 4 dB above and 8 dB below the low group, frequencies within 1.5 % + 2 Hz, tones from
 * 40 ms, pauses from 40 ms, interruptions up to 10 ms bridged. Refuses: below -36 dBm0, frequencies
 * off by 3.5 %, tones shorter than 23 ms.
 */
size_t dtmf_detect(struct dtmf_detector *detector, const int16_t *samples, size_t count,
                   struct dtmf_event events[DTMF_EVENTS]);

#ifdef __cplusplus
}
#endif

#endif
