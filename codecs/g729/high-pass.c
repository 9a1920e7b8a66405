#include "high-pass.h"

#include <string.h>

#include "tables.h"

void g729_high_pass_init(struct g729_high_pass *filter)
{
    memset(filter, 0, sizeof *filter);
}

/* The products of the last two outputs; within 3/4 of 32 bits. */
static inline int32_t feed_back(const struct g729_high_pass *filter, const int16_t poles[3])
{
    const int32_t high = filter->y1.hi * poles[1] + filter->y2.hi * poles[2];
    const int32_t low = (filter->y1.lo * poles[1] >> 15) + (filter->y2.lo * poles[2] >> 15);
    return 2 * (high + low);
}

/* The output in Q31 is kept in double precision. */
static inline int32_t keep(struct g729_high_pass *filter, int32_t sum, int shift)
{
    const int32_t y = g729_l_shl(sum, shift);
    filter->y2 = filter->y1;
    filter->y1 = g729_dpf_split(y);
    return y;
}

void g729_preprocess(struct g729_high_pass *filter, const int16_t in[G729_FRAME],
                     int16_t out[G729_FRAME])
{
    const int16_t *zeros = g729_input_zeros;
    int16_t x[2 + G729_FRAME] = {filter->x2, filter->x1};
    memcpy(x + 2, in, G729_FRAME * sizeof *x);
    struct g729_high_pass now = *filter;
    for (int i = 0; i < G729_FRAME; i++) { /* no sum of all five products leaves 32 bits */
        const int32_t forward = 2 * (x[i + 2] * zeros[0] + x[i + 1] * zeros[1] + x[i] * zeros[2]);
        out[i] = g729_round(keep(&now, feed_back(&now, g729_input_poles) + forward, 3));
    }
    now.x2 = x[G729_FRAME];
    now.x1 = x[G729_FRAME + 1];
    *filter = now;
}

void g729_postprocess(struct g729_high_pass *filter, int16_t samples[G729_FRAME])
{
    const int16_t *zeros = g729_output_zeros;
    struct g729_high_pass now = *filter;
    for (int i = 0; i < G729_FRAME; i++) { /* the last two of the products may */
        int32_t sum = feed_back(&now, g729_output_poles) + 2 * samples[i] * zeros[0];
        sum = g729_l_mac(sum, now.x1, zeros[1]);
        sum = g729_l_mac(sum, now.x2, zeros[2]);
        now.x2 = now.x1;
        now.x1 = samples[i];
        samples[i] = g729_round(g729_l_shl(keep(&now, sum, 2), 1));
    }
    *filter = now;
}
