/* Taming (../taming.h) on lanes. §3.9. */
#ifndef TRUNKGATE_CODECS_G729_LANES_TAMING_H
#define TRUNKGATE_CODECS_G729_LANES_TAMING_H

#include "../frame.h"
#include "../tables.h"
#include "pitch-delay.h"

#define TAME_ONE 0x4000
#define THRESHOLD 983040000 /* 60000, Q14 */
#define TAME_REACH 10       /* samples of the interpolation on each side */

/* Where the error could grow too far at this delay. */
V_INLINE vmask taming_needed(const v32 errors[4], struct lanes_delay delay)
{
    const v32 longest = v_plus(delay.whole, v_max(delay.thirds, v32_zero()));
    const v32 nearest = v_max(v_minus(longest, v32_all(G729_SUBFRAME + TAME_REACH)), v32_zero());
    const v32 first = v_lookup(g729_tame_zone, nearest);
    const v32 last = v_lookup(g729_tame_zone, v_plus(longest, v32_all(TAME_REACH - 2)));
    vmask needed = v_mask(0);
    for (int i = 0; i < 4; i++) {
        const vmask outside = v_or(v_gt(first, v32_all(i)), v_gt(v32_all(i), last));
        const vmask large = v_gt(errors[i], v32_all(THRESHOLD));
        needed = v_or(needed, v_and(large, v_not(outside)));
    }
    return needed;
}

V_INLINE v32 grow_error(v32 error, v32 gain)
{
    const v32 grown = v_l_shl(v_dpf_scale(v_dpf_split(error), gain), 1);
    return v_l_add(v32_all(TAME_ONE), grown);
}

/* Steps the growth by a subframe of this pitch gain (Q14). */
V_INLINE void update_taming(v32 errors[4], vmask lanes, v32 gain, v32 delay)
{
    const v32 once = grow_error(errors[0], gain), twice = grow_error(once, gain);
    const vmask near = v_gt(v32_all(G729_SUBFRAME), delay);
    const v32 from = v_max(v_minus(delay, v32_all(G729_SUBFRAME)), v32_zero());
    const v32 first = v_lookup(g729_tame_zone, from);
    const v32 last = v_lookup(g729_tame_zone, v_minus(delay, v32_all(1)));
    v32 worst = v32_all(-1);
    for (int i = 0; i < 4; i++) {
        const vmask outside = v_or(v_gt(first, v32_all(i)), v_gt(v32_all(i), last));
        const v32 larger = v_max(worst, grow_error(errors[i], gain));
        worst = v_select(outside, worst, larger);
    }
    worst = v_select(near, v_max(once, twice), worst);
    for (int i = 3; i > 0; i--)
        errors[i] = v_select(lanes, errors[i - 1], errors[i]);
    errors[0] = v_select(lanes, worst, errors[0]);
}

#endif
