/*
 * The past of a signal, that of each lane by itself, so that lanes may read at different delays: eight samples of all
 * lanes are turned into eight vectors, and back.
 */
#ifndef TRUNKGATE_CODECS_G729_LANES_HISTORIES_H
#define TRUNKGATE_CODECS_G729_LANES_HISTORIES_H

#include "pairs.h"

#define EIGHT 8 /* samples of a lane that are moved at once: 16 octets */

/* Where each lane reads or writes. */
struct lane_places {
    int16_t *at[V_LANES];
};

V_INLINE struct lane_places lanes_back(const struct lane_places *places, v32 back)
{
    struct lane_places result;
    for (int lane = 0; lane < V_LANES; lane++)
        result.at[lane] = places->at[lane] - back[lane];
    return result;
}

/* Four vectors of quarters of four 32-bit numbers: rows to columns within each quarter, which undoes itself. */
V_INLINE void transpose_quarters(vraw a[4])
{
    const vraw low01 = V_DO(unpacklo_epi32)(a[0], a[1]), high01 = V_DO(unpackhi_epi32)(a[0], a[1]);
    const vraw low23 = V_DO(unpacklo_epi32)(a[2], a[3]), high23 = V_DO(unpackhi_epi32)(a[2], a[3]);
    a[0] = V_DO(unpacklo_epi64)(low01, low23);
    a[1] = V_DO(unpackhi_epi64)(low01, low23);
    a[2] = V_DO(unpacklo_epi64)(high01, high23);
    a[3] = V_DO(unpackhi_epi64)(high01, high23);
}

/* The samples from `first` to `first` + 7 behind the places, two and two. */
V_INLINE void read_four_pairs(const struct lane_places *places, int first, vpair out[4])
{
    vraw quarters[4];
    UNROLL
    for (int i = 0; i < 4; i++) {
        __m128i lanes[V_LANES / 4]; /* 4 apart, so that they come out in order */
        UNROLL
        for (int k = 0; k < V_LANES / 4; k++)
            lanes[k] = _mm_loadu_si128((const __m128i *)(const void *)(places->at[4 * k + i] +
                                                                       first));
#if defined(LANES_AVX512)
        const __m512i half = _mm512_inserti32x4(_mm512_castsi128_si512(lanes[0]), lanes[1], 1);
        quarters[i] = _mm512_inserti32x4(_mm512_inserti32x4(half, lanes[2], 2), lanes[3], 3);
#else
        quarters[i] = _mm256_inserti128_si256(_mm256_castsi128_si256(lanes[0]), lanes[1], 1);
#endif
    }
    transpose_quarters(quarters);
    UNROLL
    for (int i = 0; i < 4; i++)
        out[i] = (vpair)quarters[i];
}

/* The second sample of a pair with the first of the next. */
V_INLINE vpair pair_between(vpair pair, vpair next)
{
    return v_pair32(v_right_unsigned((v32)pair, 16), (v32)next);
}

/* Of pairs of samples, the `i`th and the one between it and the next. */
V_INLINE void spread_pairs(const vpair *even, int i, vpair *pairs)
{
    pairs[2 * i] = even[i];
    pairs[2 * i + 1] = pair_between(even[i], even[i + 1]);
}

V_INLINE void read_eight(const struct lane_places *places, int first, vpair out[EIGHT])
{
    vpair pairs[4];
    read_four_pairs(places, first, pairs);
    UNROLL
    for (int i = 0; i < 4; i++) {
        out[2 * i] = twin_low((v32)pairs[i]);
        out[2 * i + 1] = twin_high((v32)pairs[i]);
    }
}

V_INLINE void write_eight(const struct lane_places *places, int first, const vpair in[EIGHT])
{
    vraw quarters[4];
    UNROLL
    for (int i = 0; i < 4; i++)
        quarters[i] = (vraw)v_pair32((v32)in[2 * i], (v32)in[2 * i + 1]);
    transpose_quarters(quarters);
    UNROLL
    for (int i = 0; i < 4; i++) {
        __m128i lanes[V_LANES / 4];
#if defined(LANES_AVX512)
        lanes[0] = _mm512_castsi512_si128(quarters[i]);
        lanes[1] = _mm512_extracti32x4_epi32(quarters[i], 1);
        lanes[2] = _mm512_extracti32x4_epi32(quarters[i], 2);
        lanes[3] = _mm512_extracti32x4_epi32(quarters[i], 3);
#else
        lanes[0] = _mm256_castsi256_si128(quarters[i]);
        lanes[1] = _mm256_extracti128_si256(quarters[i], 1);
#endif
        UNROLL
        for (int k = 0; k < V_LANES / 4; k++)
            _mm_storeu_si128((__m128i *)(void *)(places->at[4 * k + i] + first), lanes[k]);
    }
}

/* `count` samples, a multiple of eight. */
V_INLINE void read_places(const struct lane_places *places, vpair *out, int count)
{
    for (int i = 0; i < count; i += EIGHT)
        read_eight(places, i, out + i);
}

V_INLINE void write_places(const struct lane_places *places, const vpair *in, int count)
{
    for (int i = 0; i < count; i += EIGHT)
        write_eight(places, i, in + i);
}

#endif
