// HDLC on a timeslot (Q.921 §2): what the transmitter sends, a receiver written bit by bit here reads, and the other way round.
#include "../harness.h"

#include "tdm/fcs.h"
#include "tdm/hdlc.h"

#include <string>
#include <vector>

using namespace trunkgate::tdm;

namespace {

using Frame = std::vector<std::uint8_t>;

struct Collector {
  std::vector<Frame> frames;
  void frame(std::span<const std::uint8_t> octets) noexcept { frames.emplace_back(octets.begin(), octets.end()); }
};

/// Bits as they go over the line.
std::string bitsOf(const Frame& frame) {
  std::string bits = "01111110";
  Frame whole = frame;
  const std::uint16_t fcs = static_cast<std::uint16_t>(~fcsOver(frame));
  whole.push_back(static_cast<std::uint8_t>(fcs & 0xFF));
  whole.push_back(static_cast<std::uint8_t>(fcs >> 8));
  int ones = 0;
  for (const std::uint8_t octet : whole) {
    for (int i = 0; i < 8; i++) {
      const bool bit = (octet >> i & 1) != 0;
      bits += bit ? '1' : '0';
      ones = bit ? ones + 1 : 0;
      if (ones == 5) {
        bits += '0';
        ones = 0;
      }
    }
  }
  return bits + "01111110";
}

void feed(HdlcReceiver& receiver, Collector& collector, std::string bits) {
  while (bits.size() % 64 != 0) bits += '1';
  for (std::size_t at = 0; at < bits.size(); at += 64) {
    TickOctets octets{};
    for (std::size_t i = 0; i < 64; i++) {
      if (bits[at + i] == '1') octets[i / 8] |= static_cast<std::uint8_t>(0x80 >> i % 8);
    }
    receiver.receive(octets, collector);
  }
}

Frame randomFrame(std::uint64_t* state, std::size_t octets) {
  Frame frame(octets);
  for (auto& octet : frame) octet = static_cast<std::uint8_t>(harness_random(state) % 3 == 0 ? 0xFF : harness_random(state));
  return frame;
}

bool put(FrameRing& ring, const Frame& frame) { return ring.put(0, 0, frame); }

}  // namespace

TEST(fcs_of_a_known_frame) {
  // The check value of CRC-16/X-25 over "123456789" is 0x906E.
  const Frame digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK_EQUAL(static_cast<std::uint16_t>(~fcsOver(digits)), 0x906E);
}

TEST(an_idle_transmitter_sends_flags) {
  FrameRing ring(1024);
  HdlcTransmitter transmitter;
  TickOctets octets;
  transmitter.fill(ring, octets);
  for (const auto octet : octets) CHECK_EQUAL(octet, 0x7E);
}

TEST(a_frame_goes_least_significant_bit_first_with_zeros_inserted) {
  FrameRing ring(1024);
  HdlcTransmitter transmitter;
  const Frame frame{0x02, 0x01, 0xFF, 0xFF, 0x7E, 0x00};
  REQUIRE(put(ring, frame));
  std::string bits;
  for (int i = 0; i < 2; i++) {
    TickOctets octets;
    transmitter.fill(ring, octets);
    for (const auto octet : octets) {
      for (int bit = 7; bit >= 0; bit--) bits += (octet >> bit & 1) != 0 ? '1' : '0';
    }
  }
  const std::string expected = bitsOf(frame);
  CHECK(bits.substr(0, expected.size()) == expected);
  CHECK_EQUAL(transmitter.frames(), 1);
  CHECK_EQUAL(transmitter.octets(), 6);
}

TEST(random_frames_arrive_whole_at_every_bit_phase) {
  FrameRing ring(1 << 16);
  HdlcTransmitter transmitter;
  HdlcReceiver receiver;
  Collector collector;
  std::uint64_t state = 7;
  std::vector<Frame> sent;
  for (int round = 0; round < 400; round++) {
    for (unsigned i = 0; i <= harness_random(&state) % 3; i++) {
      sent.push_back(randomFrame(&state, 3 + harness_random(&state) % 260));
      REQUIRE(put(ring, sent.back()));
    }
    for (unsigned i = 0; i < 130; i++) {
      TickOctets octets;
      transmitter.fill(ring, octets);
      receiver.receive(octets, collector);
    }
  }
  REQUIRE(collector.frames.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); i++) CHECK(collector.frames[i] == sent[i]);
  CHECK_EQUAL(receiver.counters().fcsErrors + receiver.counters().aborts + receiver.counters().unaligned, 0);
}

TEST(the_longest_frame_passes_and_a_longer_one_is_counted) {
  FrameRing ring(8192);
  HdlcTransmitter transmitter;
  HdlcReceiver receiver;
  Collector collector;
  REQUIRE(put(ring, Frame(kMaxFrameOctets, 0x55)));
  for (int i = 0; i < 200; i++) {
    TickOctets octets;
    transmitter.fill(ring, octets);
    receiver.receive(octets, collector);
  }
  REQUIRE(collector.frames.size() == 1);
  CHECK_EQUAL(collector.frames[0].size(), kMaxFrameOctets);
  feed(receiver, collector, bitsOf(Frame(kMaxFrameOctets + 1, 0x55)));
  CHECK_EQUAL(collector.frames.size(), 1);
  CHECK_EQUAL(receiver.counters().tooLong, 1);
}

TEST(every_single_bit_error_in_a_frame_is_found) {
  const Frame frame{0x00, 0x01, 0x7F, 0x08, 0x02, 0x00, 0x01, 0xFF};
  const std::string good = bitsOf(frame);
  for (std::size_t bit = 8; bit < good.size() - 8; bit++) {
    HdlcReceiver receiver;
    Collector collector;
    std::string bad = good;
    bad[bit] = bad[bit] == '1' ? '0' : '1';
    feed(receiver, collector, "01111110" + bad + "0111111001111110");
    CHECK(collector.frames.empty());
    const HdlcCounters& counters = receiver.counters();
    // A bad bit may also make a flag or an abort of the frame's own bits.
    CHECK(counters.fcsErrors + counters.aborts + counters.unaligned + counters.tooShort >= 1);
  }
}

TEST(one_bad_bit_in_the_information_is_one_bad_fcs) {
  const Frame frame{0x00, 0x01, 0x00, 0x00, 0x55, 0x55, 0x55};
  std::string bits = bitsOf(frame);
  bits[8 + 40] = bits[8 + 40] == '1' ? '0' : '1';
  HdlcReceiver receiver;
  Collector collector;
  feed(receiver, collector, bits);
  CHECK_EQUAL(receiver.counters().fcsErrors, 1);
  CHECK_EQUAL(collector.frames.size(), 0);
}

TEST(seven_ones_abort_a_frame_and_the_next_one_is_read) {
  const Frame frame{0x02, 0x01, 0x55, 0xAA};
  const std::string bits = bitsOf(frame);
  HdlcReceiver receiver;
  Collector collector;
  feed(receiver, collector, bits.substr(0, 30) + "01111111" + bits + bits);
  CHECK_EQUAL(receiver.counters().aborts, 1);
  CHECK_EQUAL(collector.frames.size(), 2);
}

TEST(ones_between_frames_are_no_abort) {
  const std::string bits = bitsOf({0x02, 0x01, 0x55, 0xAA});
  HdlcReceiver receiver;
  Collector collector;
  feed(receiver, collector, bits + std::string(200, '1') + bits);
  CHECK_EQUAL(receiver.counters().aborts, 0);
  CHECK_EQUAL(collector.frames.size(), 2);
}

TEST(two_flags_may_share_their_zero) {
  const std::string bits = bitsOf({0x02, 0x01, 0x55, 0xAA});
  HdlcReceiver receiver;
  Collector collector;
  feed(receiver, collector, "0111111" + std::string("01111110").substr(0, 7) + bits + bits.substr(8));
  CHECK_EQUAL(collector.frames.size(), 2);
}

TEST(frames_below_five_octets_and_frames_of_broken_octets_are_counted) {
  HdlcReceiver receiver;
  Collector collector;
  feed(receiver, collector, bitsOf({0x02, 0x01}));
  CHECK_EQUAL(receiver.counters().tooShort, 1);
  std::string bits = bitsOf({0x02, 0x01, 0x55, 0xAA});
  bits.erase(20, 1);
  feed(receiver, collector, bits);
  CHECK_EQUAL(receiver.counters().unaligned, 1);
  CHECK(collector.frames.empty());
}

TEST(noise_never_makes_a_frame_of_its_own_but_by_chance) {
  HdlcReceiver receiver;
  Collector collector;
  std::uint64_t state = 99;
  for (int i = 0; i < 100000; i++) {
    TickOctets octets;
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(harness_random(&state));
    receiver.receive(octets, collector);
  }
  // One in 65536 candidates passes the FCS.
  CHECK(collector.frames.size() < 10);
  CHECK(receiver.counters().fcsErrors > 1000);
}

TEST(a_ring_keeps_the_order_and_refuses_what_does_not_fit) {
  FrameRing ring(256);
  const Frame frame(60, 1);
  CHECK(ring.empty());
  CHECK(ring.put(1, 10, frame));
  CHECK(ring.put(2, 20, frame));
  CHECK(ring.put(3, 30, frame));
  CHECK(!ring.put(4, 40, frame));
  std::array<std::uint8_t, 40> out;
  FrameRing::Taken taken;
  for (std::uint64_t tag = 1; tag <= 3; tag++) {
    REQUIRE(ring.take(taken, out));
    CHECK_EQUAL(taken.tag, tag);
    CHECK_EQUAL(taken.at, tag * 10);
    CHECK_EQUAL(taken.octets, 40);
  }
  CHECK(!ring.take(taken, out));
}

MAIN()
