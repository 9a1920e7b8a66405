// Digits that are to be sent, one after the other, each with its length and a pause behind it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace trunkgate::engine {

class DigitQueue {
 public:
  static constexpr std::size_t kLength = 64;
  static constexpr std::uint16_t kPauseMs = 70;

  [[nodiscard]] bool push(std::uint8_t code, std::uint16_t ms) noexcept {
    if (count_ == kLength) return false;
    digits_[(head_ + count_++) % kLength] = {code, ms};
    return true;
  }
  [[nodiscard]] bool busy() const noexcept { return leftMs_ > 0 || pauseMs_ > 0 || count_ > 0; }

  enum class Phase : std::uint8_t { begin, sound, end, pause };
  struct Step {
    Phase phase;
    std::uint8_t code;
  };
  /// The next 10 ms; only while busy. `begin` and `end` come with the first block of the tone and of the pause.
  Step step() noexcept {
    if (leftMs_ == 0 && pauseMs_ == 0) {
      code_ = digits_[head_].code;
      leftMs_ = digits_[head_].ms;
      head_ = (head_ + 1) % kLength;
      count_--;
      leftMs_ -= 10;
      if (leftMs_ <= 0) leftMs_ = 0;
      pauseMs_ = kPauseMs + 10;
      return {Phase::begin, code_};
    }
    if (leftMs_ > 0) {
      leftMs_ = leftMs_ > 10 ? leftMs_ - 10 : 0;
      return {Phase::sound, code_};
    }
    const bool first = pauseMs_ == kPauseMs + 10;
    pauseMs_ -= 10;
    if (pauseMs_ == 10) pauseMs_ = 0;
    return {first ? Phase::end : Phase::pause, code_};
  }

 private:
  struct Digit {
    std::uint8_t code;
    std::uint16_t ms;
  };
  std::array<Digit, kLength> digits_{};
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  int leftMs_ = 0;   ///< of the tone
  int pauseMs_ = 0;  ///< of the pause behind it, and 10 more before it has begun
  std::uint8_t code_ = 0;
};

}  // namespace trunkgate::engine
