/* The post-filter (../post-filter.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_POST_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_POST_FILTER_H

#include "filter.h"
#include "frame-work.h"
#include "functions.h"
#include "long-term-filter.h"

#define GAMMA_ZEROS 18022 /* 0.55, Q15 */
#define GAMMA_POLES 22938 /* 0.7, Q15 */
#define TILT 26214        /* 0.8, Q15 */
#define RESPONSE 22       /* samples of the impulse response that gives the tilt */
#define GAIN_OLD 29491    /* 0.9, Q15 */
#define GAIN_NEW 3276     /* 0.1, Q15 */

/* §A.4.2.3: the tilt of the formant filter A(z/0.55)/A(z/0.7), Q15; 0 if negative. */
V_INLINE vpair find_tilt(const vpair zeros[G729_TAPS], const vpair poles[G729_TAPS], vmask used)
{
    vpair impulse[RESPONSE], memory[G729_ORDER + RESPONSE];
    vpair *h = memory + G729_ORDER;
    for (int i = 0; i < RESPONSE; i++)
        impulse[i] = i < G729_TAPS ? zeros[i] : twin_all(0);
    for (int i = 0; i < G729_ORDER; i++)
        memory[i] = twin_all(0);
    const vmask doubtful = v_and(used, filter_synthesis(poles, impulse, h, RESPONSE));
    if (v_any(doubtful))
        synthesize_lanes(doubtful, poles, impulse, h, RESPONSE);
    v32 r0 = v_products(h[0], h[0]); /* h[0] is 1 */
    v32 r1 = v_products(h[0], h[1]);
    for (int i = 1; i < RESPONSE; i++)
        r0 = twin_l_mac(r0, h[i], h[i]);
    for (int i = 1; i < RESPONSE - 1; i++)
        r1 = v_l_add(r1, twin_l_mult_any(h[i], h[i + 1]));
    const vpair numerator = twin_mult(twin_high(r1), twin_all(TILT));
    const vpair tilt = twin_div_s(twin_value(numerator), v_right(r0, 16));
    return twin_select(v_gt(v_right(r1, 16), v32_zero()), tilt, twin_all(0));
}

V_INLINE void compensate_tilt(v16 *last, vpair tilt, const vpair in[G729_SUBFRAME],
                              vpair out[G729_SUBFRAME])
{
    out[0] = v_sub_pairs(in[0], twin_mult(tilt, twin_load(last)));
    for (int i = 1; i < G729_SUBFRAME; i++)
        out[i] = v_sub_pairs(in[i], twin_mult(tilt, in[i - 1]));
    *last = twin_row(in[G729_SUBFRAME - 1]);
}

/* Of samples in pairs with the one before. */
V_INLINE v32 energy_of_quarter(const vpair pairs[G729_SUBFRAME])
{
    vpair quarter[G729_SUBFRAME / 2];
    for (int i = 0; i < G729_SUBFRAME / 2; i++)
        quarter[i] = v_right_pairs(pairs[2 * i + 1], 2);
    return v_l_shl(squares_of(quarter, G729_SUBFRAME / 2), 1);
}

/* §A.4.2.4: the gain that gives `out` the energy of `in`, a tenth of it. */
V_INLINE vpair find_target(v32 energy_in, v32 energy_out)
{
    const v32 shift_out = v_minus(v_norm_l(energy_out), v32_all(1));
    const v32 shift_in = v_norm_l(energy_in);
    const vpair gain_out = twin_round(v_l_shl_by(energy_out, shift_out));
    const vpair gain_in = twin_round(v_left_by(energy_in, shift_in));
    v32 ratio = twin_value(twin_div_s(twin_value(gain_out), twin_value(gain_in)));
    ratio = v_l_shl_by(v_left(ratio, 7), v_minus(shift_in, shift_out)); /* Q22 */
    const vpair root = twin_round_left(v_inverse_root(ratio), 9);     /* Q12 */
    const vpair target = twin_mult(root, twin_all(GAIN_NEW));
    return twin_select(v_eq(energy_in, v32_zero()), twin_all(0), target);
}

V_INLINE void control_gain(v16 *memory, v32 energy_in, v32 energy_out,
                           const vpair shaped[G729_SUBFRAME], vpair out[G729_SUBFRAME])
{
    const vmask silent = v_eq(energy_out, v32_zero());
    const vpair target = find_target(energy_in, energy_out);
    vpair gain = twin_load(memory);
    for (int i = 0; i < G729_SUBFRAME; i++) { /* (A.16) */
        gain = v_add_pairs(twin_mult(gain, twin_all(GAIN_OLD)), target);
        const vpair scaled = twin_saturate(v_right(v_products(shaped[i], gain), 13));
        out[i] = twin_select(silent, shaped[i], scaled);
    }
    *memory = twin_row(twin_select(silent, twin_all(0), gain));
}

/* The residual of a subframe through A(z/0.55). */
V_INLINE void find_residual(const struct frame_work *work, int subframe,
                            const vpair zeros[G729_TAPS], vpair residual[G729_SUBFRAME])
{
    const int at = G729_ORDER + subframe * G729_SUBFRAME;
    const vmask doubtful = residual_within(zeros, work->pairs + at, work->largest[subframe],
                                           residual, G729_SUBFRAME);
    const vmask lanes = v_and(v_mask(work->kinds.used), doubtful);
    if (v_any(lanes))
        residual_of_lanes(lanes, zeros, work->synthesis + at, residual);
}

/* The tilt-compensated residual through 1/A(z/0.7), and its energy. */
V_INLINE v32 shape(const struct frame_work *work, const vpair poles[G729_TAPS],
                   const vpair in[G729_SUBFRAME], vpair *out)
{
    vpair pairs[G729_SUBFRAME];
    v32 largest;
    const vmask doubtful = synthesis_within(poles, in, out, pairs, &largest, G729_SUBFRAME);
    const vmask lanes = v_and(v_mask(work->kinds.used), doubtful);
    if (v_any(lanes)) {
        synthesize_lanes(lanes, poles, in, out, G729_SUBFRAME);
        pair_with_before(out, out[-1], pairs, G729_SUBFRAME);
    }
    return energy_of_quarter(pairs);
}

/* The synthesis of a frame to `out`; the pitch filter is for `active` lanes. */
V_INLINE void post_filter(struct lanes_decoder *state, const struct frame_work *work, vmask active,
                          vpair out[G729_FRAME])
{
    vpair shaped[G729_ORDER + G729_FRAME];
    for (int i = 0; i < G729_ORDER; i++)
        shaped[i] = twin_load(&state->output[i]);
    for (int i = 0; i < 2; i++) {
        const int at = i * G729_SUBFRAME;
        const struct lane_places places = lanes_back(&work->residual, v32_all(-at));
        vpair zeros[G729_TAPS], poles[G729_TAPS], *now = shaped + G729_ORDER + at;
        vpair residual[G729_SUBFRAME], pitched[G729_SUBFRAME], level[G729_SUBFRAME];
        weight_filter(work->filters[i], GAMMA_ZEROS, zeros);
        weight_filter(work->filters[i], GAMMA_POLES, poles);
        find_residual(work, i, zeros, residual);
        write_places(&places, residual, G729_SUBFRAME);
        const bool any = v_any(active);
        if (any)
            filter_pitch(&places, residual, work->delays[i], active, pitched);
        const vpair tilt = find_tilt(zeros, poles, v_mask(work->kinds.used));
        compensate_tilt(&state->tilt, tilt, any ? pitched : residual, level);
        const v32 energy_out = shape(work, poles, level, now);
        const v32 energy_in = energy_of_quarter(work->pairs + G729_ORDER + at);
        control_gain(&state->gain, energy_in, energy_out, now, out + at);
    }
    for (int i = 0; i < G729_ORDER; i++)
        state->output[i] = twin_row(shaped[G729_FRAME + i]);
}

#endif
