#include <string.h>

#include "basic-operators.h"
#include "closed-loop-pitch.h"
#include "comfort-noise.h"
#include "encode-noise.h"
#include "filter.h"
#include "fixed-codebook-search.h"
#include "g729.h"
#include "gain-search.h"
#include "lsp-roots.h"
#include "lsp-search.h"
#include "lsp.h"
#include "open-loop-pitch.h"

#define NOW 120          /* where the frame begins in the speech, its look-ahead 80 later */
#define GAMMA 24576      /* 0.75, Q15 (§A.3.3) */
#define TILT 22938       /* 0.7, Q15 (§A.3.3) */
#define TAMED_GAIN 15564 /* 0.95, Q14 */

void g729_encoder_init(struct g729_encoder *encoder, bool discontinuous)
{
    memset(encoder, 0, sizeof *encoder);
    g729_high_pass_init(&encoder->high_pass);
    g729_levinson_init(&encoder->levinson);
    memcpy(encoder->lsp, g729_lsp_start, sizeof encoder->lsp);
    memcpy(encoder->quantized, g729_lsp_start, sizeof encoder->quantized);
    g729_lsp_memory_init(encoder->lsp_memory);
    g729_gain_memory_init(&encoder->gain_memory);
    g729_taming_init(&encoder->taming);
    encoder->sharp = G729_SHARP_MIN;
    encoder->discontinuous = discontinuous;
    g729_vad_init(&encoder->vad);
    g729_dtx_init(&encoder->dtx);
    encoder->random = G729_NOISE_SEED;
}

/* 1/A(z) over a subframe from a memory; `out` may be `in`. */
static void synthesize(const int16_t filter[G729_TAPS], const int16_t memory[G729_ORDER],
                       const int16_t *in, int16_t *out)
{
    int16_t buffer[G729_ORDER + G729_SUBFRAME];
    memcpy(buffer, memory, G729_ORDER * sizeof *buffer);
    g729_synthesize(filter, in, buffer + G729_ORDER, G729_SUBFRAME);
    memcpy(out, buffer + G729_ORDER, G729_SUBFRAME * sizeof *out);
}

static const int16_t silence[G729_ORDER];

/* §3.2, §B.3: the LSPs of the frame; true for speech. */
static bool analyse(struct g729_encoder *encoder, int16_t lsp[G729_ORDER])
{
    const int lags = encoder->discontinuous ? G729_LAGS : G729_ORDER;
    struct g729_autocorrelation correlation;
    struct g729_prediction prediction;
    g729_autocorrelate(encoder->speech, lags, &correlation);
    struct g729_autocorrelation windowed = correlation;
    g729_window_lags(&windowed, lags);
    g729_levinson(&encoder->levinson, windowed.lag, &prediction);
    g729_find_lsp(prediction.filter, encoder->lsp, lsp);
    if (!encoder->discontinuous)
        return true;
    const struct g729_vad_input input = {&windowed, lsp, encoder->speech,
                                         prediction.reflection[1]};
    const bool speech = g729_vad_decide(&encoder->vad, &input);
    g729_dtx_observe(&encoder->dtx, &correlation, speech);
    return speech;
}

/* §A.3.3: the residual of a subframe and the speech weighted by A(z) / (A(z/0.75) (1 - 0.7/z)). */
static void weight_speech(struct g729_encoder *encoder, int subframe,
                          const int16_t filter[G729_TAPS], const int16_t weighting[G729_TAPS],
                          int16_t *residual)
{
    int16_t poles[G729_TAPS];
    poles[0] = weighting[0];
    for (int i = 1; i < G729_TAPS; i++)
        poles[i] = g729_sub(weighting[i], g729_mult(weighting[i - 1], TILT));
    const int at = subframe * G729_SUBFRAME;
    g729_residual(filter, encoder->speech + NOW + at, residual);
    g729_synthesize(poles, residual, encoder->weighted + G729_PITCH_MAX + at, G729_SUBFRAME);
}

/* x less gain (Q14) times y. */
static void subtract(const int16_t x[G729_SUBFRAME], const int16_t y[G729_SUBFRAME], int16_t gain,
                     int16_t out[G729_SUBFRAME])
{
    for (int i = 0; i < G729_SUBFRAME; i++)
        out[i] = g729_sub(x[i], g729_high(g729_l_shl(g729_l_mult(y[i], gain), 1)));
}

/* What a subframe passes from step to step. */
struct subframe {
    int16_t *excitation;
    const int16_t *weighting;         /* A(z/0.75) */
    int16_t target[G729_SUBFRAME];    /* x */
    int16_t response[G729_SUBFRAME];  /* h, Q12 */
    int16_t adaptive[G729_SUBFRAME];  /* y */
    struct g729_delay delay;
    struct g729_innovation innovation;
    struct g729_gains gains;
};

/* §A.3.5, §A.3.6: the impulse response and the target. */
static void prepare(struct g729_encoder *encoder, struct subframe *subframe)
{
    int16_t impulse[G729_SUBFRAME] = {4096};
    synthesize(subframe->weighting, silence, impulse, subframe->response);
    synthesize(subframe->weighting, encoder->error, subframe->excitation, subframe->target);
}

/* §A.3.7 to §A.3.9: both codebooks and their gains, after the pitch delay; gives the indices. */
static void search_codebooks(struct g729_encoder *encoder, struct subframe *subframe,
                             struct g729_speech *speech, int index)
{
    struct g729_gain_target target = {subframe->target, subframe->adaptive,
                                      &subframe->innovation, {{0, 0}, {0, 0}}, false};
    synthesize(subframe->weighting, silence, subframe->excitation, subframe->adaptive);
    int16_t gain = g729_pitch_gain(subframe->target, subframe->adaptive, &target.products);
    target.taming = g729_taming_needed(&encoder->taming, subframe->delay);
    if (target.taming && gain > TAMED_GAIN)
        gain = TAMED_GAIN;

    int16_t rest[G729_SUBFRAME];
    subtract(subframe->target, subframe->adaptive, gain, rest); /* (A.7) */
    g729_search_code(rest, subframe->response, subframe->delay.whole, encoder->sharp,
                     &subframe->innovation);
    speech->subframe[index].positions = subframe->innovation.positions;
    speech->subframe[index].signs = subframe->innovation.signs;
    speech->subframe[index].gains =
        g729_search_gains(&encoder->gain_memory, &target, &subframe->gains);
}

/* §A.3.10: the excitation and the memories for the next subframe. */
static void update(struct g729_encoder *encoder, struct subframe *subframe)
{
    const struct g729_gains gains = subframe->gains;
    encoder->sharp = gains.pitch > G729_SHARP_MAX   ? G729_SHARP_MAX
                     : gains.pitch < G729_SHARP_MIN ? G729_SHARP_MIN
                                                    : gains.pitch;
    for (int i = 0; i < G729_SUBFRAME; i++) {
        int32_t sum = g729_l_mult(subframe->excitation[i], gains.pitch);
        sum = g729_l_mac(sum, subframe->innovation.code[i], gains.code);
        subframe->excitation[i] = g729_round(g729_l_shl(sum, 1));
    }
    g729_taming_update(&encoder->taming, gains.pitch, subframe->delay.whole);
    for (int i = 0; i < G729_ORDER; i++) { /* (A.8) */
        const int at = G729_SUBFRAME - G729_ORDER + i;
        const int32_t adaptive = g729_l_mult(subframe->adaptive[at], gains.pitch);
        const int32_t fixed = g729_l_mult(subframe->innovation.filtered[at], gains.code);
        const int16_t sum =
            g729_add(g729_high(g729_l_shl(adaptive, 1)), g729_high(g729_l_shl(fixed, 2)));
        encoder->error[i] = g729_sub(subframe->target[at], sum);
    }
}

/* The least of the seven delays around the open-loop one. */
static int find_lowest(int open_loop)
{
    const int lowest = open_loop - 3 < G729_PITCH_MIN ? G729_PITCH_MIN : open_loop - 3;
    return lowest + 6 > G729_PITCH_MAX ? G729_PITCH_MAX - 6 : lowest;
}

static void encode_subframes(struct g729_encoder *encoder, int16_t weighting[2][G729_TAPS],
                             int open_loop, struct g729_speech *speech)
{
    struct subframe subframe;
    int lowest = find_lowest(open_loop);
    for (int i = 0; i < 2; i++) {
        subframe.excitation = encoder->excitation + G729_EXCITATION_PAST + i * G729_SUBFRAME;
        subframe.weighting = weighting[i];
        prepare(encoder, &subframe);
        if (i == 0) {
            subframe.delay = g729_search_pitch(subframe.excitation, subframe.target,
                                               subframe.response, lowest, lowest + 6, 84);
            speech->subframe[0].pitch = g729_encode_pitch1(subframe.delay);
            speech->parity = g729_pitch_parity(speech->subframe[0].pitch);
            lowest = g729_pitch2_lowest(subframe.delay.whole);
        } else {
            subframe.delay =
                g729_search_pitch(subframe.excitation, subframe.target, subframe.response, lowest,
                                  lowest + 9, G729_PITCH_MAX);
            speech->subframe[1].pitch = g729_encode_pitch2(subframe.delay, (int16_t)lowest);
        }
        search_codebooks(encoder, &subframe, speech, i);
        update(encoder, &subframe);
    }
}

static void encode_active(struct g729_encoder *encoder, const int16_t lsp[G729_ORDER],
                          struct g729_speech *speech)
{
    int16_t quantized[G729_ORDER], filters[2][G729_TAPS], weighting[2][G729_TAPS];
    g729_lsp_quantize(encoder->lsp_memory, lsp, speech, quantized);
    g729_interpolate_lsp(encoder->quantized, quantized, filters);
    memcpy(encoder->lsp, lsp, sizeof encoder->lsp);
    memcpy(encoder->quantized, quantized, sizeof quantized);
    for (int i = 0; i < 2; i++) {
        g729_weight_filter(filters[i], GAMMA, weighting[i]);
        weight_speech(encoder, i, filters[i], weighting[i],
                      encoder->excitation + G729_EXCITATION_PAST + i * G729_SUBFRAME);
    }
    const int open_loop = g729_open_loop_pitch(encoder->weighted + G729_PITCH_MAX);
    encode_subframes(encoder, weighting, open_loop, speech);
}

/* §B.4.4: the memories of a frame of comfort noise, as if it had been encoded. */
static void follow_noise(struct g729_encoder *encoder, int16_t filters[2][G729_TAPS])
{
    const int16_t *excitation = encoder->excitation + G729_EXCITATION_PAST;
    for (int i = 0; i < 2; i++) {
        int16_t weighting[G729_TAPS], rest[G729_SUBFRAME];
        g729_weight_filter(filters[i], GAMMA, weighting);
        weight_speech(encoder, i, filters[i], weighting, rest);
        for (int n = 0; n < G729_SUBFRAME; n++)
            rest[n] = g729_sub(rest[n], excitation[i * G729_SUBFRAME + n]);
        synthesize(weighting, encoder->error, rest, rest);
        memcpy(encoder->error, rest + G729_SUBFRAME - G729_ORDER, sizeof encoder->error);
    }
    encoder->sharp = G729_SHARP_MIN;
}

bool g729_encode_noise(struct g729_encoder *encoder, bool first, struct g729_sid *sid)
{
    int16_t filters[2][G729_TAPS];
    struct g729_dtx *dtx = &encoder->dtx;
    const struct g729_dtx_context context = {&encoder->levinson, encoder->lsp_memory,
                                             encoder->quantized};
    const bool send = g729_dtx_step(dtx, &context, first, sid);
    g729_comfort_noise(encoder->excitation + G729_EXCITATION_PAST, dtx->level, &encoder->random,
                       &encoder->taming);
    g729_interpolate_lsp(encoder->quantized, dtx->lsp, filters);
    memcpy(encoder->quantized, dtx->lsp, sizeof dtx->lsp);
    g729_dtx_finish(dtx);
    follow_noise(encoder, filters);
    return send;
}

static void shift(int16_t *buffer, int kept)
{
    memmove(buffer, buffer + G729_FRAME, (size_t)kept * sizeof *buffer);
}

size_t g729_encode(struct g729_encoder *encoder, const int16_t samples[G729_FRAME],
                   uint8_t octets[G729_SPEECH_OCTETS])
{
    int16_t lsp[G729_ORDER];
    size_t count = G729_SPEECH_OCTETS;
    g729_preprocess(&encoder->high_pass, samples, encoder->speech + G729_WINDOW - G729_FRAME);
    const bool first = encoder->vad.before;
    if (analyse(encoder, lsp)) {
        struct g729_speech speech;
        encoder->random = G729_NOISE_SEED;
        encode_active(encoder, lsp, &speech);
        g729_pack_speech(&speech, octets);
    } else {
        struct g729_sid sid;
        count = g729_encode_noise(encoder, first, &sid) ? G729_SID_OCTETS : 0;
        if (count != 0)
            g729_pack_sid(&sid, octets);
    }
    shift(encoder->speech, G729_WINDOW - G729_FRAME);
    shift(encoder->weighted, G729_PITCH_MAX);
    shift(encoder->excitation, G729_EXCITATION_PAST);
    return count;
}
