/*
 * The ITU's sequences of G.729 Annex A and Annex B, bit for bit.
 */
#include <g729/g729.h>

#include "g729-sequence.h"

static struct sequence_bits bits;
static struct sequence_pcm pcm;

/* Decodes the frames of `input` and compares with the samples of `output`. */
static int decodes(const char *input, const char *output)
{
    if (!sequence_read_bits(input, &bits) || !sequence_read_pcm(output, &pcm))
        return 0;
    struct g729_decoder decoder;
    g729_decoder_init(&decoder);
    CHECK_EQUAL(pcm.count, bits.count * G729_FRAME);
    for (size_t i = 0; i < bits.count; i++) {
        int16_t samples[G729_FRAME];
        if (bits.frames[i].erased)
            g729_decode_erased(&decoder, samples);
        else
            g729_decode_speech(&decoder, bits.frames[i].data, samples);
        if (memcmp(samples, pcm.samples + i * G729_FRAME, sizeof samples) != 0) {
            int at = 0;
            while (samples[at] == pcm.samples[i * G729_FRAME + at])
                at++;
            if (harness_fail(__FILE__, __LINE__))
                printf("%s: frame %zu differs from %s at sample %d\n", input, i, output, at);
            return 1;
        }
    }
    return 1;
}

#define DECODES(test, input, output)                \
    TEST(test)                                      \
    {                                               \
        if (!decodes(input, output))                \
            SKIP("no folder of ITU test vectors");  \
    }

DECODES(algthm_decodes, "g729AnnexA/ALGTHM.BIT", "g729AnnexA/ALGTHM.PST")
DECODES(erasure_decodes, "g729AnnexA/ERASURE.BIT", "g729AnnexA/ERASURE.PST")
DECODES(fixed_decodes, "g729AnnexA/FIXED.BIT", "g729AnnexA/FIXED.PST")
DECODES(lsp_decodes, "g729AnnexA/LSP.BIT", "g729AnnexA/LSP.PST")
DECODES(overflow_decodes, "g729AnnexA/OVERFLOW.BIT", "g729AnnexA/OVERFLOW.PST")
DECODES(parity_decodes, "g729AnnexA/PARITY.BIT", "g729AnnexA/PARITY.PST")
DECODES(pitch_decodes, "g729AnnexA/PITCH.BIT", "g729AnnexA/PITCH.PST")
DECODES(speech_decodes, "g729AnnexA/SPEECH.BIT", "g729AnnexA/SPEECH.PST")
DECODES(tame_decodes, "g729AnnexA/TAME.BIT", "g729AnnexA/TAME.PST")
DECODES(test_decodes, "g729AnnexA/TEST.BIT", "g729AnnexA/TEST.pst")

MAIN()
