#include "vad.h"

#include <string.h>

#include "lsp.h"
#include "tables.h"

#define START 32            /* frames of the first means */
#define HISTORY 128         /* frames that fill the minima */
#define QUIET 3072          /* 15 dB, Q11 */
#define NEAR 614            /* 3 dB, Q11 */
#define DISTORTION_MIN 83   /* 0.0025, Q15 */
#define CROSSINGS_FROM 120  /* samples of the window between which zero crossings count */
#define CROSSINGS_TO 200
#define CROSSING 410        /* 1/80, Q15 */

/* §B.3.1: the parameters of a frame. */
struct features {
    int16_t energy;
    int16_t low_energy;
    int16_t distortion; /* from the mean LSFs, Q15 */
    int16_t crossings;
    int16_t lsf[G729_ORDER];
};

/* §B.3.5: how the means differ from the frame. */
struct differences {
    int16_t energy;
    int16_t low_energy;
    int16_t distortion;
    int16_t crossings;
};

void g729_vad_init(struct g729_vad *vad)
{
    memset(vad, 0, sizeof *vad);
    vad->minimum = INT16_MAX;
    vad->may_extend = true;
    vad->before = vad->before_that = true;
}

/* (B.1): 10 log10 of value x 2^exponent / 240, Q11 of the tenth. */
static int16_t level(int32_t value, int16_t exponent)
{
    const struct g729_logarithm log = g729_log2(value);
    int32_t sum = g729_dpf_scale((struct g729_dpf){log.exponent, log.fraction}, 9864);
    sum = g729_l_mac(sum, 9864, (int16_t)(exponent - 2));
    return g729_sub(g729_high(g729_l_shl(sum, 11)), 4875);
}

static void extract(const struct g729_vad *vad, const struct g729_vad_input *input,
                    struct features *features)
{
    const struct g729_autocorrelation *r = input->correlation;
    features->energy = level(g729_dpf_join(r->lag[0]), r->exponent);

    int32_t sum = 0; /* (B.2) */
    for (int i = 1; i <= G729_LAGS; i++)
        sum = g729_l_mac(sum, r->lag[i].hi, g729_vad_low_band[i]);
    sum = g729_l_mac(g729_l_shl(sum, 1), r->lag[0].hi, g729_vad_low_band[0]);
    features->low_energy = level(sum, r->exponent);

    sum = 0; /* (B.9) */
    g729_normalized_lsf(input->lsp, features->lsf);
    for (int i = 0; i < G729_ORDER; i++) {
        const int16_t change = g729_sub(features->lsf[i], vad->mean.lsf[i]);
        sum = g729_l_mac(sum, change, change);
    }
    features->distortion = g729_high(sum);

    int crossings = 0; /* (B.3) */
    for (int i = CROSSINGS_FROM + 1; i <= CROSSINGS_TO; i++)
        crossings += g729_mult(input->speech[i - 1], input->speech[i]) < 0;
    features->crossings = g729_saturate(crossings * CROSSING);
}

static int16_t least_of(const int16_t minima[G729_MINIMA])
{
    int16_t least = minima[0];
    for (int i = 1; i < G729_MINIMA; i++)
        if (minima[i] < least)
            least = minima[i];
    return least;
}

/* §B.3.2: the least energy of the last 128 frames. */
static void follow_minimum(struct g729_vad *vad, int16_t energy)
{
    const int phase = vad->frame & 7;
    if (vad->frame <= HISTORY) {
        if (energy < vad->minimum)
            vad->minimum = vad->minimum_before = energy;
        if (phase == 0) {
            vad->minima[(vad->frame >> 3) - 1] = vad->minimum;
            vad->minimum = INT16_MAX;
            vad->minimum_before = least_of(vad->minima);
        }
        return;
    }
    if (phase == 1) {
        vad->minimum = vad->minimum_before;
        vad->minimum_next = INT16_MAX;
    }
    if (energy < vad->minimum)
        vad->minimum = energy;
    if (energy < vad->minimum_next)
        vad->minimum_next = energy;
    if (phase == 0) {
        memmove(vad->minima, vad->minima + 1, (G729_MINIMA - 1) * sizeof *vad->minima);
        vad->minima[G729_MINIMA - 1] = vad->minimum_next;
        vad->minimum_before = least_of(vad->minima);
    }
}

static int16_t accumulate(int16_t mean, int16_t value)
{
    return g729_high(g729_l_mac(g729_deposit(mean), value, 1024));
}

/* §B.3.3: the sums over the loud frames of the start; false for a quiet frame. */
static bool start(struct g729_vad *vad, const struct features *features)
{
    if (features->energy < QUIET) {
        vad->quiet++;
        return false;
    }
    vad->mean_start = accumulate(vad->mean_start, features->energy);
    vad->mean.crossings = accumulate(vad->mean.crossings, features->crossings);
    for (int i = 0; i < G729_ORDER; i++)
        vad->mean.lsf[i] = accumulate(vad->mean.lsf[i], features->lsf[i]);
    return true;
}

/* The means over the loud frames alone. */
static void finish_start(struct g729_vad *vad)
{
    const int16_t factor = g729_vad_factor[vad->quiet], shift = g729_vad_shift[vad->quiet];
    vad->mean_start = g729_high(g729_l_shl(g729_l_mult(vad->mean_start, factor), shift));
    vad->mean.crossings =
        g729_high(g729_l_shl(g729_l_mult(vad->mean.crossings, factor), shift));
    for (int i = 0; i < G729_ORDER; i++)
        vad->mean.lsf[i] = g729_high(g729_l_shl(g729_l_mult(vad->mean.lsf[i], factor), shift));
    vad->mean.energy = g729_sub(vad->mean_start, 2048);
    vad->mean.low_energy = g729_sub(vad->mean_start, 2458);
}

/* a x + b c, shifted right, plus y in the high half. */
static int32_t line(int16_t a, int16_t x, int16_t b, int16_t c, int shift, int16_t y)
{
    const int32_t sum = g729_l_mac(g729_l_mult(x, a), b, c);
    return g729_l_add(g729_l_shr(sum, shift), g729_deposit(y));
}

/* §B.3.5, table B.1: true where any of the fourteen boundaries is crossed. */
static bool is_beyond(const struct differences *d)
{
    const int16_t z = d->crossings, e = d->energy, l = d->low_energy, s = d->distortion;
    return line(-14680, z, 8192, -28521, 8, s) > 0 || line(19065, z, 8192, -19446, 7, s) > 0 ||
           line(20480, z, 8192, 16384, 2, e) < 0 || line(-16384, z, 8192, 19660, 2, e) < 0 ||
           line(32767, e, 1024, 30802, 0, 0) < 0 ||
           g729_l_mac(line(-28160, s, 64, 19988, 0, 0), e, 512) < 0 ||
           line(32767, s, 32, -30199, 0, 0) > 0 || line(-20480, z, 8192, 22938, 2, e) < 0 ||
           line(23831, z, 4096, 31576, 2, e) < 0 || line(32767, e, 2048, 17367, 0, 0) < 0 ||
           g729_l_mac(line(-22400, s, 32, 25395, 0, 0), l, 256) < 0 ||
           line(-30427, e, 256, -29959, 0, l) > 0 || line(-23406, e, 512, 28087, 0, l) < 0 ||
           g729_l_mac(line(24576, e, 1024, 29491, 0, 0), l, 16384) < 0;
}

/* §B.3.6: the decision smoothed in four steps; `held` tells the last one that speech was held. */
static bool smooth(struct g729_vad *vad, const struct features *features,
                   const struct differences *d, bool speech, int16_t reflection)
{
    bool held = false;
    if (vad->before && !speech && g729_add(d->energy, CROSSING) < 0 && features->energy > QUIET)
        speech = held = true;

    if (!vad->may_extend) {
        vad->may_extend = true;
    } else if (vad->before_that && vad->before && !speech &&
               g729_abs(g729_sub(vad->energy_before, features->energy)) <= NEAR) {
        speech = held = true;
        vad->extensions++;
        vad->may_extend = vad->extensions <= 4;
        if (!vad->may_extend)
            vad->extensions = 0;
    }

    if (!speech && vad->silent < INT16_MAX)
        vad->silent++;
    if (speech && vad->silent > 10 && g729_sub(features->energy, vad->energy_before) <= NEAR) {
        speech = false;
        vad->silent = 0;
    }
    if (speech)
        vad->silent = 0;
    if (g729_sub(features->energy, NEAR) < vad->mean.energy && vad->frame > HISTORY && !held &&
        reflection < 19661)
        speech = false;
    return speech;
}

/* Table B.2: the weights of the old means, by how often they were updated, Q15. */
struct weights {
    int16_t below; /* updates */
    int16_t energy, energy_rest;
    int16_t crossings, crossings_rest;
    int16_t lsf, lsf_rest;
};

static const struct weights weights[] = {
    {20, 24576, 8192, 26214, 6554, 19661, 13017},
    {30, 31130, 1638, 30147, 2621, 21299, 11469},
    {40, 31785, 983, 30802, 1966, 22938, 9830},
    {50, 32440, 328, 31457, 1311, 24576, 8192},
    {60, 32604, 164, 32440, 328, 24576, 8192},
    {INT16_MAX, 32604, 164, 32702, 66, 24576, 8192},
};

static int16_t mix(int16_t mean, int16_t old, int16_t value, int16_t rest)
{
    return g729_high(g729_l_mac(g729_l_mult(old, mean), rest, value));
}

/* §B.3.7: the means follow frames that resemble them. */
static void update_means(struct g729_vad *vad, const struct features *features,
                         int16_t reflection)
{
    struct g729_background *mean = &vad->mean;
    if (g729_sub(features->energy, NEAR) < mean->energy && reflection < 24576 &&
        features->distortion < DISTORTION_MIN) {
        if (vad->updates < INT16_MAX - 1)
            vad->updates++;
        const struct weights *w = weights;
        while (vad->updates >= w->below)
            w++;
        mean->energy = mix(mean->energy, w->energy, features->energy, w->energy_rest);
        mean->low_energy =
            mix(mean->low_energy, w->energy, features->low_energy, w->energy_rest);
        mean->crossings =
            mix(mean->crossings, w->crossings, features->crossings, w->crossings_rest);
        for (int i = 0; i < G729_ORDER; i++)
            mean->lsf[i] = mix(mean->lsf[i], w->lsf, features->lsf[i], w->lsf_rest);
    }
    const int16_t above = g729_sub(mean->energy, vad->minimum);
    if (vad->frame > HISTORY &&
        ((above < 0 && features->distortion < DISTORTION_MIN) || above > 2048)) {
        mean->energy = vad->minimum;
        vad->updates = 0;
    }
}

bool g729_vad_decide(struct g729_vad *vad, const struct g729_vad_input *input)
{
    struct features features;
    bool speech = false;
    vad->frame = vad->frame == INT16_MAX ? 256 : (int16_t)(vad->frame + 1);
    extract(vad, input, &features);
    follow_minimum(vad, features.energy);
    if (vad->frame <= START)
        speech = start(vad, &features);
    if (vad->frame == START)
        finish_start(vad);
    if (vad->frame >= START) {
        const struct differences differences = {
            g729_sub(vad->mean.energy, features.energy),
            g729_sub(vad->mean.low_energy, features.low_energy), features.distortion,
            g729_sub(vad->mean.crossings, features.crossings)};
        speech = features.energy >= QUIET && is_beyond(&differences);
        speech = smooth(vad, &features, &differences, speech, input->reflection);
        update_means(vad, &features, input->reflection);
    }
    vad->energy_before = features.energy;
    vad->before_that = vad->before;
    vad->before = speech;
    return speech;
}
