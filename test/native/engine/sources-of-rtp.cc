// Who is listened to: the latch, SSRC changes, silence, RTCP.
#include "bench.h"

#include <algorithm>

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

const rtp::Address kFar = at("10.0.0.2", 30000);
const rtp::Address kHere = at("10.0.0.1", 20000);

struct Listening {
  Listening() {
    rtp = world.rtp(20000, kFar);
    auto sink = std::make_unique<Sink>();
    sink->recording = std::make_shared<Recording>(80000);
    recording = sink->recording;
    ear = world.terminal(makeSilence(G711_ALAW), std::move(sink));
    CHECK(world.engine.bridge(rtp, ear, true).ok());
    world.run(10);
  }
  void talk(Party& party, int packets) {
    Bytes octets(160);
    std::uint8_t phase = 0;
    milliwatt_generate(G711_ALAW, &phase, octets.data(), octets.size());
    for (int i = 0; i < packets; i++) {
      party.say(world, octets);
      world.run(20);
    }
  }
  double counter(PortCounter name) { return world.pages.port(rtp, name); }
  World world;
  std::shared_ptr<Recording> recording;
  Handle rtp = 0, ear = 0;
};

Bytes rtcpOf(World& world, const rtp::Address& to, std::size_t skip = 0) {
  for (const Event& event : world.events) {
    if (event.kind == EventKind::datagram && event.to == to && skip-- == 0) return event.octets;
  }
  return {};
}

}  // namespace

TEST(the_signalled_source_is_latched_and_told) {
  Listening call;
  Party party{.here = kFar, .there = kHere};
  call.talk(party, 5);
  const Event* event = call.world.find(EventKind::sourceLatched);
  REQUIRE(event != nullptr);
  CHECK(event->from == kFar);
  RtpAddresses addresses;
  CHECK(call.world.engine.rtpAddresses(call.rtp, addresses).ok());
  CHECK(addresses.latched == kFar);
  CHECK_EQUAL(addresses.remoteSsrc, 0x11223344);
}

TEST(an_outsider_after_the_latch_changes_nothing) {
  Listening call;
  Party party{.here = kFar, .there = kHere};
  Party outsider{.here = at("10.6.6.6", 6666), .there = kHere, .ssrc = 0x66666666};
  Party masked{.here = at("10.6.6.6", 6666), .there = kHere};  // with the right SSRC
  call.talk(party, 20);
  call.world.events.clear();
  for (int i = 0; i < 100; i++) {
    const Bytes loud(160, 0xAA);
    outsider.say(call.world, loud);
    masked.say(call.world, loud);
    call.talk(party, 1);
  }
  CHECK_EQUAL(call.counter(PortCounter::rejectedSource), 200);
  CHECK_EQUAL(call.counter(PortCounter::packetsReceived), 120);
  CHECK_EQUAL(call.counter(PortCounter::lost), 0);
  CHECK_EQUAL(call.counter(PortCounter::ssrcChanges), 0);
  // Our speech goes to the party alone.
  for (const Event& event : call.world.events) {
    if (event.kind == EventKind::datagram) CHECK(event.to == kFar || event.to == at("10.0.0.2", 30001));
  }
}

TEST(another_address_is_taken_where_the_signalled_one_is_silent) {
  Listening call;
  const rtp::Address nat = at("192.0.2.9", 12345);
  Party party{.here = nat, .there = kHere};
  call.talk(party, 30);
  const Event* event = call.world.find(EventKind::sourceLatched);
  REQUIRE(event != nullptr);
  CHECK(event->from == nat);
  call.world.events.clear();
  call.world.run(100);
  CHECK(!rtcpOf(call.world, nat).empty());
  CHECK(rtcpOf(call.world, kFar).empty());
}

TEST(a_new_address_by_signalling_opens_the_latch) {
  Listening call;
  Party party{.here = kFar, .there = kHere};
  call.talk(party, 10);
  RtpSettings moved;
  moved.remote = at("10.0.0.9", 9000);
  CHECK(call.world.engine.configureRtp(call.rtp, std::move(moved)).ok());
  call.world.run(10);
  Party next{.here = at("10.0.0.9", 9000), .there = kHere, .ssrc = 5};
  call.world.events.clear();
  call.talk(next, 10);
  REQUIRE(call.world.find(EventKind::sourceLatched) != nullptr);
  call.talk(party, 5);
  CHECK_EQUAL(call.counter(PortCounter::rejectedSource), 5);
}

TEST(a_new_ssrc_of_the_same_source_is_followed) {
  Listening call;
  Party party{.here = kFar, .there = kHere};
  call.talk(party, 10);
  Party again{.here = kFar, .there = kHere, .sequence = 100, .timestamp = 5, .ssrc = 0x55};
  call.talk(again, 30);
  CHECK_EQUAL(call.counter(PortCounter::ssrcChanges), 1);
  const Event* event = call.world.find(EventKind::ssrcChanged);
  REQUIRE(event != nullptr);
  CHECK_EQUAL(event->ssrc, 0x55);
  const auto heard = call.recording->samples();
  CHECK(level_energy(heard.data() + heard.size() - 800, 800) > 800ULL * 10000 * 10000);
}

TEST(silence_is_an_alarm_once_and_its_end_is_told) {
  Listening call;
  RtpSettings settings;
  settings.timeoutMs = 500;
  CHECK(call.world.engine.configureRtp(call.rtp, std::move(settings)).ok());
  Party party{.here = kFar, .there = kHere};
  call.talk(party, 10);
  call.world.run(2000);
  CHECK_EQUAL(call.world.count(EventKind::rtpTimeout), 1);
  CHECK_NEAR(call.world.find(EventKind::rtpTimeout)->atMs, 10 + 180 + 1 + 500, 12);
  call.talk(party, 5);
  CHECK_EQUAL(call.world.count(EventKind::rtpResumed), 1);
  CHECK_EQUAL(call.world.count(EventKind::rtpReleaseDue), 0);
}

TEST(the_release_timer_is_opt_in_and_stands_on_hold) {
  Listening call;
  RtpSettings settings;
  settings.releaseMs = 500;
  settings.direction = Direction::sendonly;
  CHECK(call.world.engine.configureRtp(call.rtp, std::move(settings)).ok());
  call.world.run(3000);
  CHECK_EQUAL(call.world.count(EventKind::rtpReleaseDue), 0);
  RtpSettings resumed;
  resumed.direction = Direction::sendrecv;
  CHECK(call.world.engine.configureRtp(call.rtp, std::move(resumed)).ok());
  call.world.run(3000);
  CHECK_EQUAL(call.world.count(EventKind::rtpReleaseDue), 1);
}

TEST(reports_are_sent_and_read) {
  World world;
  const Handle one = world.rtp(20000, at("10.0.0.1", 20002));
  const Handle two = world.rtp(20002, at("10.0.0.1", 20000));
  const Handle tone1 = world.terminal(makeMilliwatt(G711_ALAW));
  const Handle tone2 = world.terminal(makeMilliwatt(G711_ALAW));
  CHECK(world.engine.bridge(one, tone1, true).ok());
  CHECK(world.engine.bridge(two, tone2, true).ok());
  CHECK(world.engine.impairNetwork({.delayMs = 40, .jitterMs = 0, .loss = 0.05, .duplicate = 0}).ok());
  world.run(60'000);
  for (const Handle port : {one, two}) {
    CHECK(world.pages.port(port, PortCounter::rtcpSent) >= 6);
    CHECK(world.pages.port(port, PortCounter::rtcpReceived) >= 5);
    CHECK_NEAR(world.pages.port(port, PortCounter::roundTripMs), 81, 3);
    CHECK_NEAR(world.pages.port(port, PortCounter::lost), 150, 60);
    CHECK(world.pages.port(port, PortCounter::remoteLost) > 50);
  }
}

TEST(a_closed_port_says_bye_and_the_other_hears_it) {
  World world;
  const Handle one = world.rtp(20000, at("10.0.0.1", 20002));
  const Handle two = world.rtp(20002, at("10.0.0.1", 20000));
  CHECK(world.engine.bridge(one, world.terminal(makeMilliwatt(G711_ALAW)), true).ok());
  CHECK(world.engine.bridge(two, world.terminal(makeMilliwatt(G711_ALAW)), true).ok());
  world.run(200);
  CHECK(world.engine.closePort(one).ok());
  world.run(20);
  const Event* bye = world.find(EventKind::rtcpBye);
  REQUIRE(bye != nullptr);
  CHECK_EQUAL(bye->handle, two);
}

TEST(garbage_is_counted_and_does_no_harm) {
  Listening call;
  Party party{.here = kFar, .there = kHere};
  call.talk(party, 5);
  std::uint64_t state = 77;
  for (int i = 0; i < 20'000; i++) {
    Bytes octets(harness_random(&state) % 200);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(harness_random(&state));
    if (octets.size() > 1 && i % 2 == 0) octets[0] = 0x80;
    if (octets.size() > 1 && i % 4 == 0) octets[1] = 200 + i % 5;
    const rtp::Address to = at("10.0.0.1", i % 3 == 0 ? 20001 : 20000);
    CHECK(call.world.engine.sendDatagram(i % 7 == 0 ? at("10.9.9.9", 1) : kFar, to, octets).ok());
    if (i % 8 == 0) call.world.run(1);
  }
  call.world.run(1000);
  call.talk(party, 50);
  CHECK(call.counter(PortCounter::malformed) > 1000);
  const auto heard = call.recording->samples();
  REQUIRE(heard.size() > 800);
}

TEST(fax_and_modem_tones_switch_the_call_to_data) {
  struct Row {
    EventKind kind;
    Notice notice;
    bool reversed;
  };
  for (const bool fromTimeslot : {true, false}) {
    World world;
    const auto [a, b] = world.e1();
    const Handle rtp = world.rtp(20000, kFar);
    const Handle near = world.timeslot(a, 1);
    CHECK(world.engine.bridge(rtp, near, true).ok());
    tone_pattern ans{};
    ans.level = -120;
    ans.segment_count = 1;
    ans.segments[0] = {{2100, 0, 0, 0}, 0};
    const Handle modem = world.terminal(makeTone(ans));
    if (fromTimeslot) {
      CHECK(world.engine.bridge(modem, world.timeslot(b, 1), true).ok());
    } else {
      const Handle other = world.rtp(20002, kHere);
      CHECK(world.engine.bridge(modem, other, true).ok());
      RtpSettings settings;
      settings.remote = at("10.0.0.1", 20002);
      CHECK(world.engine.configureRtp(rtp, std::move(settings)).ok());
    }
    world.run(1500);
    const Event* event = nullptr;
    for (const Event& found : world.events) {
      if (found.kind == EventKind::faxOrModem && found.handle == (fromTimeslot ? near : rtp)) event = &found;
    }
    REQUIRE(event != nullptr);
    CHECK(event->fax == Notice::ans);
    // Losses are no longer concealed: the octets stay what they are.
    const double concealed = world.pages.port(rtp, PortCounter::concealedMs);
    Party party{.here = fromTimeslot ? kFar : at("10.0.0.1", 20002), .there = kHere};
    for (int i = 0; i < 20; i++) {
      if (i % 4 == 0) {
        party.sequence++;
        party.timestamp += 160;
      }
      party.say(world, noise(160, 5));
      world.run(20);
    }
    CHECK_EQUAL(world.pages.port(rtp, PortCounter::concealedMs), concealed);
  }
}

MAIN()
