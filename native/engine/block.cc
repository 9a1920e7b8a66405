#include "block.h"

extern "C" {
#include "../../codecs/tones/level.h"
}

#include <algorithm>
#include <cmath>
#include <cstring>

namespace trunkgate::engine {

void Block::idle(g711_law law) noexcept {
  octets(law).fill(g711_idle(law));
  idle_ = true;
}

Octets& Block::octets(g711_law law) noexcept {
  law_ = law;
  hasOctets_ = true;
  hasSamples_ = hasEnergy_ = data_ = idle_ = false;
  frame_ = FrameKind::none;
  return octets_;
}

Octets& Block::data() noexcept {
  Octets& place = octets(G711_ALAW);
  data_ = true;
  return place;
}

Samples& Block::samples() noexcept {
  hasSamples_ = true;
  hasOctets_ = hasEnergy_ = data_ = idle_ = false;
  frame_ = FrameKind::none;
  return samples_;
}

Octets& Block::frame(FrameKind kind, std::size_t octets) noexcept {
  hasOctets_ = hasSamples_ = hasEnergy_ = data_ = idle_ = false;
  frame_ = kind;
  frameOctets_ = static_cast<std::uint8_t>(octets);
  return octets_;
}

Samples& Block::decoded() noexcept {
  hasSamples_ = true;
  return samples_;
}

const Samples& Block::asSamples() const noexcept {
  if (!hasSamples_) {
    if (data_ || frame_ != FrameKind::none) {
      samples_.fill(0);
    } else {
      g711_decode(law_, octets_.data(), kBlock, samples_.data());
    }
    hasSamples_ = true;
  }
  return samples_;
}

bool Block::asOctets(g711_law law, std::span<std::uint8_t, kBlock> out) const noexcept {
  if (!hasOctets_) {
    g711_encode(law, asSamples().data(), kBlock, out.data());
    return false;
  }
  if (data_ || law == law_) {
    std::memcpy(out.data(), octets_.data(), kBlock);
    return true;
  }
  g711_convert(law_, law, octets_.data(), kBlock, out.data());
  return false;
}

std::uint64_t Block::energy() const noexcept {
  if (!hasEnergy_) {
    if (data_ || idle_ || (frame_ != FrameKind::none && !hasSamples_)) {
      energy_ = 0;
    } else {
      energy_ = hasSamples_ ? level_energy(samples_.data(), kBlock)
                            : level_energy_octets(law_, octets_.data(), kBlock);
    }
    hasEnergy_ = true;
  }
  return energy_;
}

void applyGain(Samples& samples, std::int32_t gain) noexcept {
  for (std::int16_t& sample : samples) {
    sample = static_cast<std::int16_t>(std::clamp((sample * gain + 2048) >> 12, -32768, 32767));
  }
}

std::int32_t gainFromDb(double db) noexcept {
  return static_cast<std::int32_t>(std::lround(kUnityGain * std::pow(10, db / 20)));
}

}  // namespace trunkgate::engine
