/* The filter before the encoder (../high-pass.h) on lanes. §3.1. */
#ifndef TRUNKGATE_CODECS_G729_LANES_PREPROCESS_H
#define TRUNKGATE_CODECS_G729_LANES_PREPROCESS_H

#include "../tables.h"
#include "encoder-state.h"
#include "pairs.h"

/* Half of y x pole, as double precision gives it. */
V_INLINE v32 scale_output(v32 y, vpair pole)
{
    const struct v_dpf split = v_dpf_split(y);
    return v_plus(v_products((vpair)split.hi, pole),
                  v_right(v_products((vpair)split.lo, pole), 15));
}

/*
 * No partial sum reaches 2^31: 2^15 x 2 x (7807 + 3733 + 4 x 1899) is less. All sums here are halves; only the last shift
 * can saturate.
 */
static void preprocess(struct lanes_encoder *state, vmask lanes, const vpair in[G729_FRAME],
                       v16 out[G729_FRAME])
{
    const vpair pole1 = vpair_all(g729_input_poles[1], 0), pole2 = vpair_all(g729_input_poles[2], 0);
    const vpair zeros01 = vpair_all(g729_input_zeros[0], g729_input_zeros[1]);
    const vpair zero2 = vpair_all(g729_input_zeros[2], 0);
    const v32 most = v32_all((1 << 27) - 1), least = v32_all(-(1 << 27));
    v32 y1 = state->y1, y2 = state->y2;
    vpair x1 = state->x1, x2 = state->x2;
    for (int i = 0; i < G729_FRAME; i++) {
        const vpair x0 = in[i];
        v32 sum = v_dot(v_products(twin_join(x0, x1), zeros01), x2, zero2);
        sum = v_plus(v_plus(sum, scale_output(y2, pole2)), scale_output(y1, pole1));
        x2 = x1;
        x1 = x0;
        y2 = y1;
        const v32 shifted = v_left(v_max(v_min(sum, most), least), 4);
        y1 = v_select(v_gt(sum, most), v32_all(INT32_MAX), shifted);
        out[i] = v_round(y1);
    }
    state->y1 = v_select(lanes, y1, state->y1);
    state->y2 = v_select(lanes, y2, state->y2);
    state->x1 = twin_select(lanes, x1, state->x1);
    state->x2 = twin_select(lanes, x2, state->x2);
}

#endif
