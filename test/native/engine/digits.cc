// Digits: telephone-events and tones, each turned into the other, and nothing of a tone where it does not belong.
#include "bench.h"

#include <algorithm>

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

const rtp::Address kFar = at("10.0.0.2", 30000);
constexpr std::uint8_t kEvents = 101;

struct Call {
  Call() {
    const auto [a, b] = world.e1();
    rtp = world.rtp(20000, kFar);
    near = world.timeslot(a, 1);
    far = world.timeslot(b, 1);
    auto sink = std::make_unique<Sink>();
    sink->collectDigits = true;
    sink->dtmf.reset();
    subscriber = world.terminal(makeSilence(G711_ALAW), std::move(sink));
    CHECK(world.engine.bridge(subscriber, far, true).ok());
    CHECK(world.engine.bridge(rtp, near, true).ok());
    party = {.here = kFar, .there = at("10.0.0.1", 20000)};
    party.payloadType = 8;
  }
  void negotiate() {
    RtpSettings settings;
    settings.telephoneEvents = TelephoneEvents{kEvents, kEvents};
    CHECK(world.engine.configureRtp(rtp, std::move(settings)).ok());
  }
  void dial(const char* digits, std::uint16_t onMs, std::uint16_t offMs) {
    TerminalSettings settings{makeDigits(digits, onMs, offMs), nullptr};
    CHECK(world.engine.configureTerminal(subscriber, std::move(settings)).ok());
  }
  std::string digitsOf(Handle port) const {
    std::string digits;
    for (const Event& event : world.events) {
      if (event.kind == EventKind::digit && event.handle == port) digits += dtmf_character(event.detected.code);
    }
    return digits;
  }
  World world;
  Party party;
  Handle rtp = 0, near = 0, far = 0, subscriber = 0;
};

struct EventPacketSeen {
  rtp::EventPayload payload;
  std::uint32_t timestamp;
  bool marker;
};

std::vector<EventPacketSeen> eventsOf(const World& world, const rtp::Address& to) {
  std::vector<EventPacketSeen> seen;
  for (const Event& event : world.events) {
    rtp::Packet packet;
    if (event.kind != EventKind::datagram || !(event.to == to)) continue;
    if (rtp::parsePacket(event.octets, packet) != rtp::PacketFault::none || packet.payloadType != kEvents) continue;
    seen.push_back({rtp::parseEvent(packet.payload.first<4>()), packet.timestamp, packet.marker});
  }
  return seen;
}

/// ms of the speech stream in which there is a signal above -40 dBm0.
unsigned loudMs(const Bytes& octets) {
  unsigned loud = 0;
  for (std::size_t i = 0; i + 8 <= octets.size(); i += 8) {
    if (level_from_energy(level_energy_octets(G711_ALAW, octets.data() + i, 8), 8) > -400) loud++;
  }
  return loud;
}

}  // namespace

TEST(digits_of_the_timeslot_become_telephone_events) {
  Call call;
  call.negotiate();
  call.world.run(100);
  call.dial("159#", 80, 80);
  call.world.run(1200);
  const auto seen = eventsOf(call.world, kFar);
  std::string digits;
  std::uint32_t last = 0;
  for (const auto& event : seen) {
    if (!digits.empty() && event.timestamp == last) continue;
    digits += dtmf_character(event.payload.event);
    last = event.timestamp;
  }
  CHECK(digits == "159#");
  // The end of each is sent three times (RFC 4733 §2.5.1.4).
  CHECK_EQUAL(std::ranges::count_if(seen, [](const auto& event) { return event.payload.end; }), 12);
  CHECK_EQUAL(std::ranges::count_if(seen, [](const auto& event) { return event.marker; }), 4);
  for (const auto& event : seen) {
    if (event.payload.end) CHECK_NEAR(event.payload.duration / 8.0, 80, 25);
  }
  CHECK(call.digitsOf(call.near) == "159#");
}

TEST(at_most_forty_ms_of_a_digit_leak_into_the_speech) {
  // Every place of the onset within the block of the detectors.
  for (unsigned shift = 0; shift < 20; shift++) {
    Call call;
    call.negotiate();
    call.world.run(100 + shift);
    call.world.events.clear();
    call.dial("5", 200, 200);
    call.world.run(800);
    CHECK(loudMs(call.party.heard(call.world, 8)) <= 40);
    CHECK(!eventsOf(call.world, kFar).empty());
    CHECK(call.world.pages.port(call.rtp, PortCounter::mutedMs) < 60);
  }
}

TEST(without_telephone_event_digits_pass_in_band) {
  Call call;
  call.world.run(100);
  call.world.events.clear();
  call.dial("5", 200, 200);
  call.world.run(800);
  CHECK_NEAR(loudMs(call.party.heard(call.world, 8)), 200, 12);
  CHECK(call.digitsOf(call.near).empty());
}

TEST(telephone_events_become_digits_of_the_timeslot) {
  Call call;
  call.negotiate();
  call.world.run(100);
  Party& party = call.party;
  for (const std::uint8_t code : {4, 2, 10}) {
    const std::uint32_t begin = party.timestamp;
    for (int i = 1; i <= 5 + 2; i++) {
      std::array<std::uint8_t, 4> payload;
      const auto duration = static_cast<std::uint16_t>(160 * std::min(i, 5));
      rtp::printEvent({.event = code, .end = i >= 5, .volume = 10, .duration = duration}, payload);
      static_cast<void>(call.world.engine.sendDatagram(kFar, party.there, party.packet(payload, kEvents, begin, i == 1)));
      call.world.run(20);
    }
    party.timestamp += 160 * 10;
    call.world.run(60);
  }
  call.world.run(200);
  CHECK(call.digitsOf(call.rtp) == "42*");
  CHECK(call.digitsOf(call.subscriber) == "42*");
  for (const Event& event : call.world.events) {
    if (event.kind != EventKind::digit || event.handle != call.rtp) continue;
    CHECK(event.detected.rfc4733);
    CHECK_NEAR(event.detected.durationMs, 100, 1);
  }
}

TEST(digits_on_order_go_out_as_events_or_as_tones) {
  for (const bool negotiated : {true, false}) {
    Call call;
    if (negotiated) call.negotiate();
    call.world.run(100);
    call.world.events.clear();
    for (const std::uint8_t code : {1, 2, 3}) CHECK(call.world.engine.sendDigit(call.rtp, code, 100).ok());
    CHECK(call.world.engine.sendDigit(call.near, 9, 100).ok());
    call.world.run(1000);
    const auto seen = eventsOf(call.world, kFar);
    CHECK_EQUAL(std::ranges::count_if(seen, [](const auto& event) { return event.marker; }), negotiated ? 3 : 0);
    const unsigned loud = loudMs(call.party.heard(call.world, 8));
    if (negotiated) CHECK_EQUAL(loud, 0);
    else CHECK_NEAR(loud, 300, 12);
    CHECK(call.digitsOf(call.subscriber) == "9");
  }
}

TEST(events_pass_from_rtp_to_rtp_as_events) {
  World world;
  const rtp::Address other = at("10.0.0.3", 40000);
  const Handle one = world.rtp(20000, kFar);
  const Handle two = world.rtp(20002, other);
  for (const Handle port : {one, two}) {
    RtpSettings settings;
    settings.telephoneEvents = TelephoneEvents{kEvents, kEvents};
    CHECK(world.engine.configureRtp(port, std::move(settings)).ok());
  }
  CHECK(world.engine.bridge(one, two, true).ok());
  world.run(50);
  Party party{.here = kFar, .there = at("10.0.0.1", 20000)};
  for (int i = 1; i <= 8; i++) {
    std::array<std::uint8_t, 4> payload;
    rtp::printEvent({.event = 7, .end = i >= 6, .volume = 17, .duration = static_cast<std::uint16_t>(160 * std::min(i, 6))}, payload);
    static_cast<void>(world.engine.sendDatagram(kFar, party.there, party.packet(payload, kEvents, 1000, i == 1)));
    world.run(20);
  }
  world.run(200);
  const auto seen = eventsOf(world, other);
  REQUIRE(!seen.empty());
  CHECK_EQUAL(seen[0].payload.event, 7);
  CHECK_EQUAL(seen[0].payload.volume, 17);
  // The relayed event begins with the first packet of the other, which speaks of 20 ms already.
  CHECK_NEAR(seen.back().payload.duration / 8.0, 110, 11);
  CHECK_EQUAL(loudMs(Party{.here = other, .there = {}}.heard(world, 8)), 0);
}

TEST(speech_like_noise_makes_no_digit) {
  Call call;
  call.negotiate();
  TerminalSettings settings{makeNoise(-15, 700, 300), nullptr};
  CHECK(call.world.engine.configureTerminal(call.subscriber, std::move(settings)).ok());
  call.world.run(60'000);
  CHECK_EQUAL(call.world.count(EventKind::digit), 0);
  CHECK(eventsOf(call.world, kFar).empty());
}

MAIN()
