#include <string.h>

#include "basic-operators.h"
#include "comfort-noise.h"
#include "correlation.h"
#include "double-precision.h"
#include "filter.h"
#include "fixed-codebook.h"
#include "g729.h"
#include "lsp.h"
#include "random.h"
#include "sid.h"
#include "tables.h"

/* The LSPs of comfort noise before any SID frame. */
static const int16_t noise_lsp[G729_ORDER] = {31441, 27566,  21458,  13612,  4663,
                                              -4663, -13612, -21458, -27566, -31441};

void g729_decoder_init(struct g729_decoder *decoder)
{
    memset(decoder, 0, sizeof *decoder);
    g729_lsp_decoder_init(&decoder->lsp_decoder);
    memcpy(decoder->lsp, g729_lsp_start, sizeof decoder->lsp);
    g729_gain_memory_init(&decoder->gain_memory);
    decoder->sharp = G729_SHARP_MIN;
    decoder->delay = 60;
    decoder->random = 21845;
    decoder->before = G729_SPEECH;
    memcpy(decoder->noise.lsp, noise_lsp, sizeof noise_lsp);
    decoder->noise.sid_level = g729_sid_gain[0];
    decoder->noise.random = G729_NOISE_SEED;
    decoder->noise.shift = 1;
    g729_post_filter_init(&decoder->post_filter);
    g729_high_pass_init(&decoder->high_pass);
}

/* §4.1.6: 1/A(z) over a subframe; if that overflows, again with the whole excitation / 4. */
static void synthesize(struct g729_decoder *decoder, const int16_t filter[G729_TAPS],
                       const int16_t *excitation, int16_t *out)
{
    int16_t synthesis[G729_ORDER + G729_SUBFRAME];
    int16_t *now = synthesis + G729_ORDER;
    memcpy(synthesis, decoder->synthesis, sizeof decoder->synthesis);
    if (g729_synthesis_overflows(filter, excitation, now, G729_SUBFRAME)) {
        for (int i = 0; i < G729_EXCITATION_PAST + G729_FRAME; i++)
            decoder->excitation[i] = (int16_t)(decoder->excitation[i] >> 2);
        g729_synthesize(filter, excitation, now, G729_SUBFRAME);
    }
    memcpy(decoder->synthesis, synthesis + G729_SUBFRAME, sizeof decoder->synthesis);
    memcpy(out, now, G729_SUBFRAME * sizeof *out);
}

/* §4.1.3, §4.4.3: the delay of a subframe; that of the one before where it is unknown. */
static struct g729_delay decode_delay(struct g729_decoder *decoder,
                                      const struct g729_speech *speech, int subframe, int16_t first)
{
    struct g729_delay delay = {decoder->delay, 0};
    const bool good = speech != NULL &&
                      (subframe == 1 ||
                       g729_pitch_parity(speech->subframe[0].pitch) == speech->parity);
    if (good) {
        const int16_t index = speech->subframe[subframe].pitch;
        delay = subframe == 0 ? g729_decode_pitch1(index) : g729_decode_pitch2(index, first);
        decoder->delay = delay.whole;
    } else if (decoder->delay < G729_PITCH_MAX) {
        decoder->delay++;
    }
    return delay;
}

/* §4.1.4, §4.4.4: the codebook vector of a subframe; a random one where it is unknown. */
static void decode_code(struct g729_decoder *decoder, const struct g729_speech *speech,
                        int subframe, int delay, int16_t code[G729_SUBFRAME])
{
    if (speech != NULL) {
        g729_decode_pulses(speech->subframe[subframe].positions, speech->subframe[subframe].signs,
                           code);
    } else {
        const int16_t positions = g729_random(&decoder->random) & 0x1FFF;
        const int16_t signs = g729_random(&decoder->random) & 0xF;
        g729_decode_pulses(positions, signs, code);
    }
    g729_sharpen(code, delay, decoder->sharp);
}

static void decode_gains(struct g729_decoder *decoder, const struct g729_speech *speech,
                         int subframe, const int16_t code[G729_SUBFRAME])
{
    if (speech != NULL)
        g729_decode_gains(&decoder->gain_memory, speech->subframe[subframe].gains, code,
                          &decoder->gains);
    else
        g729_conceal_gains(&decoder->gain_memory, &decoder->gains);
    const int16_t gain = decoder->gains.pitch;
    decoder->sharp = gain > G729_SHARP_MAX   ? G729_SHARP_MAX
                     : gain < G729_SHARP_MIN ? G729_SHARP_MIN
                                             : gain;
}

/* §4.1: a frame of active speech, or in place of an erased one where `speech` is NULL. */
static void decode_active(struct g729_decoder *decoder, const struct g729_speech *speech,
                          int16_t filters[2][G729_TAPS], int16_t delays[2],
                          int16_t out[G729_FRAME])
{
    int16_t lsp[G729_ORDER];
    if (speech != NULL)
        g729_lsp_decode(&decoder->lsp_decoder, speech, lsp);
    else
        g729_lsp_conceal(&decoder->lsp_decoder, lsp);
    g729_interpolate_lsp(decoder->lsp, lsp, filters);
    memcpy(decoder->lsp, lsp, sizeof lsp);

    for (int i = 0; i < 2; i++) {
        int16_t *excitation = decoder->excitation + G729_EXCITATION_PAST + i * G729_SUBFRAME;
        int16_t code[G729_SUBFRAME];
        const struct g729_delay delay = decode_delay(decoder, speech, i, delays[0]);
        delays[i] = delay.whole;
        g729_predict_excitation(excitation, delay);
        decode_code(decoder, speech, i, delay.whole, code);
        decode_gains(decoder, speech, i, code);
        for (int n = 0; n < G729_SUBFRAME; n++) { /* (75) */
            int32_t sum = g729_l_mult(excitation[n], decoder->gains.pitch);
            sum = g729_l_mac(sum, code[n], decoder->gains.code);
            excitation[n] = g729_round(g729_l_shl(sum, 1));
        }
        synthesize(decoder, filters[i], excitation, out + i * G729_SUBFRAME);
    }
}

/* §B.4.4: the level of the noise; after speech that of the last good frame where no SID frame came. */
static void step_noise(struct g729_decoder *decoder, const struct g729_sid *sid)
{
    struct g729_noise *noise = &decoder->noise;
    const bool first = decoder->before == G729_SPEECH;
    if (sid != NULL) {
        noise->sid_level = g729_sid_gain[sid->gain];
        g729_sid_decode(decoder->lsp_decoder.memory, sid, noise->lsp);
    } else if (first) {
        const int32_t energy = g729_l_shl(noise->energy, noise->shift);
        const int32_t scaled = g729_dpf_scale(g729_dpf_split(energy), g729_sid_gain_factor[0]);
        noise->sid_level = g729_sid_gain[g729_quantize_level(scaled, 0).index];
    }
    noise->level =
        first ? noise->sid_level : g729_smooth_level(noise->level, noise->sid_level);
}

/* §B.4.4: a frame of comfort noise; `sid` is NULL for an untransmitted one. */
static void decode_noise(struct g729_decoder *decoder, const struct g729_sid *sid,
                         int16_t filters[2][G729_TAPS], int16_t delays[2],
                         int16_t out[G729_FRAME])
{
    int16_t *excitation = decoder->excitation + G729_EXCITATION_PAST;
    step_noise(decoder, sid);
    g729_comfort_noise(excitation, decoder->noise.level, &decoder->noise.random, NULL);
    g729_interpolate_lsp(decoder->lsp, decoder->noise.lsp, filters);
    memcpy(decoder->lsp, decoder->noise.lsp, sizeof decoder->lsp);
    for (int i = 0; i < 2; i++) {
        const int at = i * G729_SUBFRAME;
        synthesize(decoder, filters[i], excitation + at, out + at);
        delays[i] = decoder->delay;
    }
    decoder->sharp = G729_SHARP_MIN;
}

static void save_energy(struct g729_decoder *decoder)
{
    const int16_t *excitation = decoder->excitation + G729_EXCITATION_PAST;
    int32_t energy = g729_dot_self(excitation, 0);
    energy = g729_dot_self(excitation + G729_SUBFRAME, energy);
    const int shift = g729_norm_l(energy);
    decoder->noise.energy = g729_round(g729_l_shl(energy, shift));
    decoder->noise.shift = (int16_t)(16 - shift);
}

/* A frame as received; both NULL for one that was untransmitted or lost. */
static void decode(struct g729_decoder *decoder, enum g729_kind kind,
                   const struct g729_speech *speech, const struct g729_sid *sid, bool good,
                   int16_t samples[G729_FRAME])
{
    int16_t filters[2][G729_TAPS], delays[2], synthesis[G729_FRAME];
    if (kind == G729_SPEECH) {
        decoder->noise.random = G729_NOISE_SEED;
        decode_active(decoder, speech, filters, delays, synthesis);
    } else {
        decode_noise(decoder, sid, filters, delays, synthesis);
    }
    if (good)
        save_energy(decoder);
    decoder->before = kind;
    memmove(decoder->excitation, decoder->excitation + G729_FRAME,
            G729_EXCITATION_PAST * sizeof *decoder->excitation);
    g729_post_filter(&decoder->post_filter, synthesis, filters, delays, kind == G729_SPEECH,
                     samples);
    g729_postprocess(&decoder->high_pass, samples);
}

void g729_decode_speech(struct g729_decoder *decoder, const uint8_t octets[G729_SPEECH_OCTETS],
                        int16_t samples[G729_FRAME])
{
    struct g729_speech speech;
    g729_unpack_speech(octets, &speech);
    decode(decoder, G729_SPEECH, &speech, NULL, true, samples);
}

void g729_decode_sid(struct g729_decoder *decoder, const uint8_t octets[G729_SID_OCTETS],
                     int16_t samples[G729_FRAME])
{
    struct g729_sid sid;
    g729_unpack_sid(octets, &sid);
    decode(decoder, G729_SID, NULL, &sid, true, samples);
}

void g729_decode_untransmitted(struct g729_decoder *decoder, int16_t samples[G729_FRAME])
{
    decode(decoder, G729_UNTRANSMITTED, NULL, NULL, true, samples);
}

void g729_decode_erased(struct g729_decoder *decoder, int16_t samples[G729_FRAME])
{
    /* §B.4.4: the frame lost is taken to be of the kind of the one before. */
    const enum g729_kind kind =
        decoder->before == G729_SPEECH ? G729_SPEECH : G729_UNTRANSMITTED;
    decode(decoder, kind, NULL, NULL, false, samples);
}
