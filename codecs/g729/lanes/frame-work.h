/* A frame of each lane: what it is, and what is made from it on the way. */
#ifndef TRUNKGATE_CODECS_G729_LANES_FRAME_WORK_H
#define TRUNKGATE_CODECS_G729_LANES_FRAME_WORK_H

#include "../../codec-lanes.h"
#include "../g729.h"
#include "decoder-state.h"
#include "histories.h"
#include "parameters.h"

/* What a frame is, a bit a lane. */
struct frame_kinds {
    unsigned used;
    unsigned speech; /* received */
    unsigned erased; /* speech in place of one that was lost */
    unsigned sid;
    unsigned noise; /* SID and untransmitted frames, and those lost after such */
    unsigned good;
};

/* What the excitation and the filters of a frame are made from. */
struct frame_work {
    struct frame_kinds kinds;
    struct lanes_speech speech;
    v16 lsp[G729_ORDER];
    vpair filters[2][G729_TAPS];
    v32 delays[2];
    vpair excitation[G729_FRAME];
    vpair synthesis[G729_ORDER + G729_FRAME]; /* preceded by the last samples */
    vpair pairs[G729_ORDER + G729_FRAME];     /* of each with the one before */
    v32 largest[2];                           /* of a subframe and the ten samples before */
    /* Of each lane the excitation of the frame, that of the lanes that vectors write, and the residual. */
    struct lane_places excitation_read, excitation_write, residual;
    struct lane_excitation nowhere; /* in place of what is not to be touched */
};

/* Lanes outside of `lanes` write to nowhere. */
static void place_histories(struct lanes_decoder *state, struct frame_work *work)
{
    const unsigned active = work->kinds.speech | work->kinds.erased;
    int16_t *nowhere = work->nowhere.samples + G729_EXCITATION_PAST;
    for (unsigned lane = 0; lane < V_LANES; lane++) {
        int16_t *excitation = state->excitation[lane].samples + G729_EXCITATION_PAST;
        int16_t *residual = state->residual[lane].samples + G729_PITCH_MAX;
        work->excitation_read.at[lane] = excitation;
        work->excitation_write.at[lane] = (active >> lane & 1) != 0 ? excitation : nowhere;
        work->residual.at[lane] = (work->kinds.used >> lane & 1) != 0 ? residual : nowhere;
    }
}

/* The frame becomes the past of the lanes in use. */
static void push_histories(struct lanes_decoder *state, unsigned used)
{
    for (unsigned rest = used; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(rest);
        int16_t *excitation = state->excitation[lane].samples;
        int16_t *residual = state->residual[lane].samples;
        memmove(excitation, excitation + G729_FRAME, G729_EXCITATION_PAST * sizeof *excitation);
        memmove(residual, residual + G729_FRAME, G729_PITCH_MAX * sizeof *residual);
    }
}

static void sort_frames(const struct lanes_decoder *state, unsigned used,
                        const struct codec_lane_frame *frames, struct frame_kinds *kinds,
                        struct lanes_bits *bits)
{
    static const uint8_t nothing[G729_SPEECH_OCTETS];
    *kinds = (struct frame_kinds){.used = used};
    for (unsigned lane = 0; lane < V_LANES; lane++) {
        const unsigned bit = 1u << lane;
        const uint8_t *octets = nothing;
        if ((used & bit) != 0) {
            const struct codec_lane_frame *frame = &frames[lane];
            if (frame->lost || (frame->count != G729_SPEECH_OCTETS &&
                                frame->count != G729_SID_OCTETS && frame->count != 0)) {
                *(state->before[lane] == G729_SPEECH ? &kinds->erased : &kinds->noise) |= bit;
            } else {
                kinds->good |= bit;
                if (frame->count == G729_SPEECH_OCTETS) {
                    kinds->speech |= bit;
                    octets = frame->octets;
                } else {
                    kinds->noise |= bit;
                    kinds->sid |= frame->count != 0 ? bit : 0;
                }
            }
        }
        put_bits(bits, lane, octets);
    }
}

#endif
