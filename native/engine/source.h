// Sources of sound for terminals. Made by the control side, run by a worker.
#pragma once

#include "block.h"

extern "C" {
#include "../../codecs/tones/dtmf.h"
#include "../../codecs/tones/tone.h"
}

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace trunkgate::engine {

/// 8 kHz linear, shared by all who play it.
using Sound = std::vector<std::int16_t>;
using SoundRef = std::shared_ptr<const Sound>;

class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// Fills the next 10 ms. `heard` is what the terminal heard in the 10 ms before. False once it has ended.
  virtual bool fill(Block& block, const Block& heard) noexcept = 0;
};

[[nodiscard]] std::unique_ptr<Source> makeSilence(g711_law law);
[[nodiscard]] std::unique_ptr<Source> makeTone(const tone_pattern& pattern);
/// The octets of G.711 tables 5 and 6.
[[nodiscard]] std::unique_ptr<Source> makeMilliwatt(g711_law law);
[[nodiscard]] std::unique_ptr<Source> makePlayer(SoundRef sound, bool loop, std::uint32_t gapMs);
[[nodiscard]] std::unique_ptr<Source> makeNoise(double levelDbm0, std::uint32_t burstMs, std::uint32_t pauseMs);
/// Digits that have no code are left out.
[[nodiscard]] std::unique_ptr<Source> makeDigits(const std::string& digits, std::uint16_t onMs, std::uint16_t offMs);
[[nodiscard]] std::unique_ptr<Source> makeEcho();
struct HybridSettings {
  std::uint32_t delayMs = 0;
  double erlDb = 0;
  SoundRef talker;  ///< may be empty
  std::uint32_t gapMs = 0;
};
[[nodiscard]] std::unique_ptr<Source> makeHybrid(const HybridSettings& settings);
/// O.150 §5.3: 2^15 - 1.
[[nodiscard]] std::unique_ptr<Source> makePrbs();

}  // namespace trunkgate::engine
