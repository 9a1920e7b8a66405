#include "lsp-roots.h"

#include <stdbool.h>
#include <string.h>

#include "double-precision.h"
#include "tables.h"

#define HALF (G729_ORDER / 2)
#define INTERVALS 50 /* of the grid */
#define BISECTIONS 2

/* A symmetric polynomial of degree 10 in the cosine domain, in Q11, or Q10 where that would overflow. */
struct polynomial {
    int16_t f[HALF + 1];
    int scale; /* 11 or 10 */
};

/* §3.2.3 (17): the value at x = cos(omega), Q14. */
static int16_t evaluate(const struct polynomial *polynomial, int16_t x)
{
    const int16_t *f = polynomial->f;
    const int16_t one = (int16_t)(1 << (polynomial->scale - 3));
    struct g729_dpf b2 = {one, 0};
    int32_t sum = g729_l_mac(g729_l_mult(x, (int16_t)(2 * one)), f[1], 4096);
    struct g729_dpf b1 = g729_dpf_split(sum);
    for (int i = 2; i < HALF; i++) {
        sum = g729_l_shl(g729_dpf_scale(b1, x), 1);
        sum = g729_l_mac(sum, b2.hi, INT16_MIN);
        sum = g729_l_msu(sum, b2.lo, 1);
        sum = g729_l_mac(sum, f[i], 4096);
        b2 = b1;
        b1 = g729_dpf_split(sum);
    }
    sum = g729_dpf_scale(b1, x);
    sum = g729_l_mac(sum, b2.hi, INT16_MIN);
    sum = g729_l_msu(sum, b2.lo, 1);
    sum = g729_l_mac(sum, f[HALF], 2048);
    return g729_high(g729_l_shl(sum, 17 - polynomial->scale));
}

/* True where the number does not fit 16 bits. */
static bool narrow(int32_t value, int16_t *out)
{
    *out = g729_saturate(value);
    return *out != value;
}

/* §3.2.3 (15): the sum and difference polynomials, `half` = 1/2 or 1/4 in Q15; true on overflow. */
static bool divide_polynomials(const int16_t a[G729_TAPS], int16_t half, struct polynomial *sum,
                               struct polynomial *difference)
{
    bool overflow = false;
    sum->scale = difference->scale = half == 16384 ? 11 : 10;
    sum->f[0] = difference->f[0] = (int16_t)(half >> 3);
    for (int i = 0; i < HALF; i++) {
        const int16_t front = a[i + 1], back = a[G729_ORDER - i];
        const int16_t plus = g729_high(g729_l_mac(g729_l_mult(front, half), back, half));
        const int16_t minus = g729_high(g729_l_msu(g729_l_mult(front, half), back, half));
        overflow |= narrow((int32_t)plus - sum->f[i], &sum->f[i + 1]);
        overflow |= narrow((int32_t)minus + difference->f[i], &difference->f[i + 1]);
    }
    return overflow;
}

struct point {
    int16_t x;
    int16_t y;
};

/* The root between two points of different sign. */
static int16_t refine(const struct polynomial *polynomial, struct point low, struct point high)
{
    for (int i = 0; i < BISECTIONS; i++) {
        struct point middle = {g729_add((int16_t)(low.x >> 1), (int16_t)(high.x >> 1)), 0};
        middle.y = evaluate(polynomial, middle.x);
        if ((int32_t)low.y * middle.y <= 0)
            high = middle;
        else
            low = middle;
    }
    const int16_t width = g729_sub(high.x, low.x);
    const int16_t rise = g729_sub(high.y, low.y);
    if (rise == 0)
        return low.x;
    const int16_t height = g729_abs(rise);
    const int shift = g729_norm_s(height);
    const int16_t inverse = g729_div_s(16383, g729_shl(height, shift));
    int16_t slope = g729_low(g729_l_shr(g729_l_mult(width, inverse), 20 - shift)); /* Q11 */
    if (rise < 0)
        slope = g729_negate(slope);
    return g729_sub(low.x, g729_low(g729_l_mult(low.y, slope) >> 11));
}

void g729_find_lsp(const int16_t filter[G729_TAPS], const int16_t before[G729_ORDER],
                   int16_t lsp[G729_ORDER])
{
    struct polynomial polynomials[2];
    if (divide_polynomials(filter, 16384, &polynomials[0], &polynomials[1]))
        divide_polynomials(filter, 8192, &polynomials[0], &polynomials[1]);

    int found = 0;
    const struct polynomial *polynomial = &polynomials[0];
    struct point low = {g729_root_grid[0], evaluate(polynomial, g729_root_grid[0])};
    for (int i = 1; i <= INTERVALS && found < G729_ORDER; i++) {
        const struct point high = low;
        low.x = g729_root_grid[i];
        low.y = evaluate(polynomial, low.x);
        if ((int32_t)low.y * high.y > 0)
            continue;
        low.x = refine(polynomial, low, high);
        lsp[found++] = low.x;
        polynomial = &polynomials[found & 1];
        low.y = evaluate(polynomial, low.x);
    }
    if (found < G729_ORDER)
        memcpy(lsp, before, G729_ORDER * sizeof *lsp);
}
