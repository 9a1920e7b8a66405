// Octets and samples through whole paths: RTP, timeslots of both ends, terminals.
#include "bench.h"

#include <algorithm>
#include <cmath>

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

const rtp::Address kFar = at("10.0.0.2", 30000);

/// RTP 20000 <-> timeslot a | timeslot b <-> echo.
struct Echoed {
  explicit Echoed(const codec& row = codec_pcma, std::uint8_t payloadType = 8, std::uint16_t ptimeMs = 20, bool clear = false,
                  unsigned workers = 1, int spanWorker = -1)
      : world(workers) {
    const auto [a, b] = world.e1(spanWorker);
    spanA = a;
    spanB = b;
    rtp = world.rtp(20000, kFar, row, payloadType, ptimeMs);
    near = world.timeslot(a, 1, clear);
    far = world.timeslot(b, 1, clear);
    echo = world.terminal(makeEcho());
    CHECK(world.engine.bridge(echo, far, true).ok());
    CHECK(world.engine.bridge(rtp, near, true).ok());
    party.here = kFar;
    party.there = at("10.0.0.1", 20000);
    party.payloadType = payloadType;
    world.run(100);
    world.events.clear();
  }
  void talk(const Bytes& octets, std::size_t packetOctets) {
    for (std::size_t i = 0; i + packetOctets <= octets.size(); i += packetOctets) {
      party.say(world, std::span(octets).subspan(i, packetOctets));
      world.run(static_cast<unsigned>(packetOctets / 8));
    }
  }
  World world;
  Party party;
  Handle spanA = 0, spanB = 0, rtp = 0, near = 0, far = 0, echo = 0;
};

double counter(Echoed& path, PortCounter name) { return path.world.pages.port(path.rtp, name); }

}  // namespace

TEST(a_law_octets_return_from_the_echo_as_they_were_sent) {
  Echoed path;
  const Bytes sent = noise(8000 * 10, 3);
  path.talk(sent, 160);
  path.world.run(300);
  const Bytes heard = path.party.heard(path.world, 8);
  const long begin = indexIn(heard, std::span(sent).first(400));
  REQUIRE(begin >= 0);
  CHECK(begin / 8 < 110);  // ms of the way there and back, buffer included
  REQUIRE(heard.size() >= static_cast<std::size_t>(begin) + sent.size() - 800);
  CHECK_BYTES(heard.data() + begin, sent.data(), sent.size() - 800);
  CHECK_EQUAL(counter(path, PortCounter::lost), 0);
  CHECK_EQUAL(counter(path, PortCounter::correctedMs), 0);
  CHECK_EQUAL(counter(path, PortCounter::convertedBlocks), 0);
}

TEST(the_same_on_several_workers) {
  Echoed path(codec_pcma, 8, 20, false, 3, 2);
  const Bytes sent = noise(8000 * 2, 4);
  path.talk(sent, 160);
  path.world.run(300);
  CHECK(indexIn(path.party.heard(path.world, 8), std::span(sent).first(12000)) >= 0);
}

TEST(every_packet_time_both_ways) {
  for (const std::uint16_t ours : {10, 20, 30, 40, 60}) {
    for (const std::size_t theirs : {80U, 240U, 480U}) {
      Echoed path(codec_pcma, 8, ours);
      const Bytes sent = noise(9600 * 2, ours + theirs);
      path.talk(sent, theirs);
      path.world.run(400);
      std::size_t packets = 0;
      const Bytes heard = path.party.heard(path.world, 8, &packets);
      CHECK_EQUAL(heard.size(), packets * ours * 8);
      CHECK(indexIn(heard, std::span(sent).subspan(4800, 9600)) >= 0);
    }
  }
}

TEST(mu_law_rtp_on_an_a_law_span_is_converted_by_the_tables) {
  Echoed path(codec_pcmu, 0);
  const Bytes sent = noise(8000, 5);
  path.talk(sent, 160);
  path.world.run(300);
  Bytes expected = sent;
  for (auto& octet : expected) octet = g711_convert_table[G711_ALAW][g711_convert_table[G711_ULAW][octet]];
  CHECK(indexIn(path.party.heard(path.world, 0), std::span(expected).first(6000)) >= 0);
  CHECK_EQUAL(counter(path, PortCounter::transparentBlocks), 0);
}

TEST(a_pseudo_random_sequence_crosses_a_clear_channel_without_an_error) {
  World world;
  const auto [a, b] = world.e1();
  const Handle rtp1 = world.rtp(20000, at("10.0.0.1", 20002), kClearMode, 97);
  const Handle rtp2 = world.rtp(20002, at("10.0.0.1", 20000), kClearMode, 97, 30);
  const Handle near = world.timeslot(a, 7, true);
  const Handle far = world.timeslot(b, 7, true);
  auto sink = std::make_unique<Sink>();
  sink->checkPrbs = true;
  const Handle generator = world.terminal(makePrbs());
  const Handle checker = world.terminal(makeSilence(G711_ALAW), std::move(sink));
  CHECK(world.engine.bridge(generator, rtp1, false).ok());
  CHECK(world.engine.bridge(rtp2, near, true).ok());
  CHECK(world.engine.bridge(far, checker, false).ok());
  world.run(60'000);
  CHECK(world.pages.port(checker, PortCounter::prbsBits) > 59.0 * 64000);
  CHECK_EQUAL(world.pages.port(checker, PortCounter::prbsErrors), 0);
  CHECK_EQUAL(world.pages.port(rtp2, PortCounter::correctedMs), 0);
}

TEST(bit_errors_of_the_line_are_found_in_the_sequence) {
  World world;
  const auto [a, b] = world.e1();
  const Handle near = world.timeslot(a, 7, true);
  const Handle far = world.timeslot(b, 7, true);
  auto sink = std::make_unique<Sink>();
  sink->checkPrbs = true;
  const Handle generator = world.terminal(makePrbs());
  const Handle checker = world.terminal(makeSilence(G711_ALAW), std::move(sink));
  CHECK(world.engine.bridge(generator, near, false).ok());
  CHECK(world.engine.bridge(far, checker, false).ok());
  SpanFault fault;
  fault.bitErrorRate = 1e-4;
  CHECK(world.engine.setFault(a, fault).ok());
  world.run(30'000);
  const double expected = 30.0 * 64000 * 1e-4;
  CHECK_NEAR(world.pages.port(checker, PortCounter::prbsErrors), expected, 5 * std::sqrt(expected) + 5);
}

TEST(a_lost_packet_is_concealed_and_counted) {
  Echoed path;
  Bytes sent(8000);
  std::uint8_t phase = 0;
  milliwatt_generate(G711_ALAW, &phase, sent.data(), sent.size());
  for (std::size_t i = 0; i + 160 <= sent.size(); i += 160) {
    if (i / 160 == 20) {
      path.party.sequence++;
      path.party.timestamp += 160;
    } else {
      path.party.say(path.world, std::span(sent).subspan(i, 160));
    }
    path.world.run(20);
  }
  path.world.run(300);
  CHECK_EQUAL(counter(path, PortCounter::lost), 1);
  // Appendix I fills the gap; at the end of the stream it fills once more.
  CHECK(counter(path, PortCounter::concealedMs) >= 20);
  const Bytes heard = path.party.heard(path.world, 8);
  // A 1000 Hz tone goes on through the gap: no 10 ms of silence in its middle.
  const long begin = indexIn(heard, std::span(sent).first(80));
  REQUIRE(begin >= 0);
  for (std::size_t i = static_cast<std::size_t>(begin); i + 80 < static_cast<std::size_t>(begin) + 7000; i += 80) {
    CHECK(level_energy_octets(G711_ALAW, heard.data() + i, 80) > 80ULL * 5000 * 5000);
  }
}

TEST(reordered_and_doubled_packets_make_no_difference_to_what_is_heard) {
  Echoed path;
  const Bytes sent = noise(16000, 9);
  for (std::size_t i = 0; i + 320 <= sent.size(); i += 320) {
    const Bytes first = path.party.packet(std::span(sent).subspan(i, 160), 8, path.party.timestamp);
    const Bytes second = path.party.packet(std::span(sent).subspan(i + 160, 160), 8, path.party.timestamp + 160);
    path.party.timestamp += 320;
    for (const Bytes* packet : {&second, &first, &first}) {
      CHECK(path.world.engine.sendDatagram(kFar, path.party.there, *packet).ok());
    }
    path.world.run(40);
  }
  path.world.run(300);
  CHECK(indexIn(path.party.heard(path.world, 8), std::span(sent).subspan(1600, 12000)) >= 0);
  CHECK_EQUAL(counter(path, PortCounter::duplicates), 50);
  CHECK_EQUAL(counter(path, PortCounter::reordered), 50);
  CHECK_EQUAL(counter(path, PortCounter::lost), 0);
}

TEST(gain_is_taken_and_given_in_db) {
  World world;
  auto sink = std::make_unique<Sink>();
  sink->recording = std::make_shared<Recording>(8000);
  const auto recording = sink->recording;
  const Handle tone = world.terminal(makeMilliwatt(G711_ALAW));
  const Handle ear = world.terminal(makeSilence(G711_ALAW), std::move(sink));
  CHECK(world.engine.bridge(tone, ear, false).ok());
  CHECK(world.engine.setGain(tone, -6.0, {}).ok());
  CHECK(world.engine.setGain(ear, {}, -4.0).ok());
  world.run(1000);
  const auto samples = recording->samples();
  REQUIRE(samples.size() >= 4000);
  CHECK_NEAR(level_from_energy(level_energy(samples.data() + 2000, 2000), 2000), -100, 2);
}

TEST(an_overlaid_tone_is_heard_instead_of_the_partner_and_then_the_partner_again) {
  Echoed path;
  tone_pattern pattern{};
  pattern.level = -100;
  pattern.segment_count = 1;
  pattern.segments[0] = {{425, 0, 0, 0}, 0};
  CHECK(path.world.engine.overlayTone(path.rtp, &pattern).ok());
  path.world.run(500);
  CHECK_NEAR(path.world.pages.port(path.rtp, PortCounter::outwardLevelDbm0), -10, 0.3);
  CHECK(path.world.engine.overlayTone(path.rtp, nullptr).ok());
  path.world.run(500);
  CHECK(path.world.pages.port(path.rtp, PortCounter::outwardLevelDbm0) < -60);
}

TEST(one_port_is_heard_by_many) {
  World world;
  const Handle tone = world.terminal(makeMilliwatt(G711_ALAW));
  std::vector<std::shared_ptr<Recording>> recordings;
  for (int i = 0; i < 50; i++) {
    auto sink = std::make_unique<Sink>();
    sink->recording = std::make_shared<Recording>(4000);
    recordings.push_back(sink->recording);
    CHECK(world.engine.bridge(tone, world.terminal(makeSilence(G711_ALAW), std::move(sink)), false).ok());
  }
  world.run(300);
  for (const auto& recording : recordings) {
    REQUIRE(recording->length() > 2000);
    CHECK(level_energy(recording->samples().data() + 1000, 800) > 800ULL * 15000 * 15000);
  }
}

TEST(timeslots_of_two_spans_are_joined_octet_for_octet) {
  for (const bool sameWorker : {true, false}) {
    World world(2);
    const auto [a1, b1] = world.e1(0);
    const auto [a2, b2] = world.e1(sameWorker ? 0 : 1);
    const Handle through1 = world.timeslot(b1, 3, true);
    const Handle through2 = world.timeslot(a2, 9, true);
    CHECK(world.engine.bridge(through1, through2, true).ok());
    auto sink = std::make_unique<Sink>();
    sink->checkPrbs = true;
    const Handle generator = world.terminal(makePrbs());
    const Handle checker = world.terminal(makeSilence(G711_ALAW), std::move(sink));
    CHECK(world.engine.bridge(generator, world.timeslot(a1, 3, true), false).ok());
    CHECK(world.engine.bridge(world.timeslot(b2, 9, true), checker, false).ok());
    world.run(5000);
    CHECK(world.pages.port(checker, PortCounter::prbsBits) > 4.5 * 64000);
    CHECK_EQUAL(world.pages.port(checker, PortCounter::prbsErrors), 0);
    CHECK(world.engine.unbridge(through1).ok());
    world.run(500);
    const double bits = world.pages.port(checker, PortCounter::prbsBits);
    world.run(500);
    CHECK_NEAR(world.pages.port(checker, PortCounter::prbsBits), bits, 1);
    CHECK(world.engine.closePort(through2).ok());
    world.run(10);
  }
}

TEST(spans_whose_clocks_differ_are_joined_with_counted_slips) {
  World world;
  const auto [a1, b1] = world.e1();
  const auto [a2, b2] = world.e1();
  SpanFault fault;
  fault.clockOffsetPpm = 100;
  CHECK(world.engine.setFault(b1, fault).ok());
  const Handle through1 = world.timeslot(b1, 3);
  const Handle through2 = world.timeslot(a2, 9);
  world.run(10);
  CHECK(world.engine.bridge(through1, through2, true).ok());
  const Handle tone = world.terminal(makeMilliwatt(G711_ALAW));
  CHECK(world.engine.bridge(tone, world.timeslot(a1, 3), true).ok());
  auto sink = std::make_unique<Sink>();
  sink->recording = std::make_shared<Recording>(8000 * 60);
  const auto recording = sink->recording;
  CHECK(world.engine.bridge(world.timeslot(b2, 9), world.terminal(makeSilence(G711_ALAW), std::move(sink)), false).ok());
  world.run(30'000);
  // The level stays: no gap is ever heard.
  for (std::size_t i = 8000; i + 800 < recording->length(); i += 800) {
    CHECK(level_energy(recording->samples().data() + i, 800) > 800ULL * 14000 * 14000);
  }
}

TEST(an_hour_between_clocks_that_differ_keeps_the_delay_and_counts_what_it_corrects) {
  for (const double ppm : {50.0, -50.0}) {
    World world;
    const auto [a, b] = world.e1();
    const Handle phone = world.rtp(20002, at("10.0.0.1", 20000));
    const Handle gateway = world.rtp(20000, at("10.0.0.1", 20002));
    const Handle talker = world.terminal(makeNoise(-20, 1200, 800));
    CHECK(world.engine.bridge(phone, talker, true).ok());
    CHECK(world.engine.bridge(gateway, world.timeslot(a, 1), true).ok());
    // The gateway's timeslot is clocked by its span; the far RTP party by the engine.
    SpanFault fault;
    fault.clockOffsetPpm = ppm;
    CHECK(world.engine.setFault(a, fault).ok());
    double deepest = 0;
    for (int minute = 0; minute < 60; minute++) {
      world.run(60'000);
      world.events.clear();
      deepest = std::max(deepest, world.pages.port(gateway, PortCounter::bufferDepthMs));
    }
    const PortCounter direction = ppm > 0 ? PortCounter::correctionsInserted : PortCounter::correctionsRemoved;
    const PortCounter other = ppm > 0 ? PortCounter::correctionsRemoved : PortCounter::correctionsInserted;
    CHECK(deepest <= 60);
    CHECK(world.pages.port(gateway, direction) > 0);
    // 50 ppm of an hour are 180 ms; the first corrections bring the depth to what is wanted, either way.
    const double corrected = world.pages.port(gateway, PortCounter::correctedMs);
    CHECK(corrected >= 150 && corrected <= 240);
    CHECK(world.pages.port(gateway, other) <= 4);
    CHECK_EQUAL(world.pages.port(gateway, PortCounter::lost), 0);
    // The far party's clock is the engine's own: it is the span's that is off.
    CHECK_NEAR(world.pages.port(gateway, PortCounter::clockDriftPpm), 0, 1);
  }
}

TEST(rtp_to_rtp_transcodes_between_the_laws) {
  World world;
  const Handle one = world.rtp(20000, kFar, codec_pcma, 8);
  const Handle two = world.rtp(20002, at("10.0.0.3", 40000), codec_pcmu, 0, 30);
  CHECK(world.engine.bridge(one, two, true).ok());
  Party party{.here = kFar, .there = at("10.0.0.1", 20000)};
  const Party other{.here = at("10.0.0.3", 40000), .there = at("10.0.0.1", 20002)};
  const Bytes sent = noise(8000, 31);
  for (std::size_t i = 0; i + 160 <= sent.size(); i += 160) {
    party.say(world, std::span(sent).subspan(i, 160));
    world.run(20);
  }
  world.run(200);
  Bytes expected = sent;
  g711_convert(G711_ALAW, G711_ULAW, sent.data(), sent.size(), expected.data());
  CHECK(indexIn(other.heard(world, 0), std::span(expected).first(6000)) >= 0);
}

TEST(on_hold_nothing_is_sent_or_heard_and_afterwards_the_call_goes_on) {
  Echoed path;
  path.talk(noise(1600, 1), 160);
  RtpSettings hold;
  hold.direction = Direction::inactive;
  CHECK(path.world.engine.configureRtp(path.rtp, std::move(hold)).ok());
  path.world.run(60);
  path.world.events.clear();
  path.talk(noise(8000, 2), 160);
  CHECK_EQUAL(path.party.heard(path.world, 8).size(), 0);
  RtpSettings resume;
  resume.direction = Direction::sendrecv;
  CHECK(path.world.engine.configureRtp(path.rtp, std::move(resume)).ok());
  const Bytes sent = noise(8000, 33);
  path.talk(sent, 160);
  path.world.run(300);
  CHECK(indexIn(path.party.heard(path.world, 8), std::span(sent).subspan(3200, 3200)) >= 0);
}

TEST(a_sound_is_played_once_to_its_end_and_told) {
  World world;
  Bytes unused;
  std::vector<std::int16_t> samples(1234);
  for (std::size_t i = 0; i < samples.size(); i++) samples[i] = static_cast<std::int16_t>(i + 1);
  const Handle sound = world.engine.loadSound(samples).handle;
  auto sink = std::make_unique<Sink>();
  sink->recording = std::make_shared<Recording>(4000);
  const auto recording = sink->recording;
  const Handle player = world.terminal(makePlayer(world.engine.findSound(sound), false, 0));
  CHECK(world.engine.bridge(player, world.terminal(makeSilence(G711_ALAW), std::move(sink)), false).ok());
  CHECK(world.engine.unloadSound(sound).ok());
  world.run(600);
  CHECK_EQUAL(world.count(EventKind::sourceFinished), 1);
  CHECK_EQUAL(world.count(EventKind::recorderFull), 1);
  const auto heard = recording->samples();
  const auto begin = std::ranges::find(heard, std::int16_t{1});
  REQUIRE(heard.end() - begin >= 1234);
  CHECK(std::equal(samples.begin(), samples.end(), begin));
}

MAIN()
