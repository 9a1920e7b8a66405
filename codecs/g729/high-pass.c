#include "high-pass.h"

#include <string.h>

#include "tables.h"

void g729_high_pass_init(struct g729_high_pass *filter)
{
    memset(filter, 0, sizeof *filter);
}

/* One step of the filter; the output in Q31 is kept in double precision. */
static inline int32_t step(struct g729_high_pass *filter, int16_t x0, const int16_t zeros[3],
                           const int16_t poles[3], int shift)
{
    int32_t sum = g729_dpf_scale(filter->y1, poles[1]);
    sum = g729_l_add(sum, g729_dpf_scale(filter->y2, poles[2]));
    sum = g729_l_mac(sum, x0, zeros[0]);
    sum = g729_l_mac(sum, filter->x1, zeros[1]);
    sum = g729_l_mac(sum, filter->x2, zeros[2]);
    sum = g729_l_shl(sum, shift);
    filter->x2 = filter->x1;
    filter->x1 = x0;
    filter->y2 = filter->y1;
    filter->y1 = g729_dpf_split(sum);
    return sum;
}

void g729_preprocess(struct g729_high_pass *filter, const int16_t in[G729_FRAME],
                     int16_t out[G729_FRAME])
{
    for (int i = 0; i < G729_FRAME; i++)
        out[i] = g729_round(step(filter, in[i], g729_input_zeros, g729_input_poles, 3));
}

void g729_postprocess(struct g729_high_pass *filter, int16_t samples[G729_FRAME])
{
    for (int i = 0; i < G729_FRAME; i++) {
        const int32_t y = step(filter, samples[i], g729_output_zeros, g729_output_poles, 2);
        samples[i] = g729_round(g729_l_shl(y, 1));
    }
}
