// Where a datagram comes from or goes: what the packets (rtp) and the sockets (net) both speak of.
#pragma once

#include <array>
#include <cstdint>

namespace trunkgate {

/// A transport address. IPv4 lies in the first 4 octets of `ip`, the rest is 0.
struct Address {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;   ///< host order
  std::uint8_t family = 0;  ///< 4, 6, or 0: none
  friend bool operator==(const Address&, const Address&) noexcept = default;
};

}  // namespace trunkgate
