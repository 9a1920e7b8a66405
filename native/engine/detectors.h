// What listens to a port's inward sound: DTMF, and the signals of fax machines and modems.
#pragma once

#include "block.h"

extern "C" {
#include "../../codecs/tones/answer-tone.h"
#include "../../codecs/tones/dtmf.h"
#include "../../codecs/tones/v21-preamble.h"
}

namespace trunkgate::engine {

/// `automatic`: where an RTP port is one of the two (settings.h).
enum class Detect : std::uint8_t { automatic, on, off };

struct DetectorSettings {
  Detect dtmf = Detect::automatic;
  Detect faxModem = Detect::automatic;
};

/// The digit that is there now.
struct DigitState {
  bool muted = false;   ///< a digit is there, or seems to begin: toward telephone-event nothing of it may be heard
  bool active = false;  ///< it is there for sure
  std::uint8_t code = DTMF_NONE;
};

class DtmfListener {
 public:
  void reset() noexcept;
  /// Returns true when a digit ended; `durationMs` is its length then.
  bool listen(const Block& block, double& durationMs) noexcept;
  [[nodiscard]] const DigitState& digit() const noexcept { return digit_; }
  /// Power of the digit that is there or was last, dBm0.
  [[nodiscard]] int levelDbm0() const noexcept { return level_ / 10; }

 private:
  dtmf_detector detector_{};
  DigitState digit_{};
  int level_ = 0;
  unsigned quiet_ = 0;  ///< blocks without energy in a row
};

/// Bits of what was found, as `listen` returns them.
enum FaxSignal : unsigned {
  kFaxAns = 1,
  kFaxAnsReversed = 2,
  kFaxAnsam = 4,
  kFaxAnsamReversed = 8,
  kFaxV21 = 16,
};

class FaxListener {
 public:
  void reset() noexcept;
  /// What has become known with this block.
  unsigned listen(const Block& block) noexcept;

 private:
  answer_tone_detector answer_{};
  v21_preamble_detector v21_{};
  unsigned quiet_ = 0;
};

}  // namespace trunkgate::engine
