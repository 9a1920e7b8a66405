// RFC 3389 with G.711: what is sent in place of silence, and what is heard.
#include "g729-bench.h"

extern "C" {
#include "codecs/tones/level.h"
}

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

constexpr std::uint8_t kNoiseType = 13;

struct Sent {
  std::uint8_t payloadType;
  bool marker;
  std::uint32_t timestamp;
  Bytes payload;
};

/// In the order of their sequence numbers, which must leave out none.
std::vector<Sent> sentTo(const World& world) {
  std::vector<Sent> all;
  std::uint16_t sequence = 0;
  for (const Event& event : world.events) {
    rtp::Packet packet;
    if (event.kind != EventKind::datagram || !(event.to == kFar) || rtp::parsePacket(event.octets, packet) != rtp::PacketFault::none) continue;
    if (!all.empty()) CHECK_EQUAL(packet.sequence, static_cast<std::uint16_t>(sequence + 1));
    sequence = packet.sequence;
    all.push_back({packet.payloadType, packet.marker, packet.timestamp, {packet.payload.begin(), packet.payload.end()}});
  }
  return all;
}

int levelOf(std::span<const std::int16_t> sound) { return level_from_energy(level_energy(sound.data(), sound.size()), sound.size()); }

SendFormat withNoise(std::uint8_t payloadType = kNoiseType) {
  return {.row = &codec_pcma, .payloadType = 8, .ptimeMs = 20, .vad = true, .comfortNoisePayloadType = payloadType};
}

/// Speech, noise described by a packet, speech again, sent to `call` by a party with silence suppression.
void talkAndFallSilent(Call& call, Party& party, std::uint8_t payloadType, std::span<const std::uint8_t> payload, unsigned silenceMs) {
  const Sound speech = conversation(1000, 1000, 1);
  Bytes octets(speech.size());
  g711_encode(G711_ALAW, speech.data(), speech.size(), octets.data());
  for (int turn = 0; turn < 2; turn++) {
    for (std::size_t at = 0; at + 160 <= octets.size(); at += 160) {
      static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, party.packet(std::span(octets).subspan(at, 160), 8, party.timestamp, at == 0)));
      party.timestamp += 160;
      call.world.run(20);
    }
    static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, party.packet(payload, payloadType, party.timestamp)));
    call.world.run(silenceMs);
    party.timestamp += silenceMs * 8;
  }
}

}  // namespace

TEST(silence_is_described_and_not_sent_and_a_talkspurt_begins_with_the_marker) {
  Call call(conversation(8000, 1500, 1500));
  call.send(withNoise());
  call.world.run(7800);
  const std::vector<Sent> sent = sentTo(call.world);
  std::size_t noisePackets = 0;
  std::size_t markers = 0;
  std::size_t speechMs = 0;
  for (std::size_t i = 0; i < sent.size(); i++) {
    if (sent[i].payloadType == kNoiseType) {
      noisePackets++;
      CHECK(!sent[i].marker);
      comfort_noise_payload payload;
      REQUIRE(comfort_noise_parse(sent[i].payload.data(), sent[i].payload.size(), &payload));
      CHECK(payload.level > 50);  // the noise of the pauses is faint
      if (i > 0 && sent[i - 1].payloadType == 8) CHECK_EQUAL(sent[i].timestamp - sent[i - 1].timestamp, sent[i - 1].payload.size());
      continue;
    }
    const bool begins = i == 0 || sent[i - 1].payloadType == kNoiseType || sent[i].timestamp != sent[i - 1].timestamp + sent[i - 1].payload.size();
    CHECK_EQUAL(sent[i].marker, begins);
    markers += begins ? 1 : 0;
    speechMs += sent[i].payload.size() / 8;
  }
  CHECK(noisePackets >= 2);
  CHECK_EQUAL(markers, 3);
  CHECK(speechMs < 5400);
  CHECK_EQUAL(call.counter(PortCounter::sidSent), noisePackets);
  CHECK(call.counter(PortCounter::pausedMs) > 2000);
}

TEST(without_a_payload_type_for_it_silence_is_sent_as_it_is) {
  Call call(conversation(4000, 1000, 1000));
  SendFormat format = withNoise();
  format.comfortNoisePayloadType = kNoPayloadType;
  call.send(format);
  call.world.run(3000);
  for (const Sent& sent : sentTo(call.world)) CHECK_EQUAL(sent.payload.size(), 160);
  CHECK_EQUAL(call.counter(PortCounter::pausedMs), 0);
}

TEST(noise_that_is_described_is_heard_until_speech_comes_again_and_nothing_is_lost) {
  for (const std::uint8_t payloadType : {kNoiseType, std::uint8_t{98}}) {
    Call call;
    RtpSettings settings;
    ReceiveTable table{};
    table[8] = &codec_pcma;
    table[98] = &kComfortNoise;
    settings.receive = table;
    CHECK(call.world.engine.configureRtp(call.rtp, std::move(settings)).ok());
    Party party{.here = kFar, .there = kHere};
    const std::uint8_t level = 50;
    talkAndFallSilent(call, party, payloadType, std::span(&level, 1), 3000);
    const Sound heard = call.heard();
    REQUIRE(heard.size() > 8 * 7500);
    const double expected = 10 * (6.18 - 50);
    for (const std::size_t ms : {1300U, 2000U, 3500U, 5500U, 7000U}) {
      CHECK_NEAR(levelOf(std::span(heard).subspan(8 * ms, 8 * 400)), expected, 15);
    }
    CHECK(levelOf(std::span(heard).subspan(8 * 4300, 8 * 400)) > -200);
    CHECK_EQUAL(call.counter(PortCounter::lost), 0);
    CHECK_EQUAL(call.counter(PortCounter::late), 0);
    CHECK_EQUAL(call.counter(PortCounter::underrunMs), 0);
    CHECK_EQUAL(call.counter(PortCounter::concealedMs), 0);
    CHECK_EQUAL(call.counter(PortCounter::unknownPayload), 0);
    CHECK_NEAR(call.counter(PortCounter::comfortNoiseMs), 6000, 100);
  }
}

TEST(two_ports_with_silence_suppression_hear_speech_as_speech_and_noise_as_noise) {
  World world;
  const Handle one = world.rtp(20000, at("10.0.0.1", 20002));
  const Handle two = world.rtp(20002, at("10.0.0.1", 20000));
  RtpSettings settings;
  settings.send = withNoise();
  CHECK(world.engine.configureRtp(one, std::move(settings)).ok());
  const Sound speech = conversation(9000, 1500, 1500);
  CHECK(world.engine.bridge(world.terminal(plays(speech)), one, true).ok());
  auto [sink, kept] = records(9000);
  CHECK(world.engine.bridge(two, world.terminal(makeSilence(G711_ALAW), std::move(sink)), true).ok());
  world.run(9000);
  const std::span<const std::int16_t> heard = kept->samples();
  const int pause = levelOf(std::span(speech).subspan(8 * 2000, 8 * 500));
  for (const std::size_t second : {0U, 3U, 6U}) {
    CHECK_NEAR(levelOf(heard.subspan(8 * (second * 1000 + 300), 8 * 1000)), levelOf(std::span(speech).subspan(8 * 200, 8 * 1000)), 5);
    CHECK_NEAR(levelOf(heard.subspan(8 * (second * 1000 + 2200), 8 * 600)), pause, 30);
  }
  CHECK_EQUAL(world.pages.port(two, PortCounter::lost), 0);
  CHECK(world.pages.port(two, PortCounter::comfortNoiseMs) > 2500);
}

TEST(payloads_of_any_kind_do_no_harm) {
  Call call;
  Party party{.here = kFar, .there = kHere};
  RtpSettings settings;
  ReceiveTable table{};
  table[8] = &codec_pcma;
  settings.receive = table;
  CHECK(call.world.engine.configureRtp(call.rtp, std::move(settings)).ok());
  for (std::size_t length = 0; length <= 200; length++) {
    const Bytes payload = noise(length, length + 1);
    static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, party.packet(payload, kNoiseType, party.timestamp)));
    if (length % 3 == 0) party.say(call.world, noise(160, length));
    party.timestamp += 160;
    call.world.run(20);
  }
  CHECK_EQUAL(call.counter(PortCounter::packetsReceived), 201 + 67);
  CHECK_EQUAL(call.counter(PortCounter::lost), 0);
}

MAIN()
