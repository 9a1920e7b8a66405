// G.729 for the engine's tests: sound, and what the codec alone makes of it.
#pragma once

#include "bench.h"

extern "C" {
#include "codecs/g729/g729.h"
}

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace trunkgate::engine::test {

inline const rtp::Address kFar = at("10.0.0.2", 30000);
inline const rtp::Address kHere = at("10.0.0.1", 20000);

/// A buzz of a speaking voice for `talkMs`, faint noise for `pauseMs`, and again.
inline Sound conversation(std::size_t ms, std::size_t talkMs, std::size_t pauseMs, std::uint64_t seed = 9) {
  Sound sound(ms * 8);
  double phase = 0;
  for (std::size_t i = 0; i < sound.size(); i++) {
    const bool talks = i / 8 % (talkMs + pauseMs) < talkMs;
    const double hiss = static_cast<double>(static_cast<std::int32_t>(harness_random(&seed))) / 2147483648.0;
    phase += 2 * std::numbers::pi * (130 + 20 * std::sin(static_cast<double>(i) / 1600)) / 8000;
    double voice = 0;
    for (int harmonic = 1; harmonic <= 20; harmonic++) voice += std::cos(harmonic * phase) / harmonic;
    sound[i] = static_cast<std::int16_t>(talks ? 3000 * voice + 100 * hiss : 20 * hiss);
  }
  return sound;
}

/// Frames of the codec: empty where it is silent.
inline std::vector<Bytes> encoded(std::span<const std::int16_t> sound, bool vad) {
  g729_encoder encoder{};
  g729_encoder_init(&encoder, vad);
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i + kBlock <= sound.size(); i += kBlock) {
    Bytes octets(G729_SPEECH_OCTETS);
    octets.resize(g729_encode(&encoder, sound.data() + i, octets.data()));
    frames.push_back(octets);
  }
  return frames;
}

/// What the codec hears in them; an empty frame is one that was not transmitted.
inline Sound decoded(const std::vector<Bytes>& frames) {
  g729_decoder decoder{};
  g729_decoder_init(&decoder);
  Sound sound(frames.size() * kBlock);
  for (std::size_t i = 0; i < frames.size(); i++) {
    static_cast<void>(codec_g729.decode(&decoder, frames[i].data(), frames[i].size(), sound.data() + i * kBlock));
  }
  return sound;
}

inline std::unique_ptr<Source> plays(const Sound& sound) {
  return makePlayer(std::make_shared<const Sound>(sound), false, 0);
}

inline std::pair<std::unique_ptr<Sink>, std::shared_ptr<Recording>> records(std::size_t ms) {
  auto sink = std::make_unique<Sink>();
  sink->recording = std::make_shared<Recording>(ms * 8);
  auto recording = sink->recording;
  return {std::move(sink), std::move(recording)};
}

/// Sends frames as a sender with silence suppression does: packets of `packetFrames` frames, a SID frame last of its packet.
class FrameParty : public Party {
 public:
  explicit FrameParty(std::size_t packetFrames) : packetFrames_(packetFrames) {
    here = kFar;
    there = kHere;
    payloadType = 18;
  }
  /// The next 10 ms; an empty frame is not sent.
  void frame(World& world, const Bytes& octets) {
    if (octets.empty()) {
      flush(world);
      talks_ = false;
    } else {
      if (frames_++ == 0) begin_ = timestamp;
      gathered_.insert(gathered_.end(), octets.begin(), octets.end());
      if (frames_ == packetFrames_ || octets.size() < G729_SPEECH_OCTETS) flush(world);
    }
    timestamp += kBlock;
    world.run(10);
  }
  void flush(World& world) {
    if (gathered_.empty()) return;
    const bool speech = gathered_.size() >= G729_SPEECH_OCTETS;
    const Bytes octets = packet(gathered_, payloadType, begin_, speech && !talks_);
    if (!drop(number++)) static_cast<void>(world.engine.sendDatagram(here, there, octets));
    talks_ = gathered_.size() % G729_SPEECH_OCTETS == 0;
    gathered_.clear();
    frames_ = 0;
  }

  std::function<bool(std::size_t packet)> drop = [](std::size_t) { return false; };
  std::size_t number = 0;

 private:
  std::size_t packetFrames_;
  std::size_t frames_ = 0;
  Bytes gathered_;
  std::uint32_t begin_ = 0;
  bool talks_ = false;
};

/// Where `part` begins in `whole`, or -1.
inline long indexIn(std::span<const std::int16_t> whole, std::span<const std::int16_t> part) {
  const auto found = std::search(whole.begin(), whole.end(), part.begin(), part.end());
  return found == whole.end() ? -1 : found - whole.begin();
}

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
  explicit Arrived(const World& world, const rtp::Address& there = kFar) {
    std::uint16_t sequence = 0;
    std::uint32_t first = 0;
    std::size_t gaps = 0;
    for (const Event& event : world.events) {
      rtp::Packet packet;
      if (event.kind != EventKind::datagram || !(event.to == there)) continue;
      if (rtp::parsePacket(event.octets, packet) != rtp::PacketFault::none || packet.payloadType != 18) continue;
      if (packets++ == 0) first = packet.timestamp;
      else if (packet.sequence != static_cast<std::uint16_t>(sequence + 1)) missing += static_cast<std::uint16_t>(packet.sequence - sequence - 1);
      sequence = packet.sequence;
      const std::size_t at = (packet.timestamp - first) / kBlock;
      CHECK_EQUAL((packet.timestamp - first) % kBlock, 0);
      const bool speech = packet.payload.size() >= G729_SPEECH_OCTETS;
      const bool begins = frames.empty() || frames.back().size() == G729_SID_OCTETS || (at > frames.size() && gaps == missing);
      CHECK_EQUAL(packet.marker, speech && begins);
      gaps = missing;
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
  std::size_t missing = 0;  ///< sequence numbers
};

}  // namespace trunkgate::engine::test
