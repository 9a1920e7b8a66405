/*
 * ITU-T G.711: A-law and mu-law, and the conversion between them.
 *
 * Octets are those on the line: A-law with the even bits inverted, mu-law with all bits inverted.
 * Linear samples are 16 bits, left-justified (see codec.h). Stateless; every function is safe in
 * place only where it says so.
 */
#ifndef TRUNKGATE_CODECS_G711_H
#define TRUNKGATE_CODECS_G711_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum g711_law { G711_ALAW = 0, G711_ULAW = 1 };

/* The octet of an idle channel: the positive value nearest to zero. */
#define G711_ALAW_IDLE 0xD5u
#define G711_ULAW_IDLE 0xFFu

/* [law][octet]: decoder output, G.711 tables 1, 2 */
extern const int16_t g711_linear_table[2][256];
extern const uint8_t g711_alaw_table[2048];     /* [magnitude >> 4]: octet of a positive sample */
extern const uint8_t g711_ulaw_table[8192];     /* [magnitude >> 2]: octet of a positive sample */
extern const uint8_t g711_convert_table[2][256]; /* [from law][octet]: octet of the other law */

static inline uint8_t g711_idle(enum g711_law law)
{
    return law == G711_ALAW ? G711_ALAW_IDLE : G711_ULAW_IDLE;
}

/* One sample. Negative values are folded by one's complement, as G.191 does. */
static inline uint8_t g711_alaw_from_linear(int16_t sample)
{
    const int32_t sign = sample >> 15; /* 0 or -1 */
    return (uint8_t)(g711_alaw_table[(sample ^ sign) >> 4] ^ (sign & 0x80));
}

static inline uint8_t g711_ulaw_from_linear(int16_t sample)
{
    const int32_t sign = sample >> 15;
    return (uint8_t)(g711_ulaw_table[(sample ^ sign) >> 2] ^ (sign & 0x80));
}

static inline int16_t g711_to_linear(enum g711_law law, uint8_t octet)
{
    return g711_linear_table[law][octet];
}

static inline uint8_t g711_from_linear(enum g711_law law, int16_t sample)
{
    return law == G711_ALAW ? g711_alaw_from_linear(sample) : g711_ulaw_from_linear(sample);
}

/* `count` samples to octets. */
void g711_encode(enum g711_law law, const int16_t *samples, size_t count, uint8_t *octets);

/* `count` octets to samples. */
void g711_decode(enum g711_law law, const uint8_t *octets, size_t count, int16_t *samples);

/*
 * `count` octets of law `from` to octets of law `to` by G.711 tables 3 and 4; a copy where the laws
 * are equal. `in` and `out` may be the same memory.
 */
void g711_convert(enum g711_law from, enum g711_law to, const uint8_t *in, size_t count,
                  uint8_t *out);

#ifdef __cplusplus
}
#endif

#endif
