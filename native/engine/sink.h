// What a terminal does with what it hears.
#pragma once

#include "detectors.h"
#include "prbs.h"

#include <atomic>
#include <memory>
#include <vector>

namespace trunkgate::engine {

/// Written by a worker, read by the control side at any time.
class Recording {
 public:
  explicit Recording(std::size_t limit) : samples_(limit) {}

  /// False once it is full.
  bool add(const Samples& samples) noexcept;
  [[nodiscard]] std::size_t length() const noexcept { return length_.load(std::memory_order_acquire); }
  [[nodiscard]] std::span<const std::int16_t> samples() const noexcept {
    return std::span(samples_).first(length());
  }

 private:
  std::vector<std::int16_t> samples_;
  std::atomic<std::size_t> length_{0};
};

/// One frequency: there when it holds half of the power, for 50 ms; gone when it does not for as long.
class ToneDetector {
 public:
  explicit ToneDetector(std::uint16_t frequency) noexcept;
  /// True when it has come or gone.
  bool listen(const Block& block) noexcept;
  [[nodiscard]] bool present() const noexcept { return present_; }
  [[nodiscard]] std::uint16_t frequency() const noexcept { return frequency_; }

 private:
  double coefficient_;
  std::uint16_t frequency_;
  std::uint8_t differs_ = 0;  ///< blocks in a row that speak against `present_`
  bool present_ = false;
};

struct Sink {
  std::shared_ptr<Recording> recording;
  bool recordingFull = false;
  bool collectDigits = false;
  bool checkPrbs = false;
  DtmfListener dtmf;
  std::vector<ToneDetector> tones;
  PrbsChecker prbs;
};

}  // namespace trunkgate::engine
