/* Quantization of the LSPs (../lsp-search.h) on lanes. §3.2.4. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LSP_SEARCH_H
#define TRUNKGATE_CODECS_G729_LANES_LSP_SEARCH_H

#include "encoder-state.h"
#include "lsp-quantizer.h"
#include "pairs.h"

#define ONE 8192        /* Q13 */
#define PI_04 1029      /* 0.04 pi, Q13 */
#define PI_92 23677     /* 0.92 pi, Q13 */
#define WEIGHT_ONE 2048 /* Q11 */
#define TEN 20480       /* Q11 */
#define ONE_POINT_2 19661 /* Q14 */
/* Halves of pairs without a sign. */
typedef uint16_t vupair __attribute__((vector_size(4 * V_LANES)));

#define PAIRS (G729_ORDER / 2)

/* The last entry of the cosine table, from the first on and not beyond `last`, that is not below the LSP. */
V_INLINE v32 find_cosine(v32 lsp, v32 last)
{
    v32 index = v32_zero();
    for (int step = 32; step > 0; step /= 2) {
        const v32 next = v_plus(index, v32_all(step));
        const vmask below = v_gt(lsp, v_lookup(g729_cosine, next));
        index = v_select(below, index, next);
    }
    return v_min(index, last);
}

static void lsf_from_lsp(const v16 lsp[G729_ORDER], vpair lsf[G729_ORDER])
{
    v32 index = v32_all(63);
    for (int i = G729_ORDER - 1; i >= 0; i--) {
        const v32 value = v_widen(lsp[i]);
        index = find_cosine(value, index);
        const vpair offset = v_sub_pairs(twin_load(&lsp[i]), twin_gather(g729_cosine, index));
        const v32 change = v_products(twin_gather(g729_arccosine_slope, index), offset);
        const vpair frequency =
            v_add_pairs(twin_low(v_left(index, 9)), twin_low(v_right(change, 12)));
        lsf[i] = twin_mult(frequency, twin_all(25736)); /* x 2 pi, Q12 */
    }
}

V_INLINE vpair weigh(vpair room)
{
    /* Negative rooms alone count; of all others the square is 0. */
    const vpair lack = v_min_pairs(room, twin_all(0));
    const vpair square = twin_saturate(v_right(twin_l_mult_any(lack, lack), 14));
    const v32 tenfold = v_products(square, twin_all(TEN));
    return v_add_pairs(twin_saturate(v_right(tenfold, 14)), twin_all(WEIGHT_ONE));
}

/* (22). */
static void lsp_weights(const vpair lsf[G729_ORDER], vpair weights[G729_ORDER])
{
    const vpair one = twin_all(ONE);
    weights[0] = weigh(v_sub_pairs(lsf[1], twin_all(PI_04 + ONE)));
    for (int i = 1; i < G729_ORDER - 1; i++)
        weights[i] = weigh(v_sub_pairs(v_sub_pairs(lsf[i + 1], lsf[i - 1]), one));
    weights[G729_ORDER - 1] = weigh(v_sub_pairs(twin_all(PI_92 - ONE), lsf[G729_ORDER - 2]));
    for (int i = PAIRS - 1; i <= PAIRS; i++)
        weights[i] =
            twin_saturate(v_right(v_products(weights[i], twin_all(ONE_POINT_2)), 15));

    vpair largest = twin_all(0);
    for (int i = 0; i < G729_ORDER; i++)
        largest = v_max_pairs(largest, weights[i]);
    const v32 shift = v_minus(v_norm_l(twin_value(largest)), v32_all(16));
    for (int i = 0; i < G729_ORDER; i++)
        weights[i] = twin_low(v_left_by(twin_value(weights[i]), shift));
}

/* An entry of a table, the same in all lanes. */
V_INLINE vpair entry_pair(const int16_t *entry)
{
    return vpair_all(entry[0], entry[1]);
}

/* Halves of distances: sums that saturate grow past 2^30 either way, and are then never the least. */
struct nearest {
    v32 distance;
    v32 index;
};

V_INLINE void consider_entry(struct nearest *nearest, v32 distance, int index)
{
    const vmask nearer = v_gt(nearest->distance, distance);
    nearest->distance = v_min(nearest->distance, distance);
    nearest->index = v_select(nearer, v32_all(index), nearest->index);
}

V_INLINE struct nearest nearest_none(void)
{
    return (struct nearest){v32_all(1 << 30), v32_zero()};
}

/* The entry of L1 nearest to the target, unweighted. */
static v32 search_first_stage(const vpair target[PAIRS])
{
    struct nearest nearest = nearest_none();
    for (int k = 0; k < 128; k++) {
        const int16_t *entry = g729_lsp_codebook1[k];
        v32 distance = v32_zero();
        for (int i = 0; i < PAIRS; i++)
            distance = v_add_squares(distance, v_sub_pairs(target[i], entry_pair(entry + 2 * i)));
        consider_entry(&nearest, distance, k);
    }
    return nearest.index;
}

/* Both products of pairs, each truncated as mult does. */
V_INLINE vpair mult_pairs(vpair a, vpair b)
{
    const vpair high = v_pairs_high(a, b), low = v_pairs_low(a, b);
    return (vpair)((vupair)high << 1 | (vupair)low >> 15);
}

struct second_stage {
    struct nearest low;  /* of elements 0 to 4 */
    struct nearest high; /* of elements 5 to 9 */
};

/* The entries of L2 and L3 nearest to what the first stage leaves, weighted. */
static void search_second_stage(const vpair rest[PAIRS], const vpair weights[PAIRS],
                                struct second_stage *found)
{
    const v32 first = v32_all(0xFFFF), second = v32_all((int32_t)0xFFFF0000u);
    found->low = found->high = nearest_none();
    for (int k = 0; k < 32; k++) {
        vpair error[PAIRS], weighted[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            error[i] = v_sub_pairs(rest[i], entry_pair(g729_lsp_codebook2[k] + 2 * i));
            weighted[i] = mult_pairs(weights[i], error[i]);
        }
        const v32 middle = (v32)weighted[PAIRS / 2];
        v32 low = v_products((vpair)(middle & first), error[2]);
        low = v_dot_saturated(low, weighted[0], error[0]);
        low = v_dot_saturated(low, weighted[1], error[1]);
        consider_entry(&found->low, low, k);
        v32 high = v_products((vpair)(middle & second), error[2]);
        high = v_dot_saturated(high, weighted[3], error[3]);
        high = v_dot_saturated(high, weighted[4], error[4]);
        consider_entry(&found->high, high, k);
    }
}

struct lsp_choice {
    v32 stage1, low, high;
    v32 distance;
};

/* The vector that gives `lsf` under one predictor. */
static void unpredict(v16 memory[G729_LSP_MEMORY][G729_ORDER], int predictor,
                      const vpair lsf[G729_ORDER], vpair vector[G729_ORDER])
{
    for (int i = 0; i < G729_ORDER; i++) {
        v32 sum = v_left(twin_value(lsf[i]), 16);
        for (int k = 0; k < G729_LSP_MEMORY; k++)
            sum = v_l_sub(sum, v_products(twin_load(&memory[k][i]),
                                          twin_all(g729_lsp_ma[predictor][k][i])));
        const v32 product =
            v_products(twin_high(sum), twin_all(g729_lsp_ma_rest_inverse[predictor][i]));
        vector[i] = twin_saturate(v_right(product, 13));
    }
}

V_INLINE void join_elements(const vpair twins[G729_ORDER], vpair pairs[PAIRS])
{
    for (int i = 0; i < PAIRS; i++)
        pairs[i] = twin_join(twins[2 * i], twins[2 * i + 1]);
}

/* (21), for the entries chosen. */
static v32 measure_choice(const struct lsp_choice *choice, int predictor,
                          const vpair target[G729_ORDER], const vpair weights[G729_ORDER])
{
    vpair vector[G729_ORDER];
    lsp_vector(choice->stage1, v_left(choice->low, 5) | choice->high, vector);
    lsp_spread(vector, 0, PAIRS - 1, 10);
    lsp_spread(vector, PAIRS - 1, G729_ORDER - 1, 10);
    lsp_spread(vector, 0, G729_ORDER - 1, 5);
    v32 distance = v32_zero();
    for (int i = 0; i < G729_ORDER; i++) {
        const vpair error = twin_mult(v_sub_pairs(vector[i], target[i]),
                                      twin_all(g729_lsp_ma_rest[predictor][i]));
        const vpair weighted = twin_saturate(v_right(v_products(weights[i], error), 12));
        distance = v_dot_saturated(distance, weighted, error);
    }
    return distance;
}

/* The best entries under one predictor. */
static void choose_entries(v16 memory[G729_LSP_MEMORY][G729_ORDER], int predictor,
                           const vpair lsf[G729_ORDER], const vpair weights[G729_ORDER],
                           struct lsp_choice *choice)
{
    vpair target[G729_ORDER], pairs[PAIRS], weight_pairs[PAIRS];
    struct second_stage found;
    unpredict(memory, predictor, lsf, target);
    join_elements(target, pairs);
    join_elements(weights, weight_pairs);
    choice->stage1 = search_first_stage(pairs);
    for (int i = 0; i < PAIRS; i++)
        pairs[i] = v_sub_pairs(pairs[i], (vpair)row_pair(g729_lsp_codebook1, choice->stage1, i));
    search_second_stage(pairs, weight_pairs, &found);
    choice->low = found.low.index;
    choice->high = found.high.index;
    choice->distance = measure_choice(choice, predictor, target, weights);
}

/* Finds lsp1 and lsp2 of `speech`. */
static void search_lsp(struct lanes_encoder *state, const v16 lsp[G729_ORDER],
                       struct lanes_speech *speech)
{
    vpair lsf[G729_ORDER], weights[G729_ORDER];
    struct lsp_choice choices[2];
    lsf_from_lsp(lsp, lsf);
    lsp_weights(lsf, weights);
    for (int i = 0; i < 2; i++)
        choose_entries(state->lsp_memory, i, lsf, weights, &choices[i]);
    const vmask second = v_gt(choices[0].distance, choices[1].distance);
    const v32 predictor = v_select(second, v32_all(1 << 7), v32_zero());
    speech->lsp1 = predictor | v_select(second, choices[1].stage1, choices[0].stage1);
    const v32 low = v_select(second, choices[1].low, choices[0].low);
    speech->lsp2 = v_left(low, 5) | v_select(second, choices[1].high, choices[0].high);
}

#endif
