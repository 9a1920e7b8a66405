/*
 * The serial form of G.729: written and read again, cut short, spoiled.
 */
#include <g729/serial.h>

#include "../harness.h"

static const uint8_t octets[G729_SPEECH_OCTETS] = {0x80, 0x01, 0xFF, 0x00, 0xA5, 0x5A, 1, 2, 3, 4};

TEST(frames_of_every_kind_are_read_as_they_were_written)
{
    static const size_t counts[] = {G729_SPEECH_OCTETS, G729_SID_OCTETS, 0};
    for (size_t i = 0; i < 3; i++) {
        uint8_t serial[G729_SERIAL_OCTETS];
        struct g729_serial_frame frame;
        CHECK_EQUAL(g729_serial_print(octets, counts[i], serial), 4 + 16 * counts[i]);
        CHECK_EQUAL(g729_serial_parse(serial, sizeof serial, &frame), 4 + 16 * counts[i]);
        CHECK_EQUAL(frame.count, counts[i]);
        CHECK(!frame.erased);
        CHECK(memcmp(frame.octets, octets, counts[i]) == 0);
    }
}

TEST(words_are_little_endian_and_the_first_bit_is_the_highest)
{
    uint8_t serial[G729_SERIAL_OCTETS];
    g729_serial_print(octets, G729_SID_OCTETS, serial);
    static const uint8_t head[] = {0x21, 0x6B, 16, 0, 0x81, 0, 0x7F, 0};
    CHECK(memcmp(serial, head, sizeof head) == 0);
}

TEST(a_frame_cut_short_waits_for_the_rest)
{
    uint8_t serial[G729_SERIAL_OCTETS];
    struct g729_serial_frame frame;
    const size_t size = g729_serial_print(octets, G729_SPEECH_OCTETS, serial);
    for (size_t cut = 0; cut < size; cut++)
        CHECK_EQUAL(g729_serial_parse(serial, cut, &frame), 0);
}

TEST(erased_frames_are_told_by_their_first_word_or_by_a_bit)
{
    uint8_t serial[G729_SERIAL_OCTETS];
    struct g729_serial_frame frame;
    g729_serial_print(octets, G729_SPEECH_OCTETS, serial);
    serial[0] = 0x20;
    CHECK_EQUAL(g729_serial_parse(serial, sizeof serial, &frame), G729_SERIAL_OCTETS);
    CHECK(frame.erased);
    serial[0] = 0x21;
    serial[4 + 2 * 79] = serial[5 + 2 * 79] = 0;
    CHECK_EQUAL(g729_serial_parse(serial, sizeof serial, &frame), G729_SERIAL_OCTETS);
    CHECK(frame.erased);
}

TEST(what_is_no_frame_is_told)
{
    static const struct {
        size_t at;
        uint8_t value;
    } spoiled[] = {{0, 0x22}, {1, 0}, {2, 15}, {3, 1}, {4, 0x80}, {5, 1}};
    for (size_t i = 0; i < sizeof spoiled / sizeof *spoiled; i++) {
        uint8_t serial[G729_SERIAL_OCTETS];
        struct g729_serial_frame frame;
        g729_serial_print(octets, G729_SPEECH_OCTETS, serial);
        serial[spoiled[i].at] = spoiled[i].value;
        CHECK_EQUAL(g729_serial_parse(serial, sizeof serial, &frame), G729_SERIAL_MALFORMED);
    }
}

MAIN()
