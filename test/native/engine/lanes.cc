// Lanes: the same octets and samples as alone, whoever comes and goes.
#include "g729-bench.h"

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

constexpr std::size_t kCalls = 40;

rtp::Address farOf(std::size_t call) { return at("10.0.0.2", static_cast<std::uint16_t>(30000 + 2 * call)); }
rtp::Address hereOf(std::size_t call) { return at("10.0.0.1", static_cast<std::uint16_t>(20000 + 2 * call)); }

/// Everything that an engine with these lanes sends and hears while calls begin, end, change their codec and their partner.
struct Run {
  explicit Run(const codec_lanes* lanes, unsigned workers = 1) : world(workers, lanes) {
    for (std::size_t i = 0; i < kCalls; i++) frames.push_back(encoded(conversation(3000, 400 + 10 * i, 300, i + 1), true));
    for (std::size_t i = 0; i < kCalls; i++) open(i);
    for (std::size_t block = 0; block < 250; block++) step(block);
    world.run(100);
  }
  void open(std::size_t i) {
    const Handle port = world.rtp(hereOf(i).port, farOf(i), codec_g729, 18, i % 3 == 0 ? 30 : 20);
    if (i % 2 == 0) send(port, {.row = &codec_g729, .payloadType = 18, .ptimeMs = 20, .vad = true});
    auto [sink, kept] = records(3000);
    recordings.push_back(kept);
    const Handle terminal = world.terminal(plays(conversation(3000, 500, 200 + 10 * i, 100 + i)), std::move(sink));
    CHECK(world.engine.bridge(port, terminal, true).ok());
    ports.push_back(port);
    terminals.push_back(terminal);
    parties.push_back({.here = farOf(i), .there = hereOf(i), .payloadType = 18, .ssrc = static_cast<std::uint32_t>(i)});
  }
  void send(Handle port, const SendFormat& format) {
    RtpSettings settings;
    settings.send = format;
    CHECK(world.engine.configureRtp(port, std::move(settings)).ok());
  }
  void step(std::size_t block) {
    for (std::size_t i = 0; i < kCalls; i++) {
      Party& party = parties[i];
      const Bytes& frame = frames[i][block];
      const bool lost = (block * 7 + i) % 23 == 0;
      if (!frame.empty()) {
        const Bytes packet = party.packet(frame, 18, party.timestamp);
        if (!lost) static_cast<void>(world.engine.sendDatagram(party.here, party.there, packet));
      }
      party.timestamp += kBlock;
    }
    disturb(block);
    world.run(10);
  }
  void disturb(std::size_t block) {
    const std::size_t i = block * 5 % kCalls;
    if (block % 50 == 20 && ports[i] != 0) {
      CHECK(world.engine.closePort(ports[i]).ok());
      ports[i] = 0;
    }
    if (block % 50 == 30 && ports[i] != 0) send(ports[i], {.row = &codec_pcma, .payloadType = 8, .ptimeMs = 20});
    if (block % 50 == 31 && ports[i] != 0) CHECK(world.engine.bridge(ports[i], terminals[(i + 1) % kCalls], true).ok());
  }

  World world;
  std::vector<std::vector<Bytes>> frames;
  std::vector<Handle> ports, terminals;
  std::vector<Party> parties;
  std::vector<std::shared_ptr<Recording>> recordings;
};

struct Count {
  std::size_t encoded = 0;
  std::size_t decoded = 0;
};

Count compare(Run& one, Run& other) {
  CHECK_EQUAL(one.world.events.size(), other.world.events.size());
  for (std::size_t i = 0; i < std::min(one.world.events.size(), other.world.events.size()); i++) {
    CHECK(one.world.events[i].octets == other.world.events[i].octets);
    CHECK(one.world.events[i].to == other.world.events[i].to);
  }
  for (std::size_t i = 0; i < kCalls; i++) {
    CHECK(std::ranges::equal(one.recordings[i]->samples(), other.recordings[i]->samples()));
  }
  return {static_cast<std::size_t>(one.world.pages.worker(0, WorkerCounter::framesEncoded)),
          static_cast<std::size_t>(one.world.pages.worker(0, WorkerCounter::framesDecoded))};
}

}  // namespace

TEST(every_form_of_lanes_makes_what_channels_make_alone) {
  Run alone(nullptr);
  for (unsigned index = 0; codec_g729.lanes(index) != nullptr; index++) {
    Run laned(codec_g729.lanes(index));
    const Count count = compare(laned, alone);
    CHECK(count.encoded > kCalls * 200);
    CHECK(count.decoded > kCalls * 200);
  }
  CHECK_EQUAL(alone.world.pages.worker(0, WorkerCounter::framesEncoded), 0);
}

TEST(a_channel_keeps_its_state_where_it_moves_to_another_worker) {
  const std::vector<Bytes> frames = encoded(conversation(3000, 3000, 1), false);
  const Sound expected = decoded(frames);
  World world(3);
  std::array<std::pair<Handle, Handle>, 3> spans;
  for (int i = 0; i < 3; i++) spans[static_cast<std::size_t>(i)] = world.e1(i);
  const Handle rtp = world.rtp(20000, kFar, codec_g729, 18);
  FrameParty party(1);
  std::vector<std::shared_ptr<Recording>> recordings;
  std::size_t block = 0;
  for (const auto& [a, b] : spans) {  // a timeslot of each worker in turn
    const Handle near = world.timeslot(a, 1);
    auto [sink, kept] = records(3000);
    const Handle ear = world.terminal(makeSilence(G711_ALAW), std::move(sink));
    CHECK(world.engine.bridge(world.timeslot(b, 1), ear, true).ok());
    CHECK(world.engine.unbridge(rtp).ok());
    CHECK(world.engine.bridge(rtp, near, true).ok());
    recordings.push_back(kept);
    for (std::size_t i = 0; i < 90; i++) party.frame(world, frames[block++]);
  }
  CHECK_EQUAL(world.pages.port(rtp, PortCounter::lost), 0);
  for (const auto& recording : recordings) {  // as A-law on the timeslot
    Sound aLaw = expected;
    Bytes octets(aLaw.size());
    g711_encode(G711_ALAW, aLaw.data(), aLaw.size(), octets.data());
    g711_decode(G711_ALAW, octets.data(), octets.size(), aLaw.data());
    const std::span<const std::int16_t> heard = recording->samples();
    REQUIRE(heard.size() >= 8 * 600);
    CHECK(test::indexIn(aLaw, heard.subspan(8 * 200, 8 * 300)) >= 0);
  }
  double decodedFrames = 0;
  for (std::size_t i = 0; i < 3; i++) {
    CHECK(world.pages.worker(i, WorkerCounter::framesDecoded) > 60);
    decodedFrames += world.pages.worker(i, WorkerCounter::framesDecoded);
  }
  CHECK(decodedFrames > 250);
}

TEST(sixteen_calls_share_one_phase_and_the_next_begin_another) {
  World world;
  std::vector<Handle> ports;
  for (std::uint16_t i = 0; i < 32; i++) ports.push_back(world.rtp(static_cast<std::uint16_t>(20000 + 2 * i), kFar, codec_g729, 18));
  for (const Handle port : ports) CHECK(world.engine.bridge(port, world.terminal(makeNoise(-20, 1000, 0)), true).ok());
  world.run(200);
  world.events.clear();
  for (int ms = 0; ms < 40; ms++) world.run(1);
  std::map<int, int> sentAt;
  for (const Event& event : world.events) {
    if (event.kind == EventKind::datagram && event.octets.size() == 32) sentAt[static_cast<int>(event.atMs) % 10]++;
  }
  CHECK_EQUAL(sentAt.size(), 2);
  for (const auto& [ms, packets] : sentAt) CHECK_EQUAL(packets, 32);  // two packets in 40 ms of each of 16
}

MAIN()
