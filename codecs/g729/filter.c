#include "filter.h"

#include <string.h>

#include "basic-operators.h"
#include "vector.h"

#define HALF 0x800       /* of the last bit kept: Q12 */
#define LARGEST (1u << 27) /* the least sum that needs more than 16 bits */

void g729_weight_filter(const int16_t filter[G729_TAPS], int16_t gamma, int16_t weighted[G729_TAPS])
{
    int16_t power = gamma;
    weighted[0] = filter[0];
    for (int i = 1; i < G729_TAPS; i++) {
        weighted[i] = g729_round(g729_l_mult(filter[i], power));
        power = g729_round(g729_l_mult(power, gamma));
    }
}

/* The magnitudes of the coefficients from `first` on, added. */
static int32_t sum_of_magnitudes(const int16_t filter[G729_TAPS], int first)
{
    int32_t sum = 0;
    for (int i = first; i < G729_TAPS; i++)
        sum += filter[i] < 0 ? -filter[i] : filter[i];
    return sum;
}

static void filter_saturated(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out)
{
    for (int i = 0; i < G729_SUBFRAME; i++) {
        int32_t sum = g729_l_mult(in[i], filter[0]);
        for (int j = 1; j < G729_TAPS; j++)
            sum = g729_l_mac(sum, filter[j], in[i - j]);
        out[i] = g729_round(g729_l_shl(sum, 3));
    }
}

void g729_residual(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out)
{
    int16_t past[G729_ORDER + G729_SUBFRAME + 6] = {0}, taps[G729_TAPS + 1];
    memcpy(past, in - G729_ORDER, (G729_ORDER + G729_SUBFRAME) * sizeof *past);
    for (int i = 0; i < G729_TAPS; i++)
        taps[i] = filter[G729_ORDER - i];
    taps[G729_TAPS] = 0;
    const int64_t largest = 1 + g729_bits(past, G729_ORDER + G729_SUBFRAME + 6);
    if (largest * sum_of_magnitudes(filter, 0) > G729_MAX32 / 2 - HALF) {
        filter_saturated(filter, in, out);
        return;
    }
    for (int i = 0; i < G729_SUBFRAME; i += G729_WIDTH) {
        g729_sums low = {HALF, HALF, HALF, HALF}, high = low;
        g729_convolve(past + i, taps, G729_TAPS + 1, &low, &high);
        g729_store(out + i, g729_narrow(low >> 12, high >> 12));
    }
}

/*
 * 1/A(z), its samples saturated, its sums not: both what comes out and whether a sum had to be, or would have overflowed
 * when shifted to 32 bits and rounded, is right where `stays_in_range` says so.
 */
static bool run(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out, int count)
{
    g729_samples older = g729_load(out - G729_ORDER), taps; /* the last ten samples but two, and theirs */
    int32_t last = out[-1], before = out[-2];
    bool overflow = false;
    for (int i = 0; i < G729_WIDTH; i++)
        taps[i] = filter[G729_ORDER - i];
    for (int i = 0; i < count; i++) {
        uint32_t sum = (uint32_t)(filter[0] * in[i]) + HALF;
        sum -= (uint32_t)g729_total(g729_multiply_pairs(older, taps));
        sum -= (uint32_t)(filter[2] * before);
        older = g729_push(older, (int16_t)before);
        before = last;
        sum -= (uint32_t)(filter[1] * last);
        last = (int32_t)sum >> 12;
        if (__builtin_expect(sum + LARGEST - HALF >= 2 * LARGEST - HALF, 0)) {
            overflow = true;
            last = g729_saturate(last);
        }
        out[i] = (int16_t)last;
    }
    return overflow;
}

/* True where no sum over what came out, and so none that made it, can leave 32 bits. */
static bool stays_in_range(const int16_t filter[G729_TAPS], const int16_t *out, int count)
{
    const int before = (G729_WIDTH - (count & (G729_WIDTH - 1))) & (G729_WIDTH - 1);
    int bits = g729_bits(out - before, count + before);
    for (int i = 1; i <= G729_ORDER; i++)
        bits |= out[-i] < 0 ? ~out[-i] : out[-i];
    const int64_t bound = (int64_t)(bits + 1) * sum_of_magnitudes(filter, 1);
    return bound <= G729_MAX32 / 2 - HALF - ((int64_t)filter[0] << 15);
}

void g729_synthesize(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out, int count)
{
    run(filter, in, out, count);
    if (stays_in_range(filter, out, count))
        return;
    for (int i = 0; i < count; i++) {
        int32_t sum = g729_l_mult(in[i], filter[0]);
        for (int j = 1; j < G729_TAPS; j++)
            sum = g729_l_msu(sum, filter[j], out[i - j]);
        out[i] = g729_round(g729_l_shl(sum, 3));
    }
}

bool g729_synthesis_overflows(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out,
                              int count)
{
    const bool overflow = run(filter, in, out, count);
    if (stays_in_range(filter, out, count))
        return overflow;
    for (int i = 0; i < count; i++) {
        int32_t sum = g729_l_mult(in[i], filter[0]);
        for (int j = 1; j < G729_TAPS; j++) {
            const int32_t product = (int32_t)filter[j] * out[i - j];
            if (product == 0x40000000 || __builtin_sub_overflow(sum, product * 2, &sum))
                return true;
        }
        if (sum > G729_MAX32 >> 3 || sum < G729_MIN32 >> 3 || sum * 8 > G729_MAX32 - 0x8000)
            return true;
        out[i] = g729_round(sum * 8);
    }
    return false;
}
