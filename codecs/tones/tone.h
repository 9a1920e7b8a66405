/*
 * Tone generator: up to four frequencies at once, in a cadence of segments.
 *
 * E.180 (procedures), Q.35. Phase-accumulating oscillators; the first sample of every segment has
 * phase 0. Frequencies are exact to 2 uHz, levels to 0.01 dB, durations to one sample.
 */
#ifndef TRUNKGATE_CODECS_TONE_H
#define TRUNKGATE_CODECS_TONE_H

#include "../g711/g711.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TONE_FREQUENCIES 4
#define TONE_SEGMENTS 10

/* One step of a cadence. */
struct tone_segment {
    uint16_t frequencies[TONE_FREQUENCIES]; /* Hz, below 4000; 0 where unused; all 0: silence */
    uint16_t duration_ms;                   /* 0: for ever */
};

/* A whole tone as a caller hears it. */
struct tone_pattern {
    int16_t level;          /* tenths of a dBm0, all frequencies of a segment together */
    uint8_t segment_count;  /* 0: no such tone */
    uint8_t repeat_from;    /* after the last segment the cadence goes on from this one... */
    uint8_t repeats;        /* ...this often; 0: for ever, 1: the cadence is heard once */
    struct tone_segment segments[TONE_SEGMENTS];
};

/* Treat as opaque. */
struct tone_generator {
    struct tone_pattern pattern;
    uint32_t phase[TONE_FREQUENCIES]; /* turns, Q32 */
    uint32_t step[TONE_FREQUENCIES];  /* turns per sample, Q32 */
    float amplitude;                  /* peak of each oscillator, 16-bit samples */
    uint32_t left;                    /* samples left in the segment; UINT32_MAX: for ever */
    uint8_t segment;
    uint8_t passes;
    uint8_t active; /* oscillators of the segment */
    bool ended;
};

/* Starts `pattern` (copied) from its beginning. */
void tone_start(struct tone_generator *tone, const struct tone_pattern *pattern);

/* A single steady tone of one or two frequencies (second 0: one), `level` in tenths of a dBm0. */
void tone_start_steady(struct tone_generator *tone, uint16_t first, uint16_t second, int level);

/* Writes `count` samples; zeros after the end. Returns false once the tone has ended. */
bool tone_generate(struct tone_generator *tone, int16_t *samples, size_t count);

/* sin(2 pi phase / 2^32); error below 1e-6. */
float tone_sine(uint32_t phase);

/* Phase step of a frequency in Hz, turns per sample in Q32. */
uint32_t tone_step(unsigned frequency);

/*
 * Digital milliwatt: the octets of G.711 table 5 (A-law) and table 6 (mu-law), 1000 Hz at 0 dBm0.
 * `phase` is the caller's, 0 at the start, and moves by `count` modulo 8.
 */
void milliwatt_generate(enum g711_law law, uint8_t *phase, uint8_t *octets, size_t count);

/* The test tone of mu-law networks: 1004 Hz, 0 dBm0, as a tone to be started. */
extern const struct tone_pattern tone_milliwatt_1004;

#ifdef __cplusplus
}
#endif

#endif
