#include "lsp-search.h"

#include <string.h>

#include "basic-operators.h"
#include "lsp.h"
#include "tables.h"
#include "vector.h"

#define HALF (G729_ORDER / 2)
#define ENTRIES1 128
#define ENTRIES2 32
/* Errors within these, squared and added, keep all sums within bounds: no entry of L1 lies more than 12021 from its
 * first, none of L2 and L3 more than 3688 from 0. */
#define REACH1 (20746 * 20746)
#define REACH2 (12695 * 12695)
#define ONE 8192        /* Q13 */
#define PI_04 1029      /* 0.04 pi, Q13 */
#define PI_92 23677     /* 0.92 pi, Q13 */
#define WEIGHT_ONE 2048 /* Q11 */
#define TEN 20480       /* Q11 */
#define ONE_POINT_2 19661 /* Q14 */

static int16_t weigh(int16_t room)
{
    if (room > 0)
        return WEIGHT_ONE;
    const int16_t square = g729_high(g729_l_shl(g729_l_mult(room, room), 2));
    return g729_add(g729_high(g729_l_shl(g729_l_mult(square, TEN), 2)), WEIGHT_ONE);
}

void g729_lsp_weights(const int16_t lsf[G729_ORDER], int16_t weights[G729_ORDER])
{
    weights[0] = weigh(g729_sub(lsf[1], PI_04 + ONE));
    for (int i = 1; i < G729_ORDER - 1; i++)
        weights[i] = weigh(g729_sub(g729_sub(lsf[i + 1], lsf[i - 1]), ONE));
    weights[G729_ORDER - 1] = weigh(g729_sub(PI_92 - ONE, lsf[G729_ORDER - 2]));
    for (int i = HALF - 1; i <= HALF; i++)
        weights[i] = g729_high(g729_l_shl(g729_l_mult(weights[i], ONE_POINT_2), 1));

    int16_t largest = 0;
    for (int i = 0; i < G729_ORDER; i++)
        if (weights[i] > largest)
            largest = weights[i];
    const int shift = g729_norm_s(largest);
    for (int i = 0; i < G729_ORDER; i++)
        weights[i] = g729_shl(weights[i], shift);
}

/* The least of many distances, four side by side, and the entries they are of; of equal ones the first counts. */
struct nearest {
    g729_sums distance;
    g729_sums entry;
};

static const struct nearest nothing = {{G729_MAX32, G729_MAX32, G729_MAX32, G729_MAX32}, {0}};

static void consider(struct nearest *nearest, g729_sums distance, int entry)
{
    const g729_sums entries = {entry, entry + 1, entry + 2, entry + 3};
    const g729_sums less = distance < nearest->distance;
    nearest->distance = (distance & less) | (nearest->distance & ~less);
    nearest->entry = (entries & less) | (nearest->entry & ~less);
}

static int entry_of(const struct nearest *nearest)
{
    int best = 0;
    for (int i = 1; i < 4; i++) {
        const int32_t less = nearest->distance[i] - nearest->distance[best];
        if (less < 0 || (less == 0 && nearest->entry[i] < nearest->entry[best]))
            best = i;
    }
    return nearest->entry[best];
}

static int32_t energy_of(const int16_t a[G729_ORDER], const int16_t b[G729_ORDER])
{
    int64_t sum = 0;
    for (int i = 0; i < G729_ORDER; i++) {
        const int64_t difference = (int32_t)a[i] - b[i];
        sum += difference * difference;
    }
    return sum > G729_MAX32 ? G729_MAX32 : (int32_t)sum;
}

static int search_first_stage_saturated(const int16_t target[G729_ORDER])
{
    int32_t least = G729_MAX32;
    int best = 0;
    for (int k = 0; k < ENTRIES1; k++) {
        int32_t distance = 0;
        for (int i = 0; i < G729_ORDER; i++) {
            const int16_t error = g729_sub(target[i], g729_lsp_codebook1[k][i]);
            distance = g729_l_mac(distance, error, error);
        }
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

/* The last two elements of an entry, as one number. */
static int32_t ends(const int16_t entry[G729_ORDER])
{
    int32_t pair;
    memcpy(&pair, entry + G729_WIDTH, sizeof pair);
    return pair;
}

/* The entry of L1 nearest to the target, unweighted. */
static int search_first_stage(const int16_t target[G729_ORDER])
{
    if (energy_of(target, g729_lsp_codebook1[0]) > REACH1)
        return search_first_stage_saturated(target);
    const g729_samples front = g729_load(target);
    const g729_samples back = g729_spread_pair(target[G729_WIDTH], target[G729_WIDTH + 1]);
    struct nearest nearest = nothing;
    for (int k = 0; k < ENTRIES1; k += 4) {
        const int16_t(*entries)[G729_ORDER] = &g729_lsp_codebook1[k];
        const g729_sums pairs = {ends(entries[0]), ends(entries[1]), ends(entries[2]),
                                 ends(entries[3])};
        const g729_samples rest = back - (g729_samples)pairs;
        g729_sums squares[4];
        for (int i = 0; i < 4; i++) {
            const g729_samples error = front - g729_load(entries[i]);
            squares[i] = g729_multiply_pairs(error, error);
        }
        consider(&nearest,
                 g729_totals(squares[0], squares[1], squares[2], squares[3]) +
                     g729_multiply_pairs(rest, rest),
                 k);
    }
    return entry_of(&nearest);
}

static int search_second_stage_saturated(const int16_t *rest, const int16_t *weights, int first)
{
    int32_t least = G729_MAX32;
    int best = 0;
    for (int k = 0; k < ENTRIES2; k++) {
        int32_t distance = 0;
        for (int i = first; i < first + HALF; i++) {
            const int16_t error = g729_sub(rest[i], g729_lsp_codebook2[k][i]);
            distance = g729_l_mac(distance, g729_mult(weights[i], error), error);
        }
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

/*
 * The entry of L2 or L3 (elements from `first` on) nearest to what the first stage leaves, weighted. `small` where no
 * error can leave 15 bits.
 */
static int search_second_stage(const int16_t *rest, const int16_t *weights, int first, bool small)
{
    if (!small)
        return search_second_stage_saturated(rest, weights, first);
    const int at = first == 0 ? 0 : G729_ORDER - G729_WIDTH;
    int16_t masked[G729_WIDTH] = {0};
    memcpy(masked + first - at, weights + first, HALF * sizeof *masked);
    const g729_samples weight = g729_load(masked), target = g729_load(rest + at);
    struct nearest nearest = nothing;
    for (int k = 0; k < ENTRIES2; k += 4) {
        g729_sums distances[4];
        for (int i = 0; i < 4; i++) {
            const g729_samples error = target - g729_load(g729_lsp_codebook2[k + i] + at);
            distances[i] = g729_multiply_pairs(g729_multiply_high(weight, error + error), error);
        }
        consider(&nearest, g729_totals(distances[0], distances[1], distances[2], distances[3]), k);
    }
    return entry_of(&nearest);
}

struct choice {
    int stage1;
    int low;
    int high;
    int16_t vector[G729_ORDER];
    int32_t distance;
};

/* The best entries under one predictor. */
static void choose(const g729_lsp_memory memory, int predictor, const int16_t lsf[G729_ORDER],
                   const int16_t weights[G729_ORDER], struct choice *choice)
{
    int16_t target[G729_ORDER], rest[G729_ORDER];
    int16_t *vector = choice->vector;
    g729_lsp_unpredict(memory, g729_lsp_ma[predictor], g729_lsp_ma_rest_inverse[predictor], lsf,
                       target);
    choice->stage1 = search_first_stage(target);
    const int16_t *stage1 = g729_lsp_codebook1[choice->stage1];
    for (int i = 0; i < G729_ORDER; i++)
        rest[i] = g729_sub(target[i], stage1[i]);

    const bool small = energy_of(target, stage1) <= REACH2;
    choice->low = search_second_stage(rest, weights, 0, small);
    for (int i = 0; i < HALF; i++)
        vector[i] = g729_add(stage1[i], g729_lsp_codebook2[choice->low][i]);
    g729_lsp_spread(vector, 0, HALF - 1, 10);
    choice->high = search_second_stage(rest, weights, HALF, small);
    for (int i = HALF; i < G729_ORDER; i++)
        vector[i] = g729_add(stage1[i], g729_lsp_codebook2[choice->high][i]);
    g729_lsp_spread(vector, HALF - 1, G729_ORDER - 1, 10);
    g729_lsp_spread(vector, 0, G729_ORDER - 1, 5);

    choice->distance = 0; /* (21) */
    for (int i = 0; i < G729_ORDER; i++) {
        const int16_t error =
            g729_mult(g729_sub(vector[i], target[i]), g729_lsp_ma_rest[predictor][i]);
        const int16_t weighted = g729_high(g729_l_shl(g729_l_mult(weights[i], error), 4));
        choice->distance = g729_l_mac(choice->distance, weighted, error);
    }
}

void g729_lsp_quantize(g729_lsp_memory memory, const int16_t lsp[G729_ORDER],
                       struct g729_speech *speech, int16_t quantized[G729_ORDER])
{
    int16_t lsf[G729_ORDER], weights[G729_ORDER];
    struct choice choices[2];
    g729_lsf_from_lsp(lsp, lsf);
    g729_lsp_weights(lsf, weights);
    for (int i = 0; i < 2; i++)
        choose(memory, i, lsf, weights, &choices[i]);
    const int predictor = choices[1].distance < choices[0].distance;
    const struct choice *choice = &choices[predictor];
    speech->lsp1 = (int16_t)(predictor << 7 | choice->stage1);
    speech->lsp2 = (int16_t)(choice->low << 5 | choice->high);
    g729_lsp_dequantize(memory, speech, lsf);
    g729_lsp_from_lsf(lsf, quantized);
}
