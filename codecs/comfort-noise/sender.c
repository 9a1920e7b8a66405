#include "spectrum.h"
#include "voice.h"

#include <math.h>
#include <string.h>

#define BLOCK ((int)COMFORT_NOISE_BLOCK)
#define STEADY 0.99f        /* pole of the filter against a steady part: 13 Hz */
#define LEARNING 0.125f     /* of a block's correlation into that of the noise */
#define LEVEL_CHANGE 1.585f /* 2 dB */
#define SHAPE_CHANGE 0.15f
#define LEAST_BLOCKS 10     /* between two payloads: 100 ms */
#define MOST_BLOCKS 200     /* 2 s: a lost payload is made good */

void comfort_noise_sender_init(struct comfort_noise_sender *sender)
{
    memset(sender, 0, sizeof *sender);
    comfort_noise_voice_init(&sender->voice);
}

/* The block joins the history without its steady part; returns its mean square. */
static float take_in(struct comfort_noise_sender *sender, const int16_t *samples)
{
    memmove(sender->history, sender->history + BLOCK,
            sizeof sender->history - BLOCK * sizeof *sender->history);
    float *newest = sender->history + COMFORT_NOISE_WINDOW - BLOCK;
    float energy = 0.0f;
    for (int i = 0; i < BLOCK; i++) {
        const float input = samples[i];
        sender->last_output = input - sender->last_input + STEADY * sender->last_output;
        sender->last_input = input;
        newest[i] = sender->last_output;
        energy += newest[i] * newest[i];
    }
    return energy / BLOCK;
}

static void learn(struct comfort_noise_sender *sender, const struct comfort_noise_spectrum *heard)
{
    float *noise = sender->noise.correlation;
    /* What is quieter by 3 dB counts at once: the first blocks after speech still hold its end. */
    const bool falls = heard->correlation[0] < noise[0] / 2;
    const float share = sender->heard && !falls ? LEARNING : 1.0f;
    for (int i = 0; i < COMFORT_NOISE_LAGS; i++)
        noise[i] += share * (heard->correlation[i] - noise[i]);
    comfort_noise_model(&sender->noise);
    sender->heard = true;
}

static bool has_changed(const struct comfort_noise_sender *sender)
{
    const float now = sender->noise.correlation[0] + 1.0f, then = sender->sent.correlation[0] + 1.0f;
    return now > LEVEL_CHANGE * then || then > LEVEL_CHANGE * now ||
           comfort_noise_distance(&sender->noise, &sender->sent) > SHAPE_CHANGE;
}

static bool is_due(const struct comfort_noise_sender *sender)
{
    if (sender->blocks_since_sent < LEAST_BLOCKS)
        return false;
    return sender->blocks_since_sent >= MOST_BLOCKS || has_changed(sender);
}

enum comfort_noise_decision comfort_noise_judge(struct comfort_noise_sender *sender,
                                                const int16_t *samples)
{
    struct comfort_noise_spectrum heard;
    const float power = take_in(sender, samples);
    comfort_noise_analyse(sender->history, &heard);
    const float distance = sender->heard ? comfort_noise_distance(&heard, &sender->noise) : 0.0f;
    const enum comfort_noise_voicing voicing =
        comfort_noise_voice_judge(&sender->voice, power, &heard, distance);
    if (voicing != VOICE_ACTIVE)
        learn(sender, &heard);
    const bool was_silent = sender->silent;
    sender->silent = voicing == VOICE_PAUSE;
    if (!sender->silent) {
        sender->due = false;
        return COMFORT_NOISE_SPEECH;
    }
    if (sender->blocks_since_sent < MOST_BLOCKS)
        sender->blocks_since_sent++;
    if (!was_silent || is_due(sender))
        sender->due = true;
    return sender->due ? COMFORT_NOISE_UPDATE : COMFORT_NOISE_NOTHING;
}

void comfort_noise_take(struct comfort_noise_sender *sender, struct comfort_noise_payload *payload)
{
    payload->level = comfort_noise_level(sender->noise.correlation[0]);
    payload->order = COMFORT_NOISE_SENT_ORDER;
    for (int i = 0; i < COMFORT_NOISE_ORDER; i++)
        payload->reflection[i] = comfort_noise_index(sender->noise.reflection[i]);
    sender->sent = sender->noise;
    sender->blocks_since_sent = 0;
    sender->due = false;
}
