#include "level.h"

#include <math.h>

/* Mean square of a 0 dBm0 signal. */
#define MEAN_SQUARE_0DBM0 (LEVEL_PEAK_0DBM0 * LEVEL_PEAK_0DBM0 / 2.0)

uint64_t level_energy(const int16_t *samples, size_t count)
{
    uint64_t energy = 0;
    for (size_t i = 0; i < count; i++)
        energy += (uint32_t)((int32_t)samples[i] * samples[i]);
    return energy;
}

uint64_t level_energy_octets(enum g711_law law, const uint8_t *octets, size_t count)
{
    const int16_t *table = g711_linear_table[law];
    uint64_t energy = 0;
    for (size_t i = 0; i < count; i++)
        energy += (uint32_t)((int32_t)table[octets[i]] * table[octets[i]]);
    return energy;
}

int level_from_energy(uint64_t energy, size_t count)
{
    if (energy == 0 || count == 0)
        return LEVEL_SILENCE;
    const double mean = (double)energy / (double)count;
    const double level = 100.0 * log10(mean / MEAN_SQUARE_0DBM0);
    return level < LEVEL_SILENCE ? LEVEL_SILENCE : (int)lround(level);
}

double level_to_peak(int level)
{
    return LEVEL_PEAK_0DBM0 * pow(10.0, level / 200.0);
}

/* The pause meter works on mean squares times 16. */
#define MEAN_SQUARE(tenths_of_power) ((uint64_t)(16.0 * MEAN_SQUARE_0DBM0 * (tenths_of_power)))
#define ALWAYS_PAUSE MEAN_SQUARE(3.1622776e-6) /* -55 dBm0 */
#define NEVER_PAUSE MEAN_SQUARE(3.1622776e-4)  /* -35 dBm0 */
#define LOWEST_FLOOR MEAN_SQUARE(1e-6)         /* -60 dBm0 */
#define FIRST_FLOOR MEAN_SQUARE(3.1622776e-5)  /* -45 dBm0 */
#define RISE_SAMPLES 11542u                    /* 8000 / ln 2: doubles in a second */

void pause_meter_init(struct pause_meter *meter)
{
    meter->floor = FIRST_FLOOR;
}

static uint64_t mean_square(uint64_t energy, size_t count)
{
    return count == 0 ? 0 : energy * 16 / count;
}

bool pause_meter_judge(const struct pause_meter *meter, uint64_t energy, size_t count)
{
    const uint64_t mean = mean_square(energy, count);
    if (mean <= ALWAYS_PAUSE)
        return true;
    return mean <= NEVER_PAUSE && mean <= meter->floor * 81 / 256 * 10; /* 5 dB: 3.16 */
}

bool pause_meter_update(struct pause_meter *meter, uint64_t energy, size_t count)
{
    const bool pause = pause_meter_judge(meter, energy, count);
    const uint64_t mean = mean_square(energy, count);
    meter->floor += meter->floor * count / RISE_SAMPLES;
    if (meter->floor > mean)
        meter->floor = mean;
    if (meter->floor < LOWEST_FLOOR)
        meter->floor = LOWEST_FLOOR;
    return pause;
}
