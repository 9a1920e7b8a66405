// G.729 between RTP and what has samples: the engine's octets and samples are those of the codec alone.
#include "g729-bench.h"

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

/// RTP with G.729 <-> a terminal that plays and records.
struct Call {
  explicit Call(const Sound& speech = {}, std::uint16_t ptimeMs = 20, bool vad = false) {
    rtp = world.rtp(20000, kFar, codec_g729, 18, ptimeMs);
    if (vad) send({.row = &codec_g729, .payloadType = 18, .ptimeMs = ptimeMs, .vad = true});
    auto [sink, kept] = records(60'000);
    recording = kept;
    terminal = world.terminal(speech.empty() ? makeSilence(G711_ALAW) : plays(speech), std::move(sink));
    CHECK(world.engine.bridge(rtp, terminal, true).ok());
  }
  void send(const SendFormat& format) {
    RtpSettings settings;
    settings.send = format;
    CHECK(world.engine.configureRtp(rtp, std::move(settings)).ok());
  }
  double counter(PortCounter name) { return world.pages.port(rtp, name); }
  Sound heard() const { return {recording->samples().begin(), recording->samples().end()}; }

  World world;
  std::shared_ptr<Recording> recording;
  Handle rtp = 0, terminal = 0;
};

/// What the far side got: a frame for every 10 ms since the first packet, empty where nothing was sent.
struct Arrived {
  explicit Arrived(const World& world) {
    std::uint16_t sequence = 0;
    std::uint32_t first = 0;
    for (const Event& event : world.events) {
      rtp::Packet packet;
      if (event.kind != EventKind::datagram || !(event.to == kFar)) continue;
      if (rtp::parsePacket(event.octets, packet) != rtp::PacketFault::none || packet.payloadType != 18) continue;
      if (packets++ == 0) first = packet.timestamp;
      else CHECK_EQUAL(packet.sequence, static_cast<std::uint16_t>(sequence + 1));
      sequence = packet.sequence;
      const std::size_t at = (packet.timestamp - first) / kBlock;
      CHECK_EQUAL((packet.timestamp - first) % kBlock, 0);
      const bool speech = packet.payload.size() >= G729_SPEECH_OCTETS;
      CHECK_EQUAL(packet.marker, speech && (frames.empty() || at > frames.size() || frames.back().size() == G729_SID_OCTETS));
      sidPackets += speech ? 0 : 1;
      frames.resize(at);
      for (std::size_t i = 0; i < packet.payload.size(); i += G729_SPEECH_OCTETS) {
        const auto frame = packet.payload.subspan(i, std::min<std::size_t>(packet.payload.size() - i, G729_SPEECH_OCTETS));
        frames.emplace_back(frame.begin(), frame.end());
      }
    }
  }
  std::vector<Bytes> frames;
  std::size_t packets = 0;
  std::size_t sidPackets = 0;
};

long indexIn(const std::vector<Bytes>& whole, std::span<const Bytes> part) {
  const auto found = std::search(whole.begin(), whole.end(), part.begin(), part.end());
  return found == whole.end() ? -1 : found - whole.begin();
}

}  // namespace

TEST(frames_that_come_are_heard_as_the_codec_decodes_them_at_every_packet_time) {
  const std::vector<Bytes> frames = encoded(conversation(3000, 3000, 1), false);
  const Sound expected = decoded(frames);
  for (const std::size_t packetFrames : {1, 2, 3, 4, 6}) {
    Call call;
    FrameParty party(packetFrames);
    for (const Bytes& frame : frames) party.frame(call.world, frame);
    call.world.run(200);
    const Sound heard = call.heard();
    CHECK(test::indexIn(heard, std::span(expected).first(expected.size() - 480)) >= 0);
    CHECK_EQUAL(call.counter(PortCounter::lost), 0);
    CHECK_EQUAL(call.counter(PortCounter::malformed), 0);
  }
}

TEST(what_is_said_goes_out_as_the_codec_encodes_it_at_every_packet_time) {
  const Sound speech = conversation(3000, 3000, 1);
  const std::vector<Bytes> expected = encoded(speech, false);
  for (const std::uint16_t ptimeMs : {10, 20, 30, 40, 60}) {
    Call call(speech, ptimeMs);
    call.world.run(2500);
    const Arrived arrived(call.world);
    CHECK_EQUAL(arrived.frames.size(), arrived.packets * ptimeMs / 10);
    REQUIRE(arrived.frames.size() > 200);
    CHECK(indexIn(expected, std::span(arrived.frames).subspan(0, 200)) >= 0);
  }
}

TEST(silence_is_sent_as_sid_frames_last_of_a_payload_and_pauses) {
  const Sound speech = conversation(8000, 1500, 1500);
  const std::vector<Bytes> expected = encoded(speech, true);
  for (const std::uint16_t ptimeMs : {10, 20, 30, 60}) {
    Call call(speech, ptimeMs, true);
    call.world.run(7500);
    const Arrived arrived(call.world);
    CHECK(arrived.sidPackets > 1 || ptimeMs > 10);
    const auto empty = std::ranges::count_if(arrived.frames, [](const Bytes& frame) { return frame.empty(); });
    CHECK(empty > 150);
    REQUIRE(arrived.frames.size() > 700);
    CHECK(indexIn(expected, std::span(arrived.frames).first(700)) >= 0);
  }
}

TEST(silence_that_comes_is_comfort_noise_and_no_loss) {
  const std::vector<Bytes> frames = encoded(conversation(8000, 1500, 1500), true);
  const Sound expected = decoded(frames);
  for (const std::size_t packetFrames : {1, 2, 3, 6}) {
    Call call;
    FrameParty party(packetFrames);
    for (const Bytes& frame : frames) party.frame(call.world, frame);
    call.world.run(100);
    // Past the first talkspurt the buffer may come to its depth by leaving out, or repeating, a block of silence.
    const Sound heard = call.heard();
    CHECK(test::indexIn(heard, std::span(expected).first(8 * 1400)) >= 0);
    CHECK_EQUAL(call.counter(PortCounter::lost), 0);
    CHECK_EQUAL(call.counter(PortCounter::late), 0);
    CHECK_EQUAL(call.counter(PortCounter::concealedMs), 0);
    CHECK_EQUAL(call.counter(PortCounter::underrunMs), 0);
  }
}

TEST(a_thousand_frames_of_garbage_of_every_length_do_no_harm) {
  Call call({}, 20, true);
  Party party{.here = kFar, .there = kHere, .payloadType = 18};
  std::uint64_t seed = 77;
  std::size_t frames = 0;
  std::size_t malformed = 0;
  for (std::size_t length = 0; length <= 200; length++) {
    for (std::uint64_t variant = 0; variant < 5; variant++) {
      const Bytes payload = noise(length, harness_random(&seed) + variant + 1);
      const std::uint32_t samples = codec_payload_samples(&codec_g729, length);
      malformed += samples == 0 ? 1 : 0;
      frames += samples / kBlock;
      static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, party.packet(payload, 18, party.timestamp, variant == 0)));
      const std::uint32_t passes = samples == 0 ? kBlock : samples;
      party.timestamp += passes;
      call.world.run(passes / 8);
    }
  }
  call.world.run(100);
  CHECK(frames > 1000);
  CHECK_EQUAL(call.counter(PortCounter::malformed), malformed);
  CHECK_EQUAL(call.counter(PortCounter::packetsReceived), 201 * 5);
  CHECK_EQUAL(call.counter(PortCounter::lost), 0);
  CHECK(call.counter(PortCounter::playedMs) > 0.9 * 10 * static_cast<double>(frames));
}

MAIN()
