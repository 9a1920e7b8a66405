// G.729 between RTP and what has samples: the engine's octets and samples are those of the codec alone.
#include "g729-bench.h"

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

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
    CHECK_EQUAL(arrived.missing, 0);
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
    CHECK_EQUAL(arrived.missing, 0);
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
