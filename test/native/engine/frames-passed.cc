// Two RTP ports with G.729: frames go through as they are, in the other side's packets.
#include "g729-bench.h"

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

const rtp::Address kOther = at("10.0.0.3", 40000);

struct Relay {
  explicit Relay(std::uint16_t ptimeMs = 20, bool sid = true) {
    near = world.rtp(20000, kFar, codec_g729, 18);
    far = world.rtp(20002, kOther, codec_g729, 18, ptimeMs);
    RtpSettings settings;
    settings.send = SendFormat{.row = &codec_g729, .payloadType = 18, .ptimeMs = ptimeMs, .sid = sid};
    CHECK(world.engine.configureRtp(far, std::move(settings)).ok());
    CHECK(world.engine.bridge(near, far, true).ok());
  }
  /// From the first frame that came; what was said before is silence of our own.
  std::vector<Bytes> passed(const std::vector<Bytes>& frames) const {
    const Arrived arrived(world, kOther);
    const auto begin = std::ranges::search(arrived.frames, std::span(frames).first(30)).begin();
    return {begin, arrived.frames.end()};
  }
  double counter(PortCounter name) { return world.pages.port(far, name); }
  double decodedFrames() { return world.pages.worker(0, WorkerCounter::framesDecoded); }
  World world;
  Handle near = 0, far = 0;
};

}  // namespace

TEST(frames_and_silence_pass_octet_for_octet_in_packets_of_the_other_side) {
  const std::vector<Bytes> frames = encoded(conversation(6000, 1500, 1500), true);
  for (const std::size_t packetFrames : {1U, 2U, 3U, 6U}) {
    for (const std::uint16_t ptimeMs : {10, 20, 30, 60}) {
      Relay relay(ptimeMs);
      FrameParty party(packetFrames);
      for (const Bytes& frame : frames) party.frame(relay.world, frame);
      relay.world.run(100);
      const Arrived arrived(relay.world, kOther);
      CHECK_EQUAL(arrived.missing, 0);
      // The first talkspurt, and the second; in pauses the buffer comes to its depth.
      const std::vector<Bytes> passed = relay.passed(frames);
      REQUIRE(passed.size() > 450);
      CHECK(std::ranges::equal(std::span(passed).first(140), std::span(frames).first(140)));
      const std::span spurt = std::span(frames).subspan(310, 130);
      CHECK(!std::ranges::search(passed, spurt).empty());
      CHECK_EQUAL(relay.decodedFrames(), 0);
      CHECK(relay.counter(PortCounter::passedBlocks) > 500);
      CHECK(relay.counter(PortCounter::sidSent) > 1);
    }
  }
}

TEST(a_loss_on_this_side_is_a_loss_on_the_other_and_its_decoder_conceals) {
  const std::vector<Bytes> frames = encoded(conversation(3000, 3000, 1), false);
  Relay relay;
  FrameParty party(2);
  party.drop = [](std::size_t packet) { return packet == 40 || packet == 60 || packet == 61; };
  for (const Bytes& frame : frames) party.frame(relay.world, frame);
  relay.world.run(100);
  const Arrived arrived(relay.world, kOther);
  CHECK_EQUAL(arrived.missing, 3);
  const std::vector<Bytes> passed = relay.passed(frames);
  REQUIRE(passed.size() > 290);
  for (std::size_t i = 0; i < 290; i++) {
    const bool lost = i / 2 == 40 || i / 2 == 60 || i / 2 == 61;
    CHECK(passed[i] == (lost ? Bytes{} : frames[i]));
  }
  CHECK_EQUAL(relay.world.pages.port(relay.near, PortCounter::lost), 3);
}

TEST(a_packet_lost_in_silence_is_no_speech) {
  std::vector<Bytes> frames = encoded(conversation(4000, 1000, 3000), true);
  Call call;
  FrameParty party(1);
  std::size_t sids = 0;
  for (std::size_t i = 0; i < frames.size(); i++) {
    if (frames[i].size() == G729_SID_OCTETS && ++sids == 2) frames[i].clear();  // not sent, but numbered
    if (frames[i].empty() && sids == 2) {
      party.sequence++;
      sids = 3;
    }
    party.frame(call.world, frames[i]);
  }
  REQUIRE(sids >= 3);
  CHECK_EQUAL(call.counter(PortCounter::concealedMs), 0);
}

TEST(a_side_that_takes_no_sid_frames_is_sent_the_noise_as_speech) {
  const std::vector<Bytes> frames = encoded(conversation(4000, 1000, 1000), true);
  Relay relay(20, false);
  FrameParty party(2);
  for (const Bytes& frame : frames) party.frame(relay.world, frame);
  relay.world.run(100);
  const Arrived arrived(relay.world, kOther);
  CHECK_EQUAL(arrived.sidPackets, 0);
  CHECK_EQUAL(arrived.missing, 0);
  CHECK_EQUAL(relay.counter(PortCounter::sidSent), 0);
  const std::vector<Bytes> passed = relay.passed(frames);
  REQUIRE(passed.size() > 380);
  CHECK(std::ranges::none_of(passed, [](const Bytes& frame) { return frame.size() != G729_SPEECH_OCTETS; }));
  CHECK(std::ranges::equal(std::span(passed).first(95), std::span(frames).first(95)));  // until the first one came
  CHECK(relay.decodedFrames() > 250);
  const Sound heard = decoded(passed);
  const Sound expected = decoded(frames);
  const auto energy = [](std::span<const std::int16_t> sound) {
    double sum = 1;
    for (const std::int16_t sample : sound) sum += static_cast<double>(sample) * sample;
    return 10 * std::log10(sum);
  };
  CHECK_NEAR(energy(std::span(heard).subspan(8 * 2200, 8 * 600)), energy(std::span(expected).subspan(8 * 2200, 8 * 600)), 2);
  CHECK_NEAR(energy(std::span(heard).subspan(8 * 1300, 8 * 600)), energy(std::span(expected).subspan(8 * 1300, 8 * 600)), 4);
}

TEST(who_wants_samples_gets_them_and_afterwards_frames_pass_again) {
  const std::vector<Bytes> frames = encoded(conversation(4000, 4000, 1), false);
  Relay relay;
  FrameParty party(2);
  std::size_t block = 0;
  const auto talk = [&](std::size_t blocks) {
    for (std::size_t i = 0; i < blocks; i++) party.frame(relay.world, frames[block++]);
  };
  talk(100);
  CHECK_EQUAL(relay.decodedFrames(), 0);
  CHECK(relay.world.engine.setGain(relay.near, -6.0, {}).ok());
  talk(100);
  CHECK_NEAR(relay.decodedFrames(), 100, 2);
  CHECK(relay.world.engine.setGain(relay.near, 0.0, {}).ok());
  talk(50);
  CHECK_NEAR(relay.decodedFrames(), 100, 2);
  tone_pattern beep{};
  beep.level = -120;
  beep.segment_count = 1;
  beep.repeats = 1;
  beep.segments[0] = {{1400, 0, 0, 0}, 200};
  CHECK(relay.world.engine.overlayTone(relay.far, &beep).ok());
  talk(50);
  CHECK_NEAR(relay.decodedFrames(), 120, 3);
  talk(50);
  relay.world.run(100);
  const Arrived arrived(relay.world, kOther);
  CHECK_EQUAL(arrived.missing, 0);
  const std::vector<Bytes> passed = relay.passed(frames);
  REQUIRE(passed.size() > 340);
  CHECK(std::ranges::equal(std::span(passed).first(95), std::span(frames).first(95)));
  CHECK(!std::ranges::search(passed, std::span(frames).subspan(310, 35)).empty());
}

TEST(garbage_passes_or_is_dropped_and_does_no_harm) {
  Relay relay;
  Party party{.here = kFar, .there = kHere, .payloadType = 18};
  for (std::size_t length = 0; length <= 200; length++) {
    const Bytes payload = noise(length, length + 1);
    static_cast<void>(relay.world.engine.sendDatagram(party.here, party.there, party.packet(payload, 18, party.timestamp)));
    party.timestamp += std::max<std::uint32_t>(codec_payload_samples(&codec_g729, length), kBlock);
    relay.world.run(20 + static_cast<unsigned>(length));
  }
  CHECK(relay.counter(PortCounter::passedBlocks) > 1000);
  for (const Event& event : relay.world.events) {
    if (event.kind == EventKind::datagram && event.to == kOther) CHECK(event.octets.size() <= 12 + 20);
  }
}

MAIN()
