#include "fixed-codebook.h"

#include <string.h>

#include "basic-operators.h"

void g729_decode_pulses(int16_t positions, int16_t signs, int16_t code[G729_SUBFRAME])
{
    const int place[4] = {/* table 7 */
                          5 * (positions & 7), 5 * (positions >> 3 & 7) + 1,
                          5 * (positions >> 6 & 7) + 2,
                          5 * (positions >> 10 & 7) + 3 + (positions >> 9 & 1)};
    memset(code, 0, G729_SUBFRAME * sizeof *code);
    for (int i = 0; i < 4; i++)
        code[place[i]] = (signs >> i & 1) != 0 ? 8191 : -8192;
}

void g729_sharpen(int16_t vector[G729_SUBFRAME], int delay, int16_t sharp)
{
    const int16_t gain = g729_shl(sharp, 1);
    for (int i = delay; i < G729_SUBFRAME; i++)
        vector[i] = g729_add(vector[i], g729_mult(vector[i - delay], gain));
}
