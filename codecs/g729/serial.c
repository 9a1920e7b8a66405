#include "serial.h"

#include <string.h>

enum word { FRAME = 0x6B21, ERASED_FRAME = 0x6B20, ZERO = 0x7F, ONE = 0x81, ERASED_BIT = 0 };

static void put(uint8_t *at, unsigned word)
{
    at[0] = (uint8_t)word;
    at[1] = (uint8_t)(word >> 8);
}

static unsigned word_at(const uint8_t *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

size_t g729_serial_print(const uint8_t *octets, size_t count, uint8_t serial[G729_SERIAL_OCTETS])
{
    put(serial, FRAME);
    put(serial + 2, (unsigned)(8 * count));
    for (size_t bit = 0; bit < 8 * count; bit++)
        put(serial + 4 + 2 * bit, octets[bit / 8] & 0x80 >> bit % 8 ? ONE : ZERO);
    return 4 + 16 * count;
}

size_t g729_serial_parse(const uint8_t *serial, size_t size, struct g729_serial_frame *frame)
{
    if (size < 4)
        return 0;
    const unsigned sync = word_at(serial);
    const unsigned bits = word_at(serial + 2);
    if ((sync != FRAME && sync != ERASED_FRAME) ||
        (bits != 8 * G729_SPEECH_OCTETS && bits != 8 * G729_SID_OCTETS && bits != 0))
        return G729_SERIAL_MALFORMED;
    if (size < 4 + 2 * bits)
        return 0;
    memset(frame, 0, sizeof *frame);
    frame->erased = sync == ERASED_FRAME;
    frame->count = (uint8_t)(bits / 8);
    for (unsigned bit = 0; bit < bits; bit++) {
        switch (word_at(serial + 4 + 2 * bit)) {
        case ONE:
            frame->octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
            break;
        case ZERO:
            break;
        case ERASED_BIT:
            frame->erased = true;
            break;
        default:
            return G729_SERIAL_MALFORMED;
        }
    }
    return 4 + 2 * bits;
}
