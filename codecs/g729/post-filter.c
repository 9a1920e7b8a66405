#include "post-filter.h"

#include <string.h>

#include "correlation.h"
#include "double-precision.h"
#include "filter.h"

#define PAST G729_PITCH_MAX
#define GAMMA_ZEROS 18022 /* 0.55, Q15 */
#define GAMMA_POLES 22938 /* 0.7, Q15 */
#define TILT 26214        /* 0.8, Q15 */
#define RESPONSE 22       /* samples of the impulse response that gives the tilt */
#define GAIN_OLD 29491    /* 0.9, Q15 */
#define GAIN_NEW 3276     /* 0.1, Q15 */

void g729_post_filter_init(struct g729_post_filter *filter)
{
    memset(filter, 0, sizeof *filter);
    filter->gain = 4096;
}

struct pitch_gains {
    int16_t now;
    int16_t past;
};

/* §A.4.2.1 (A.14): the gains of the residual and of the residual one delay back; false below 3 dB. */
static bool find_gains(int32_t correlation, int32_t past_energy, int32_t energy,
                       struct pitch_gains *gains)
{
    int32_t largest = correlation > past_energy ? correlation : past_energy;
    largest = largest > energy ? largest : energy;
    const int shift = g729_norm_l(largest);
    const int16_t cmax = g729_round(g729_l_shl(correlation, shift));
    const int16_t en = g729_round(g729_l_shl(past_energy, shift));
    const int16_t en0 = g729_round(g729_l_shl(energy, shift));
    if (g729_l_sub(g729_l_mult(cmax, cmax), g729_l_mult(en, en0) >> 1) < 0)
        return false;
    const int16_t part = (int16_t)(g729_mult(cmax, 16384) >> 1);
    const int16_t total = g729_add(part, (int16_t)(en >> 1));
    if (cmax > en)
        *gains = (struct pitch_gains){21845, 10923}; /* the gain limited to 1: 2/3 and 1/3 */
    else if (total <= 0)
        *gains = (struct pitch_gains){INT16_MAX, 0};
    else {
        gains->past = g729_div_s(part, total);
        gains->now = g729_sub(INT16_MAX, gains->past);
    }
    return true;
}

/* The long-term filter around `delay` on a subframe of the residual. */
static void filter_pitch(const int16_t *residual, const int16_t *scaled, int delay, int16_t *out)
{
    int first = delay - 3;
    if (first + 6 > PAST)
        first = PAST - 6;
    int best = first;
    int32_t correlation = G729_MIN32;
    const bool fits = g729_fits(g729_energy(scaled, G729_SUBFRAME),
                                g729_energy(scaled - first - 6, G729_SUBFRAME + G729_WIDTH));
    for (int i = first; i <= first + 6; i++) {
        const int32_t found = fits ? 2 * g729_product(scaled, scaled - i, G729_SUBFRAME)
                                   : g729_dot(scaled, scaled - i, 0);
        if (found > correlation) {
            correlation = found;
            best = i;
        }
    }
    const int32_t past_energy = g729_dot_self(scaled - best, 1);
    const int32_t energy = g729_dot_self(scaled, 1);
    struct pitch_gains gains;
    if (!find_gains(correlation < 0 ? 0 : correlation, past_energy, energy, &gains)) {
        memcpy(out, residual, G729_SUBFRAME * sizeof *out);
        return;
    }
    for (int i = 0; i < G729_SUBFRAME; i++)
        out[i] = g729_add(g729_mult(gains.now, residual[i]),
                          g729_mult(gains.past, residual[i - best]));
}

/* §A.4.2.3: the tilt of the formant filter A(z/0.55)/A(z/0.7), Q15; 0 if negative. */
static int16_t find_tilt(const int16_t zeros[G729_TAPS], const int16_t poles[G729_TAPS])
{
    int16_t impulse[RESPONSE] = {0};
    int16_t memory[G729_ORDER + RESPONSE] = {0};
    int16_t *h = memory + G729_ORDER;
    memcpy(impulse, zeros, G729_TAPS * sizeof *impulse);
    g729_synthesize(poles, impulse, h, RESPONSE);
    int32_t r0 = g729_l_mult(h[0], h[0]);
    int32_t r1 = g729_l_mult(h[0], h[1]);
    for (int i = 1; i < RESPONSE; i++)
        r0 = g729_l_mac(r0, h[i], h[i]);
    for (int i = 1; i < RESPONSE - 1; i++)
        r1 = g729_l_mac(r1, h[i], h[i + 1]);
    if (g729_high(r1) <= 0)
        return 0;
    return g729_div_s(g729_mult(g729_high(r1), TILT), g729_high(r0));
}

static void compensate_tilt(struct g729_post_filter *filter, int16_t *samples, int16_t tilt)
{
    const int16_t last = samples[G729_SUBFRAME - 1];
    for (int i = G729_SUBFRAME - 1; i > 0; i--)
        samples[i] = g729_sub(samples[i], g729_mult(tilt, samples[i - 1]));
    samples[0] = g729_sub(samples[0], g729_mult(tilt, filter->tilt));
    filter->tilt = last;
}

static int32_t energy_of_quarter(const int16_t *samples)
{
    int16_t quarters[G729_SUBFRAME];
    for (int i = 0; i < G729_SUBFRAME; i++)
        quarters[i] = (int16_t)(samples[i] >> 2);
    return g729_dot_self(quarters, 0);
}

/* §A.4.2.4: gives `out` the energy of `in`. */
static void control_gain(struct g729_post_filter *filter, const int16_t *in, int16_t *out)
{
    const int32_t energy_out = energy_of_quarter(out);
    if (energy_out == 0) {
        filter->gain = 0;
        return;
    }
    const int32_t energy_in = energy_of_quarter(in);
    int16_t target = 0;
    if (energy_in != 0) {
        const int shift_out = g729_norm_l(energy_out) - 1;
        const int shift_in = g729_norm_l(energy_in);
        const int16_t gain_out = g729_round(g729_l_shl(energy_out, shift_out));
        const int16_t gain_in = g729_round(g729_l_shl(energy_in, shift_in));
        int32_t ratio = (int32_t)g729_div_s(gain_out, gain_in) * 128; /* Q22 */
        ratio = g729_l_shr(ratio, shift_out - shift_in);
        const int16_t root = g729_round(g729_l_shl(g729_inverse_root(ratio), 9)); /* Q12 */
        target = g729_mult(root, GAIN_NEW);
    }
    int16_t gain = filter->gain;
    for (int i = 0; i < G729_SUBFRAME; i++) { /* (A.16) */
        gain = g729_add(g729_mult(gain, GAIN_OLD), target);
        out[i] = g729_high(g729_l_shl(g729_l_mult(out[i], gain), 3));
    }
    filter->gain = gain;
}

void g729_post_filter(struct g729_post_filter *filter, const int16_t speech[G729_FRAME],
                      const int16_t filters[2][G729_TAPS], const int16_t delays[2], bool active,
                      int16_t out[G729_FRAME])
{
    int16_t in[G729_ORDER + G729_FRAME];
    int16_t shaped[G729_ORDER + G729_FRAME];
    int16_t residual[PAST + G729_FRAME];
    int16_t scaled[PAST + G729_FRAME];
    memcpy(in, filter->speech, sizeof filter->speech);
    memcpy(in + G729_ORDER, speech, G729_FRAME * sizeof *in);
    memcpy(shaped, filter->output, sizeof filter->output);
    memcpy(residual, filter->residual, sizeof filter->residual);
    memcpy(scaled, filter->scaled_residual, sizeof filter->scaled_residual);

    for (int i = 0; i < 2; i++) {
        const int at = i * G729_SUBFRAME;
        int16_t zeros[G729_TAPS], poles[G729_TAPS], subframe[G729_SUBFRAME];
        int16_t *now = residual + PAST + at;
        int16_t *now_scaled = scaled + PAST + at;
        g729_weight_filter(filters[i], GAMMA_ZEROS, zeros);
        g729_weight_filter(filters[i], GAMMA_POLES, poles);
        g729_residual(zeros, in + G729_ORDER + at, now);
        for (int j = 0; j < G729_SUBFRAME; j++)
            now_scaled[j] = (int16_t)(now[j] >> 2);
        if (active)
            filter_pitch(now, now_scaled, delays[i], subframe);
        else
            memcpy(subframe, now, sizeof subframe);
        compensate_tilt(filter, subframe, find_tilt(zeros, poles));
        g729_synthesize(poles, subframe, shaped + G729_ORDER + at, G729_SUBFRAME);
        memcpy(out + at, shaped + G729_ORDER + at, sizeof subframe);
        control_gain(filter, speech + at, out + at);
    }
    memcpy(filter->speech, in + G729_FRAME, sizeof filter->speech);
    memcpy(filter->output, shaped + G729_FRAME, sizeof filter->output);
    memcpy(filter->residual, residual + G729_FRAME, sizeof filter->residual);
    memcpy(filter->scaled_residual, scaled + G729_FRAME, sizeof filter->scaled_residual);
}
