/* From the LP filter to its LSPs (../lsp-roots.h) on lanes. §3.2.3, §A.3.2.3. */
#ifndef TRUNKGATE_CODECS_G729_LANES_LSP_ROOTS_H
#define TRUNKGATE_CODECS_G729_LANES_LSP_ROOTS_H

#include "../tables.h"
#include "pairs.h"

#define ROOTS_HALF (G729_ORDER / 2)
#define INTERVALS 50 /* of the grid */
#define BISECTIONS 2
#define WORD 25 /* intervals of which one word tells */

/* A symmetric polynomial of degree 10 in the cosine domain, in Q11, or Q10 where that would overflow. */
struct lanes_polynomial {
    v32 one;                /* in the high half, as f x 8192 is */
    v32 f[ROOTS_HALF + 1];  /* sign extended */
    v32 shift;              /* of the value: scale - 1 */
};

/* 4 x times b: twice the double precision product, halved twice; x is not -1. */
V_INLINE v32 quarter_product(v32 b, vpair x)
{
    const struct v_dpf split = v_dpf_split(b);
    return v_plus(v_products((vpair)split.hi, x),
                  v_right(v_products((vpair)split.lo, x), 15));
}

V_INLINE v32 even(v32 b)
{
    return b & v32_all(-2);
}

/* §3.2.3 (17): the value at x = cos(omega), Q14. `x` is in the low half, the high one is 0. Nothing may overflow. */
V_INLINE v32 evaluate_bounded(const struct lanes_polynomial *polynomial, vpair x)
{
    const v32 *f = polynomial->f;
    v32 b2 = polynomial->one;
    v32 b1 = v_plus(v_left(v_products((vpair)v_right(b2, 16), x), 2), v_left(f[1], 13));
    for (int i = 2; i < ROOTS_HALF; i++) {
        const v32 sum = v_plus(v_minus(v_left(quarter_product(b1, x), 2), even(b2)), v_left(f[i], 13));
        b2 = b1;
        b1 = sum;
    }
    const v32 twice = v_left(quarter_product(b1, x), 1);
    const v32 sum = v_plus(v_minus(twice, even(b2)), v_left(f[ROOTS_HALF], 12));
    return v_clamp16(v_right_by(sum, polynomial->shift));
}

/* The same with every saturation. */
V_INLINE v32 evaluate_saturated(const struct lanes_polynomial *polynomial, vpair x)
{
    const v32 *f = polynomial->f;
    const v32 factor = v_right(v_left((v32)x, 16), 16);
    v32 b2 = polynomial->one;
    v32 b1 = v_l_add(v_left(v_products((vpair)v_right(b2, 16), x), 2), v_left(f[1], 13));
    for (int i = 2; i <= ROOTS_HALF; i++) {
        const bool last = i == ROOTS_HALF;
        const struct v_dpf split = v_dpf_split(b2);
        v32 sum = v_dpf_scale(v_dpf_split(b1), factor);
        if (!last)
            sum = v_l_shl(sum, 1);
        sum = v_l_add(sum, v_l_negate(v_left(split.hi, 16))); /* -1 x -1 saturates here too */
        sum = v_l_sub(sum, v_plus(split.lo, split.lo));
        sum = v_l_add(sum, v_left(f[i], last ? 12 : 13));
        b2 = b1;
        b1 = sum;
    }
    return v_clamp16(v_right_by(b1, polynomial->shift));
}

V_INLINE v32 evaluate(const struct lanes_polynomial *polynomial, vpair x, bool bounded)
{
    return bounded ? evaluate_bounded(polynomial, x) : evaluate_saturated(polynomial, x);
}

/*
 * True where no sum of `evaluate` overflows: b(k) is the sum of f(j) U(j - k), and no U(n) exceeds n + 1. In units of f, of
 * which 2^18 fill a sum: into that fit 2 b(3) and b(4) + f(4), and so all that comes before them.
 */
static bool is_bounded(const struct lanes_polynomial *polynomial)
{
    const v32 room = v32_all((1 << 18) - 256);
    v32 f[ROOTS_HALF], third, fourth;
    f[0] = v_right(polynomial->one, 13);
    for (int i = 1; i < ROOTS_HALF; i++)
        f[i] = v_max(polynomial->f[i], v_minus(v32_zero(), polynomial->f[i]));
    third = fourth = v32_zero();
    for (int i = 0; i < ROOTS_HALF; i++) {
        third = v_plus(third, v_times(f[i], v32_all(ROOTS_HALF - 1 - i)));
        fourth = v_plus(fourth, v_times(f[i], v32_all(ROOTS_HALF - i)));
    }
    return !v_any(v_or(v_gt(v_plus(third, third), room), v_gt(v_plus(fourth, f[4]), room)));
}

/* Adds what does not fit 16 bits to `over`, and clamps it. */
V_INLINE v32 narrow(v32 value, vmask *over)
{
    const v32 clamped = v_clamp16(value);
    *over = v_or(*over, v_not(v_eq(clamped, value)));
    return clamped;
}

/* §3.2.3 (15): the sum and difference polynomials, halved `halvings` times; the mask tells where they overflow. */
static vmask divide_polynomials(const v16 a[G729_TAPS], int halvings,
                                struct lanes_polynomial polynomials[2])
{
    vmask over = v_mask(0);
    for (int p = 0; p < 2; p++) {
        polynomials[p].one = v32_all((1 << (9 - halvings)) * 65536);
        polynomials[p].f[0] = v32_all(1 << (12 - halvings));
        polynomials[p].shift = v32_all(11 - halvings);
    }
    for (int i = 0; i < ROOTS_HALF; i++) {
        const v32 front = v_widen(a[i + 1]), back = v_widen(a[G729_ORDER - i]);
        v32 *sum = polynomials[0].f, *difference = polynomials[1].f;
        sum[i + 1] = narrow(v_minus(v_right(v_plus(front, back), halvings), sum[i]), &over);
        difference[i + 1] =
            narrow(v_plus(v_right(v_minus(front, back), halvings), difference[i]), &over);
    }
    return over;
}

static void make_polynomials(const v16 filter[G729_TAPS], struct lanes_polynomial polynomials[2])
{
    const vmask over = divide_polynomials(filter, 1, polynomials);
    if (!v_any(over))
        return;
    struct lanes_polynomial smaller[2];
    divide_polynomials(filter, 2, smaller);
    for (int p = 0; p < 2; p++) {
        polynomials[p].one = v_select(over, smaller[p].one, polynomials[p].one);
        polynomials[p].shift = v_select(over, smaller[p].shift, polynomials[p].shift);
        for (int i = 0; i <= ROOTS_HALF; i++)
            polynomials[p].f[i] = v_select(over, smaller[p].f[i], polynomials[p].f[i]);
    }
}

struct lanes_point {
    v32 x;
    v32 y;
};

/* Both polynomials on the whole grid; a bit for each interval in which the value is 0 or changes its sign. */
struct grid {
    v32 y[2][INTERVALS + 2];
    v32 changes[2][2];
};

V_INLINE vmask changes_sign(v32 a, v32 b)
{
    return v_not(v_gt(v_product32(a, b), v32_zero()));
}

V_INLINE void fill_grid(const struct lanes_polynomial polynomials[2], bool bounded,
                        struct grid *grid)
{
    for (int p = 0; p < 2; p++) {
        grid->changes[p][0] = grid->changes[p][1] = v32_zero();
        for (int i = 0; i <= INTERVALS; i++) {
            const vpair x = vpair_all(g729_root_grid[i], 0);
            grid->y[p][i] = evaluate(&polynomials[p], x, bounded);
            if (i == 0)
                continue;
            const vmask change = changes_sign(grid->y[p][i], grid->y[p][i - 1]);
            v32 *word = &grid->changes[p][(i - 1) / WORD];
            *word = *word | v_select(change, v32_all(1 << (i - 1) % WORD), v32_zero());
        }
        grid->y[p][INTERVALS + 1] = grid->y[p][INTERVALS];
    }
}

/* The number of the lowest bit; some number for 0. */
V_INLINE v32 lowest_bit(v32 word)
{
    return v_minus(v32_all(31), v_leading_zeros(word & v_minus(v32_zero(), word)));
}

/* The next interval after point `at` in which a root lies; from `root` on the first. Without one the lane is no longer `found`. */
V_INLINE v32 next_interval(const struct grid *grid, int p, v32 at, const struct lanes_point *root,
                           struct lanes_point *low, struct lanes_point *high, vmask *found)
{
    const v32 next = v_plus(at, v32_all(1));
    const v32 word0 = grid->changes[p][0] & v_left_by(v32_all(-1), next);
    const v32 word1 = grid->changes[p][1] &
                      v_left_by(v32_all(-1), v_max(v_minus(next, v32_all(WORD)), v32_zero()));
    const vmask in0 = v_not(v_eq(word0, v32_zero())), in1 = v_not(v_eq(word1, v32_zero()));
    v32 bit = v_select(in0, lowest_bit(word0), v_plus(lowest_bit(word1), v32_all(WORD)));
    const vmask inside = v_gt(v32_all(INTERVALS), at);
    const vmask near = v_and(inside, changes_sign(take_row(grid->y[p], next), root->y));
    *found = v_and(*found, v_or(near, v_or(in0, in1)));
    bit = v_select(v_or(in0, in1), bit, v32_zero());
    const v32 interval = v_select(near, next, v_plus(bit, v32_all(1)));
    low->x = v_lookup(g729_root_grid, interval);
    low->y = take_row(grid->y[p], interval);
    const v32 before = v_minus(interval, v32_all(1));
    high->x = v_select(near, root->x, v_lookup(g729_root_grid, before));
    high->y = v_select(near, root->y, take_row(grid->y[p], before));
    return interval;
}

V_INLINE v32 low_half(v32 a)
{
    return v_right(v_left(a, 16), 16);
}

/* The root between two points of different sign. */
V_INLINE v32 refine(const struct lanes_polynomial *polynomial, struct lanes_point low,
                    struct lanes_point high, bool bounded)
{
    for (int i = 0; i < BISECTIONS; i++) {
        struct lanes_point middle = {v_plus(v_right(low.x, 1), v_right(high.x, 1)), low.y};
        middle.y = evaluate(polynomial, (vpair)(middle.x & v32_all(0xFFFF)), bounded);
        const vmask above = changes_sign(low.y, middle.y);
        high.x = v_select(above, middle.x, high.x);
        high.y = v_select(above, middle.y, high.y);
        low.x = v_select(above, low.x, middle.x);
        low.y = v_select(above, low.y, middle.y);
    }
    const v32 width = v_clamp16(v_minus(high.x, low.x));
    const v32 rise = v_clamp16(v_minus(high.y, low.y));
    const v32 height = v_min(v_max(rise, v_minus(v32_zero(), rise)), v32_all(INT16_MAX));
    const v32 shift = v_minus(v_norm_l(height), v32_all(16));
    const v32 inverse = v_div_s(v32_all(16383), v_left_by(height, shift));
    const v32 product = v_product32(width, inverse);
    const v32 steep = low_half(v_right_by(v_plus(product, product), v_minus(v32_all(20), shift))); /* Q11 */
    const v32 fall = v_min(v_minus(v32_zero(), steep), v32_all(INT16_MAX));
    const v32 slope = v_select(v_lt(rise, v32_zero()), fall, steep);
    const v32 change = low_half(v_right(v_double_product(v_product32(low.y, slope)), 11));
    const v32 root = v_clamp16(v_minus(low.x, change));
    return v_select(v_eq(rise, v32_zero()), low.x, root);
}

V_INLINE vmask find_roots(const struct lanes_polynomial polynomials[2], bool bounded,
                          v32 lsp[G729_ORDER])
{
    struct grid grid;
    fill_grid(polynomials, bounded, &grid);
    vmask found = v_not(v_mask(0));
    v32 at = v32_zero();
    struct lanes_point root = {v32_all(g729_root_grid[0]), grid.y[0][0]}, low, high;
    for (int i = 0; i < G729_ORDER; i++) {
        at = next_interval(&grid, i & 1, at, &root, &low, &high, &found);
        root.x = refine(&polynomials[i & 1], low, high, bounded);
        root.y = evaluate(&polynomials[~i & 1], (vpair)(root.x & v32_all(0xFFFF)), bounded);
        lsp[i] = root.x;
    }
    return found;
}

static vmask find_roots_bounded(const struct lanes_polynomial polynomials[2], v32 lsp[G729_ORDER])
{
    return find_roots(polynomials, true, lsp);
}

static vmask find_roots_saturated(const struct lanes_polynomial polynomials[2], v32 lsp[G729_ORDER])
{
    return find_roots(polynomials, false, lsp);
}

/* The LSPs of `filter`; where fewer than ten roots are found, `before`. */
static void find_lsp(const v16 filter[G729_TAPS], const v16 before[G729_ORDER], v16 lsp[G729_ORDER])
{
    struct lanes_polynomial polynomials[2];
    v32 roots[G729_ORDER];
    make_polynomials(filter, polynomials);
    const bool bounded = is_bounded(&polynomials[0]) && is_bounded(&polynomials[1]);
    const vmask found = bounded ? find_roots_bounded(polynomials, roots)
                                : find_roots_saturated(polynomials, roots);
    for (int i = 0; i < G729_ORDER; i++)
        lsp[i] = v_select16(found, v_low(roots[i]), before[i]);
}

#endif
