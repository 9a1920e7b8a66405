/* Vectors of 16 lanes in the instructions of AVX-512 (F, BW, VL, DQ, CD) with VNNI. Included by vector.h. */
#ifndef TRUNKGATE_CODECS_G729_LANES_VECTOR_AVX512_H
#define TRUNKGATE_CODECS_G729_LANES_VECTOR_AVX512_H

typedef __mmask16 vmask;

/* One number in every lane. */
V_INLINE v32 v32_all(int32_t value)
{
    return (v32)_mm512_set1_epi32(value);
}

V_INLINE v16 v16_all(int16_t value)
{
    return (v16)_mm256_set1_epi16(value);
}

/* Two numbers in every lane: `first` in the low half. */
V_INLINE vpair vpair_all(int16_t first, int16_t second)
{
    return (vpair)_mm512_set1_epi32((int32_t)((uint32_t)(uint16_t)second << 16 | (uint16_t)first));
}

/* Masks. */
V_INLINE unsigned v_bits(vmask mask)
{
    return mask;
}

V_INLINE vmask v_mask(unsigned bits)
{
    return (vmask)bits;
}

V_INLINE vmask v_and(vmask a, vmask b)
{
    return (vmask)(a & b);
}

V_INLINE vmask v_or(vmask a, vmask b)
{
    return (vmask)(a | b);
}

V_INLINE vmask v_not(vmask a)
{
    return (vmask)~a;
}

/* Signed comparisons. */
V_INLINE vmask v_gt(v32 a, v32 b)
{
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b);
}

V_INLINE vmask v_eq(v32 a, v32 b)
{
    return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b);
}

V_INLINE vmask v_gt16(v16 a, v16 b)
{
    return _mm256_cmpgt_epi16_mask((__m256i)a, (__m256i)b);
}

V_INLINE vmask v_eq16(v16 a, v16 b)
{
    return _mm256_cmpeq_epi16_mask((__m256i)a, (__m256i)b);
}

/* `yes` where the mask is set, else `no`. */
V_INLINE v32 v_select(vmask mask, v32 yes, v32 no)
{
    return (v32)_mm512_mask_blend_epi32(mask, (__m512i)no, (__m512i)yes);
}

V_INLINE v16 v_select16(vmask mask, v16 yes, v16 no)
{
    return (v16)_mm256_mask_blend_epi16(mask, (__m256i)no, (__m256i)yes);
}

/* Conversions: sign extended, the low half, saturated. */
V_INLINE v32 v_widen(v16 a)
{
    return (v32)_mm512_cvtepi16_epi32((__m256i)a);
}

V_INLINE v16 v_low(v32 a)
{
    return (v16)_mm512_cvtepi32_epi16((__m512i)a);
}

V_INLINE v16 v_saturate(v32 a)
{
    return (v16)_mm512_cvtsepi32_epi16((__m512i)a);
}

/* `a` in both halves. */
V_INLINE vpair v_twin(v16 a)
{
    const __m512i low = _mm512_cvtepu16_epi32((__m256i)a);
    return (vpair)_mm512_or_si512(low, _mm512_slli_epi32(low, 16));
}

/* `first` in the low half, `second` in the high one. */
V_INLINE vpair v_pair(v16 first, v16 second)
{
    const __m512i low = _mm512_cvtepu16_epi32((__m256i)first);
    return (vpair)_mm512_or_si512(
        low, _mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)second), 16));
}

/* The same of numbers in 32-bit places whose low halves count. */
V_INLINE vpair v_pair32(v32 first, v32 second)
{
    return (vpair)_mm512_mask_blend_epi16(0xAAAAAAAA, (__m512i)first,
                                          _mm512_slli_epi32((__m512i)second, 16));
}

/* Sums and differences that wrap around. */
V_INLINE v32 v_plus(v32 a, v32 b)
{
    return (v32)_mm512_add_epi32((__m512i)a, (__m512i)b);
}

V_INLINE v32 v_minus(v32 a, v32 b)
{
    return (v32)_mm512_sub_epi32((__m512i)a, (__m512i)b);
}

/* The low 32 bits of products. */
V_INLINE v32 v_times(v32 a, v32 b)
{
    return (v32)_mm512_mullo_epi32((__m512i)a, (__m512i)b);
}

V_INLINE v32 v_min(v32 a, v32 b)
{
    return (v32)_mm512_min_epi32((__m512i)a, (__m512i)b);
}

V_INLINE v32 v_max(v32 a, v32 b)
{
    return (v32)_mm512_max_epi32((__m512i)a, (__m512i)b);
}

V_INLINE v16 v_min16(v16 a, v16 b)
{
    return (v16)_mm256_min_epi16((__m256i)a, (__m256i)b);
}

V_INLINE v16 v_max16(v16 a, v16 b)
{
    return (v16)_mm256_max_epi16((__m256i)a, (__m256i)b);
}

/* Saturating 16-bit sums and differences. */
V_INLINE v16 v_add(v16 a, v16 b)
{
    return (v16)_mm256_adds_epi16((__m256i)a, (__m256i)b);
}

V_INLINE v16 v_sub(v16 a, v16 b)
{
    return (v16)_mm256_subs_epi16((__m256i)a, (__m256i)b);
}

V_INLINE vpair v_sub_pairs(vpair a, vpair b)
{
    return (vpair)_mm512_subs_epi16((__m512i)a, (__m512i)b);
}

/* High and low halves of 16-bit products of pairs. */
V_INLINE vpair v_pairs_high(vpair a, vpair b)
{
    return (vpair)_mm512_mulhi_epi16((__m512i)a, (__m512i)b);
}

V_INLINE vpair v_pairs_low(vpair a, vpair b)
{
    return (vpair)_mm512_mullo_epi16((__m512i)a, (__m512i)b);
}

/* Shifts by a count of each lane, where 32 and more shift all out. */
V_INLINE v32 v_left_by(v32 a, v32 count)
{
    return (v32)_mm512_sllv_epi32((__m512i)a, (__m512i)count);
}

V_INLINE v32 v_right_by(v32 a, v32 count)
{
    return (v32)_mm512_srav_epi32((__m512i)a, (__m512i)count);
}

/* Leading zero bits; 32 for 0. */
V_INLINE v32 v_leading_zeros(v32 a)
{
    return (v32)_mm512_lzcnt_epi32((__m512i)a);
}

/* a.low b.low + a.high b.high, and that added to a sum: wrapping around, or saturated. Not all four are -32768. */
V_INLINE v32 v_products(vpair a, vpair b)
{
    return (v32)_mm512_madd_epi16((__m512i)a, (__m512i)b);
}

V_INLINE v32 v_dot(v32 sum, vpair a, vpair b)
{
    return (v32)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
}

V_INLINE v32 v_dot_saturated(v32 sum, vpair a, vpair b)
{
    return (v32)_mm512_dpwssds_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
}

/* Saturating 32-bit sums and differences: the sign of the overflow is the opposite of the result's. */
V_INLINE v32 v_l_add(v32 a, v32 b)
{
    const __m512i x = (__m512i)a, y = (__m512i)b, sum = _mm512_add_epi32(x, y);
    /* overflow: ~(a ^ b) & (a ^ sum), of which the top bit counts */
    const __mmask16 over = _mm512_movepi32_mask(_mm512_ternarylogic_epi32(x, y, sum, 0x42));
    return (v32)_mm512_mask_xor_epi32(sum, over, _mm512_srai_epi32(sum, 31),
                                      _mm512_set1_epi32(INT32_MIN));
}

V_INLINE v32 v_l_sub(v32 a, v32 b)
{
    const __m512i x = (__m512i)a, y = (__m512i)b, difference = _mm512_sub_epi32(x, y);
    /* overflow: (a ^ b) & (a ^ difference) */
    const __mmask16 over =
        _mm512_movepi32_mask(_mm512_ternarylogic_epi32(x, y, difference, 0x18));
    return (v32)_mm512_mask_xor_epi32(difference, over, _mm512_srai_epi32(difference, 31),
                                      _mm512_set1_epi32(INT32_MIN));
}

/* The element of `base` at each lane's index. */
V_INLINE v32 v_gather(const int32_t *base, v32 index)
{
    return (v32)_mm512_i32gather_epi32((__m512i)index, base, 4);
}

/* The 32 bits at `base` + 2 x index octets. */
V_INLINE v32 v_gather_halves(const int16_t *base, v32 index)
{
    return (v32)_mm512_i32gather_epi32((__m512i)index, base, 2);
}

/* Truncated quotients of numbers from 0 to 2^30; that of a number near to a whole one may be one too large. */
V_INLINE v32 v_quotient(v32 numerator, v32 denominator)
{
    return (v32)_mm512_cvttps_epi32(_mm512_div_ps(_mm512_cvtepi32_ps((__m512i)numerator),
                                                  _mm512_cvtepi32_ps((__m512i)denominator)));
}

#endif
