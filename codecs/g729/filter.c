#include "filter.h"

#include "basic-operators.h"

void g729_weight_filter(const int16_t filter[G729_TAPS], int16_t gamma, int16_t weighted[G729_TAPS])
{
    int16_t power = gamma;
    weighted[0] = filter[0];
    for (int i = 1; i < G729_TAPS; i++) {
        weighted[i] = g729_round(g729_l_mult(filter[i], power));
        power = g729_round(g729_l_mult(power, gamma));
    }
}

void g729_residual(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out, int count)
{
    for (int i = 0; i < count; i++) {
        int32_t sum = g729_l_mult(in[i], filter[0]);
        for (int j = 1; j < G729_TAPS; j++)
            sum = g729_l_mac(sum, filter[j], in[i - j]);
        out[i] = g729_round(g729_l_shl(sum, 3));
    }
}

void g729_synthesize(const int16_t filter[G729_TAPS], const int16_t *in, int16_t *out, int count)
{
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
