/* The fixed codebook (../fixed-codebook.h) on lanes. */
#ifndef TRUNKGATE_CODECS_G729_LANES_FIXED_CODEBOOK_H
#define TRUNKGATE_CODECS_G729_LANES_FIXED_CODEBOOK_H

#include "../fixed-codebook.h"
#include "twins.h"

/* The vector of four pulses, Q13. */
V_INLINE void decode_pulses(v32 positions, v32 signs, vpair code[G729_SUBFRAME])
{
    const v32 seven = v32_all(7), one = v32_all(1);
    const v32 last = v_plus(v32_all(3), v_right(positions, 9) & one);
    const v32 places[4] = {/* table 7, in fives */
                           positions & seven, v_right(positions, 3) & seven,
                           v_right(positions, 6) & seven, v_right(positions, 10) & seven};
    vpair pulses[4];
    UNROLL
    for (int i = 0; i < 4; i++)
        pulses[i] =
            twin_select(v_eq(v_right(signs, i) & one, one), twin_all(8191), twin_all(-8192));
    for (int five = 0; five < 8; five++) {
        vpair here[4];
        UNROLL
        for (int i = 0; i < 4; i++)
            here[i] = twin_select(v_eq(places[i], v32_all(five)), pulses[i], twin_all(0));
        const vmask third = v_eq(last, v32_all(3));
        code[5 * five] = here[0];
        code[5 * five + 1] = here[1];
        code[5 * five + 2] = here[2];
        code[5 * five + 3] = twin_select(third, here[3], twin_all(0));
        code[5 * five + 4] = twin_select(third, twin_all(0), here[3]);
    }
}

/* §3.8 (48): adds what lies `delay` back, times `sharp` (Q14). */
V_INLINE void sharpen_code(vpair code[G729_SUBFRAME], v32 delay, vpair sharp)
{
    const vmask shorter = v_gt(v32_all(G729_SUBFRAME), delay);
    if (!v_any(shorter))
        return;
    const vpair gain = v_add_pairs(sharp, sharp);
    const v32 lanes = v_lane_numbers();
    for (int i = G729_PITCH_MIN - 1; i < G729_SUBFRAME; i++) {
        const v32 back = v_minus(v32_all(i), delay);
        const vmask now = v_and(shorter, v_gt(back, v32_all(-1)));
        const v32 place = v_plus(v_times(v_max(back, v32_zero()), v32_all(V_LANES)), lanes);
        const vpair before = (vpair)v_gather((const int32_t *)(const void *)code, place);
        const vpair sum = v_add_pairs(code[i], twin_mult(before, gain));
        code[i] = twin_select(now, sum, code[i]);
    }
}

#endif
