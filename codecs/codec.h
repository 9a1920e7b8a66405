/*
 * The row that every speech codec fills.
 *
 * A codec is a row of functions over memory that the caller owns: nothing here allocates, reads a
 * clock, does I/O, or keeps a global that is not a constant. All functions are reentrant; one state
 * belongs to one channel and is never shared between threads without the caller's own lock.
 *
 * Samples are 16-bit linear PCM at 8 kHz, left-justified: a G.711 A-law decoder output value (13
 * bits) is multiplied by 8, a mu-law one (14 bits) by 4, as in ITU-T G.191. A sine with a peak of
 * 32768 is +3.14 dBm0 on A-law (G.711 §5 and table 5; mu-law differs by less than 0.07 dB).
 */
#ifndef TRUNKGATE_CODECS_CODEC_H
#define TRUNKGATE_CODECS_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "codec-lanes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one frame of a payload was found to be. */
enum codec_frame {
    CODEC_FRAME_SPEECH = 0,        /* frame_octets octets of speech */
    CODEC_FRAME_SID = 1,           /* sid_octets octets: silence insertion descriptor */
    CODEC_FRAME_UNTRANSMITTED = 2, /* 0 octets: the sender is silent (DTX) */
    CODEC_FRAME_MALFORMED = 3      /* any other count; the decoder concealed instead */
};

/* Options of init_encoder, to be joined by |. */
enum codec_option {
    CODEC_OPTION_NONE = 0,
    CODEC_OPTION_DTX = 1 /* discontinuous transmission: SID and untransmitted frames may be made */
};

#define CODEC_PAYLOAD_TYPE_DYNAMIC 255 /* payload_type of a codec without a static number */

struct codec {
    const char *name;       /* encoding name in SDP (RFC 4855): "PCMA", "PCMU", "G729" */
    uint32_t clock_rate;    /* RTP clock in Hz (RFC 3551 table 4) */
    uint8_t payload_type;   /* static payload type (RFC 3551 table 4) or the constant above */
    uint16_t frame_samples; /* samples of one frame of encode and decode: 80 (10 ms) */
    uint16_t frame_octets;  /* octets of one speech frame: 80 for G.711, 10 for G.729 */
    uint16_t sid_octets;    /* octets of a SID frame, 0 where the codec has none */
    uint16_t unit_samples;  /* the smallest part of a payload that stands alone, in samples... */
    uint16_t unit_octets;   /* ...and in octets: 1 and 1 for G.711, 80 and 10 for G.729 */
    uint16_t decoder_delay; /* samples by which decode's output lags its input */
    uint16_t encoder_delay; /* samples of look-ahead of encode */
    size_t encoder_size;    /* octets of encoder state; aligned as max_align_t; 0 if none */
    size_t decoder_size;    /* octets of decoder state; aligned as max_align_t; 0 if none */

    /* Makes a fresh state; may be called again at any time to start anew. */
    void (*init_encoder)(void *encoder, unsigned options);
    void (*init_decoder)(void *decoder);

    /* Encodes frame_samples samples. Writes at most frame_octets octets and returns how many:
     * frame_octets (speech), sid_octets (SID) or 0 (untransmitted). */
    size_t (*encode)(void *encoder, const int16_t *samples, uint8_t *octets);

    /* Decodes one frame of `count` octets into frame_samples samples and says what it was. Every
     * count and every content is safe; 0 octets is an untransmitted frame. */
    enum codec_frame (*decode)(void *decoder, const uint8_t *octets, size_t count,
                               int16_t *samples);

    /* Makes frame_samples samples in place of a frame that was lost. */
    void (*conceal)(void *decoder, int16_t *samples);

    /* Groups of channels: the `index`th form that this processor runs, fastest first, NULL past the last. The function
     * itself is NULL where a codec has none. */
    const struct codec_lanes *(*lanes)(unsigned index);
};

/*
 * Samples that a payload of `octets` octets stands for, or 0 when it is no payload of this codec:
 * whole units, and at the end at most one SID frame (RFC 3551 §4.5.6).
 */
static inline uint32_t codec_payload_samples(const struct codec *codec, size_t octets)
{
    const size_t units = octets / codec->unit_octets;
    const size_t rest = octets % codec->unit_octets;
    if (rest == 0)
        return (uint32_t)(units * codec->unit_samples);
    if (codec->sid_octets != 0 && rest == codec->sid_octets)
        return (uint32_t)((units + 1) * codec->unit_samples);
    return 0;
}

extern const struct codec codec_pcma; /* G.711 A-law, payload type 8 */
extern const struct codec codec_pcmu; /* G.711 mu-law, payload type 0 */
extern const struct codec codec_g729; /* G.729 Annexes A and B, payload type 18 */

#ifdef __cplusplus
}
#endif

#endif
