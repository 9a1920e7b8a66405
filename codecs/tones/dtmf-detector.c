/*
 * DTMF receiver after Q.24, on blocks of 102 samples (12.75 ms).
 *
 * The first block that shows two tones of a digit (dtmf-analysis.c) is reported early, so that the
 * digit can be muted. It is confirmed when the amplitudes of its blocks add up to 30 ms and, between
 * two blocks, the phases of both tones have advanced as the nominal frequencies demand.
 */
#include "dtmf-analysis.h"
#include "level.h"

#include <math.h>
#include <string.h>

#define BLOCK ((int)DTMF_BLOCK)

/* Blocks of tone that make a digit: 30.6 ms, between 23 ms (refused) and 40 ms (accepted). */
#define COVERED 2.4f
/* Blocks without the digit that end it: more than an interruption of 10 ms can spoil. */
#define MISSES 2

enum state { IDLE = 0, EARLY, CONFIRMED };

/* Code by low and high group index. */
static const uint8_t codes[4][4] = {{1, 2, 3, 12}, {4, 5, 6, 13}, {7, 8, 9, 14}, {10, 0, 11, 15}};

static void low_high_of(uint8_t code, int *low, int *high)
{
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (codes[i][j] == code) {
                *low = i;
                *high = j + 4;
            }
}

static void remember(struct dtmf_detector *detector, const struct dtmf_view *view)
{
    memcpy(detector->before, view->amplitude, sizeof detector->before);
    memcpy(detector->vector[0], view->vector[view->low], sizeof detector->vector[0]);
    memcpy(detector->vector[1], view->vector[view->high], sizeof detector->vector[1]);
}

static void tell(const struct dtmf_detector *detector, enum dtmf_event_kind kind, size_t offset,
                 struct dtmf_event *events, size_t *count)
{
    const float mean = dtmf_square(detector->peak) / 2;
    events[(*count)++] = (struct dtmf_event){
        .kind = (uint8_t)kind,
        .code = detector->code,
        .level = (int16_t)level_from_energy((uint64_t)mean, 1),
        .duration = (uint32_t)(detector->covered * BLOCK),
        .offset = (uint16_t)offset,
    };
}

/* Both tones' amplitude as that of one sine with their power. */
static float joint_amplitude(const float *amplitudes, int low, int high)
{
    return sqrtf(dtmf_square(amplitudes[low]) + dtmf_square(amplitudes[high]));
}

/* Adds the share of a block that the digit fills. */
static void cover(struct dtmf_detector *detector, float amplitude)
{
    if (amplitude > detector->peak) {
        if (detector->peak > 0.0f)
            detector->covered *= detector->peak / amplitude;
        detector->peak = amplitude;
    }
    detector->covered += amplitude / detector->peak;
}

static void begin_early(struct dtmf_detector *detector, const struct dtmf_view *view)
{
    detector->state = EARLY;
    detector->code = codes[view->low][view->high - 4];
    detector->misses = 0;
    detector->covered = 0.0f;
    detector->peak = joint_amplitude(view->amplitude, view->low, view->high);
    /* The onset may lie in the block before; its share counts. */
    cover(detector, joint_amplitude(detector->before, view->low, view->high));
    cover(detector, detector->peak);
}

/* One more block while a digit is under way. `measured`: both frequencies were found good. */
static void follow(struct dtmf_detector *detector, const struct dtmf_view *view, bool same,
                   bool continues, bool measured)
{
    if (same && continues && !measured && !detector->measured) {
        detector->refused = detector->code;
        detector->misses = MISSES;
    } else if (same) {
        detector->misses = 0;
        detector->measured = (uint8_t)(detector->measured | measured);
        cover(detector, joint_amplitude(view->amplitude, view->low, view->high));
    } else if (++detector->misses == 1) {
        /* The last block may be filled in part. */
        int low = 0, high = 4;
        low_high_of(detector->code, &low, &high);
        cover(detector, joint_amplitude(view->amplitude, low, high));
    }
}

/* State changes that the block brings for the digit under way. */
static void conclude(struct dtmf_detector *detector, size_t offset, struct dtmf_event *events,
                     size_t *count)
{
    if (detector->state == EARLY && detector->measured && detector->covered >= COVERED) {
        detector->state = CONFIRMED;
        tell(detector, DTMF_BEGIN, offset, events, count);
    }
    if (detector->state == EARLY && detector->misses > 0) {
        tell(detector, DTMF_CANCEL, offset, events, count);
        detector->state = IDLE;
    } else if (detector->state == CONFIRMED && detector->misses >= MISSES) {
        tell(detector, DTMF_END, offset, events, count);
        detector->state = IDLE;
    }
}

/* A whole block is in samples[BLOCK..]. */
static void analyse(struct dtmf_detector *detector, size_t offset, struct dtmf_event *events,
                    size_t *count)
{
    struct dtmf_view view;
    const bool seen = dtmf_look(detector->samples + BLOCK, &view);
    const uint8_t code = codes[view.low][view.high - 4];
    const bool steady = seen && dtmf_is_candidate(&view, false);
    const bool continues = steady && code == detector->steady_code;
    const bool measured = continues && detector->state != CONFIRMED &&
                          dtmf_is_pure(detector, &view);
    if (!steady || code != detector->refused || measured)
        detector->refused = DTMF_NONE;

    if (detector->state != IDLE) {
        follow(detector, &view, steady && code == detector->code, continues, measured);
        conclude(detector, offset, events, count);
    }
    if (detector->state == IDLE && seen && detector->refused == DTMF_NONE &&
        dtmf_is_candidate(&view, true)) {
        begin_early(detector, &view);
        detector->measured = measured;
        tell(detector, DTMF_EARLY, offset, events, count);
        conclude(detector, offset, events, count);
    }
    detector->steady_code = steady ? code : DTMF_NONE;
    remember(detector, &view);
}

void dtmf_detector_init(struct dtmf_detector *detector)
{
    memset(detector, 0, sizeof *detector);
    detector->steady_code = detector->refused = DTMF_NONE;
}

size_t dtmf_detect(struct dtmf_detector *detector, const int16_t *samples, size_t count,
                   struct dtmf_event events[DTMF_EVENTS])
{
    size_t told = 0, offset = 0;
    while (offset < count) {
        size_t part = DTMF_BLOCK - detector->filled;
        if (part > count - offset)
            part = count - offset;
        memcpy(detector->samples + DTMF_BLOCK + detector->filled, samples + offset,
               part * sizeof *samples);
        detector->filled = (uint16_t)(detector->filled + part);
        offset += part;
        if (detector->filled < DTMF_BLOCK)
            break;
        analyse(detector, offset, events, &told);
        memcpy(detector->samples, detector->samples + DTMF_BLOCK,
               DTMF_BLOCK * sizeof *detector->samples);
        detector->filled = 0;
    }
    return told;
}
