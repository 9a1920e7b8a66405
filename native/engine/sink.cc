#include "sink.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace trunkgate::engine {

namespace {
constexpr double kLeastEnergy = 22827.0 * 22827.0 / 2 * 1e-4 * kBlock;  // -40 dBm0
constexpr std::uint8_t kBlocksToChange = 5;
}  // namespace

bool Recording::add(const Samples& samples) noexcept {
  const std::size_t length = length_.load(std::memory_order_relaxed);
  const std::size_t count = std::min(kBlock, samples_.size() - length);
  std::copy_n(samples.begin(), count, samples_.begin() + static_cast<std::ptrdiff_t>(length));
  length_.store(length + count, std::memory_order_release);
  return length + count < samples_.size();
}

ToneDetector::ToneDetector(std::uint16_t frequency) noexcept
    : coefficient_(2 * std::cos(2 * std::numbers::pi * frequency / 8000)), frequency_(frequency) {}

bool ToneDetector::listen(const Block& block) noexcept {
  double before = 0;
  double last = 0;
  for (const std::int16_t sample : block.asSamples()) {  // Goertzel
    const double next = sample + coefficient_ * last - before;
    before = last;
    last = next;
  }
  const double power = (last * last + before * before - coefficient_ * last * before) * 2 / kBlock;
  const auto energy = static_cast<double>(block.energy());
  const bool here = energy > kLeastEnergy && power > energy / 2;
  differs_ = here == present_ ? 0 : static_cast<std::uint8_t>(differs_ + 1);
  if (differs_ < kBlocksToChange) return false;
  present_ = here;
  differs_ = 0;
  return true;
}

}  // namespace trunkgate::engine
