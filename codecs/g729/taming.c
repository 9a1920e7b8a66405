#include "taming.h"

#include <string.h>

#include "double-precision.h"
#include "frame.h"
#include "tables.h"

#define ONE 0x4000
#define THRESHOLD 983040000 /* 60000, Q14 */
#define REACH 10            /* samples of the interpolation on each side */

void g729_taming_init(struct g729_taming *taming)
{
    for (int i = 0; i < 4; i++)
        taming->error[i] = ONE;
}

bool g729_taming_needed(const struct g729_taming *taming, struct g729_delay delay)
{
    const int longest = delay.thirds > 0 ? delay.whole + 1 : delay.whole;
    const int nearest = longest - G729_SUBFRAME - REACH;
    const int first = g729_tame_zone[nearest < 0 ? 0 : nearest];
    const int last = g729_tame_zone[longest + REACH - 2];
    for (int i = first; i <= last; i++)
        if (taming->error[i] > THRESHOLD)
            return true;
    return false;
}

static int32_t grow(int32_t error, int16_t gain)
{
    const int32_t grown = g729_l_shl(g729_dpf_scale(g729_dpf_split(error), gain), 1);
    return g729_l_add(ONE, grown);
}

void g729_taming_update(struct g729_taming *taming, int16_t gain, int delay)
{
    int32_t worst = -1;
    if (delay < G729_SUBFRAME) {
        const int32_t once = grow(taming->error[0], gain);
        const int32_t twice = grow(once, gain);
        worst = once > twice ? once : twice;
    } else {
        const int last = g729_tame_zone[delay - 1];
        for (int i = g729_tame_zone[delay - G729_SUBFRAME]; i <= last; i++) {
            const int32_t error = grow(taming->error[i], gain);
            worst = error > worst ? error : worst;
        }
    }
    memmove(taming->error + 1, taming->error, 3 * sizeof *taming->error);
    taming->error[0] = worst;
}
