#include "correlation.h"

void g729_correlate_target(const int16_t response[G729_SUBFRAME],
                           const int16_t target[G729_SUBFRAME], int16_t out[G729_SUBFRAME])
{
    int32_t sums[G729_SUBFRAME];
    int32_t largest = 0;
    for (int i = 0; i < G729_SUBFRAME; i++) {
        int32_t sum = 0;
        for (int j = i; j < G729_SUBFRAME; j++)
            sum = g729_l_mac(sum, target[j], response[j - i]);
        sums[i] = sum;
        const int32_t magnitude = g729_l_abs(sum);
        if (magnitude > largest)
            largest = magnitude;
    }
    const int room = g729_norm_l(largest);
    const int shift = 18 - (room > 16 ? 16 : room);
    for (int i = 0; i < G729_SUBFRAME; i++)
        out[i] = g729_low(sums[i] >> shift);
}
