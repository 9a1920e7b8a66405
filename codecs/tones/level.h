/*
 * Level of speech-band signals in dBm0, and the judgement whether a block is a pause.
 *
 * A sine with a peak of 32768 is +3.14 dBm0 (G.711 §5). Levels are given in tenths of a dBm0.
 */
#ifndef TRUNKGATE_CODECS_LEVEL_H
#define TRUNKGATE_CODECS_LEVEL_H

#include "../g711/g711.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LEVEL_SILENCE (-1200) /* reported for digital silence: -120.0 dBm0 */
#define LEVEL_PEAK_0DBM0 22827.0 /* peak of a 0 dBm0 sine, in 16-bit samples */

/* Sum of squares of `count` samples; count <= 2^32. */
uint64_t level_energy(const int16_t *samples, size_t count);

/* The same over G.711 octets, without a buffer of samples. */
uint64_t level_energy_octets(enum g711_law law, const uint8_t *octets, size_t count);

/* Mean power of `energy` over `count` samples, tenths of a dBm0, not below LEVEL_SILENCE. */
int level_from_energy(uint64_t energy, size_t count);

/* Peak amplitude of a sine of `level` tenths of a dBm0, in 16-bit samples. */
double level_to_peak(int level);

/*
 * Pause judgement with a noise floor that follows the quietest recent blocks: falls at once, rises
 * by 3 dB a second. A block is a pause when it is below -55 dBm0, or below -35 dBm0 and at most 5
 * dB above the floor.
 */
struct pause_meter {
    uint64_t floor; /* mean square of the noise floor, times 16 */
};

void pause_meter_init(struct pause_meter *meter);

/* Judges a block of `count` samples with this energy and moves the floor. */
bool pause_meter_update(struct pause_meter *meter, uint64_t energy, size_t count);

/* Judges without moving the floor: for a block that is not yet played. */
bool pause_meter_judge(const struct pause_meter *meter, uint64_t energy, size_t count);

#ifdef __cplusplus
}
#endif

#endif
