#include "spectrum.h"

#include <math.h>
#include <string.h>

#define ORDER COMFORT_NOISE_SENT_ORDER
#define LAGS COMFORT_NOISE_LAGS
#define WINDOW COMFORT_NOISE_WINDOW
#define WINDOW_POWER (8.0f / 15.0f) /* mean square of a parabola */
#define WHITE 1.0001f               /* noise 40 dB down, so that silence and tones have a model */
#define LEAST_POWER 1e-3f

static void correlate(const float *samples, float *correlation)
{
    float windowed[WINDOW + LAGS] = {0};
    float sums[LAGS] = {0};
    for (int i = 0; i < WINDOW; i++) {
        const float at = ((float)i - (WINDOW - 1) / 2.0f) / (WINDOW / 2.0f);
        windowed[i] = samples[i] * (1.0f - at * at);
    }
    for (int i = 0; i < WINDOW; i++) /* lags side by side: a vector */
        for (int lag = 0; lag < LAGS; lag++)
            sums[lag] += windowed[i] * windowed[i + lag];
    for (int lag = 0; lag < LAGS; lag++)
        correlation[lag] = sums[lag] / (WINDOW * WINDOW_POWER);
}

/* Levinson and Durbin's recursion; a_1 = k_1, so the first coefficient of a falling spectrum is negative. */
void comfort_noise_model(struct comfort_noise_spectrum *spectrum)
{
    const float *r = spectrum->correlation;
    float *a = spectrum->predictor;
    float error = r[0] * WHITE + LEAST_POWER;
    memset(a, 0, sizeof spectrum->predictor);
    memset(spectrum->reflection, 0, sizeof spectrum->reflection);
    a[0] = 1.0f;
    for (int i = 1; i <= ORDER; i++) {
        float sum = r[i];
        for (int j = 1; j < i; j++)
            sum += a[j] * r[i - j];
        const float k = -sum / error;
        spectrum->reflection[i - 1] = k;
        a[i] = k;
        for (int j = 1; 2 * j <= i; j++) {
            const float low = a[j], high = a[i - j];
            a[j] = low + k * high;
            a[i - j] = high + k * low;
        }
        error *= 1.0f - k * k;
    }
    spectrum->residual = error;
}

void comfort_noise_analyse(const float *samples, struct comfort_noise_spectrum *spectrum)
{
    correlate(samples, spectrum->correlation);
    comfort_noise_model(spectrum);
}

float comfort_noise_distance(const struct comfort_noise_spectrum *signal,
                             const struct comfort_noise_spectrum *model)
{
    float left = 0.0f;
    for (int lag = 0; lag <= ORDER; lag++) {
        float own = 0.0f;
        for (int i = 0; i + lag <= ORDER; i++)
            own += model->predictor[i] * model->predictor[i + lag];
        const float r = lag == 0 ? signal->correlation[0] * WHITE + LEAST_POWER
                                 : 2.0f * signal->correlation[lag];
        left += own * r;
    }
    return logf(fmaxf(left / signal->residual, 1.0f));
}
