// Ten milliseconds of sound on their way through the engine: octets as long as nobody needs samples.
#pragma once

extern "C" {
#include "../../codecs/codec.h"
#include "../../codecs/g711/g711.h"
}

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trunkgate::engine {

inline constexpr std::size_t kBlock = 80;  ///< samples
using Octets = std::array<std::uint8_t, kBlock>;
using Samples = std::array<std::int16_t, kBlock>;

class Block {
 public:
  /// Idle octets of a law.
  void idle(g711_law law) noexcept;
  /// To be filled by the caller with octets of `law`.
  [[nodiscard]] Octets& octets(g711_law law) noexcept;
  /// To be filled with octets that are data (unrestricted 64 kbit/s): never converted, never looked into.
  [[nodiscard]] Octets& data() noexcept;
  /// To be filled with samples.
  [[nodiscard]] Samples& samples() noexcept;

  /// The samples, decoded when nobody has asked before. A pattern of data has none: silence.
  [[nodiscard]] const Samples& asSamples() const noexcept;
  /// The octets in a law. True when they are the very octets that came.
  bool asOctets(g711_law law, std::span<std::uint8_t, kBlock> out) const noexcept;

  [[nodiscard]] bool isData() const noexcept { return data_; }
  [[nodiscard]] bool isIdle() const noexcept { return idle_; }
  /// Sum of squares, computed once.
  [[nodiscard]] std::uint64_t energy() const noexcept;

 private:
  Octets octets_{};
  mutable Samples samples_{};
  mutable std::uint64_t energy_ = 0;
  g711_law law_ = G711_ALAW;
  bool hasOctets_ = false;
  mutable bool hasSamples_ = false;
  mutable bool hasEnergy_ = false;
  bool data_ = false;
  bool idle_ = false;
};

/// Linear gain in place, Q12 (4096: 0 dB), saturating.
void applyGain(Samples& samples, std::int32_t gain) noexcept;
[[nodiscard]] std::int32_t gainFromDb(double db) noexcept;
inline constexpr std::int32_t kUnityGain = 4096;

}  // namespace trunkgate::engine
