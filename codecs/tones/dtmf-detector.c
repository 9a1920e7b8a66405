/*
 * DTMF receiver after Q.24, on blocks of 102 samples (12.75 ms).
 *
 * Eight Goertzel filters tell the strongest frequency of each group. A block is a candidate when
 * the two hold most of its energy, stand out of their groups and keep to the twist limits. The
 * first candidate is reported early, so that the digit can be muted. It is confirmed when the
 * amplitudes of its blocks add up to 30 ms and, between two blocks, the phases of both tones
 * advance as the nominal frequencies demand: that measures the frequencies to a few Hz, which a
 * block this short cannot do by its magnitudes.
 */
#include "dtmf.h"
#include "level.h"

#include <math.h>
#include <string.h>

#define BLOCK ((int)DTMF_BLOCK)
#define PI 3.14159265358979f

/* A vector type of four lanes, as gcc and clang know it on every machine. */
typedef float lanes __attribute__((vector_size(16)));

/* Fractions of the block's energy that the two tones must hold: with p of the block filled, the
 * fraction is p. With both frequencies off by 1.5 % + 2 Hz and the worst twist a full block still has 0.73. */
#define EARLY_FRACTION 0.65f
#define STEADY_FRACTION 0.60f
/* The same once the frequencies are known and the loss beside the filters' middle is made good:
 * 15 dB of noise leave 0.97. */
#define PURE_FRACTION 0.82f
/* Power by which a tone exceeds the others of its group. */
#define EARLY_DOMINANCE 2.5f  /* 4 dB: the filters are wider on a part of a block */
#define STEADY_DOMINANCE 4.0f /* 6 dB */
/* Twist as power ratio, Q.24: 4 dB and 8 dB accepted; with 2 dB of room for scalloping and
 * noise. */
#define HIGH_OVER_LOW 3.98f /* 6 dB */
#define LOW_OVER_HIGH 10.0f /* 10 dB */
/* Least amplitude of a tone, -36 dBm0, in a whole block; early blocks may be filled to two
 * thirds. */
#define LEAST_PEAK ((float)(LEVEL_PEAK_0DBM0 * 0.0158489))
/* Largest deviation of a frequency: between 1.5 % + 2 Hz (accepted) and 3.5 % (refused). */
#define DEVIATION 0.025f
/* Blocks of tone that make a digit: 30.6 ms, between 23 ms (refused) and 40 ms (accepted). */
#define COVERED 2.4f
/* Blocks without the digit that end it: more than an interruption of 10 ms can spoil. */
#define MISSES 2

enum state { IDLE = 0, EARLY, CONFIRMED };

static const uint16_t frequencies[8] = {697, 770, 852, 941, 1209, 1336, 1477, 1633};

/* cos and sin of 2 pi f / 8000. */
static const float cosines[8] = {0.853868905f, 0.822640518f, 0.784343492f, 0.739102284f,
                                 0.582052012f, 0.498185105f, 0.399309195f, 0.284266353f};
static const float sines[8] = {0.520488130f, 0.568561851f, 0.620326758f, 0.673593211f,
                               0.813151558f, 0.867070701f, 0.916816321f, 0.958745347f};

/* Code by low and high group index. */
static const uint8_t codes[4][4] = {{1, 2, 3, 12}, {4, 5, 6, 13}, {7, 8, 9, 14}, {10, 0, 11, 15}};

/* What a block shows. */
struct view {
    float vector[8][2];  /* Goertzel outputs */
    float amplitude[8];  /* peak of a sine that would give them */
    int low, high;       /* strongest of each group, 0-3 and 4-7 */
    float fraction;      /* of the energy that those two hold */
    float dominance;     /* the smaller of both groups */
    bool twist_good;
    bool level_good;
};

static void filter(const int16_t *samples, float vector[8][2])
{
    const lanes low_factor = {2 * cosines[0], 2 * cosines[1], 2 * cosines[2], 2 * cosines[3]};
    const lanes high_factor = {2 * cosines[4], 2 * cosines[5], 2 * cosines[6], 2 * cosines[7]};
    lanes low1 = {0}, low2 = {0}, high1 = {0}, high2 = {0};
    for (int i = 0; i < BLOCK; i++) {
        const float x = samples[i];
        const lanes input = {x, x, x, x};
        const lanes low0 = input + low_factor * low1 - low2;
        const lanes high0 = input + high_factor * high1 - high2;
        low2 = low1;
        low1 = low0;
        high2 = high1;
        high1 = high0;
    }
    for (int k = 0; k < 8; k++) {
        const float s1 = k < 4 ? low1[k] : high1[k - 4];
        const float s2 = k < 4 ? low2[k] : high2[k - 4];
        vector[k][0] = s1 - cosines[k] * s2;
        vector[k][1] = sines[k] * s2;
    }
}

/* One filter only, for the block that lies half in the one before. */
static void filter_one(const int16_t *samples, int k, float vector[2])
{
    float s1 = 0.0f, s2 = 0.0f;
    for (int i = 0; i < BLOCK; i++) {
        const float s0 = (float)samples[i] + 2 * cosines[k] * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    vector[0] = s1 - cosines[k] * s2;
    vector[1] = sines[k] * s2;
}

static float square(float value)
{
    return value * value;
}

/* Strongest of amplitudes[first..first+3]; `dominance`: its power over the next's. */
static int strongest(const float *amplitudes, int first, float *dominance)
{
    int best = first;
    for (int k = first + 1; k < first + 4; k++)
        if (amplitudes[k] > amplitudes[best])
            best = k;
    float next = 0.0f;
    for (int k = first; k < first + 4; k++)
        if (k != best && amplitudes[k] > next)
            next = amplitudes[k];
    *dominance = square(amplitudes[best]) / (square(next) + 1e-3f);
    return best;
}

/* False, and all zero, when the block is too weak to be looked at. */
static bool look(const int16_t *samples, struct view *view)
{
    const uint64_t energy = level_energy(samples, DTMF_BLOCK);
    if ((float)energy < square(LEAST_PEAK) * BLOCK / 2) {
        memset(view, 0, sizeof *view);
        view->high = 4;
        return false;
    }
    filter(samples, view->vector);
    for (int k = 0; k < 8; k++)
        view->amplitude[k] =
            sqrtf(square(view->vector[k][0]) + square(view->vector[k][1])) * (2.0f / BLOCK);
    float low_dominance, high_dominance;
    view->low = strongest(view->amplitude, 0, &low_dominance);
    view->high = strongest(view->amplitude, 4, &high_dominance);
    view->dominance = low_dominance < high_dominance ? low_dominance : high_dominance;
    const float low = square(view->amplitude[view->low]);
    const float high = square(view->amplitude[view->high]);
    view->fraction = (low + high) * (BLOCK / 2.0f) / (float)energy;
    view->twist_good = high <= low * HIGH_OVER_LOW && low <= high * LOW_OVER_HIGH;
    const float least = square(LEAST_PEAK * EARLY_FRACTION);
    view->level_good = low >= least && high >= least;
    return true;
}

static float wrap(float angle)
{
    return angle - 2 * PI * rintf(angle / (2 * PI));
}

/* Frequency deviation in Hz from the phase advance between two vectors `hop` samples apart. */
static float deviation(const float from[2], const float to[2], int k, int hop)
{
    const float advance = atan2f(to[1], to[0]) - atan2f(from[1], from[0]);
    const float nominal = (float)((frequencies[k] * hop) % 8000) * (2 * PI / 8000.0f);
    return wrap(advance - nominal) * (8000.0f / (2 * PI * (float)hop));
}

/*
 * Measures one tone between the block before and this one: finely over a whole block (ambiguous by
 * 78 Hz), and coarsely over half of one, which tells which of the fine results it is.
 */
static float measure(const struct dtmf_detector *detector, const struct view *view, int k,
                     const float before[2])
{
    float half[2];
    filter_one(detector->samples + BLOCK / 2, k, half);
    const float coarse = deviation(half, view->vector[k], k, BLOCK - BLOCK / 2);
    const float fine = deviation(before, view->vector[k], k, BLOCK);
    const float period = 8000.0f / BLOCK;
    return fine + period * rintf((coarse - fine) / period);
}

/* Power that a filter shows of a tone `offset` Hz beside it: the main lobe of its response. */
static float response(float offset)
{
    const float x = PI * offset * (BLOCK / 8000.0f);
    return fabsf(x) < 1e-3f ? 1.0f : square(sinf(x) / x);
}

/* True if both frequencies are right and the two tones, by the filters' response there, are
 * nearly all of the block. */
static bool is_pure(const struct dtmf_detector *detector, const struct view *view)
{
    const float low_offset = measure(detector, view, view->low, detector->vector[0]);
    const float high_offset = measure(detector, view, view->high, detector->vector[1]);
    if (fabsf(low_offset) > DEVIATION * frequencies[view->low] ||
        fabsf(high_offset) > DEVIATION * frequencies[view->high])
        return false;
    const float low = square(view->amplitude[view->low]);
    const float high = square(view->amplitude[view->high]);
    const float power = low / response(low_offset) + high / response(high_offset);
    return power * view->fraction >= PURE_FRACTION * (low + high);
}

static void low_high_of(uint8_t code, int *low, int *high)
{
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (codes[i][j] == code) {
                *low = i;
                *high = j + 4;
            }
}

static void remember(struct dtmf_detector *detector, const struct view *view)
{
    memcpy(detector->before, view->amplitude, sizeof detector->before);
    memcpy(detector->vector[0], view->vector[view->low], sizeof detector->vector[0]);
    memcpy(detector->vector[1], view->vector[view->high], sizeof detector->vector[1]);
}

static void tell(const struct dtmf_detector *detector, enum dtmf_event_kind kind, size_t offset,
                 struct dtmf_event *events, size_t *count)
{
    const float mean = square(detector->peak) / 2;
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
    return sqrtf(square(amplitudes[low]) + square(amplitudes[high]));
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

static void begin_early(struct dtmf_detector *detector, const struct view *view)
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

static bool is_candidate(const struct view *view, float fraction, float dominance)
{
    return view->fraction >= fraction && view->dominance >= dominance && view->twist_good &&
           view->level_good;
}

/* One more block while a digit is under way. `measured`: both frequencies were found good. */
static void follow(struct dtmf_detector *detector, const struct view *view, bool same,
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
    struct view view;
    const bool seen = look(detector->samples + BLOCK, &view);
    const uint8_t code = codes[view.low][view.high - 4];
    const bool steady = seen && is_candidate(&view, STEADY_FRACTION, STEADY_DOMINANCE);
    const bool continues = steady && code == detector->steady_code;
    const bool measured = continues && detector->state != CONFIRMED &&
                          is_pure(detector, &view);
    if (!steady || code != detector->refused || measured)
        detector->refused = DTMF_NONE;

    if (detector->state != IDLE) {
        follow(detector, &view, steady && code == detector->code, continues, measured);
        conclude(detector, offset, events, count);
    }
    if (detector->state == IDLE && seen && detector->refused == DTMF_NONE &&
        is_candidate(&view, EARLY_FRACTION, EARLY_DOMINANCE)) {
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
