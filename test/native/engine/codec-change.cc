// G.711 becomes G.729 in mid-call, and G.711 again: one stream, no loss, and a tone that hardly notices.
#include "g729-bench.h"

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

constexpr double kFrequency = 1004;
constexpr double kPeak = 8000;

Sound tone(std::size_t ms) {
  Sound sound(ms * 8);
  for (std::size_t i = 0; i < sound.size(); i++) {
    sound[i] = static_cast<std::int16_t>(kPeak * std::sin(2 * std::numbers::pi * kFrequency * static_cast<double>(i) / 8000));
  }
  return sound;
}

Bytes aLaw(std::span<const std::int16_t> samples) {
  Bytes octets(samples.size());
  g711_encode(G711_ALAW, samples.data(), samples.size(), octets.data());
  return octets;
}

/// ms of the longest stretch, between quiet ones of 30 ms, in which the sound is not the tone: what the notch of its frequency leaves is
/// over a quarter of it, or the tone has gone.
double longestClickMs(std::span<const std::int16_t> sound) {
  const double pole = 2 * std::cos(2 * std::numbers::pi * kFrequency / 8000);
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t longest = 0;
  for (std::size_t i = 40; i < sound.size(); i++) {
    double power = 0;
    for (std::size_t k = i - 40; k < i; k++) power += static_cast<double>(sound[k]) * sound[k] / 40;
    const double residue = sound[i] - pole * sound[i - 1] + sound[i - 2];
    const bool wrong = std::abs(residue) > kPeak / 4 || power < kPeak * kPeak / 2 / 4 || power > kPeak * kPeak / 2 * 2;
    if (!wrong) continue;
    if (end == 0 || i - end > 240) begin = i;
    end = i;
    longest = std::max(longest, end - begin + 1);
  }
  return static_cast<double>(longest) / 8;
}

RtpSettings both() {
  RtpSettings settings;
  ReceiveTable table{};
  table[8] = &codec_pcma;
  table[18] = &codec_g729;
  settings.receive = table;
  return settings;
}

}  // namespace

TEST(a_sender_that_changes_its_codec_is_heard_without_a_gap) {
  for (const std::size_t packetFrames : {2U, 3U}) {
    Call call;
    CHECK(call.world.engine.configureRtp(call.rtp, both()).ok());
    const Sound sound = tone(3000);
    FrameParty party(packetFrames);
    g729_encoder encoder{};
    const std::size_t packet = packetFrames * kBlock;
    for (std::size_t at = 0; at + packet <= sound.size(); at += packet) {
      const std::size_t ms = at / 8;
      const bool g729 = ms >= 960 && ms < 2040;
      if (!g729) g729_encoder_init(&encoder, false);
      Bytes payload = aLaw(std::span(sound).subspan(at, packet));
      for (std::size_t frame = 0; g729 && frame < packetFrames; frame++) {
        static_cast<void>(g729_encode(&encoder, sound.data() + at + frame * kBlock, payload.data() + frame * G729_SPEECH_OCTETS));
      }
      if (g729) payload.resize(packetFrames * G729_SPEECH_OCTETS);
      static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, party.packet(payload, g729 ? 18 : 8, party.timestamp)));
      party.timestamp += static_cast<std::uint32_t>(packet);
      call.world.run(static_cast<unsigned>(packet / 8));
    }
    for (const PortCounter name : {PortCounter::lost, PortCounter::late, PortCounter::discarded, PortCounter::duplicates, PortCounter::malformed,
                                   PortCounter::unknownPayload, PortCounter::concealedMs, PortCounter::underrunMs, PortCounter::correctedMs, PortCounter::ssrcChanges}) {
      CHECK_EQUAL(call.counter(name), 0);
    }
    const Sound heard = call.heard();
    CHECK(longestClickMs(std::span(heard).subspan(1600, 8 * 2500)) <= 12);
    CHECK(call.counter(PortCounter::playedMs) > 2800);
  }
}

TEST(packets_of_both_codecs_may_come_in_any_order_around_the_change) {
  Call call;
  CHECK(call.world.engine.configureRtp(call.rtp, both()).ok());
  const Sound sound = tone(2000);
  const std::vector<Bytes> frames = encoded(std::span(sound).subspan(8000), false);
  FrameParty party(2);
  std::vector<Bytes> packets;
  for (std::size_t at = 0; at + 160 <= sound.size(); at += 160) {
    const bool g729 = at >= 8000;
    Bytes payload = g729 ? frames[(at - 8000) / kBlock] : aLaw(std::span(sound).subspan(at, 160));
    if (g729) payload.insert(payload.end(), frames[(at - 8000) / kBlock + 1].begin(), frames[(at - 8000) / kBlock + 1].end());
    packets.push_back(party.packet(payload, g729 ? 18 : 8, static_cast<std::uint32_t>(at)));
  }
  std::swap(packets[49], packets[50]);  // the first of the new codec before the last of the old
  std::swap(packets[10], packets[11]);
  for (const Bytes& packet : packets) {
    static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, packet));
    call.world.run(20);
  }
  CHECK_EQUAL(call.counter(PortCounter::lost), 0);
  CHECK_EQUAL(call.counter(PortCounter::late), 0);
  CHECK_EQUAL(call.counter(PortCounter::concealedMs), 0);
  const Sound heard = call.heard();
  CHECK(longestClickMs(std::span(heard).subspan(1600, 8 * 1500)) <= 12);
}

TEST(what_is_sent_changes_its_codec_between_two_packets) {
  for (const std::uint16_t ptimeMs : {20, 60}) {
    Call call(tone(4000), ptimeMs);
    const SendFormat pcma{.row = &codec_pcma, .payloadType = 8, .ptimeMs = ptimeMs};
    const SendFormat g729{.row = &codec_g729, .payloadType = 18, .ptimeMs = ptimeMs};
    call.send(pcma);
    call.world.run(1015);
    call.send(g729);
    call.world.run(1005);
    call.send(pcma);
    call.world.run(1000);
    Sound heard;
    g729_decoder decoder{};
    g729_decoder_init(&decoder);
    rtp::Packet before;
    std::size_t changes = 0;
    for (const Event& event : call.world.events) {
      rtp::Packet packet;
      if (event.kind != EventKind::datagram || !(event.to == kFar) || rtp::parsePacket(event.octets, packet) != rtp::PacketFault::none) continue;
      if (!heard.empty()) {
        CHECK_EQUAL(packet.sequence, static_cast<std::uint16_t>(before.sequence + 1));
        CHECK_EQUAL(packet.timestamp - before.timestamp, ptimeMs * 8);
        CHECK_EQUAL(packet.ssrc, before.ssrc);
        CHECK(!packet.marker);
        changes += packet.payloadType == before.payloadType ? 0 : 1;
      }
      before = packet;
      const std::size_t samples = ptimeMs * 8U;
      const std::size_t at = heard.size();
      heard.resize(at + samples);
      CHECK_EQUAL(packet.payload.size(), packet.payloadType == 8 ? samples : samples / 8);
      if (packet.payloadType == 8) {
        g711_decode(G711_ALAW, packet.payload.data(), samples, heard.data() + at);
        continue;
      }
      for (std::size_t i = 0; i < samples; i += kBlock) g729_decode_speech(&decoder, packet.payload.data() + i / 8, heard.data() + at + i);
    }
    CHECK_EQUAL(changes, 2);
    CHECK(heard.size() > 8 * 2800);
    CHECK(longestClickMs(std::span(heard).subspan(800)) <= 20);
  }
}

TEST(packets_of_both_codecs_with_wild_numbers_do_no_harm) {
  Call call;
  CHECK(call.world.engine.configureRtp(call.rtp, both()).ok());
  Party party{.here = kFar, .there = kHere};
  std::uint64_t seed = 5;
  for (int i = 0; i < 2000; i++) {
    const bool g729 = harness_random(&seed) % 2 == 0;
    if (harness_random(&seed) % 8 == 0) party.timestamp = harness_random(&seed);
    if (harness_random(&seed) % 8 == 0) party.sequence = static_cast<std::uint16_t>(party.sequence + harness_random(&seed) % 7 - 3);
    const Bytes payload = noise(g729 ? 20 : 160, harness_random(&seed) | 1);
    static_cast<void>(call.world.engine.sendDatagram(party.here, party.there, party.packet(payload, g729 ? 18 : 8, party.timestamp)));
    party.timestamp += 160;
    call.world.run(harness_random(&seed) % 30);
  }
  CHECK_EQUAL(call.counter(PortCounter::packetsReceived) + call.counter(PortCounter::rejectedSource), 2000);
  // And afterwards it is heard as ever.
  party.sequence = static_cast<std::uint16_t>(party.sequence + 100);
  const Sound sound = tone(1000);
  for (std::size_t at = 0; at < sound.size(); at += 160) {
    party.say(call.world, aLaw(std::span(sound).subspan(at, 160)));
    call.world.run(20);
  }
  const Sound heard = call.heard();
  REQUIRE(heard.size() > 8000);
  CHECK(longestClickMs(std::span(heard).last(8 * 500)) <= 12);
}

MAIN()
