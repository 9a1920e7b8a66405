/* Vectors of 8 lanes in the instructions of AVX2. Included by vector.h, whose words on each function are in vector-avx512.h. */
#ifndef TRUNKGATE_CODECS_G729_LANES_VECTOR_AVX2_H
#define TRUNKGATE_CODECS_G729_LANES_VECTOR_AVX2_H

typedef int32_t vmask __attribute__((vector_size(32))); /* all bits of a lane set or none */

V_INLINE v32 v32_all(int32_t value)
{
    return (v32)_mm256_set1_epi32(value);
}

V_INLINE v16 v16_all(int16_t value)
{
    return (v16)_mm_set1_epi16(value);
}

V_INLINE vpair vpair_all(int16_t first, int16_t second)
{
    return (vpair)_mm256_set1_epi32((int32_t)((uint32_t)(uint16_t)second << 16 | (uint16_t)first));
}

V_INLINE unsigned v_bits(vmask mask)
{
    return (unsigned)_mm256_movemask_ps((__m256)mask);
}

V_INLINE vmask v_mask(unsigned bits)
{
    const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256i all = _mm256_set1_epi32((int32_t)bits);
    return (vmask)_mm256_cmpeq_epi32(_mm256_and_si256(all, bit), bit);
}

V_INLINE vmask v_and(vmask a, vmask b)
{
    return a & b;
}

V_INLINE vmask v_or(vmask a, vmask b)
{
    return a | b;
}

V_INLINE vmask v_not(vmask a)
{
    return ~a;
}

V_INLINE vmask v_gt(v32 a, v32 b)
{
    return (vmask)_mm256_cmpgt_epi32((__m256i)a, (__m256i)b);
}

V_INLINE vmask v_eq(v32 a, v32 b)
{
    return (vmask)_mm256_cmpeq_epi32((__m256i)a, (__m256i)b);
}

V_INLINE vmask v_gt16(v16 a, v16 b)
{
    return (vmask)_mm256_cvtepi16_epi32(_mm_cmpgt_epi16((__m128i)a, (__m128i)b));
}

V_INLINE vmask v_eq16(v16 a, v16 b)
{
    return (vmask)_mm256_cvtepi16_epi32(_mm_cmpeq_epi16((__m128i)a, (__m128i)b));
}

V_INLINE v32 v_select(vmask mask, v32 yes, v32 no)
{
    return (v32)_mm256_blendv_epi8((__m256i)no, (__m256i)yes, (__m256i)mask);
}

V_INLINE v32 v_widen(v16 a)
{
    return (v32)_mm256_cvtepi16_epi32((__m128i)a);
}

/* The two halves of each 128 bits next to each other. */
V_INLINE __m128i v_join_halves(__m256i a)
{
    return _mm256_castsi256_si128(_mm256_permute4x64_epi64(a, 0x08));
}

V_INLINE v16 v_saturate(v32 a)
{
    return (v16)v_join_halves(_mm256_packs_epi32((__m256i)a, (__m256i)a));
}

V_INLINE v16 v_low(v32 a)
{
    const __m256i order = _mm256_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1,
                                           4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13);
    return (v16)v_join_halves(_mm256_shuffle_epi8((__m256i)a, order));
}

V_INLINE v16 v_select16(vmask mask, v16 yes, v16 no)
{
    return (v16)_mm_blendv_epi8((__m128i)no, (__m128i)yes, (__m128i)v_saturate((v32)mask));
}

V_INLINE vpair v_pair(v16 first, v16 second)
{
    const __m128i low = _mm_unpacklo_epi16((__m128i)first, (__m128i)second);
    const __m128i high = _mm_unpackhi_epi16((__m128i)first, (__m128i)second);
    return (vpair)_mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

V_INLINE vpair v_twin(v16 a)
{
    return v_pair(a, a);
}

V_INLINE vpair v_pair32(v32 first, v32 second)
{
    return (vpair)_mm256_blend_epi16((__m256i)first, _mm256_slli_epi32((__m256i)second, 16), 0xAA);
}

V_INLINE v32 v_plus(v32 a, v32 b)
{
    return (v32)_mm256_add_epi32((__m256i)a, (__m256i)b);
}

V_INLINE v32 v_minus(v32 a, v32 b)
{
    return (v32)_mm256_sub_epi32((__m256i)a, (__m256i)b);
}

V_INLINE v32 v_times(v32 a, v32 b)
{
    return (v32)_mm256_mullo_epi32((__m256i)a, (__m256i)b);
}

V_INLINE v32 v_min(v32 a, v32 b)
{
    return (v32)_mm256_min_epi32((__m256i)a, (__m256i)b);
}

V_INLINE v32 v_max(v32 a, v32 b)
{
    return (v32)_mm256_max_epi32((__m256i)a, (__m256i)b);
}

V_INLINE v16 v_min16(v16 a, v16 b)
{
    return (v16)_mm_min_epi16((__m128i)a, (__m128i)b);
}

V_INLINE v16 v_max16(v16 a, v16 b)
{
    return (v16)_mm_max_epi16((__m128i)a, (__m128i)b);
}

V_INLINE v16 v_add(v16 a, v16 b)
{
    return (v16)_mm_adds_epi16((__m128i)a, (__m128i)b);
}

V_INLINE v16 v_sub(v16 a, v16 b)
{
    return (v16)_mm_subs_epi16((__m128i)a, (__m128i)b);
}

V_INLINE vpair v_sub_pairs(vpair a, vpair b)
{
    return (vpair)_mm256_subs_epi16((__m256i)a, (__m256i)b);
}

V_INLINE vpair v_pairs_high(vpair a, vpair b)
{
    return (vpair)_mm256_mulhi_epi16((__m256i)a, (__m256i)b);
}

V_INLINE vpair v_pairs_low(vpair a, vpair b)
{
    return (vpair)_mm256_mullo_epi16((__m256i)a, (__m256i)b);
}

V_INLINE v32 v_left_by(v32 a, v32 count)
{
    return (v32)_mm256_sllv_epi32((__m256i)a, (__m256i)count);
}

V_INLINE v32 v_right_by(v32 a, v32 count)
{
    return (v32)_mm256_srav_epi32((__m256i)a, (__m256i)count);
}

/* By the exponent of the number as a float, of its highest bit or two alone so that it is not rounded up. */
V_INLINE v32 v_leading_zeros(v32 a)
{
    const __m256i x = (__m256i)a;
    const __m256i top = _mm256_andnot_si256(_mm256_srli_epi32(x, 1), x);
    const __m256i bits = (__m256i)_mm256_cvtepi32_ps(_mm256_and_si256(top, _mm256_set1_epi32(INT32_MAX)));
    const __m256i exponent = _mm256_srli_epi32(bits, 23); /* 0 for 0 */
    const __m256i count = _mm256_min_epi32(_mm256_sub_epi32(_mm256_set1_epi32(158), exponent),
                                           _mm256_set1_epi32(32));
    return (v32)_mm256_andnot_si256(_mm256_srai_epi32(x, 31), count);
}

V_INLINE v32 v_products(vpair a, vpair b)
{
    return (v32)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

V_INLINE v32 v_dot(v32 sum, vpair a, vpair b)
{
    return v_plus(sum, v_products(a, b));
}

V_INLINE v32 v_saturate_by_sign(vmask over, v32 result)
{
    const __m256i limit =
        _mm256_xor_si256(_mm256_srai_epi32((__m256i)result, 31), _mm256_set1_epi32(INT32_MIN));
    return (v32)_mm256_castps_si256(
        _mm256_blendv_ps((__m256)result, (__m256)limit, (__m256)over));
}

V_INLINE v32 v_l_add(v32 a, v32 b)
{
    const v32 sum = v_plus(a, b);
    return v_saturate_by_sign((vmask)((a ^ sum) & ~(a ^ b)), sum);
}

V_INLINE v32 v_l_sub(v32 a, v32 b)
{
    const v32 difference = v_minus(a, b);
    return v_saturate_by_sign((vmask)((a ^ difference) & (a ^ b)), difference);
}

V_INLINE v32 v_dot_saturated(v32 sum, vpair a, vpair b)
{
    return v_l_add(sum, v_products(a, b));
}

V_INLINE v32 v_gather(const int32_t *base, v32 index)
{
    return (v32)_mm256_i32gather_epi32(base, (__m256i)index, 4);
}

V_INLINE v32 v_gather_halves(const int16_t *base, v32 index)
{
    return (v32)_mm256_i32gather_epi32((const int *)(const void *)base, (__m256i)index, 2);
}

V_INLINE v32 v_quotient(v32 numerator, v32 denominator)
{
    return (v32)_mm256_cvttps_epi32(_mm256_div_ps(_mm256_cvtepi32_ps((__m256i)numerator),
                                                  _mm256_cvtepi32_ps((__m256i)denominator)));
}

#endif
