#include "codec-cost.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <numbers>
#include <vector>

namespace trunkgate::engine {

namespace {

constexpr std::size_t kFrames = 200;
constexpr std::size_t kSamples = 80;

double cpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// A voice of moving pitch with some noise, in bursts of 0.8 s and pauses of 0.2 s.
std::vector<std::int16_t> speech() {
  std::vector<std::int16_t> samples(kFrames * kSamples);
  std::uint32_t seed = 1;
  double phase = 0;
  for (std::size_t i = 0; i < samples.size(); i++) {
    seed = seed * 1664525 + 1013904223;
    const double t = static_cast<double>(i);
    phase += 2 * std::numbers::pi / (60 + 10 * std::sin(t / 2000));
    const bool pause = i % 8000 >= 6400;
    const double envelope = pause ? 0 : 0.5 + 0.5 * std::sin(t / 900);
    const double voice = 4000 * std::sin(phase) + 2500 * std::sin(3 * phase) + 1200 * std::sin(7 * phase);
    samples[i] = static_cast<std::int16_t>(envelope * voice + static_cast<double>(seed >> 27));
  }
  return samples;
}

struct Frame {
  std::uint8_t count;
  std::array<std::uint8_t, kSamples> octets;
};

class Memory {
 public:
  explicit Memory(std::size_t size) : octets_(size + CODEC_LANES_ALIGNMENT) {}
  [[nodiscard]] void* get() noexcept {
    const auto at = reinterpret_cast<std::uintptr_t>(octets_.data());
    return reinterpret_cast<void*>((at + CODEC_LANES_ALIGNMENT - 1) / CODEC_LANES_ALIGNMENT * CODEC_LANES_ALIGNMENT);
  }

 private:
  std::vector<std::uint8_t> octets_;
};

std::vector<Memory> states(std::size_t count, std::size_t size) {
  std::vector<Memory> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; i++) all.emplace_back(size);
  return all;
}

/// The material of a measurement: speech, and its frames.
struct Material {
  std::vector<std::int16_t> samples = speech();
  std::vector<Frame> frames = std::vector<Frame>(kFrames);

  Material(const codec& row, unsigned options) {
    Memory encoder(row.encoder_size);
    row.init_encoder(encoder.get(), options);
    for (std::size_t i = 0; i < kFrames; i++) {
      frames[i].count = static_cast<std::uint8_t>(row.encode(encoder.get(), &samples[i * kSamples], frames[i].octets.data()));
    }
  }
  /// Every channel is elsewhere.
  [[nodiscard]] static std::size_t at(std::size_t channel, std::size_t round) { return (channel * 7 + round) % kFrames; }
};

CodecCost measureSingle(const codec& row, unsigned options, std::size_t channels, std::size_t rounds) {
  const Material material(row, options);
  auto encoders = states(channels, row.encoder_size);
  auto decoders = states(channels, row.decoder_size);
  for (Memory& one : encoders) row.init_encoder(one.get(), options);
  for (Memory& one : decoders) row.init_decoder(one.get());
  std::array<std::uint8_t, kSamples> octets;
  std::array<std::int16_t, kSamples> samples;
  const double begun = cpuSeconds();
  for (std::size_t round = 0; round < rounds; round++) {
    for (std::size_t i = 0; i < channels; i++) {
      row.encode(encoders[i].get(), &material.samples[Material::at(i, round) * kSamples], octets.data());
    }
  }
  const double middle = cpuSeconds();
  for (std::size_t round = 0; round < rounds; round++) {
    for (std::size_t i = 0; i < channels; i++) {
      const Frame& frame = material.frames[Material::at(i, round)];
      row.decode(decoders[i].get(), frame.octets.data(), frame.count, samples.data());
    }
  }
  return {middle - begun, cpuSeconds() - middle};
}

CodecCost measureLanes(const codec& row, const codec_lanes& lanes, unsigned options, std::size_t channels,
                       std::size_t rounds) {
  const Material material(row, options);
  const std::size_t groups = channels / CODEC_LANES;
  auto encoders = states(groups, lanes.encoder_size);
  auto decoders = states(groups, lanes.decoder_size);
  Memory fresh(row.encoder_size);
  row.init_encoder(fresh.get(), options);
  for (std::size_t g = 0; g < groups; g++) {
    lanes.init_encoders(encoders[g].get());
    lanes.init_decoders(decoders[g].get());
    for (unsigned lane = 0; lane < CODEC_LANES; lane++) lanes.load_encoder(encoders[g].get(), lane, fresh.get());
  }
  std::array<std::array<std::uint8_t, kSamples>, CODEC_LANES> octets;
  std::array<std::array<std::int16_t, kSamples>, CODEC_LANES> decoded;
  std::array<const std::int16_t*, CODEC_LANES> in;
  std::array<std::uint8_t*, CODEC_LANES> out;
  std::array<std::int16_t*, CODEC_LANES> samples;
  std::array<std::uint8_t, CODEC_LANES> counts;
  std::array<codec_lane_frame, CODEC_LANES> frames;
  for (std::size_t lane = 0; lane < CODEC_LANES; lane++) {
    out[lane] = octets[lane].data();
    samples[lane] = decoded[lane].data();
  }
  const double begun = cpuSeconds();
  for (std::size_t round = 0; round < rounds; round++) {
    for (std::size_t g = 0; g < groups; g++) {
      for (std::size_t lane = 0; lane < CODEC_LANES; lane++) {
        in[lane] = &material.samples[Material::at(g * CODEC_LANES + lane, round) * kSamples];
      }
      lanes.encode(encoders[g].get(), 0xFFFF, in.data(), out.data(), counts.data());
    }
  }
  const double middle = cpuSeconds();
  for (std::size_t round = 0; round < rounds; round++) {
    for (std::size_t g = 0; g < groups; g++) {
      for (std::size_t lane = 0; lane < CODEC_LANES; lane++) {
        const Frame& frame = material.frames[Material::at(g * CODEC_LANES + lane, round)];
        frames[lane] = {frame.octets.data(), frame.count, false};
      }
      lanes.decode(decoders[g].get(), 0xFFFF, frames.data(), samples.data());
    }
  }
  return {middle - begun, cpuSeconds() - middle};
}

}  // namespace

CodecCost measureCodec(const codec& row, const codec_lanes* lanes, bool discontinuous, std::size_t channels,
                       std::size_t rounds) {
  const unsigned options = discontinuous ? CODEC_OPTION_DTX : CODEC_OPTION_NONE;
  if (lanes == nullptr) return measureSingle(row, options, channels, rounds);
  return measureLanes(row, *lanes, options, channels, rounds);
}

}  // namespace trunkgate::engine
