#include "dtx.h"

#include <string.h>

#include "comfort-noise.h"
#include "lsp-roots.h"
#include "sid-search.h"
#include "sid.h"
#include "tables.h"

#define APART 3             /* frames between SID frames at the least */
#define THRESHOLD_SENT 4855 /* of the distance from the filter last sent */
#define THRESHOLD_PAST 3161 /* of that from the past average filter */
#define UNUSED 40           /* exponent of what was not yet observed */

void g729_dtx_init(struct g729_dtx *dtx)
{
    memset(dtx, 0, sizeof *dtx);
    for (int i = 0; i < G729_RECENT; i++)
        dtx->recent[i].exponent = dtx->energy[i].exponent = UNUSED;
    for (int i = 0; i < G729_PAST; i++)
        dtx->past[i].exponent = UNUSED;
}

/* (B.15): the sum of autocorrelations. */
static void sum_acf(const struct g729_acf *acf, int count, struct g729_acf *sum)
{
    int32_t sums[G729_TAPS] = {0};
    int exponent = acf[0].exponent;
    for (int i = 1; i < count; i++)
        if (acf[i].exponent < exponent)
            exponent = acf[i].exponent;
    exponent += 14;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < G729_TAPS; j++)
            sums[j] = g729_l_add(sums[j],
                                 g729_l_shl(acf[i].lag[j], exponent - acf[i].exponent));
    const int shift = g729_norm_l(sums[0]);
    for (int j = 0; j < G729_TAPS; j++)
        sum->lag[j] = g729_high(g729_l_shl(sums[j], shift));
    sum->exponent = (int16_t)(exponent + shift - 16);
}

static void push_past(struct g729_dtx *dtx)
{
    memmove(dtx->past + 1, dtx->past, (G729_PAST - 1) * sizeof *dtx->past);
    sum_acf(dtx->recent, G729_RECENT, &dtx->past[0]);
}

void g729_dtx_observe(struct g729_dtx *dtx, const struct g729_autocorrelation *correlation,
                      bool speech)
{
    memmove(dtx->recent + 1, dtx->recent, (G729_RECENT - 1) * sizeof *dtx->recent);
    for (int i = 0; i < G729_TAPS; i++)
        dtx->recent[0].lag[i] = correlation->lag[i].hi;
    dtx->recent[0].exponent = (int16_t)-(16 + correlation->exponent);
    dtx->frames = (dtx->frames + 1) % G729_RECENT;
    if (dtx->frames == 0 && speech)
        push_past(dtx);
}

void g729_dtx_finish(struct g729_dtx *dtx)
{
    if (dtx->frames == 0)
        push_past(dtx);
}

/* The filter of an autocorrelation, and its residual energy where the filter is stable. */
static void predict(struct g729_levinson_memory *levinson, const struct g729_acf *acf,
                    int16_t filter[G729_TAPS], int16_t *error)
{
    struct g729_dpf r[G729_TAPS];
    struct g729_prediction prediction;
    for (int i = 0; i < G729_TAPS; i++)
        r[i] = (struct g729_dpf){acf->lag[i], 0};
    if (g729_levinson(levinson, r, &prediction))
        *error = prediction.error;
    memcpy(filter, prediction.filter, sizeof prediction.filter);
}

/* (B.13): the autocorrelation of a filter's coefficients. */
static void keep_reference(struct g729_dtx *dtx, const int16_t filter[G729_TAPS])
{
    for (int i = 0; i < G729_TAPS; i++) {
        int32_t sum = 0;
        for (int j = 0; j < G729_TAPS - i; j++)
            sum = g729_l_mac(sum, filter[j], filter[j + i]);
        if (i == 0)
            dtx->reference_shift = (int16_t)g729_norm_l(sum);
        dtx->reference[i] = g729_round(g729_l_shl(sum, dtx->reference_shift));
    }
}

/* A sum of products of numbers shifted right; true where it overflows. */
static bool correlate(const int16_t a[G729_TAPS], const int16_t b[G729_TAPS], const int shift[2],
                      int32_t *sum)
{
    *sum = g729_l_mult((int16_t)(a[0] >> shift[0]), (int16_t)(b[0] >> shift[1])) >> 1;
    for (int i = 1; i < G729_TAPS; i++) {
        const int32_t product = (a[i] >> shift[0]) * (b[i] >> shift[1]);
        if (product == 0x40000000 || __builtin_add_overflow(*sum, product * 2, sum))
            return true;
    }
    return false;
}

/* (B.12): whether the Itakura distance of the frame from the reference is above the threshold. */
static bool is_far(const struct g729_dtx *dtx, const struct g729_acf *acf, int16_t threshold)
{
    int shift[2] = {0, 0};
    int32_t distance;
    const int16_t energy = dtx->energy[0].mantissa;
    for (int next = 1; correlate(dtx->reference, acf->lag, shift, &distance); next ^= 1)
        shift[next]++;
    const int32_t bound = (int32_t)g729_mult_r(energy, threshold) + energy;
    const int scale = dtx->reference_shift + 9 - shift[0] - shift[1];
    return g729_l_sub(distance, g729_l_shl(bound, scale)) > 0;
}

/* (B.16): the level of the mean energy of the silence's last frames. */
static struct g729_level find_level(const struct g729_dtx *dtx)
{
    int exponent = dtx->energy[0].exponent;
    for (int i = 1; i < dtx->energies; i++)
        if (dtx->energy[i].exponent < exponent)
            exponent = dtx->energy[i].exponent;
    exponent += 16 - g729_sid_gain_margin[dtx->energies];
    int32_t sum = 0;
    for (int i = 0; i < dtx->energies; i++)
        sum = g729_l_add(sum, g729_l_shl(dtx->energy[i].mantissa,
                                         exponent - dtx->energy[i].exponent));
    const int16_t factor = g729_sid_gain_factor[dtx->energies];
    return g729_quantize_level(g729_dpf_scale(g729_dpf_split(sum), factor), exponent);
}

/* §B.4.1.3: whether the noise has changed enough for another SID frame. */
static bool decide(struct g729_dtx *dtx, const struct g729_acf *acf, bool first,
                   struct g729_level level)
{
    if (first)
        return true;
    if (is_far(dtx, acf, THRESHOLD_SENT))
        dtx->changed = true;
    const int difference = dtx->decibels - level.decibels;
    if (difference > 2 || difference < -2)
        dtx->changed = true;
    if (dtx->since_sid < APART)
        dtx->since_sid++;
    return dtx->since_sid >= APART && dtx->changed;
}

/* §B.4.2.1: the past average filter where it still fits, else that of the frame. */
static void choose_filter(struct g729_dtx *dtx, struct g729_levinson_memory *levinson,
                          const struct g729_acf *acf, int16_t filter[G729_TAPS])
{
    int16_t past[G729_TAPS] = {4096}, unused;
    struct g729_acf sum;
    sum_acf(dtx->past, G729_PAST, &sum);
    if (sum.lag[0] != 0)
        predict(levinson, &sum, past, &unused);
    keep_reference(dtx, past);
    if (is_far(dtx, acf, THRESHOLD_PAST))
        keep_reference(dtx, filter);
    else
        memcpy(filter, past, sizeof past);
}

bool g729_dtx_step(struct g729_dtx *dtx, const struct g729_dtx_context *context, bool first,
                   struct g729_sid *sid)
{
    struct g729_acf acf;
    int16_t filter[G729_TAPS] = {4096}, lsp[G729_ORDER];
    memmove(dtx->energy + 1, dtx->energy, (G729_RECENT - 1) * sizeof *dtx->energy);
    sum_acf(dtx->recent, G729_RECENT, &acf);
    dtx->energy[0].exponent = acf.exponent;
    if (acf.lag[0] == 0)
        dtx->energy[0].mantissa = 0;
    else
        predict(context->levinson, &acf, filter, &dtx->energy[0].mantissa);
    dtx->energies = first ? 1 : dtx->energies < G729_RECENT ? dtx->energies + 1 : G729_RECENT;

    const struct g729_level level = find_level(dtx);
    const bool send = decide(dtx, &acf, first, level);
    if (send) {
        dtx->since_sid = 0;
        dtx->changed = false;
        choose_filter(dtx, context->levinson, &acf, filter);
        g729_find_lsp(filter, context->quantized, lsp);
        g729_sid_quantize(context->lsp_memory, lsp, sid, dtx->lsp);
        dtx->decibels = level.decibels;
        sid->gain = level.index;
        dtx->sid_level = g729_sid_gain[level.index];
    }
    dtx->level = first ? dtx->sid_level : g729_smooth_level(dtx->level, dtx->sid_level);
    return send;
}
