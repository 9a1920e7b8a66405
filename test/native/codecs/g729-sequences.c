/*
 * The ITU's sequences of G.729 Annex A and Annex B, bit for bit.
 */
#include <g729/lanes.h>

#include "g729-sequence.h"

static struct sequence_bits bits;
static struct sequence_pcm pcm;

/* Decodes `bits` in all lanes of a group, in each lane a frame later than in the one before, and compares with `pcm`. */
static int decodes_on_lanes(const struct codec_lanes *row, const char *input)
{
    void *group = aligned_alloc(CODEC_LANES_ALIGNMENT, row->decoder_size);
    int same = 1;
    row->init_decoders(group);
    for (size_t tick = 0; same && tick < bits.count + CODEC_LANES - 1; tick++) {
        struct codec_lane_frame frames[CODEC_LANES];
        int16_t found[CODEC_LANES][G729_FRAME], *samples[CODEC_LANES];
        uint16_t lanes = 0;
        for (size_t lane = 0; lane < CODEC_LANES; lane++) {
            samples[lane] = found[lane];
            if (tick < lane || tick - lane >= bits.count)
                continue;
            const struct sequence_frame *frame = &bits.frames[tick - lane];
            frames[lane] = (struct codec_lane_frame){frame->data, (uint8_t)frame->octets, frame->erased};
            lanes = (uint16_t)(lanes | 1u << lane);
        }
        row->decode(group, lanes, frames, samples);
        for (size_t lane = 0; lane < CODEC_LANES; lane++)
            if ((lanes >> lane & 1) != 0 && memcmp(found[lane], pcm.samples + (tick - lane) * G729_FRAME,
                                                   sizeof found[lane]) != 0)
                same = 0;
        if (!same && harness_fail(__FILE__, __LINE__))
            printf("%s: a frame differs in tick %zu on lanes of %s\n", input, tick, row->name);
    }
    free(group);
    return same;
}

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
        else if (bits.frames[i].octets == 0)
            g729_decode_untransmitted(&decoder, samples);
        else if (bits.frames[i].octets == G729_SID_OCTETS)
            g729_decode_sid(&decoder, bits.frames[i].data, samples);
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
    for (unsigned i = 0; g729_lanes(i) != NULL; i++)
        if (!decodes_on_lanes(g729_lanes(i), input))
            return 1;
    return 1;
}

/* Encodes `pcm` in all lanes of a group, in each lane a frame later than in the one before, and compares with `bits`. */
static int encodes_on_lanes(const struct codec_lanes *row, const char *input, bool discontinuous)
{
    void *group = aligned_alloc(CODEC_LANES_ALIGNMENT, row->encoder_size);
    struct g729_encoder fresh;
    int same = 1;
    row->init_encoders(group);
    g729_encoder_init(&fresh, discontinuous);
    for (unsigned lane = 0; lane < CODEC_LANES; lane++)
        row->load_encoder(group, lane, &fresh);
    for (size_t tick = 0; same && tick < bits.count + CODEC_LANES - 1; tick++) {
        const int16_t *samples[CODEC_LANES];
        uint8_t found[CODEC_LANES][G729_SPEECH_OCTETS], *octets[CODEC_LANES], counts[CODEC_LANES];
        uint16_t lanes = 0;
        for (size_t lane = 0; lane < CODEC_LANES; lane++) {
            octets[lane] = found[lane];
            samples[lane] = NULL;
            if (tick < lane || tick - lane >= bits.count)
                continue;
            samples[lane] = pcm.samples + (tick - lane) * G729_FRAME;
            lanes = (uint16_t)(lanes | 1u << lane);
        }
        row->encode(group, lanes, samples, octets, counts);
        for (size_t lane = 0; lane < CODEC_LANES; lane++) {
            if ((lanes >> lane & 1) == 0)
                continue;
            const struct sequence_frame *frame = &bits.frames[tick - lane];
            if (counts[lane] != frame->octets || memcmp(found[lane], frame->data, counts[lane]) != 0)
                same = 0;
        }
        if (!same && harness_fail(__FILE__, __LINE__))
            printf("%s: a frame differs in tick %zu on lanes of %s\n", input, tick, row->name);
    }
    free(group);
    return same;
}

/* Encodes the samples of `input` and compares with the frames of `output`. */
static int encodes(const char *input, const char *output, bool discontinuous)
{
    if (!sequence_read_pcm(input, &pcm) || !sequence_read_bits(output, &bits))
        return 0;
    struct g729_encoder encoder;
    g729_encoder_init(&encoder, discontinuous);
    CHECK_EQUAL(pcm.count / G729_FRAME, bits.count);
    for (size_t i = 0; i < bits.count; i++) {
        uint8_t octets[G729_SPEECH_OCTETS];
        const size_t count = g729_encode(&encoder, pcm.samples + i * G729_FRAME, octets);
        if (count != (size_t)bits.frames[i].octets ||
            memcmp(octets, bits.frames[i].data, count) != 0) {
            if (harness_fail(__FILE__, __LINE__))
                printf("%s: frame %zu differs from %s\n", input, i, output);
            return 1;
        }
    }
    for (unsigned i = 0; g729_lanes(i) != NULL; i++)
        if (!encodes_on_lanes(g729_lanes(i), input, discontinuous))
            return 1;
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
DECODES(annex_b_1_decodes, "g729AnnexB/tstseq1a.bit", "g729AnnexB/tstseq1a.out")
DECODES(annex_b_2_decodes, "g729AnnexB/tstseq2a.bit", "g729AnnexB/tstseq2a.out")
DECODES(annex_b_3_decodes, "g729AnnexB/tstseq3a.bit", "g729AnnexB/tstseq3a.out")
DECODES(annex_b_4_decodes, "g729AnnexB/tstseq4a.bit", "g729AnnexB/tstseq4a.out")
DECODES(annex_b_5_decodes, "g729AnnexB/tstseq5.bit", "g729AnnexB/tstseq5a.out")
DECODES(annex_b_6_decodes, "g729AnnexB/tstseq6.bit", "g729AnnexB/tstseq6a.out")

#define ENCODES(test, input, output, discontinuous) \
    TEST(test)                                      \
    {                                               \
        if (!encodes(input, output, discontinuous)) \
            SKIP("no folder of ITU test vectors");  \
    }

ENCODES(algthm_encodes, "g729AnnexA/ALGTHM.IN", "g729AnnexA/ALGTHM.BIT", false)
ENCODES(fixed_encodes, "g729AnnexA/FIXED.IN", "g729AnnexA/FIXED.BIT", false)
ENCODES(lsp_encodes, "g729AnnexA/LSP.IN", "g729AnnexA/LSP.BIT", false)
ENCODES(pitch_encodes, "g729AnnexA/PITCH.IN", "g729AnnexA/PITCH.BIT", false)
ENCODES(speech_encodes, "g729AnnexA/SPEECH.IN", "g729AnnexA/SPEECH.BIT", false)
ENCODES(tame_encodes, "g729AnnexA/TAME.IN", "g729AnnexA/TAME.BIT", false)
ENCODES(test_encodes, "g729AnnexA/TEST.IN", "g729AnnexA/TEST.BIT", false)
ENCODES(annex_b_1_encodes, "g729AnnexB/tstseq1.bin", "g729AnnexB/tstseq1a.bit", true)
ENCODES(annex_b_2_encodes, "g729AnnexB/tstseq2.bin", "g729AnnexB/tstseq2a.bit", true)
ENCODES(annex_b_3_encodes, "g729AnnexB/tstseq3.bin", "g729AnnexB/tstseq3a.bit", true)
ENCODES(annex_b_4_encodes, "g729AnnexB/tstseq4.bin", "g729AnnexB/tstseq4a.bit", true)

MAIN()
