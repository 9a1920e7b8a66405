/* The pitch delay (../pitch-delay.h), one a lane. */
#ifndef TRUNKGATE_CODECS_G729_LANES_PITCH_DELAY_H
#define TRUNKGATE_CODECS_G729_LANES_PITCH_DELAY_H

#include "../pitch-delay.h"
#include "twins.h"

struct lanes_delay {
    v32 whole;
    v32 thirds; /* -1, 0, 1 */
};

/* number / 3 of a number below 300. */
V_INLINE v32 third_of(v32 number)
{
    return v_right(v_times(number, v32_all(10923)), 15);
}

/* §4.1.3, first subframe. */
V_INLINE struct lanes_delay decode_pitch1(v32 index)
{
    const v32 fine = v_plus(third_of(v_plus(index, v32_all(2))), v32_all(19));
    const v32 thirds = v_plus(v_minus(index, v_times(fine, v32_all(3))), v32_all(58));
    const vmask coarse = v_gt(index, v32_all(196));
    return (struct lanes_delay){v_select(coarse, v_minus(index, v32_all(112)), fine),
                                v_select(coarse, v32_zero(), thirds)};
}

/* §3.7: the least of the ten delays of the second subframe's range, around the first's `whole`. */
V_INLINE v32 pitch2_lowest(v32 whole)
{
    const v32 lowest = v_max(v_minus(whole, v32_all(5)), v32_all(G729_PITCH_MIN));
    return v_min(lowest, v32_all(G729_PITCH_MAX - 9));
}

/* Second subframe, around the first's `whole`. */
V_INLINE struct lanes_delay decode_pitch2(v32 index, v32 whole)
{
    const v32 steps = v_minus(third_of(v_plus(index, v32_all(2))), v32_all(1));
    const v32 thirds = v_minus(v_minus(index, v32_all(2)), v_times(steps, v32_all(3)));
    return (struct lanes_delay){v_plus(pitch2_lowest(whole), steps), thirds};
}

V_INLINE v32 encode_pitch1(struct lanes_delay delay)
{
    const v32 coarse = v_plus(delay.whole, v32_all(112));
    const v32 fine = v_plus(v_minus(v_times(delay.whole, v32_all(3)), v32_all(58)), delay.thirds);
    return v_select(v_gt(delay.whole, v32_all(85)), coarse, fine);
}

/* `lowest` is the least delay of the second subframe's range. */
V_INLINE v32 encode_pitch2(struct lanes_delay delay, v32 lowest)
{
    const v32 steps = v_times(v_minus(delay.whole, lowest), v32_all(3));
    return v_plus(v_plus(steps, v32_all(2)), delay.thirds);
}

#endif
