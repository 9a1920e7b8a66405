/* Signals for the tests of the tone room, made in double precision and independently of the
 * generators under test. */
#ifndef TRUNKGATE_TEST_SIGNALS_H
#define TRUNKGATE_TEST_SIGNALS_H

#include "../harness.h"

#define PI 3.14159265358979323846
#define PEAK_0DBM0 22827.0

/* Adds a sine of `level` dBm0 to `samples`. */
static inline void add_sine(int16_t *samples, size_t count, double frequency, double level,
                            double phase)
{
    const double peak = PEAK_0DBM0 * pow(10.0, level / 20.0);
    for (size_t i = 0; i < count; i++) {
        double value = samples[i] + peak * sin(2 * PI * frequency * (double)i / 8000.0 + phase);
        value = value > 32767 ? 32767 : value < -32768 ? -32768 : value;
        samples[i] = (int16_t)lrint(value);
    }
}

/* Adds Gaussian noise of `level` dBm0. */
static inline void add_noise(int16_t *samples, size_t count, double level, uint64_t *seed)
{
    const double deviation = PEAK_0DBM0 / sqrt(2.0) * pow(10.0, level / 20.0);
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (int k = 0; k < 12; k++)
            sum += harness_random(seed) / 4294967296.0;
        double value = samples[i] + deviation * (sum - 6.0);
        value = value > 32767 ? 32767 : value < -32768 ? -32768 : value;
        samples[i] = (int16_t)lrint(value);
    }
}

/* Level in dBm0 of one frequency in `samples`, by correlation. */
static inline double level_at(const int16_t *samples, size_t count, double frequency)
{
    double real = 0, imaginary = 0;
    for (size_t i = 0; i < count; i++) {
        const double angle = 2 * PI * frequency * (double)i / 8000.0;
        real += samples[i] * cos(angle);
        imaginary += samples[i] * sin(angle);
    }
    const double peak = 2 * sqrt(real * real + imaginary * imaginary) / (double)count;
    return peak > 0 ? 20 * log10(peak / PEAK_0DBM0) : -200;
}

#endif
