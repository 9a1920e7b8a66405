/* Bits of frames, parity, pitch delay. */
#include <g729/frame.h>
#include <g729/pitch-delay.h>

#include "plain.h"

static int bit_of(const uint8_t *octets, int at)
{
    return octets[at / 8] >> (7 - at % 8) & 1;
}

/* The number of `width` bits at `at`. */
static int bits_of(const uint8_t *octets, int *at, int width)
{
    int value = 0;
    for (int i = 0; i < width; i++)
        value = value << 1 | bit_of(octets, (*at)++);
    return value;
}

/* Table 8. */
TEST(speech_parameters_lie_where_table_8_puts_them)
{
    uint64_t seed = 1;
    for (int turn = 0; turn < 2000; turn++) {
        uint8_t octets[10], again[10];
        struct g729_speech speech;
        int at = 0;
        for (int i = 0; i < 10; i++)
            octets[i] = (uint8_t)(harness_random(&seed) >> 24);
        g729_unpack_speech(octets, &speech);
        CHECK_EQUAL(speech.lsp1, bits_of(octets, &at, 8));
        CHECK_EQUAL(speech.lsp2, bits_of(octets, &at, 10));
        for (int i = 0; i < 2; i++) {
            CHECK_EQUAL(speech.subframe[i].pitch, bits_of(octets, &at, i == 0 ? 8 : 5));
            if (i == 0)
                CHECK_EQUAL(speech.parity, bits_of(octets, &at, 1));
            CHECK_EQUAL(speech.subframe[i].positions, bits_of(octets, &at, 13));
            CHECK_EQUAL(speech.subframe[i].signs, bits_of(octets, &at, 4));
            CHECK_EQUAL(speech.subframe[i].gains, bits_of(octets, &at, 7));
        }
        CHECK_EQUAL(at, 80);
        g729_pack_speech(&speech, again);
        CHECK_BYTES(again, octets, 10);
    }
}

/* Table B.2: 15 bits, and one that is zero. */
TEST(sid_parameters_lie_where_table_b_2_puts_them)
{
    for (int value = 0; value < 0x10000; value += 2) {
        const uint8_t octets[2] = {(uint8_t)(value >> 8), (uint8_t)value};
        uint8_t again[2];
        struct g729_sid sid;
        int at = 0;
        g729_unpack_sid(octets, &sid);
        CHECK_EQUAL(sid.predictor, bits_of(octets, &at, 1));
        CHECK_EQUAL(sid.stage1, bits_of(octets, &at, 5));
        CHECK_EQUAL(sid.stage2, bits_of(octets, &at, 4));
        CHECK_EQUAL(sid.gain, bits_of(octets, &at, 5));
        g729_pack_sid(&sid, again);
        CHECK_BYTES(again, octets, 2);
    }
}

/* §3.7.2: one, and the exclusive or of the six most significant bits. */
TEST(parity_sees_a_flip_of_any_of_six_bits)
{
    for (int16_t pitch = 0; pitch < 256; pitch++) {
        int ones = 1;
        for (int i = 2; i < 8; i++)
            ones ^= pitch >> i & 1;
        CHECK_EQUAL(g729_pitch_parity(pitch), ones);
        for (int i = 0; i < 8; i++)
            CHECK_EQUAL(g729_pitch_parity(pitch ^ (int16_t)(1 << i)) != ones, i >= 2);
    }
}

static int thirds_of(struct g729_delay delay)
{
    return 3 * delay.whole + delay.thirds;
}

/* §3.7: 19 1/3 to 84 2/3 in thirds, then 85 to 143 in whole samples. */
TEST(the_first_delay_counts_in_thirds_then_in_samples)
{
    for (int16_t index = 0; index < 256; index++) {
        const struct g729_delay delay = g729_decode_pitch1(index);
        const int thirds = index < 197 ? 58 + index : 3 * (85 + index - 197);
        CHECK_EQUAL(thirds_of(delay), thirds);
        CHECK_EQUAL(g729_encode_pitch1(delay), index);
    }
}

/* §3.7: 5 2/3 before the first delay's whole part to 4 2/3 after, kept within the range. */
TEST(the_second_delay_counts_in_thirds_around_the_first)
{
    for (int16_t whole = G729_PITCH_MIN; whole <= G729_PITCH_MAX; whole++) {
        int lowest = whole - 5;
        lowest = lowest < 20 ? 20 : lowest > 134 ? 134 : lowest;
        CHECK_EQUAL(g729_pitch2_lowest(whole), lowest);
        for (int16_t index = 0; index < 32; index++) {
            const struct g729_delay delay = g729_decode_pitch2(index, whole);
            CHECK_EQUAL(thirds_of(delay), 3 * lowest - 2 + index);
            CHECK(delay.thirds >= -1 && delay.thirds <= 1);
            CHECK_EQUAL(g729_encode_pitch2(delay, (int16_t)lowest), index);
        }
    }
}

MAIN()
