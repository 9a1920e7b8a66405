// RTP packets: parse and print (RFC 3550 §5.1, §5.3.1).
//
//   0                   1                   2                   3
//   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//   |                           timestamp                           |
//   |                             SSRC                              |
//   |                          CSRC (0..15)                         |
//   |      profile (if X)           |      length in words          |
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace trunkgate::rtp {

inline constexpr std::size_t kHeaderOctets = 12;

/// A packet that has been checked. The spans point into the octets that were parsed.
struct Packet {
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  std::uint16_t extensionProfile = 0;
  std::uint8_t payloadType = 0;
  bool marker = false;
  bool hasExtension = false;
  std::uint8_t csrcCount = 0;
  std::uint8_t paddingOctets = 0;
  std::span<const std::uint8_t> csrc{};       ///< csrcCount * 4 octets
  std::span<const std::uint8_t> extension{};  ///< without its 4-octet header
  std::span<const std::uint8_t> payload{};    ///< without padding; may be empty
};

enum class PacketFault : std::uint8_t {
  none,
  tooShort,   ///< fewer than 12 octets
  version,    ///< not version 2
  rtcp,       ///< a payload type that collides with RTCP (RFC 5761 §4: 64 to 95)
  csrc,       ///< CSRC list runs past the end
  extension,  ///< header extension runs past the end
  padding,    ///< padding count is 0 or larger than what is left
};

/// Checks everything (RFC 3550 A.1) before anything is believed. `packet` is valid only if `none`
/// is returned.
[[nodiscard]] PacketFault parsePacket(std::span<const std::uint8_t> octets,
                                      Packet& packet) noexcept;

/// Writes header, CSRC, extension, payload and padding. Returns the octets written; 0 if `out` is
/// too small or a field cannot be printed (csrc no multiple of 4 or above 60 octets, extension no
/// multiple of 4 or too long).
[[nodiscard]] std::size_t printPacket(const Packet& packet, std::span<std::uint8_t> out) noexcept;

/// The 12 fixed octets only, without CSRC, extension or padding: the fast path of a sender.
void printHeader(std::uint8_t payloadType, bool marker, std::uint16_t sequence,
                 std::uint32_t timestamp, std::uint32_t ssrc,
                 std::span<std::uint8_t, kHeaderOctets> out) noexcept;

/// What a datagram on a shared port is, by its first octets (RFC 7983 §7, RFC 5761 §4).
enum class Datagram : std::uint8_t { rtp, rtcp, stun, dtls, other };
[[nodiscard]] Datagram classify(std::span<const std::uint8_t> octets) noexcept;

}  // namespace trunkgate::rtp
