#include "gain.h"

#include <string.h>

#include "correlation.h"
#include "double-precision.h"
#include "tables.h"

#define LOWEST_ERROR (-14336) /* -14 dB, Q10 */

void g729_gain_memory_init(struct g729_gain_memory *memory)
{
    for (int i = 0; i < 4; i++)
        memory->error[i] = LOWEST_ERROR;
}

struct g729_predicted_gain g729_predict_gain(const struct g729_gain_memory *memory,
                                             const int16_t code[G729_SUBFRAME])
{
    /* 30 dB less the energy of the code, Q14: 127.298 - 10 log10(energy) */
    const struct g729_logarithm energy = g729_log2(g729_dot_self(code, 0));
    int32_t level = g729_dpf_scale((struct g729_dpf){energy.exponent, energy.fraction}, -24660);
    level = g729_l_shl(g729_l_mac(level, 32588, 32), 10); /* Q24 */
    for (int i = 0; i < 4; i++)
        level = g729_l_mac(level, g729_gain_ma[i], memory->error[i]);

    /* 10^(level/20) = 2^(0.166 level) */
    const int32_t power = g729_l_mult(g729_high(level), 5439) >> 8; /* Q16 */
    const struct g729_dpf split = g729_dpf_split(power);
    return (struct g729_predicted_gain){g729_low(g729_power(14, split.lo)),
                                        g729_sub(14, split.hi)};
}

static void push(struct g729_gain_memory *memory, int16_t error)
{
    memmove(memory->error + 1, memory->error, 3 * sizeof *memory->error);
    memory->error[0] = error;
}

void g729_gain_memory_push(struct g729_gain_memory *memory, int32_t correction)
{
    const struct g729_logarithm log = g729_log2(correction);
    const int32_t log16 = g729_dpf_join((struct g729_dpf){g729_sub(log.exponent, 13), log.fraction});
    push(memory, g729_mult(g729_high(g729_l_shl(log16, 13)), 24660)); /* x 20 log10(2) */
}

void g729_gain_memory_conceal(struct g729_gain_memory *memory)
{
    int32_t sum = 0;
    for (int i = 0; i < 4; i++)
        sum += memory->error[i];
    const int16_t error = g729_sub((int16_t)(sum >> 2), 4096); /* the mean less 4 dB */
    push(memory, error < LOWEST_ERROR ? LOWEST_ERROR : error);
}

void g729_decode_gains(struct g729_gain_memory *memory, int16_t index,
                       const int16_t code[G729_SUBFRAME], struct g729_gains *gains)
{
    const int16_t *ga = g729_gain_codebook1[g729_gain_unmap1[index >> 4 & 7]];
    const int16_t *gb = g729_gain_codebook2[g729_gain_unmap2[index & 15]];
    gains->pitch = g729_add(ga[0], gb[0]); /* (73) */

    const struct g729_predicted_gain predicted = g729_predict_gain(memory, code);
    const int32_t correction = (int32_t)ga[1] + gb[1];
    const int32_t gain = g729_l_mult(g729_low(correction >> 1), predicted.mantissa);
    gains->code = g729_high(g729_l_shl(gain, 4 - predicted.exponent)); /* (74) */
    g729_gain_memory_push(memory, correction);
}

void g729_conceal_gains(struct g729_gain_memory *memory, struct g729_gains *gains)
{
    gains->pitch = g729_mult(gains->pitch, 29491); /* x 0.9 */
    if (gains->pitch > 29491)
        gains->pitch = 29491;
    gains->code = g729_mult(gains->code, 32111); /* x 0.98 */
    g729_gain_memory_conceal(memory);
}
