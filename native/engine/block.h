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

/// A block as a codec of frames has it: the kinds in which it comes, or does not.
enum class FrameKind : std::uint8_t {
  none,     ///< no frame at all
  speech,
  sid,
  silent,   ///< not transmitted: the sender is silent
  lost,
  late,     ///< missing, and nothing later has come
};

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

  /// To be filled with `octets` octets of a frame.
  [[nodiscard]] Octets& frame(FrameKind kind, std::size_t octets) noexcept;
  /// Samples of the frame, to be filled by the codec: the block is still the frame too.
  [[nodiscard]] Samples& decoded() noexcept;

  /// The samples, decoded when nobody has asked before. A pattern of data has none, nor a frame that was not decoded: silence.
  [[nodiscard]] const Samples& asSamples() const noexcept;
  /// The octets in a law. True when they are the very octets that came.
  bool asOctets(g711_law law, std::span<std::uint8_t, kBlock> out) const noexcept;

  [[nodiscard]] bool isData() const noexcept { return data_; }
  [[nodiscard]] FrameKind frameKind() const noexcept { return frame_; }
  [[nodiscard]] std::span<const std::uint8_t> frameOctets() const noexcept { return std::span(octets_).first(frameOctets_); }
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
  FrameKind frame_ = FrameKind::none;
  std::uint8_t frameOctets_ = 0;
};

/// Linear gain in place, Q12 (4096: 0 dB), saturating.
void applyGain(Samples& samples, std::int32_t gain) noexcept;
[[nodiscard]] std::int32_t gainFromDb(double db) noexcept;
inline constexpr std::int32_t kUnityGain = 4096;

}  // namespace trunkgate::engine
