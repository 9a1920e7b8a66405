#include "dtmf.h"
#include "level.h"

#include <math.h>
#include <string.h>

static const char characters[DTMF_CODES + 1] = "0123456789*#ABCD";

/* Q.23 §2: low and high group frequency of each code. */
static const uint16_t low_group[DTMF_CODES] = {941, 697, 697, 697, 770, 770, 770, 852,
                                               852, 852, 941, 941, 697, 770, 852, 941};
static const uint16_t high_group[DTMF_CODES] = {1336, 1209, 1336, 1477, 1209, 1336, 1477, 1209,
                                                1336, 1477, 1209, 1477, 1633, 1633, 1633, 1633};

const struct dtmf_levels dtmf_default_levels = {.low = -100, .high = -80};

enum state { IDLE = 0, TONE, HELD_TONE, PAUSE };

uint8_t dtmf_code(char character)
{
    if (character >= 'a' && character <= 'd')
        character = (char)(character - 'a' + 'A');
    const char *found = character == '\0' ? NULL : strchr(characters, character);
    return found == NULL ? DTMF_NONE : (uint8_t)(found - characters);
}

char dtmf_character(uint8_t code)
{
    return code < DTMF_CODES ? characters[code] : '\0';
}

void dtmf_generator_init(struct dtmf_generator *generator, struct dtmf_levels levels,
                         uint16_t on_ms, uint16_t off_ms)
{
    memset(generator, 0, sizeof *generator);
    generator->amplitude[0] = (float)level_to_peak(levels.low);
    generator->amplitude[1] = (float)level_to_peak(levels.high);
    generator->on_samples = (on_ms == 0 ? 70u : on_ms) * 8u;
    generator->off_samples = (off_ms == 0 ? 70u : off_ms) * 8u;
    generator->held = DTMF_NONE;
}

bool dtmf_generator_push(struct dtmf_generator *generator, uint8_t code)
{
    if (code >= DTMF_CODES || generator->count == DTMF_QUEUE)
        return false;
    generator->queue[(generator->head + generator->count++) % DTMF_QUEUE] = code;
    return true;
}

bool dtmf_generator_hold(struct dtmf_generator *generator, uint8_t code)
{
    if (code >= DTMF_CODES)
        return false;
    dtmf_generator_release(generator);
    /* What was held but has not sounded yet must still be heard once. */
    generator->held = code;
    return true;
}

void dtmf_generator_release(struct dtmf_generator *generator)
{
    if (generator->held == DTMF_NONE)
        return;
    if (generator->state == HELD_TONE)
        generator->state = TONE;
    else
        dtmf_generator_push(generator, generator->held);
    generator->held = DTMF_NONE;
}

void dtmf_generator_stop(struct dtmf_generator *generator)
{
    generator->state = IDLE;
    generator->count = 0;
    generator->held = DTMF_NONE;
}

bool dtmf_generator_busy(const struct dtmf_generator *generator)
{
    return generator->state != IDLE || generator->count > 0 || generator->held != DTMF_NONE;
}

static void begin_tone(struct dtmf_generator *generator, uint8_t code, enum state state)
{
    generator->state = (uint8_t)state;
    generator->sounded = 0;
    generator->phase[0] = generator->phase[1] = 0;
    generator->step[0] = tone_step(low_group[code]);
    generator->step[1] = tone_step(high_group[code]);
}

/* From idle: the queue first, then what is held. */
static void begin_next(struct dtmf_generator *generator)
{
    if (generator->count > 0) {
        const uint8_t code = generator->queue[generator->head];
        generator->head = (uint8_t)((generator->head + 1) % DTMF_QUEUE);
        generator->count--;
        begin_tone(generator, code, TONE);
    } else if (generator->held != DTMF_NONE) {
        begin_tone(generator, generator->held, HELD_TONE);
    }
}

/* Samples until the present state can change by itself. */
static size_t until_change(const struct dtmf_generator *generator, size_t count)
{
    const uint32_t length =
        generator->state == PAUSE ? generator->off_samples : generator->on_samples;
    if (generator->state == HELD_TONE || generator->state == IDLE)
        return count;
    if (generator->sounded >= length)
        return 0;
    return length - generator->sounded < count ? length - generator->sounded : count;
}

static void sound(struct dtmf_generator *generator, int16_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const float value = tone_sine(generator->phase[0]) * generator->amplitude[0] +
                            tone_sine(generator->phase[1]) * generator->amplitude[1];
        const float bounded = value > 32767.0f ? 32767.0f : value < -32768.0f ? -32768.0f : value;
        samples[i] = (int16_t)lrintf(bounded);
        generator->phase[0] += generator->step[0];
        generator->phase[1] += generator->step[1];
    }
}

bool dtmf_generate(struct dtmf_generator *generator, int16_t *samples, size_t count)
{
    bool toned = false;
    while (count > 0) {
        if (generator->state == IDLE)
            begin_next(generator);
        const size_t part = until_change(generator, count);
        if (generator->state == TONE || generator->state == HELD_TONE) {
            sound(generator, samples, part);
            toned = toned || part > 0;
        } else {
            memset(samples, 0, part * sizeof *samples);
        }
        if (generator->sounded < UINT32_MAX - part)
            generator->sounded += (uint32_t)part;
        samples += part;
        count -= part;
        if (generator->state == TONE && generator->sounded >= generator->on_samples) {
            generator->state = PAUSE;
            generator->sounded = 0;
        } else if (generator->state == PAUSE && generator->sounded >= generator->off_samples) {
            generator->state = IDLE;
        }
    }
    return toned;
}
