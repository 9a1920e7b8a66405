#include "../harness.h"

#include "rtp/rtcp-schedule.h"
#include "rtp/rtcp.h"

#include <array>
#include <string>
#include <vector>

using namespace trunkgate::rtp;

namespace {

ReportBlock exampleBlock() {
  return {.ssrc = 0x11223344,
          .reception = {.fractionLost = 12,
                        .cumulativeLost = -5,
                        .extendedHighest = 0x10005,
                        .jitter = 77},
          .lastSr = 0xAABBCCDD,
          .delaySinceLastSr = 65536};
}

std::vector<std::uint8_t> print(const Report& report) {
  std::vector<std::uint8_t> out(1500);
  out.resize(printReport(report, out));
  return out;
}

}  // namespace

TEST(a_sender_report_compound_is_printed_and_read_field_by_field) {
  const SenderInfo sender{.ntp = 0x0123456789ABCDEF, .rtpTimestamp = 5, .packets = 6, .octets = 7};
  const std::array<ReportBlock, 1> blocks{exampleBlock()};
  const auto octets = print({.ssrc = 0xCAFE,
                             .sender = &sender,
                             .blocks = blocks,
                             .cname = "x@y",
                             .bye = true,
                             .reason = "bye"});
  REQUIRE(checkCompound(octets) == RtcpFault::none);
  CHECK_EQUAL(octets[0], 0x81);
  CHECK_EQUAL(octets[1], 200);
  CHECK_EQUAL(octets[3], 12);  // 28 + 24 octets: 13 words, less one
  CompoundReader reader(octets);
  RtcpPacket packet;
  REQUIRE(reader.next(packet));
  CHECK_EQUAL(packet.type, 200);
  CHECK_EQUAL(packet.ssrc, 0xCAFE);
  CHECK(packet.sender.ntp == 0x0123456789ABCDEF);
  CHECK_EQUAL(packet.sender.rtpTimestamp, 5);
  CHECK_EQUAL(packet.sender.packets, 6);
  CHECK_EQUAL(packet.sender.octets, 7);
  const ReportBlock block = reportBlock(packet.blocks, 0);
  CHECK_EQUAL(block.ssrc, 0x11223344);
  CHECK_EQUAL(block.reception.fractionLost, 12);
  CHECK_EQUAL(block.reception.cumulativeLost, -5);
  CHECK_EQUAL(block.reception.extendedHighest, 0x10005);
  CHECK_EQUAL(block.reception.jitter, 77);
  CHECK_EQUAL(block.lastSr, 0xAABBCCDD);
  CHECK_EQUAL(block.delaySinceLastSr, 65536);
  REQUIRE(reader.next(packet));
  CHECK_EQUAL(packet.type, 202);
  CHECK(packet.cname == "x@y");
  CHECK_EQUAL(packet.ssrc, 0xCAFE);
  REQUIRE(reader.next(packet));
  CHECK_EQUAL(packet.type, 203);
  CHECK(packet.reason == "bye");
  CHECK_EQUAL(packet.sources.size(), 4);
  CHECK(!reader.next(packet));
  CHECK(reader.fault() == RtcpFault::none);
}

// RFC 3550 §6.1: a compound begins with SR or RR, even an empty one, and has SDES with CNAME.
TEST(a_receiver_report_without_blocks_still_has_its_cname) {
  for (std::size_t length = 0; length <= 255; length++) {
    const std::string cname(length, 'a');
    const auto octets = print({.ssrc = 1, .cname = cname});
    REQUIRE(checkCompound(octets) == RtcpFault::none);
    CHECK_EQUAL(octets.size() % 4, 0);
    CompoundReader reader(octets);
    RtcpPacket packet;
    REQUIRE(reader.next(packet));
    CHECK_EQUAL(packet.type, 201);
    CHECK(packet.blocks.empty());
    REQUIRE(reader.next(packet));
    CHECK(packet.cname == cname);
    CHECK(!reader.next(packet));
  }
}

TEST(what_does_not_fit_is_not_printed) {
  std::array<std::uint8_t, 24> out{};  // RR 8; SDES 4, SSRC 4, item 2 + 3, end and padding 3
  CHECK_EQUAL(printReport({.ssrc = 1, .cname = "abc"}, out), 24);
  CHECK_EQUAL(printReport({.ssrc = 1, .cname = "abc"}, std::span(out).first(23)), 0);
  const std::string longName(256, 'a');
  std::array<std::uint8_t, 2000> big{};
  CHECK_EQUAL(printReport({.ssrc = 1, .cname = longName}, big), 0);
  const std::vector<ReportBlock> many(32);
  CHECK_EQUAL(printReport({.ssrc = 1, .blocks = many, .cname = "a"}, big), 0);
}

TEST(each_fault_of_a_compound_is_named) {
  const auto good = print({.ssrc = 1, .cname = "abc"});
  CHECK(checkCompound({}) == RtcpFault::tooShort);
  auto bad = good;
  bad[0] = 0x40;
  CHECK(checkCompound(bad) == RtcpFault::version);
  bad = good;
  bad[8] = 0;
  CHECK(checkCompound(bad) == RtcpFault::version);
  bad = good;
  bad[1] = 202;
  CHECK(checkCompound(bad) == RtcpFault::first);
  bad = good;
  bad[3] = 2;
  CHECK(checkCompound(bad) != RtcpFault::none);
  bad = good;
  bad.pop_back();
  CHECK(checkCompound(bad) == RtcpFault::length);
  bad = good;
  bad[0] |= 0x20;  // padding in the first of two
  CHECK(checkCompound(bad) == RtcpFault::padding);
  bad = good;
  bad[8] |= 0x20;
  bad.back() = 3;
  CHECK(checkCompound(bad) == RtcpFault::padding);
}

TEST(padding_of_the_last_packet_is_left_out) {
  auto octets = print({.ssrc = 1, .cname = "abc"});
  octets[8] |= 0x20;
  octets[11] = static_cast<std::uint8_t>(octets[11] + 1);
  octets.insert(octets.end(), {0, 0, 0, 4});
  REQUIRE(checkCompound(octets) == RtcpFault::none);
  CompoundReader reader(octets);
  RtcpPacket packet;
  REQUIRE(reader.next(packet) && reader.next(packet));
  CHECK(packet.cname == "abc");
  CHECK(!reader.next(packet));
}

TEST(counts_that_do_not_fit_the_length_are_a_fault_of_that_packet_only) {
  const auto fault = [](std::vector<std::uint8_t> octets) {
    REQUIRE(checkCompound(octets) == RtcpFault::none);
    CompoundReader reader(octets);
    RtcpPacket packet;
    CHECK(reader.next(packet));
    CHECK(!reader.next(packet));
    CHECK(reader.fault() == RtcpFault::contents);
  };
  const std::vector<std::uint8_t> rr{0x80, 201, 0, 1, 0, 0, 0, 1};
  const auto with = [&rr](std::vector<std::uint8_t> more) {
    auto all = rr;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  fault(with({0x81, 201, 0, 1, 0, 0, 0, 1}));                  // RR with a block that is not there
  fault(with({0x80, 200, 0, 1, 0, 0, 0, 1}));                  // SR without sender part
  fault(with({0x82, 203, 0, 1, 0, 0, 0, 1}));                  // BYE of two with one
  fault(with({0x81, 203, 0, 2, 0, 0, 0, 1, 9, 'a', 'b', 0}));  // reason runs over
  fault(with({0x81, 202, 0, 2, 0, 0, 0, 1, 1, 9, 'a', 0}));    // item runs over
  fault(with({0x81, 202, 0, 2, 0, 0, 0, 1, 1, 2, 'a', 'b'}));  // no closing zero
  fault(with({0x81, 202, 0, 0}));                              // chunk that is not there
  fault(with({0x80, 204, 0, 1, 0, 0, 0, 1}));                  // APP without name
}

TEST(packets_of_unknown_types_are_passed_over) {
  std::vector<std::uint8_t> octets{0x80, 201, 0, 1, 0, 0, 0, 1, 0x80, 207, 0, 1, 1, 2, 3, 4};
  REQUIRE(checkCompound(octets) == RtcpFault::none);
  CompoundReader reader(octets);
  RtcpPacket packet;
  CHECK(reader.next(packet) && reader.next(packet));
  CHECK_EQUAL(packet.type, 207);
  CHECK_EQUAL(packet.body.size(), 4);
}

TEST(random_compounds_never_lead_outside_the_datagram) {
  std::uint64_t seed = 5;
  for (int round = 0; round < 200000; round++) {
    std::array<std::uint8_t, 64> octets{};
    for (std::uint8_t& octet : octets)
      octet = static_cast<std::uint8_t>(harness_random(&seed) % 7 ? harness_random(&seed) % 8
                                                                  : harness_random(&seed));
    octets[0] = static_cast<std::uint8_t>(0x80 | (octets[0] & 0x3F));
    octets[1] = static_cast<std::uint8_t>(200 + octets[1] % 5);
    const std::span<const std::uint8_t> all =
        std::span<const std::uint8_t>(octets).first(harness_random(&seed) % 65);
    const auto inside = [&all](const void* data, std::size_t size) {
      const auto* at = static_cast<const std::uint8_t*>(data);
      return size == 0 || (at >= all.data() && at + size <= all.data() + all.size());
    };
    CompoundReader reader(all);
    RtcpPacket packet;
    while (reader.next(packet)) {
      CHECK(inside(packet.body.data(), packet.body.size()));
      CHECK(inside(packet.blocks.data(), packet.blocks.size()));
      CHECK(inside(packet.sources.data(), packet.sources.size()));
      CHECK(inside(packet.cname.data(), packet.cname.size()));
      CHECK(inside(packet.reason.data(), packet.reason.size()));
    }
  }
}

// RFC 3550 §6.4.1, figure 2: 5.250 s DLSR, round trip 6.125 s
TEST(the_round_trip_of_the_standards_own_example) {
  const ReportBlock block{.lastSr = 0xB705'2000, .delaySinceLastSr = 0x0005'4000};
  std::uint32_t trip = 0;
  REQUIRE(roundTrip(0xB710'8000, block, trip));
  CHECK_EQUAL(trip, 0x0006'2000);
}

TEST(a_round_trip_that_cannot_be_is_none) {
  std::uint32_t trip = 99;
  CHECK(!roundTrip(1000, {.lastSr = 0}, trip));
  CHECK(!roundTrip(1000, {.lastSr = 900, .delaySinceLastSr = 200}, trip));
  CHECK_EQUAL(trip, 99);
  CHECK(roundTrip(5, {.lastSr = 0xFFFFFFF0, .delaySinceLastSr = 1}, trip));
  CHECK_EQUAL(trip, 20);
}

TEST(lsr_and_dlsr_are_zero_before_the_first_sender_report) {
  LastSenderReport last;
  ReportBlock block;
  last.fill(block, 5'000'000);
  CHECK_EQUAL(block.lastSr, 0);
  CHECK_EQUAL(block.delaySinceLastSr, 0);
  last = {.middle = ntpMiddle(0x0123456789ABCDEF), .arrival = 3'000'000, .known = true};
  last.fill(block, 5'500'000);
  CHECK_EQUAL(block.lastSr, 0x456789AB);
  CHECK_EQUAL(block.delaySinceLastSr, 163840);
}

// ---- §6.2, §6.3 ----

TEST(two_parties_report_every_five_seconds_halved_at_first) {
  const RtcpBandwidth bandwidth{};
  const RtcpMembers two{.members = 2, .senders = 2, .weSent = true};
  CHECK_EQUAL(rtcpDeterministicInterval(bandwidth, two, 120, false), 5'000'000);
  CHECK_EQUAL(rtcpDeterministicInterval(bandwidth, two, 120, true), 2'500'000);
}

TEST(many_members_share_the_bandwidth_a_quarter_of_it_for_few_senders) {
  const RtcpBandwidth bandwidth{.octetsPerSecond = 500};
  // 100 members, 10 senders: receivers have 375 octets/s for 90.
  CHECK_EQUAL(rtcpDeterministicInterval(bandwidth, {.members = 100, .senders = 10}, 100, false),
              24'000'000);
  CHECK_EQUAL(rtcpDeterministicInterval(bandwidth, {.members = 100, .senders = 10, .weSent = true},
                                        100, false),
              8'000'000);
  CHECK_EQUAL(rtcpDeterministicInterval(bandwidth, {.members = 100, .senders = 50, .weSent = true},
                                        100, false),
              20'000'000);
}

TEST(intervals_are_spread_over_half_to_one_and_a_half_and_compensated) {
  const RtcpBandwidth bandwidth{};
  const RtcpMembers two{.members = 2, .senders = 2, .weSent = true};
  CHECK_NEAR(rtcpInterval(bandwidth, two, 120, false, 0), 2'500'000 / 1.21828, 10);
  CHECK_NEAR(rtcpInterval(bandwidth, two, 120, false, 0xFFFFFFFF), 7'500'000 / 1.21828, 10);
}

TEST(reports_of_two_parties_come_every_five_seconds_on_average) {
  RtcpSchedule schedule;
  std::uint64_t seed = 17;
  schedule.start({}, 120, 0, harness_random(&seed));
  CHECK(schedule.deadline() <= 3'080'000);
  const RtcpMembers two{.members = 2, .senders = 2, .weSent = true};
  int sent = 0;
  Instant now = 0;
  while (now < 5'000'000'000) {
    now = schedule.deadline();
    if (!schedule.expire(two, now, harness_random(&seed))) continue;
    sent++;
    schedule.observe(120);
  }
  CHECK_NEAR(sent, 1000, 120);
}

TEST(an_early_expiry_changes_nothing) {
  RtcpSchedule schedule;
  schedule.start({}, 120, 1000, 5);
  const Instant deadline = schedule.deadline();
  CHECK(!schedule.expire({}, deadline - 1, 99));
  CHECK_EQUAL(schedule.deadline(), deadline);
}

// §6.3.6: many who joined at once do not all report at once.
TEST(a_grown_membership_puts_the_report_off) {
  RtcpSchedule schedule;
  schedule.start({}, 120, 0, 0x80000000);
  const Instant first = schedule.deadline();
  CHECK(!schedule.expire({.members = 1000, .senders = 0}, first, 0x80000000));
  CHECK(schedule.deadline() > 10 * first);
}

// §6.3.4
TEST(members_who_leave_bring_the_report_nearer) {
  RtcpSchedule schedule;
  schedule.start({}, 120, 0, 0x80000000);
  CHECK(!schedule.expire({.members = 1000, .senders = 0}, schedule.deadline(), 0x80000000));
  const Instant before = schedule.deadline();
  schedule.membersLeft(100, 5'000'000);
  CHECK_NEAR(schedule.deadline(), 5'000'000 + (before - 5'000'000) / 10, 2);
  schedule.membersLeft(200, 5'000'000);
  CHECK_NEAR(schedule.deadline(), 5'000'000 + (before - 5'000'000) / 10, 2);
}

TEST(the_average_size_moves_by_a_sixteenth) {
  RtcpSchedule schedule;
  schedule.start({}, 160, 0, 0);
  schedule.observe(320);
  CHECK_NEAR(schedule.averageOctets(), 170, 1e-9);
}

MAIN()
