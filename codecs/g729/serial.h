/*
 * The serial form of G.729 in the ITU's files, 16-bit little-endian words:
 *
 *   0x6B21 | number of bits: 80, 16 (SID) or 0 (untransmitted) | a word a bit: 0x7F is 0, 0x81 is 1
 *
 * A frame that was erased has 0x6B20 at its beginning, or a word 0 among its bits.
 */
#ifndef TRUNKGATE_CODECS_G729_SERIAL_H
#define TRUNKGATE_CODECS_G729_SERIAL_H

#include "g729.h"

#ifdef __cplusplus
extern "C" {
#endif

#define G729_SERIAL_OCTETS (2 * (2 + 8 * G729_SPEECH_OCTETS)) /* of the longest frame */

struct g729_serial_frame {
    bool erased;
    uint8_t count; /* octets: 10, 2 or 0 */
    uint8_t octets[G729_SPEECH_OCTETS];
};

/* A frame of 10, 2 or 0 octets; returns how many octets of serial form were written. */
size_t g729_serial_print(const uint8_t *octets, size_t count, uint8_t serial[G729_SERIAL_OCTETS]);

#define G729_SERIAL_MALFORMED ((size_t)-1)

/*
 * Reads the frame that `serial` begins with and returns how many octets it took: 0 when it is not there whole,
 * G729_SERIAL_MALFORMED when no frame stands here.
 */
size_t g729_serial_parse(const uint8_t *serial, size_t size, struct g729_serial_frame *frame);

#ifdef __cplusplus
}
#endif

#endif
