/* The operators on vectors of lanes against those on single numbers. Included after the choice of instructions. */
#include "../harness.h"

#include <g729/double-precision.h>
#include <g729/lanes/operators.h>

static uint64_t seed = 729;

/* Random numbers, of all magnitudes, often at an end of the range. */
static int32_t any32(void)
{
    static const int32_t ends[] = {0, 1, -1, INT32_MAX, INT32_MIN, 0x7FFF8000, -0x8000, 0x40000000};
    const uint32_t random = (uint32_t)harness_random(&seed), kind = (uint32_t)harness_random(&seed);
    return kind % 8 == 0 ? ends[random % 8] : (int32_t)random >> (kind / 8 % 32);
}

static int16_t any16(void)
{
    static const int16_t ends[] = {0, 1, -1, INT16_MAX, INT16_MIN, 0x4000};
    const uint32_t random = (uint32_t)harness_random(&seed), kind = (uint32_t)harness_random(&seed);
    return kind % 8 == 0 ? ends[random % 6] : (int16_t)((int16_t)random >> (kind / 8 % 16));
}

struct operands {
    int32_t a[V_LANES], b[V_LANES];
    int16_t x[V_LANES], y[V_LANES];
};

static void draw(struct operands *operands)
{
    for (int i = 0; i < V_LANES; i++) {
        operands->a[i] = any32();
        operands->b[i] = any32();
        operands->x[i] = any16();
        operands->y[i] = any16();
    }
}

/* The vector expression of 32-bit numbers v, w and of 16-bit ones p, q, and the scalar one of a, b, x, y. */
#define SAME(type, vector, scalar)                            \
    do {                                                      \
        type results[V_LANES];                                \
        __typeof__(vector) result = (vector);                 \
        memcpy(results, &result, sizeof results);             \
        for (int i = 0; i < V_LANES; i++) {                   \
            const int32_t a = o.a[i], b = o.b[i];             \
            const int16_t x = o.x[i], y = o.y[i];             \
            (void)a, (void)b, (void)x, (void)y;               \
            CHECK_EQUAL(results[i], (scalar));                \
        }                                                     \
    } while (0)

static void compare_once(void)
{
    struct operands o;
    v32 v, w;
    v16 p, q;
    draw(&o);
    memcpy(&v, o.a, sizeof v);
    memcpy(&w, o.b, sizeof w);
    memcpy(&p, o.x, sizeof p);
    memcpy(&q, o.y, sizeof q);
    const v32 few = w & v32_all(63);
    SAME(int16_t, v_add(p, q), g729_add(x, y));
    SAME(int16_t, v_sub(p, q), g729_sub(x, y));
    SAME(int16_t, v_negate(p), g729_negate(x));
    SAME(int16_t, v_abs(p), g729_abs(x));
    SAME(int16_t, v_mult(p, q), g729_mult(x, y));
    SAME(int16_t, v_mult_r(p, q), g729_mult_r(x, y));
    SAME(int16_t, v_high(v), g729_high(a));
    SAME(int16_t, v_low(v), g729_low(a));
    SAME(int16_t, v_saturate(v), g729_saturate(a));
    SAME(int16_t, v_round(v), g729_round(a));
    SAME(int32_t, v_deposit(p), g729_deposit(x));
    SAME(int32_t, v_l_add(v, w), g729_l_add(a, b));
    SAME(int32_t, v_l_sub(v, w), g729_l_sub(a, b));
    SAME(int32_t, v_l_negate(v), g729_l_negate(a));
    SAME(int32_t, v_l_abs(v), g729_l_abs(a));
    SAME(int32_t, v_l_mult(p, q), g729_l_mult(x, y));
    SAME(int32_t, v_l_mac(v, p, q), g729_l_mac(a, x, y));
    SAME(int32_t, v_l_msu(v, p, q), g729_l_msu(a, x, y));
    SAME(int32_t, v_l_shl(v, 3), g729_l_shl(a, 3));
    SAME(int32_t, v_l_shl(v, 16), g729_l_shl(a, 16));
    SAME(int32_t, v_l_shl_by(v, few), g729_l_shl(a, b & 63));
    SAME(int32_t, v_l_shr_by(v, few), g729_l_shr(a, b & 63));
    SAME(int32_t, v_l_shl_by(v, v_minus(v32_all(9), few)), g729_l_shl(a, 9 - (b & 63)));
    SAME(int32_t, v_l_shr_r(v, 13), g729_l_shr_r(a, 13));
    SAME(int32_t, v_norm_l(v), g729_norm_l(a));
    SAME(int32_t, v_div_s(v_widen(v_high(v_l_abs(v))), v_widen(v_high(v_l_abs(w)))),
         g729_div_s(g729_high(g729_l_abs(a)), g729_high(g729_l_abs(b))));
    SAME(int32_t, v_dpf_join(v_dpf_split(v)), g729_dpf_join(g729_dpf_split(a)));
    SAME(int32_t, v_dpf_multiply(v_dpf_split(v), v_dpf_split(w)),
         g729_dpf_multiply(g729_dpf_split(a), g729_dpf_split(b)));
    SAME(int32_t, v_dpf_scale(v_dpf_split(v), v_widen(p)), g729_dpf_scale(g729_dpf_split(a), x));
    SAME(int32_t, v_select(v_gt(v, w), v, w), a > b ? a : b);
    SAME(int16_t, v_select16(v_gt16(p, q), p, q), x > y ? x : y);
    SAME(int16_t, v_select16(v_gt(v, w), p, q), a > b ? x : y);
    SAME(int32_t, v_select(v_eq16(p, q), v, w), x == y ? a : b);
    SAME(int32_t, v_products(v_pair(p, q), v_twin(q)), x == y && x == INT16_MIN ? INT32_MIN : x * y + y * y);
    /* L_mac on twins, where not both are -32768 */
    const v16 r = v_max16(q, v16_all(-INT16_MAX));
    SAME(int32_t, v_dot_saturated(v, v_twin(p), v_twin(r)),
         g729_l_mac(a, x, y < -INT16_MAX ? -INT16_MAX : y));
    SAME(int32_t, v_dot_saturated(v, v_pair32(v_widen(p), v_widen(p)), v_twin(r)),
         g729_l_mac(a, x, y < -INT16_MAX ? -INT16_MAX : y));
}

static void look_up(void)
{
    static const int16_t table[3] = {-5, 7, INT16_MIN};
    v32 index = v32_zero();
    ((int32_t *)&index)[1] = 1;
    ((int32_t *)&index)[2] = 2;
    const v32 found = v_lookup(table, index);
    for (int i = 0; i < V_LANES; i++)
        CHECK_EQUAL(((const int32_t *)&found)[i], table[i == 1 || i == 2 ? i : 0]);
}

#define COMPARE(feature)                          \
    TEST(operators_on_lanes_are_those_on_numbers) \
    {                                             \
        if (!__builtin_cpu_supports(feature))     \
            SKIP("a processor without " feature); \
        for (int i = 0; i < 20000; i++)           \
            compare_once();                       \
        look_up();                                \
    }
