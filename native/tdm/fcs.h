// The 16-bit frame check sequence (Q.921 §2.7, ISO/IEC 13239): x^16 + x^12 + x^5 + 1, preset to ones, complemented.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace trunkgate::tdm {

namespace detail {
constexpr std::array<std::uint16_t, 256> makeFcsTable() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned octet = 0; octet < 256; octet++) {
    unsigned remainder = octet;
    for (int bit = 0; bit < 8; bit++) {
      remainder = (remainder & 1U) != 0 ? (remainder >> 1) ^ 0x8408U : remainder >> 1;
    }
    table[octet] = static_cast<std::uint16_t>(remainder);
  }
  return table;
}
inline constexpr std::array<std::uint16_t, 256> fcsTable = makeFcsTable();
}  // namespace detail

inline constexpr std::uint16_t kFcsPreset = 0xFFFF;
/// The remainder over a good frame with its FCS.
inline constexpr std::uint16_t kFcsGood = 0xF0B8;

/// The remainder so far, bits in the order of sending (least significant first).
[[nodiscard]] constexpr std::uint16_t fcsAdd(std::uint16_t remainder, std::uint8_t octet) noexcept {
  return static_cast<std::uint16_t>((remainder >> 8) ^
                                    detail::fcsTable[(remainder ^ octet) & 0xFFU]);
}

[[nodiscard]] constexpr std::uint16_t fcsOver(std::span<const std::uint8_t> octets) noexcept {
  std::uint16_t remainder = kFcsPreset;
  for (const std::uint8_t octet : octets) remainder = fcsAdd(remainder, octet);
  return remainder;
}

}  // namespace trunkgate::tdm
