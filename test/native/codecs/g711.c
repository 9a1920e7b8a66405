/*
 * G.711 against the Recommendation read plainly: decision values and output values by their
 * formulas, with comparisons instead of tables, over all 65,536 samples and all 256 octets; and
 * against the ITU's own sweeps.
 */
#include "../harness.h"

#include "codecs/codec.h"
#include "codecs/g711/g711.h"

/* Output value n of the positive half (1..128), 13 bits: G.711 table 1a, column 7. */
static int alaw_output(int n)
{
    const int segment = (n - 1) / 16, place = (n - 1) % 16;
    const int width = segment < 2 ? 2 : 2 << (segment - 1);
    const int start = segment < 2 ? segment * 32 : 32 << (segment - 1);
    return start + place * width + width / 2;
}

/* Decision value x(n): lower edge of interval n + 1; in 13-bit units. */
static int alaw_decision(int n)
{
    const int segment = n / 16, place = n % 16;
    return segment < 2 ? n * 2 : (32 << (segment - 1)) + place * (2 << (segment - 1));
}

/* Mu-law, 14 bits: output value n (0..127) and decision value n. G.711 table 2a. */
static int ulaw_output(int n)
{
    return ((2 * (n % 16) + 33) << (n / 16)) - 33;
}

static int ulaw_decision(int n)
{
    return n == 0 ? 0 : ((2 * (n % 16) + 32) << (n / 16)) - 33;
}

/* The interval whose edges hold the magnitude, by looking at every edge. */
static int interval(int magnitude, int (*decision)(int))
{
    int n = 127;
    while (n > 0 && magnitude < decision(n))
        n--;
    return n;
}

TEST(every_a_law_octet_decodes_to_the_output_value_of_table_1)
{
    for (int octet = 0; octet < 256; octet++) {
        const int number = ((octet ^ 0x55) & 0x7F) + 1;
        const int value = alaw_output(number) * 8;
        CHECK_EQUAL(g711_to_linear(G711_ALAW, (uint8_t)octet), octet & 0x80 ? value : -value);
    }
}

TEST(every_mu_law_octet_decodes_to_the_output_value_of_table_2)
{
    for (int octet = 0; octet < 256; octet++) {
        const int value = ulaw_output(0x7F - (octet & 0x7F)) * 4;
        CHECK_EQUAL(g711_to_linear(G711_ULAW, (uint8_t)octet), octet & 0x80 ? value : -value);
    }
}

TEST(every_sample_is_encoded_into_the_interval_that_holds_it)
{
    for (int sample = -32768; sample <= 32767; sample++) {
        const int folded = sample < 0 ? ~sample : sample; /* G.191: one's complement */
        const int a = interval(folded >> 3, alaw_decision);
        const int u = interval(folded >> 2, ulaw_decision);
        const int sign = sample < 0 ? 0 : 0x80;
        CHECK_EQUAL(g711_alaw_from_linear((int16_t)sample), (a | sign) ^ 0x55);
        CHECK_EQUAL(g711_ulaw_from_linear((int16_t)sample), (0x7F - u) | sign);
    }
}

TEST(encoding_a_decoded_octet_gives_it_back_but_for_mu_law_minus_zero)
{
    for (int octet = 0; octet < 256; octet++) {
        const int16_t a = g711_to_linear(G711_ALAW, (uint8_t)octet);
        const int16_t u = g711_to_linear(G711_ULAW, (uint8_t)octet);
        CHECK_EQUAL(g711_from_linear(G711_ALAW, a), octet);
        CHECK_EQUAL(g711_from_linear(G711_ULAW, u), octet == 0x7F ? 0xFF : octet);
    }
}

TEST(idle_octets_decode_to_the_smallest_positive_value)
{
    CHECK_EQUAL(g711_idle(G711_ALAW), 0xD5);
    CHECK_EQUAL(g711_idle(G711_ULAW), 0xFF);
    CHECK_EQUAL(g711_to_linear(G711_ALAW, g711_idle(G711_ALAW)), 8);
    CHECK_EQUAL(g711_to_linear(G711_ULAW, g711_idle(G711_ULAW)), 0);
}

/* G.711 §4.2: mu-A-mu changes only mu-law output values 0, 2, 4, ... 14, and of these only bit
 * 8. */
TEST(mu_a_mu_conversion_changes_only_what_clause_4_2_says)
{
    for (int octet = 0; octet < 256; octet++) {
        uint8_t there, back;
        const uint8_t from = (uint8_t)octet;
        g711_convert(G711_ULAW, G711_ALAW, &from, 1, &there);
        g711_convert(G711_ALAW, G711_ULAW, &there, 1, &back);
        const int number = 0x7F - (octet & 0x7F);
        const int changed = number <= 14 && number % 2 == 0;
        CHECK_EQUAL(back, changed ? octet - 1 : octet);
    }
}

/* The same clause: A-mu-A changes only A-law output values 26, 28, 30, 32, 45, 47, 63 and 80,
 * only in bit 8. */
TEST(a_mu_a_conversion_changes_only_what_clause_4_2_says)
{
    static const int changed[] = {26, 28, 30, 32, 45, 47, 63, 80};
    for (int octet = 0; octet < 256; octet++) {
        uint8_t there, back;
        const uint8_t from = (uint8_t)octet;
        g711_convert(G711_ALAW, G711_ULAW, &from, 1, &there);
        g711_convert(G711_ULAW, G711_ALAW, &there, 1, &back);
        const int number = ((octet ^ 0x55) & 0x7F) + 1;
        int expected = octet;
        for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++)
            if (number == changed[i])
                expected = octet ^ 1;
        CHECK_EQUAL(back, expected);
    }
}

TEST(conversion_keeps_sign_and_order_and_stays_within_one_step_of_the_nearest)
{
    for (int law = 0; law < 2; law++) {
        const enum g711_law from = (enum g711_law)law, to = (enum g711_law)(1 - law);
        for (int octet = 0; octet < 256; octet++) {
            uint8_t out;
            const uint8_t in = (uint8_t)octet;
            g711_convert(from, to, &in, 1, &out);
            CHECK_EQUAL(out & 0x80, octet & 0x80);
            const int value = g711_to_linear(from, in);
            const int mapped = g711_to_linear(to, out);
            CHECK_NEAR(mapped, value, abs(value) / 16 + 16);
        }
    }
}

TEST(conversion_to_the_same_law_is_a_copy_and_may_be_in_place)
{
    uint8_t octets[256], copy[256];
    for (int i = 0; i < 256; i++)
        octets[i] = copy[i] = (uint8_t)i;
    g711_convert(G711_ALAW, G711_ALAW, octets, 256, octets);
    CHECK_BYTES(octets, copy, 256);
    g711_convert(G711_ULAW, G711_ALAW, octets, 256, octets);
    for (int i = 0; i < 256; i++)
        CHECK_EQUAL(octets[i], g711_convert_table[G711_ULAW][i]);
}

TEST(the_codec_rows_are_those_of_rfc_3551)
{
    CHECK(strcmp(codec_pcma.name, "PCMA") == 0);
    CHECK(strcmp(codec_pcmu.name, "PCMU") == 0);
    CHECK_EQUAL(codec_pcma.payload_type, 8);
    CHECK_EQUAL(codec_pcmu.payload_type, 0);
    CHECK_EQUAL(codec_pcma.clock_rate, 8000);
    CHECK_EQUAL(codec_payload_samples(&codec_pcma, 160), 160);
    CHECK_EQUAL(codec_payload_samples(&codec_pcmu, 0), 0);
}

TEST(a_frame_through_a_row_comes_out_delayed_and_quantised)
{
    static const struct codec *const rows[] = {&codec_pcma, &codec_pcmu};
    for (int r = 0; r < 2; r++) {
        const struct codec *codec = rows[r];
        _Alignas(max_align_t) static unsigned char decoder[8192];
        REQUIRE(codec->decoder_size <= sizeof decoder);
        codec->init_encoder(NULL, CODEC_OPTION_DTX);
        codec->init_decoder(decoder);
        int16_t in[160], out[160];
        for (int i = 0; i < 160; i++)
            in[i] = (int16_t)(10000.0 * sin(i * 0.3));
        for (int f = 0; f < 2; f++) {
            uint8_t octets[80];
            CHECK_EQUAL(codec->encode(NULL, in + 80 * f, octets), 80);
            CHECK_EQUAL(codec->decode(decoder, octets, 80, out + 80 * f), CODEC_FRAME_SPEECH);
        }
        for (int i = 0; i + codec->decoder_delay < 160; i++)
            CHECK_NEAR(out[i + codec->decoder_delay], in[i], 330);
    }
}

TEST(a_row_decodes_nothing_as_a_pause_and_rubbish_as_a_loss)
{
    _Alignas(max_align_t) static unsigned char decoder[8192];
    codec_pcma.init_decoder(decoder);
    int16_t out[80];
    uint8_t octets[81] = {0};
    CHECK_EQUAL(codec_pcma.decode(decoder, NULL, 0, out), CODEC_FRAME_UNTRANSMITTED);
    CHECK_EQUAL(codec_pcma.decode(decoder, octets, 81, out), CODEC_FRAME_MALFORMED);
    CHECK_EQUAL(codec_pcma.decode(decoder, octets, 79, out), CODEC_FRAME_MALFORMED);
    codec_pcma.conceal(decoder, out);
    for (int i = 0; i < 80; i++)
        CHECK_EQUAL(out[i], 0);
}

static int16_t sweep[65536], expected[65536];

/* Reads stl_g711/<name> into `words`; false if the folder is not there. */
static int read_sweep(const char *name, int16_t *words)
{
    char path[64];
    snprintf(path, sizeof path, "stl_g711/%s", name);
    const char *found = harness_vector(path);
    return found != NULL && harness_read(found, words, 131072) == 131072;
}

TEST(the_itu_sweeps_are_met_bit_for_bit)
{
    static const char *const codes[2] = {"sweep-r.a", "sweep-r.u"};
    static const char *const decoded[2][2] = {{"sweep-r.a-a", "sweep-r.rea"},
                                              {"sweep-r.u-u", "sweep-r.reu"}};
    if (!read_sweep("sweep.src", sweep))
        SKIP("no ITU test sequences (TRUNKGATE_VECTORS)");
    for (int law = 0; law < 2; law++) {
        REQUIRE(read_sweep(codes[law], expected));
        static uint8_t octets[65536];
        g711_encode((enum g711_law)law, sweep, 65536, octets);
        for (int i = 0; i < 65536; i++)
            CHECK_EQUAL(octets[i], expected[i]);
        static int16_t linear[65536];
        g711_decode((enum g711_law)law, octets, 65536, linear);
        for (int d = 0; d < 2; d++) {
            REQUIRE(read_sweep(decoded[law][d], expected));
            for (int i = 0; i < 65536; i++)
                CHECK_EQUAL(linear[i], expected[i]);
        }
    }
}

MAIN()
