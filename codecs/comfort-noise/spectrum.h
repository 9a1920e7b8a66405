/* The all-pole model of a stretch of signal, and how far a signal is from a model. */
#ifndef TRUNKGATE_CODECS_COMFORT_NOISE_SPECTRUM_H
#define TRUNKGATE_CODECS_COMFORT_NOISE_SPECTRUM_H

#include "comfort-noise.h"

/* Of COMFORT_NOISE_WINDOW samples; order COMFORT_NOISE_SENT_ORDER. */
void comfort_noise_analyse(const float *samples, struct comfort_noise_spectrum *spectrum);

/* The model anew from its correlation. */
void comfort_noise_model(struct comfort_noise_spectrum *spectrum);

/*
 * Itakura's distance: the logarithm of how much more of `signal` the predictor of `model` leaves than its own
 * does. 0 where both have one shape, whatever their levels.
 */
float comfort_noise_distance(const struct comfort_noise_spectrum *signal,
                             const struct comfort_noise_spectrum *model);

#endif
