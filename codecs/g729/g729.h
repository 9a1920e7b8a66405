/*
 * ITU-T G.729 Annex A with Annex B: 8 kbit/s speech in frames of 10 ms, with voice activity detection,
 * discontinuous transmission and comfort noise.
 *
 * The caller owns the state, whose size is that of its struct; a state holds no pointer and may be copied.
 * No function allocates, keeps a global, or reads beyond what it is given; every input is safe.
 */
#ifndef TRUNKGATE_CODECS_G729_H
#define TRUNKGATE_CODECS_G729_H

#include <stddef.h>

#include "decoder.h"
#include "encoder.h"

#ifdef __cplusplus
extern "C" {
#endif

#define G729_SPEECH_OCTETS 10
#define G729_SID_OCTETS 2

/* With `discontinuous`, Annex B: SID and untransmitted frames where there is no speech. */
void g729_encoder_init(struct g729_encoder *encoder, bool discontinuous);

/*
 * Encodes a frame and returns how many octets: those of speech, of a SID frame, or 0 for one not to be transmitted.
 * The encoder looks 40 samples ahead.
 */
size_t g729_encode(struct g729_encoder *encoder, const int16_t samples[G729_FRAME],
                   uint8_t octets[G729_SPEECH_OCTETS]);

void g729_decoder_init(struct g729_decoder *decoder);

/* One frame of speech. */
void g729_decode_speech(struct g729_decoder *decoder, const uint8_t octets[G729_SPEECH_OCTETS],
                        int16_t samples[G729_FRAME]);

/* A silence insertion descriptor. */
void g729_decode_sid(struct g729_decoder *decoder, const uint8_t octets[G729_SID_OCTETS],
                     int16_t samples[G729_FRAME]);

/* A frame that the sender did not transmit because it was silent. */
void g729_decode_untransmitted(struct g729_decoder *decoder, int16_t samples[G729_FRAME]);

/* In place of a frame that was lost. */
void g729_decode_erased(struct g729_decoder *decoder, int16_t samples[G729_FRAME]);

#ifdef __cplusplus
}
#endif

#endif
