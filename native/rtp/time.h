// Times of this room. None of them is ever mixed with another.
#pragma once

#include <cstdint>

namespace trunkgate::rtp {

/// Monotonic local time in microseconds. Handed in by the caller; nothing here reads a clock.
using Instant = std::int64_t;

/// Wall time as an NTP timestamp: seconds since 1900 in Q32.32 (RFC 3550 §4). Handed in.
using NtpTime = std::uint64_t;

/// Difference of two RTP timestamps, modulo 2^32, as a signed count of clock ticks.
[[nodiscard]] constexpr std::int32_t timestampDistance(std::uint32_t from,
                                                       std::uint32_t to) noexcept {
  return static_cast<std::int32_t>(to - from);
}

/// Difference of two sequence numbers, modulo 2^16, as a signed count of packets.
[[nodiscard]] constexpr std::int16_t sequenceDistance(std::uint16_t from,
                                                      std::uint16_t to) noexcept {
  return static_cast<std::int16_t>(to - from);
}

/// RTP clock ticks in a local time span; exact for 8 kHz.
[[nodiscard]] constexpr std::int64_t ticksFromMicroseconds(Instant span,
                                                           std::uint32_t clockRate) noexcept {
  return span * static_cast<std::int64_t>(clockRate) / 1'000'000;
}

/// The middle 32 bits of an NTP timestamp (RFC 3550 §6.4.1, LSR).
[[nodiscard]] constexpr std::uint32_t ntpMiddle(NtpTime time) noexcept {
  return static_cast<std::uint32_t>(time >> 16);
}

}  // namespace trunkgate::rtp
