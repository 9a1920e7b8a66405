/*
 * The tables of G.711, written by the preprocessor from the Recommendation's rules, so that no
 * number is typed but those of the conversion tables 3 and 4.
 */
#include "g711.h"

/* EACH_n(f, i): f(i), f(i + 1), ... n times. */
#define EACH_4(f, i) f(i), f((i) + 1), f((i) + 2), f((i) + 3)
#define EACH_16(f, i) EACH_4(f, i), EACH_4(f, (i) + 4), EACH_4(f, (i) + 8), EACH_4(f, (i) + 12)
#define EACH_64(f, i) \
    EACH_16(f, i), EACH_16(f, (i) + 16), EACH_16(f, (i) + 32), EACH_16(f, (i) + 48)
#define EACH_256(f, i) \
    EACH_64(f, i), EACH_64(f, (i) + 64), EACH_64(f, (i) + 128), EACH_64(f, (i) + 192)
#define EACH_1024(f, i) \
    EACH_256(f, i), EACH_256(f, (i) + 256), EACH_256(f, (i) + 512), EACH_256(f, (i) + 768)

/*
 * Decoder outputs. A-law: segment s, position p: 2p + 1 in segment 0, (2p + 33) * 2^(s - 1) above,
 * in 13 bits; times 8. Mu-law: (2p + 33) * 2^s - 33, in 14 bits; times 4.
 */
#define SEGMENT(code) (((code) >> 4) & 7)
#define POSITION(code) ((code) & 15)
#define SIGNED(positive, magnitude) ((int16_t)((positive) ? (magnitude) : -(magnitude)))

#define ALAW_MAGNITUDE(code)                                              \
    (SEGMENT(code) == 0 ? 2 * POSITION(code) + 1                          \
                        : (2 * POSITION(code) + 33) * (1 << SEGMENT(code)) / 2)
#define ALAW_LINEAR(octet) SIGNED((octet) & 0x80, ALAW_MAGNITUDE((octet) ^ 0x55) * 8)

#define ULAW_MAGNITUDE(code) ((2 * POSITION(code) + 33) * (1 << SEGMENT(code)) - 33)
#define ULAW_LINEAR(octet) SIGNED((octet) & 0x80, ULAW_MAGNITUDE(~(octet)) * 4)

const int16_t g711_linear_table[2][256] = {
    {EACH_256(ALAW_LINEAR, 0)},
    {EACH_256(ULAW_LINEAR, 0)},
};

/*
 * Encoders. The segment is told by the highest bit of the magnitude (A-law: 11 bits; mu-law: 13
 * bits with the bias of 33 added), the position by the four bits below it.
 */
#define BAND(m, first) /* how many doublings of `first` the magnitude has reached, 0 to 7 */ \
    (((m) >= 2 * (first)) + ((m) >= 4 * (first)) + ((m) >= 8 * (first)) +                   \
     ((m) >= 16 * (first)) + ((m) >= 32 * (first)) + ((m) >= 64 * (first)) +                \
     ((m) >= 128 * (first)))

#define ALAW_CODE(m) \
    ((m) < 16 ? (m) : ((BAND(m, 16) + 1) << 4) | (((m) >> BAND(m, 16)) & 15))
#define ALAW_OCTET(m) (uint8_t)(0x80 ^ 0x55 ^ ALAW_CODE(m))

#define ULAW_BIASED(m) ((m) + 33 > 8191 ? 8191 : (m) + 33)
#define ULAW_CODE(b) ((BAND(b, 32) << 4) | (((b) >> (BAND(b, 32) + 1)) & 15))
#define ULAW_OCTET(m) (uint8_t)(0xFF ^ ULAW_CODE(ULAW_BIASED(m)))

const uint8_t g711_alaw_table[2048] = {EACH_1024(ALAW_OCTET, 0), EACH_1024(ALAW_OCTET, 1024)};

const uint8_t g711_ulaw_table[8192] = {
    EACH_1024(ULAW_OCTET, 0),    EACH_1024(ULAW_OCTET, 1024), EACH_1024(ULAW_OCTET, 2048),
    EACH_1024(ULAW_OCTET, 3072), EACH_1024(ULAW_OCTET, 4096), EACH_1024(ULAW_OCTET, 5120),
    EACH_1024(ULAW_OCTET, 6144), EACH_1024(ULAW_OCTET, 7168),
};

/*
 * G.711 tables 3 (mu to A) and 4 (A to mu), as pieces of straight lines over decoder output value
 * numbers: mu-law 0 to 127, A-law 1 to 128, smallest magnitude first. Signs are kept.
 */
#define ALAW_NUMBER(u)              \
    ((u) < 16   ? (u) / 2 + 1       \
     : (u) < 33 ? (u)-7             \
     : (u) < 36 ? 2 * (u)-39        \
     : (u) < 48 ? (u)-3             \
     : (u) < 49 ? 46                \
     : (u) < 64 ? (u)-1             \
     : (u) < 80 ? (u)               \
                : (u) + 1)

#define ULAW_NUMBER(a)                \
    ((a) < 9    ? 2 * (a)-1           \
     : (a) < 25 ? (a) + 7             \
     : (a) < 33 ? ((a)-25) / 2 + 32   \
     : (a) < 45 ? (a) + 3             \
     : (a) < 49 ? ((a)-45) / 2 + 48   \
     : (a) < 63 ? (a) + 1             \
     : (a) < 65 ? 64                  \
     : (a) < 80 ? (a)                 \
                : (a)-1)

#define ALAW_TO_ULAW(octet) \
    (uint8_t)(((octet) & 0x80) | (0x7F - ULAW_NUMBER((((octet) ^ 0x55) & 0x7F) + 1)))
#define ULAW_TO_ALAW(octet) \
    (uint8_t)((((octet) & 0x80) | (ALAW_NUMBER(0x7F - ((octet) & 0x7F)) - 1)) ^ 0x55)

const uint8_t g711_convert_table[2][256] = {
    {EACH_256(ALAW_TO_ULAW, 0)},
    {EACH_256(ULAW_TO_ALAW, 0)},
};
