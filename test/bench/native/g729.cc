// G.729 on 500 channels in turn, beside Debian's bcg729 where libbcg729-dev is installed; codec work alone.
#include "bench.h"

#include "codecs/codec.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#if __has_include(<bcg729/encoder.h>)
#define HAVE_PEER 1
extern "C" {
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
}
#endif

namespace {

constexpr std::size_t kChannels = 500;
constexpr std::size_t kFrames = 100;
constexpr std::size_t kSamples = 80;

std::int16_t speech[kFrames * kSamples];

void fillSpeech() {
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < kFrames * kSamples; i++) {
    seed = seed * 1664525 + 1013904223;
    const double pitch = 60 + 10 * std::sin(static_cast<double>(i) / 2000.0);
    const double phase = 2 * 3.141592653589793 * static_cast<double>(i) / pitch;
    const double envelope = 0.5 + 0.5 * std::sin(static_cast<double>(i) / 900.0);
    speech[i] = static_cast<std::int16_t>(
        envelope * (4000 * std::sin(phase) + 2500 * std::sin(3 * phase) + 1200 * std::sin(7 * phase)) + (seed >> 25));
  }
}

/// The frame that a channel is at: every channel elsewhere in the speech.
std::size_t frameOf(std::size_t channel, std::size_t round) { return (channel * 7 + round) % kFrames; }

struct State {
  std::unique_ptr<std::max_align_t[]> memory;
  explicit State(std::size_t size) : memory(new std::max_align_t[size / sizeof(std::max_align_t) + 1]) {}
  void* get() const { return memory.get(); }
};

struct Payload {
  std::uint8_t octets[10];
};
Payload stream[kFrames];

/// The stream that both decode.
void fillStream() {
  const State encoder(codec_g729.encoder_size);
  codec_g729.init_encoder(encoder.get(), CODEC_OPTION_NONE);
  for (std::size_t frame = 0; frame < kFrames; frame++)
    codec_g729.encode(encoder.get(), speech + frame * kSamples, stream[frame].octets);
}

/// Nanoseconds of a frame when `body(channel, round)` goes over all channels in turn.
template <class Body>
double perFrame(Body body) {
  std::size_t round = 0;
  return nanoseconds([&] {
           for (std::size_t channel = 0; channel < kChannels; channel++) body(channel, round);
           round++;
         }) /
         kChannels;
}

struct Costs {
  double encode;
  double decode;
};

Costs measureOurs() {
  std::vector<State> encoders, decoders;
  for (std::size_t i = 0; i < kChannels; i++) {
    codec_g729.init_encoder(encoders.emplace_back(codec_g729.encoder_size).get(), CODEC_OPTION_NONE);
    codec_g729.init_decoder(decoders.emplace_back(codec_g729.decoder_size).get());
  }
  std::int16_t output[kSamples];
  Payload payload;
  return {perFrame([&](std::size_t channel, std::size_t round) {
            codec_g729.encode(encoders[channel].get(), speech + frameOf(channel, round) * kSamples,
                              payload.octets);
            keep(&payload);
          }),
          perFrame([&](std::size_t channel, std::size_t round) {
            codec_g729.decode(decoders[channel].get(), stream[frameOf(channel, round)].octets, 10, output);
            keep(output);
          })};
}

/// Groups of sixteen channels, the last one with fewer.
struct Group {
  std::byte* encoders;
  std::byte* decoders;
  std::uint16_t lanes;
};

struct AlignedFree {
  void operator()(std::byte* memory) const { std::free(memory); }
};
using AlignedMemory = std::unique_ptr<std::byte[], AlignedFree>;

AlignedMemory aligned(std::size_t size) {
  return AlignedMemory(static_cast<std::byte*>(std::aligned_alloc(CODEC_LANES_ALIGNMENT, size)));
}

/// Nanoseconds of a frame of one channel, with so many channels open.
Costs measureLanes(const codec_lanes& row, std::size_t channels) {
  const std::size_t count = (channels + CODEC_LANES - 1) / CODEC_LANES;
  const AlignedMemory encoders = aligned(count * row.encoder_size), decoders = aligned(count * row.decoder_size);
  std::vector<Group> groups;
  for (std::size_t i = 0; i < count; i++) {
    const std::size_t used = std::min<std::size_t>(CODEC_LANES, channels - i * CODEC_LANES);
    groups.push_back({encoders.get() + i * row.encoder_size, decoders.get() + i * row.decoder_size,
                      static_cast<std::uint16_t>((1U << used) - 1)});
    row.init_encoders(groups[i].encoders);
    row.init_decoders(groups[i].decoders);
  }
  static std::int16_t output[CODEC_LANES][kSamples];
  static Payload payloads[CODEC_LANES];
  std::uint8_t* octets[CODEC_LANES];
  std::uint8_t counts[CODEC_LANES];
  std::int16_t* out[CODEC_LANES];
  for (std::size_t lane = 0; lane < CODEC_LANES; lane++) {
    octets[lane] = payloads[lane].octets;
    out[lane] = output[lane];
  }
  std::size_t round = 0;
  const double encode = nanoseconds([&] {
    for (std::size_t i = 0; i < groups.size(); i++) {
      const std::int16_t* in[CODEC_LANES];
      for (std::size_t lane = 0; lane < CODEC_LANES; lane++)
        in[lane] = speech + frameOf(i * CODEC_LANES + lane, round) * kSamples;
      row.encode(groups[i].encoders, groups[i].lanes, in, octets, counts);
    }
    keep(payloads);
    round++;
  });
  const double decode = nanoseconds([&] {
    for (std::size_t i = 0; i < groups.size(); i++) {
      codec_lane_frame in[CODEC_LANES];
      for (std::size_t lane = 0; lane < CODEC_LANES; lane++)
        in[lane] = {stream[frameOf(i * CODEC_LANES + lane, round)].octets, 10, false};
      row.decode(groups[i].decoders, groups[i].lanes, in, out);
    }
    keep(output);
    round++;
  });
  const double frames = static_cast<double>(channels);
  return {encode / frames, decode / frames};
}

/// `peer` is the time of encode + decode that all are compared with.
void printLanes(double peer) {
  std::printf("\nEncode and decode on lanes, ns a frame of a channel; channels on a core; times the baseline\n");
  for (unsigned i = 0; codec_g729.lanes(i) != nullptr; i++) {
    const codec_lanes& row = *codec_g729.lanes(i);
    for (const std::size_t channels : {1, 4, 8, 16, 100, 500, 2000}) {
      const Costs costs = measureLanes(row, channels);
      const double sum = costs.encode + costs.decode;
      std::printf("%-7s %5zu open %8.0f %8.0f %8.0f %7.2f\n", row.name, channels, costs.encode, costs.decode,
                  10e6 / sum, peer / sum);
    }
  }
}

#ifdef HAVE_PEER
Costs measurePeer() {
  std::vector<bcg729EncoderChannelContextStruct*> encoders;
  std::vector<bcg729DecoderChannelContextStruct*> decoders;
  for (std::size_t i = 0; i < kChannels; i++) {
    encoders.push_back(initBcg729EncoderChannel(0));
    decoders.push_back(initBcg729DecoderChannel());
  }
  std::int16_t output[kSamples];
  Payload payload;
  const Costs costs = {
      perFrame([&](std::size_t channel, std::size_t round) {
        std::uint8_t length = 0;
        bcg729Encoder(encoders[channel], speech + frameOf(channel, round) * kSamples, payload.octets, &length);
        keep(&payload);
      }),
      perFrame([&](std::size_t channel, std::size_t round) {
        bcg729Decoder(decoders[channel], stream[frameOf(channel, round)].octets, 10, 0, 0, 0, output);
        keep(output);
      })};
  for (std::size_t i = 0; i < kChannels; i++) {
    closeBcg729EncoderChannel(encoders[i]);
    closeBcg729DecoderChannel(decoders[i]);
  }
  return costs;
}
#endif

void printChannels(const char* what, const Costs& costs) {
  std::printf("%-52s %9.0f channels of encode + decode in real time on a core\n", what,
              10e6 / (costs.encode + costs.decode));
}

}  // namespace

int main() {
  fillSpeech();
  fillStream();
  const Costs ours = measureOurs();
#ifdef HAVE_PEER
  const Costs peer = measurePeer();
  printRow("G.729 encode, bcg729 (baseline)", peer.encode, "frame", peer.encode);
  printRow("G.729 encode", ours.encode, "frame", peer.encode);
  printRow("G.729 decode, bcg729 (baseline)", peer.decode, "frame", peer.decode);
  printRow("G.729 decode", ours.decode, "frame", peer.decode);
  printChannels("G.729, bcg729", peer);
#else
  std::printf("libbcg729-dev is not installed: no baseline for G.729\n");
  printRow("G.729 encode (baseline)", ours.encode, "frame", ours.encode);
  printRow("G.729 decode", ours.decode, "frame", ours.encode);
#endif
  printChannels("G.729", ours);
#ifdef HAVE_PEER
  printLanes(peer.encode + peer.decode);
#else
  printLanes(ours.encode + ours.decode);
#endif
  return 0;
}
