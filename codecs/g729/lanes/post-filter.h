/* The post-filter (../post-filter.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_POST_FILTER_H
#define TRUNKGATE_CODECS_G729_LANES_POST_FILTER_H

#include "adaptive-codebook.h"
#include "decoder-state.h"
#include "filter.h"
#include "gain.h"

#define PAST G729_PITCH_MAX
#define GAMMA_ZEROS 18022 /* 0.55, Q15 */
#define GAMMA_POLES 22938 /* 0.7, Q15 */
#define TILT 26214        /* 0.8, Q15 */
#define RESPONSE 22       /* samples of the impulse response that gives the tilt */
#define GAIN_OLD 29491    /* 0.9, Q15 */
#define GAIN_NEW 3276     /* 0.1, Q15 */
#define DELAYS 7          /* tried around the pitch delay */
#define WINDOW (G729_SUBFRAME + DELAYS + 1) /* a multiple of eight; the last two are not used */

struct pitch_gains {
    vpair now;
    vpair past;
};

/* §A.4.2.1 (A.14): the gains of the residual now and one delay back; the lanes at 3 dB and above. */
V_INLINE vmask find_gains(v32 correlation, v32 past_energy, v32 energy, struct pitch_gains *gains)
{
    const v32 shift = v_norm_l(v_max(v_max(correlation, past_energy), energy));
    const vpair cmax = twin_round(v_left_by(correlation, shift));
    const vpair en = twin_round(v_left_by(past_energy, shift));
    const vpair en0 = twin_round(v_left_by(energy, shift));
    const vmask good =
        v_not(v_gt(v_right(v_products(en, en0), 1), v_products(cmax, cmax)));
    const vpair part = v_right_pairs(cmax, 2);
    const v32 total = twin_value(v_add_pairs(part, v_right_pairs(en, 1)));
    const vmask limited = v_gt(twin_value(cmax), twin_value(en)); /* to 1: 2/3 and 1/3 */
    vpair past = twin_div_s(twin_value(part), total);
    past = twin_select(v_gt(total, v32_zero()), past, twin_all(0));
    gains->past = twin_select(limited, twin_all(10923), past);
    gains->now = twin_select(limited, twin_all(21845), v_sub_pairs(twin_all(INT16_MAX), past));
    return good;
}

/* Each lane's samples from its place of 0 to 6 on. */
V_INLINE void slide(vpair window[WINDOW], v32 place)
{
    for (int step = 4; step > 0; step /= 2) {
        const vmask far = v_eq(place & v32_all(step), v32_all(step));
        for (int i = 0; i < G729_SUBFRAME + (step + 1) / 2; i++)
            window[i] = twin_select(far, window[i + step], window[i]);
    }
}

/* The long-term filter around `delay` on a subframe of the residual; `places` is where it begins. */
V_INLINE void filter_pitch(const struct lane_places *places, const vpair now[G729_SUBFRAME],
                           v32 delay, vmask active, vpair out[G729_SUBFRAME])
{
    vpair window[WINDOW], scaled[G729_SUBFRAME], quarter[WINDOW];
    const v32 longest = v_min(v_plus(delay, v32_all(3)), v32_all(PAST));
    const struct lane_places past = lanes_back(places, longest);
    read_places(&past, window, WINDOW);
    for (int i = 0; i < G729_SUBFRAME; i++)
        scaled[i] = v_right_pairs(now[i], 2);
    for (int i = 0; i < WINDOW; i++)
        quarter[i] = v_right_pairs(window[i], 2);
    v32 found[DELAYS];
    for (int k = 0; k < DELAYS; k++)
        found[k] = v32_zero();
    for (int i = 0; i < G729_SUBFRAME; i++)
#pragma GCC unroll 7
        for (int k = 0; k < DELAYS; k++)
            found[k] = twin_l_mac(found[k], scaled[i], quarter[i + DELAYS - 1 - k]);
    v32 correlation = found[0], place = v32_all(DELAYS - 1);
    for (int k = 1; k < DELAYS; k++) {
        const vmask better = v_gt(found[k], correlation);
        correlation = v_select(better, found[k], correlation);
        place = v_select(better, v32_all(DELAYS - 1 - k), place);
    }
    slide(window, place);
    for (int i = 0; i < G729_SUBFRAME; i++)
        quarter[i] = v_right_pairs(window[i], 2);
    const v32 past_energy = v_l_add(energy_of(quarter, G729_SUBFRAME), v32_all(1));
    const v32 energy = v_l_add(energy_of(scaled, G729_SUBFRAME), v32_all(1));
    struct pitch_gains gains;
    const vmask good =
        v_and(active, find_gains(v_max(correlation, v32_zero()), past_energy, energy, &gains));
    for (int i = 0; i < G729_SUBFRAME; i++) {
        const vpair sum =
            v_add_pairs(twin_mult(gains.now, now[i]), twin_mult(gains.past, window[i]));
        out[i] = twin_select(good, sum, now[i]);
    }
}

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

V_INLINE v32 energy_of_quarter(const vpair samples[G729_SUBFRAME])
{
    vpair quarter[G729_SUBFRAME];
    for (int i = 0; i < G729_SUBFRAME; i++)
        quarter[i] = v_right_pairs(samples[i], 2);
    return energy_of(quarter, G729_SUBFRAME);
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

V_INLINE void control_gain(v16 *memory, const vpair in[G729_SUBFRAME],
                           const vpair shaped[G729_SUBFRAME], vpair out[G729_SUBFRAME])
{
    const v32 energy_out = energy_of_quarter(shaped);
    const vmask silent = v_eq(energy_out, v32_zero());
    const vpair target = find_target(energy_of_quarter(in), energy_out);
    vpair gain = twin_load(memory);
    for (int i = 0; i < G729_SUBFRAME; i++) { /* (A.16) */
        gain = v_add_pairs(twin_mult(gain, twin_all(GAIN_OLD)), target);
        const vpair scaled = twin_saturate(v_right(v_products(shaped[i], gain), 13));
        out[i] = twin_select(silent, shaped[i], scaled);
    }
    *memory = twin_row(twin_select(silent, twin_all(0), gain));
}

/*
 * `speech` is preceded by its last 10 samples; `delays` are the pitch delays of both subframes, `past` is where the
 * residual of the frame goes.
 */
V_INLINE void post_filter(struct lanes_decoder *state, const vpair *speech,
                          const vpair filters[2][G729_TAPS], const v32 delays[2],
                          const struct lane_places *past, vmask active, vmask used,
                          vpair out[G729_FRAME])
{
    vpair shaped[G729_ORDER + G729_FRAME];
    for (int i = 0; i < G729_ORDER; i++)
        shaped[i] = twin_load(&state->output[i]);
    for (int i = 0; i < 2; i++) {
        const int at = i * G729_SUBFRAME;
        const struct lane_places places = lanes_back(past, v32_all(-at));
        vpair zeros[G729_TAPS], poles[G729_TAPS];
        vpair residual[G729_SUBFRAME], pitched[G729_SUBFRAME], level[G729_SUBFRAME];
        weight_filter(filters[i], GAMMA_ZEROS, zeros);
        weight_filter(filters[i], GAMMA_POLES, poles);
        filter_residual(zeros, speech + at, residual, G729_SUBFRAME);
        write_places(&places, residual, G729_SUBFRAME);
        const bool any = v_any(active);
        if (any)
            filter_pitch(&places, residual, delays[i], active, pitched);
        compensate_tilt(&state->tilt, find_tilt(zeros, poles, used), any ? pitched : residual,
                        level);
        vpair *now = shaped + G729_ORDER + at;
        const vmask doubtful = v_and(used, filter_synthesis(poles, level, now, G729_SUBFRAME));
        if (v_any(doubtful))
            synthesize_lanes(doubtful, poles, level, now, G729_SUBFRAME);
        control_gain(&state->gain, speech + at, now, out + at);
    }
    for (int i = 0; i < G729_ORDER; i++)
        state->output[i] = twin_row(shaped[G729_FRAME + i]);
}

#endif
