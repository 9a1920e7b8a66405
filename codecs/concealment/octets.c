/*
 * G.711 Appendix I over octets. While no loss is near, only octets move; the linear form is filled
 * from them when a loss begins and runs until its whole history is octets again.
 */
#include "concealment.h"

#include <string.h>

#define BLOCK CONCEALMENT_BLOCK
#define OCTETS sizeof(((struct octet_concealment *)0)->octets)
#define BLOCKS_OF_HISTORY 5 /* 400 samples cover the 390 */

void octet_concealment_init(struct octet_concealment *state, enum g711_law law)
{
    memset(state, 0, sizeof *state);
    state->law = (uint8_t)law;
    memset(state->octets, g711_idle(law), sizeof state->octets);
}

static void append(struct octet_concealment *state, const uint8_t *block)
{
    memmove(state->octets, state->octets + BLOCK, OCTETS - BLOCK);
    memcpy(state->octets + OCTETS - BLOCK, block, BLOCK);
}

/* The octets now to be heard: the delayed ones, but for samples that the linear form has
 * changed. */
static void emit(struct octet_concealment *state, const int16_t *linear, uint8_t *out)
{
    const enum g711_law law = (enum g711_law)state->law;
    uint8_t *heard = state->octets + OCTETS - BLOCK - CONCEALMENT_DELAY;
    for (size_t i = 0; i < BLOCK; i++)
        if (g711_to_linear(law, heard[i]) != linear[i])
            heard[i] = g711_from_linear(law, linear[i]);
    memcpy(out, heard, BLOCK);
}

void octet_concealment_receive(struct octet_concealment *state, const uint8_t *in, uint8_t *out)
{
    append(state, in);
    if (state->linear_left == 0) {
        memcpy(out, state->octets + OCTETS - BLOCK - CONCEALMENT_DELAY, BLOCK);
        return;
    }
    int16_t samples[BLOCK];
    g711_decode((enum g711_law)state->law, state->octets + OCTETS - BLOCK, BLOCK, samples);
    concealment_receive(&state->linear, samples, samples);
    emit(state, samples, out);
    state->linear_left--;
}

void octet_concealment_lose(struct octet_concealment *state, uint8_t *out)
{
    const enum g711_law law = (enum g711_law)state->law;
    if (state->linear_left == 0) {
        concealment_init(&state->linear);
        g711_decode(law, state->octets + OCTETS - CONCEALMENT_HISTORY, CONCEALMENT_HISTORY,
                    state->linear.history);
    }
    state->linear_left = BLOCKS_OF_HISTORY;
    uint8_t lost[BLOCK];
    memset(lost, g711_idle(law), sizeof lost);
    append(state, lost);
    int16_t samples[BLOCK];
    concealment_lose(&state->linear, samples);
    emit(state, samples, out);
}
