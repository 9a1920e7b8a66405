// The pseudo-random sequence of length 2^15 - 1 (O.150 §5.3): x^15 + x^14 + 1, inverted; first bit of an octet first.
#pragma once

#include <cstdint>
#include <span>

namespace trunkgate::engine {

class PrbsGenerator {
 public:
  [[nodiscard]] std::uint8_t next() noexcept {
    unsigned octet = 0;
    for (int i = 0; i < 8; i++) octet = octet << 1 | (step() ^ 1U);
    return static_cast<std::uint8_t>(octet);
  }
  /// The state as the last 15 bits (before inversion).
  void seed(std::uint16_t bits) noexcept { state_ = bits & 0x7FFF; }

 private:
  [[nodiscard]] unsigned step() noexcept {
    const unsigned bit = ((state_ >> 14) ^ (state_ >> 13)) & 1U;
    state_ = static_cast<std::uint16_t>((state_ << 1 | bit) & 0x7FFF);
    return bit;
  }
  std::uint16_t state_ = 0x7FFF;
};

/// Finds the sequence in what comes, then counts the bits that differ from it.
class PrbsChecker {
 public:
  void check(std::span<const std::uint8_t> octets) noexcept;
  [[nodiscard]] std::uint64_t bits() const noexcept { return bits_; }
  [[nodiscard]] std::uint64_t errors() const noexcept { return errors_; }

 private:
  void search(std::uint8_t octet) noexcept;

  PrbsGenerator expected_;
  std::uint64_t bits_ = 0;
  std::uint64_t errors_ = 0;
  std::uint16_t history_ = 0;
  std::uint8_t have_ = 0;     ///< octets in history_
  std::uint8_t matches_ = 0;  ///< octets in a row that were as expected, while searching
  std::uint8_t bad_ = 0;      ///< octets in a row with errors, once found
  bool found_ = false;
};

}  // namespace trunkgate::engine
