/*
 * The numeric tables of ITU-T G.729 and its Annexes A and B.
 */
#ifndef TRUNKGATE_CODECS_G729_TABLES_H
#define TRUNKGATE_CODECS_G729_TABLES_H

#include <stdint.h>

/* §3.2.1 (3): LP analysis window, half Hamming and quarter cosine, Q15 */
extern const int16_t g729_lp_window[240];
/* §3.2.1 (6), (7): lag window for lags 1 to 12, high part */
extern const int16_t g729_lag_window_hi[12];
/* the same, low part (15 bits) */
extern const int16_t g729_lag_window_lo[12];
/* cos(i pi / 64), Q15 */
extern const int16_t g729_cosine[65];
/* slope of the cosine for LSF to LSP, Q19 */
extern const int16_t g729_cosine_slope[64];
/* slope of the arc cosine for LSP to LSF, Q11 */
extern const int16_t g729_arccosine_slope[64];
/* §3.2.3: points of the Chebyshev root search, Q15 */
extern const int16_t g729_root_grid[51];
/* §3.2.4: first stage L1, Q13 */
extern const int16_t g729_lsp_codebook1[128][10];
/* §3.2.4: second stage L2 (elements 0 to 4) and L3 (5 to 9), Q13 */
extern const int16_t g729_lsp_codebook2[32][10];
/* §3.2.4: MA predictors of the LSF, [L0][lag][coefficient], Q15 */
extern const int16_t g729_lsp_ma[2][4][10];
/* §3.2.4 (20): 1 - sum of the MA coefficients, Q15 */
extern const int16_t g729_lsp_ma_rest[2][10];
/* §3.2.4 (20): 1 / that, Q12 */
extern const int16_t g729_lsp_ma_rest_inverse[2][10];
/* §3.2.4: MA memory at start, i pi / 11, Q13 */
extern const int16_t g729_lsp_ma_reset[10];
/* §3.7.1 b30: interpolation filter of the adaptive codebook, Q15 */
extern const int16_t g729_pitch_interpolation[31];
/* §3.9.1 (69): MA predictor of the code gain, Q13 */
extern const int16_t g729_gain_ma[4];
/* §3.9.2: codebook GA, pitch gain Q14, code gain correction Q13 */
extern const int16_t g729_gain_codebook1[8][2];
/* §3.9.2: codebook GB, pitch gain Q14, code gain correction Q13 */
extern const int16_t g729_gain_codebook2[16][2];
/* §3.9.3: index sent for an entry of GA */
extern const int16_t g729_gain_map1[8];
/* §3.9.3: index sent for an entry of GB */
extern const int16_t g729_gain_map2[16];
/* §3.9.3: entry of GA for an index received */
extern const int16_t g729_gain_unmap1[8];
/* §3.9.3: entry of GB for an index received */
extern const int16_t g729_gain_unmap2[16];
/* §3.9.2: preselection of the gain codebooks, high part */
extern const int16_t g729_gain_preselect[2][2];
/* §3.9.2: preselection of the gain codebooks, 32 bits */
extern const int32_t g729_gain_preselect_wide[2][2];
/* §3.9.2: preselection thresholds of GA */
extern const int16_t g729_gain_threshold1[4];
/* §3.9.2: preselection thresholds of GB */
extern const int16_t g729_gain_threshold2[8];
/* §4.2.5 (90): 100 Hz high-pass, Q13 */
extern const int16_t g729_output_zeros[3];
/* §4.2.5 (90): 100 Hz high-pass, Q13 */
extern const int16_t g729_output_poles[3];
/* §3.1 (1): 140 Hz high-pass and division by two, Q12 */
extern const int16_t g729_input_zeros[3];
/* §3.1 (1): 140 Hz high-pass, Q12 */
extern const int16_t g729_input_poles[3];
/* 2^(i/32), Q14 */
extern const int16_t g729_power_table[33];
/* log2(1 + i/32), Q15 */
extern const int16_t g729_logarithm_table[33];
/* 1/sqrt((i + 16)/16), Q15 */
extern const int16_t g729_root_table[49];
/* taming: zone of 40 samples of each pitch delay */
extern const int16_t g729_tame_zone[153];
/* §B.3.1.2: correlation of the low-band filter, Q15 */
extern const int16_t g729_vad_low_band[13];
/* §B.3.1.4: shift of the mean of the last minima */
extern const int16_t g729_vad_shift[33];
/* §B.3.1.4: factor of the mean of the last minima, Q15 */
extern const int16_t g729_vad_factor[33];
/* §B.4.2.2: factor of the energy for 0, 1, 2 frames */
extern const int16_t g729_sid_gain_factor[3];
/* §B.4.2.2: margin of the factor */
extern const int16_t g729_sid_gain_margin[3];
/* §B.4.2.2: gain of each SID index */
extern const int16_t g729_sid_gain[32];
/* §B.4.3: 1 - sum of the noise MA coefficients, Q15 */
extern const int16_t g729_noise_ma_rest[2][10];
/* §B.4.3: 1 / that, Q12 */
extern const int16_t g729_noise_ma_rest_inverse[2][10];
/* §B.4.3: rows of L1 that a SID frame may use */
extern const int16_t g729_noise_codebook1[32];
/* §B.4.3: rows of L2 and of L3 that a SID frame may use */
extern const int16_t g729_noise_codebook2[2][16];
/* §B.4.3: weights of the two predictors of a SID frame */
extern const int16_t g729_noise_predictor_weight[2];

#endif
