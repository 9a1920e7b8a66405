#include "../harness.h"

#include "rtp/packet.h"
#include "rtp/sender.h"

#include <array>
#include <cstring>
#include <vector>

using namespace trunkgate::rtp;

namespace {

std::vector<std::uint8_t> valid() {
  std::vector<std::uint8_t> octets(12 + 160, 0xD5);
  printHeader(8, true, 0x1234, 0x89ABCDEF, 0xCAFEBABE, std::span(octets).first<12>());
  return octets;
}

}  // namespace

TEST(a_plain_packet_is_read_field_by_field) {
  const std::vector<std::uint8_t> octets = valid();
  Packet packet;
  CHECK(parsePacket(octets, packet) == PacketFault::none);
  CHECK_EQUAL(packet.payloadType, 8);
  CHECK(packet.marker);
  CHECK_EQUAL(packet.sequence, 0x1234);
  CHECK_EQUAL(packet.timestamp, 0x89ABCDEF);
  CHECK_EQUAL(packet.ssrc, 0xCAFEBABE);
  CHECK_EQUAL(packet.payload.size(), 160);
  CHECK(packet.payload.data() == octets.data() + 12);
  CHECK_EQUAL(octets[0], 0x80);
  CHECK_EQUAL(octets[1], 0x88);
}

TEST(printing_what_was_parsed_gives_the_same_octets) {
  std::uint64_t seed = 1;
  for (int round = 0; round < 3000; round++) {
    std::array<std::uint8_t, 60> csrc{};
    std::array<std::uint8_t, 64> extension{};
    std::array<std::uint8_t, 200> payload{};
    for (std::uint8_t& octet : csrc) octet = static_cast<std::uint8_t>(harness_random(&seed));
    for (std::uint8_t& octet : extension) octet = static_cast<std::uint8_t>(harness_random(&seed));
    for (std::uint8_t& octet : payload) octet = static_cast<std::uint8_t>(harness_random(&seed));
    Packet packet;
    packet.timestamp = harness_random(&seed);
    packet.ssrc = harness_random(&seed);
    packet.sequence = static_cast<std::uint16_t>(harness_random(&seed));
    packet.payloadType = static_cast<std::uint8_t>(96 + harness_random(&seed) % 32);
    packet.marker = harness_random(&seed) & 1;
    packet.csrcCount = static_cast<std::uint8_t>(harness_random(&seed) % 16);
    packet.csrc = std::span(csrc).first(packet.csrcCount * 4u);
    packet.hasExtension = harness_random(&seed) & 1;
    packet.extensionProfile =
        static_cast<std::uint16_t>(packet.hasExtension ? harness_random(&seed) : 0);
    if (packet.hasExtension)
      packet.extension = std::span(extension).first(harness_random(&seed) % 17 * 4);
    packet.payload = std::span(payload).first(harness_random(&seed) % 200);
    packet.paddingOctets = static_cast<std::uint8_t>(harness_random(&seed) % 9);
    std::array<std::uint8_t, 600> first{}, second{};
    const std::size_t size = printPacket(packet, first);
    REQUIRE(size > 0);
    Packet again;
    REQUIRE(parsePacket(std::span(first).first(size), again) == PacketFault::none);
    CHECK_EQUAL(again.payload.size(), packet.payload.size());
    CHECK_EQUAL(again.csrcCount, packet.csrcCount);
    CHECK_EQUAL(again.extension.size(), packet.extension.size());
    CHECK_EQUAL(again.paddingOctets, packet.paddingOctets);
    CHECK_EQUAL(again.extensionProfile, packet.extensionProfile);
    CHECK_EQUAL(printPacket(again, second), size);
    CHECK_BYTES(first.data(), second.data(), size);
    CHECK_EQUAL(printPacket(again, std::span(second).first(size - 1)), 0);
  }
}

TEST(each_fault_is_named) {
  Packet packet;
  std::vector<std::uint8_t> octets = valid();
  CHECK(parsePacket(std::span(octets).first(11), packet) == PacketFault::tooShort);
  CHECK(parsePacket({}, packet) == PacketFault::tooShort);
  octets[0] = 0x40;
  CHECK(parsePacket(octets, packet) == PacketFault::version);
  octets = valid();
  octets[1] = 200;
  CHECK(parsePacket(octets, packet) == PacketFault::rtcp);
  octets = valid();
  octets[0] |= 0x0F;
  CHECK(parsePacket(std::span(octets).first(12 + 59), packet) == PacketFault::csrc);
  CHECK(parsePacket(std::span(octets).first(12 + 60), packet) == PacketFault::none);
  octets = valid();
  octets[0] |= 0x10;
  CHECK(parsePacket(std::span(octets).first(15), packet) == PacketFault::extension);
  octets[14] = 0;
  octets[15] = 40;
  CHECK(parsePacket(octets, packet) == PacketFault::extension);
  octets[15] = 39;
  CHECK(parsePacket(octets, packet) == PacketFault::none);
  CHECK_EQUAL(packet.payload.size(), 0);
  octets = valid();
  octets[0] |= 0x20;
  octets.back() = 0;
  CHECK(parsePacket(octets, packet) == PacketFault::padding);
  octets.back() = 161;
  CHECK(parsePacket(octets, packet) == PacketFault::padding);
  octets.back() = 160;
  CHECK(parsePacket(octets, packet) == PacketFault::none);
  CHECK_EQUAL(packet.payload.size(), 0);
  CHECK(parsePacket(std::span(octets).first(12), packet) == PacketFault::padding);
}

TEST(random_octets_never_lead_outside_the_datagram) {
  std::uint64_t seed = 99;
  for (int round = 0; round < 200000; round++) {
    std::array<std::uint8_t, 80> octets{};
    const std::size_t size = harness_random(&seed) % 81;
    for (std::size_t i = 0; i < size; i++)
      octets[i] = static_cast<std::uint8_t>(harness_random(&seed));
    if (size > 0) octets[0] = static_cast<std::uint8_t>(0x80 | (octets[0] & 0x3F));
    Packet packet;
    const std::span<const std::uint8_t> all = std::span(octets).first(size);
    if (parsePacket(all, packet) != PacketFault::none) continue;
    for (const auto part : {packet.csrc, packet.extension, packet.payload})
      CHECK(part.empty() ||
            (part.data() >= all.data() && part.data() + part.size() <= all.data() + size));
  }
}

TEST(datagrams_are_told_apart_by_rfc_7983) {
  const auto kind = [](std::uint8_t first, std::uint8_t second) {
    const std::array<std::uint8_t, 2> octets{first, second};
    return classify(octets);
  };
  CHECK(classify({}) == Datagram::other);
  CHECK(kind(0, 1) == Datagram::stun);
  CHECK(kind(3, 1) == Datagram::stun);
  CHECK(kind(4, 1) == Datagram::other);
  CHECK(kind(22, 1) == Datagram::dtls);
  CHECK(kind(63, 1) == Datagram::dtls);
  CHECK(kind(64, 1) == Datagram::other);
  CHECK(kind(0x80, 8) == Datagram::rtp);
  CHECK(kind(0x80, 0x88) == Datagram::rtp);
  CHECK(kind(0x80, 200) == Datagram::rtcp);
  CHECK(kind(0x81, 205) == Datagram::rtcp);
  CHECK(kind(192, 8) == Datagram::other);
}

// ---- sender ----

namespace {

std::vector<std::uint8_t> block(std::uint8_t value) { return std::vector<std::uint8_t>(80, value); }

}  // namespace

TEST(blocks_are_packed_into_the_packet_time_and_numbered) {
  for (const std::uint16_t samples : {80, 160, 240, 320, 480}) {
    Sender sender;
    sender.configure({.ssrc = 7,
                      .timestamp = 0xFFFFFF00,
                      .sequence = 0xFFFE,
                      .payloadType = 8,
                      .packetSamples = samples});
    std::uint16_t sequence = 0xFFFE;
    std::uint32_t timestamp = 0xFFFFFF00;
    for (int packets = 0; packets < 5; packets++) {
      std::span<const std::uint8_t> out;
      for (std::uint16_t at = 0; at < samples; at = static_cast<std::uint16_t>(at + 80)) {
        CHECK(out.empty());
        out = sender.push(block(static_cast<std::uint8_t>(at / 80)), 80);
      }
      Packet packet;
      REQUIRE(parsePacket(out, packet) == PacketFault::none);
      CHECK_EQUAL(packet.payload.size(), samples);
      CHECK_EQUAL(packet.sequence, sequence++);
      CHECK_EQUAL(packet.timestamp, timestamp);
      CHECK_EQUAL(packet.ssrc, 7);
      CHECK_EQUAL(packet.marker, packets == 0);  // RFC 3551 §4.1: first of a talkspurt
      CHECK_EQUAL(packet.payload.back(), samples / 80 - 1);
      timestamp += samples;
    }
    CHECK_EQUAL(sender.packets(), 5);
    CHECK_EQUAL(sender.octets(), 5u * samples);
  }
}

TEST(a_pause_sends_what_was_gathered_advances_time_and_sets_the_marker) {
  Sender sender;
  sender.configure({.payloadType = 8, .packetSamples = 160});
  CHECK(sender.push(block(1), 80).empty());
  const auto part = sender.pause(80);
  CHECK_EQUAL(part.size(), 12 + 80);
  CHECK(sender.pause(80).empty());
  CHECK(sender.push(block(2), 80).empty());
  Packet packet;
  REQUIRE(parsePacket(sender.push(block(2), 80), packet) == PacketFault::none);
  CHECK_EQUAL(packet.timestamp, 240);
  CHECK_EQUAL(packet.sequence, 1);
  CHECK(packet.marker);
}

TEST(new_payload_type_and_packet_time_begin_with_the_next_packet) {
  Sender sender;
  sender.configure({.payloadType = 8, .packetSamples = 160});
  sender.push(block(1), 80);
  sender.change(0, 80);
  Packet packet;
  REQUIRE(parsePacket(sender.push(block(1), 80), packet) == PacketFault::none);
  CHECK_EQUAL(packet.payloadType, 8);
  CHECK_EQUAL(packet.payload.size(), 160);
  REQUIRE(parsePacket(sender.push(block(1), 80), packet) == PacketFault::none);
  CHECK_EQUAL(packet.payloadType, 0);
  CHECK_EQUAL(packet.payload.size(), 80);
  CHECK_EQUAL(packet.sequence, 1);
  CHECK_EQUAL(packet.timestamp, 160);
}

TEST(a_sid_frame_closes_its_packet) {
  Sender sender;
  sender.configure({.payloadType = 18, .packetSamples = 480});
  const std::array<std::uint8_t, 10> frame{};
  CHECK(sender.push(frame, 80).empty());
  const auto out = sender.push(std::span(frame).first(2), 80, true);
  CHECK_EQUAL(out.size(), 12 + 12);
  Packet packet;
  REQUIRE(parsePacket(sender.pause(800), packet) == PacketFault::tooShort);
  CHECK_EQUAL(sender.timestamp(), 960);
}

TEST(events_share_the_numbering_of_the_stream) {
  Sender sender;
  sender.configure({.ssrc = 3, .sequence = 10, .payloadType = 8, .packetSamples = 80});
  sender.push(block(1), 80);
  const std::array<std::uint8_t, 4> payload{5, 10, 0, 160};
  Packet packet;
  REQUIRE(parsePacket(sender.event(101, true, 80, payload), packet) == PacketFault::none);
  CHECK_EQUAL(packet.sequence, 11);
  CHECK_EQUAL(packet.timestamp, 80);
  CHECK_EQUAL(packet.payloadType, 101);
  CHECK(packet.marker);
  CHECK_BYTES(packet.payload.data(), payload.data(), 4);
  REQUIRE(parsePacket(sender.push(block(1), 80), packet) == PacketFault::none);
  CHECK_EQUAL(packet.sequence, 12);
  CHECK_EQUAL(sender.packets(), 3);
}

TEST(more_octets_than_a_packet_holds_are_refused) {
  Sender sender;
  sender.configure({.payloadType = 8, .packetSamples = 480});
  const std::vector<std::uint8_t> huge(481);
  CHECK(sender.push(huge, 480).empty());
  CHECK_EQUAL(sender.gathered(), 0);
  CHECK_EQUAL(sender.timestamp(), 0);
}

MAIN()
