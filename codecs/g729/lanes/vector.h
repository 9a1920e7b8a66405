/*
 * Vectors of lanes: one number of each of V_LANES channels, in the instructions that the including file chose by
 * defining LANES_AVX512 or LANES_AVX2 before anything else. That file must be guarded by __x86_64__.
 *
 *   v16    16-bit numbers; what states are made of
 *   v32    32-bit numbers
 *   vpair  two 16-bit numbers a lane: the same twice (v_twin), or two samples of a signal (v_pair)
 *   vmask  a truth value a lane
 */
#ifndef TRUNKGATE_CODECS_G729_LANES_VECTOR_H
#define TRUNKGATE_CODECS_G729_LANES_VECTOR_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

/* From here to vector-end.h, which every such file includes last, all is for processors of that kind. */
#if !defined(__clang__)
#pragma GCC push_options
#endif
#if defined(LANES_AVX512)
#define V_LANES 16
#define LANES_WORD "avx512"
#define LANES_ROW g729_lanes_avx512
#define LANES_NAME(name) g729_lanes_avx512_##name
#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd,avx512vnni"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd,avx512vnni")
#endif
#elif defined(LANES_AVX2)
#define V_LANES 8
#define LANES_WORD "avx2"
#define LANES_ROW g729_lanes_avx2
#define LANES_NAME(name) g729_lanes_avx2_##name
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif
#endif

typedef int16_t v16 __attribute__((vector_size(2 * V_LANES)));
typedef int32_t v32 __attribute__((vector_size(4 * V_LANES)));
typedef uint16_t vu16 __attribute__((vector_size(2 * V_LANES)));
typedef uint32_t vu32 __attribute__((vector_size(4 * V_LANES)));
typedef int16_t vpair __attribute__((vector_size(4 * V_LANES)));

#define V_INLINE static inline __attribute__((always_inline, unused))

#if defined(LANES_AVX512)
#include "vector-avx512.h"
#else
#include "vector-avx2.h"
#endif

/* Shifts of all lanes by one count. */
V_INLINE v32 v_left(v32 a, int count)
{
    return (v32)((vu32)a << count);
}

V_INLINE v32 v_right(v32 a, int count)
{
    return a >> count;
}

V_INLINE v32 v_right_unsigned(v32 a, int count)
{
    return (v32)((vu32)a >> count);
}

V_INLINE v16 v_right16(v16 a, int count)
{
    return a >> count;
}

V_INLINE v16 v_left16(v16 a, int count)
{
    return (v16)((vu16)a << count);
}

V_INLINE v32 v32_zero(void)
{
    return v32_all(0);
}

V_INLINE bool v_any(vmask mask)
{
    return v_bits(mask) != 0;
}

/* The other half of each comparison. */
V_INLINE vmask v_lt(v32 a, v32 b)
{
    return v_gt(b, a);
}

V_INLINE vmask v_lt16(v16 a, v16 b)
{
    return v_gt16(b, a);
}

#endif
