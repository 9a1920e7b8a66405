#include "packet.h"

#include <cstring>

namespace trunkgate::rtp {
namespace {

std::uint16_t read16(const std::uint8_t* octets) noexcept {
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}

std::uint32_t read32(const std::uint8_t* octets) noexcept {
  return static_cast<std::uint32_t>(read16(octets)) << 16 | read16(octets + 2);
}

void write16(std::uint8_t* octets, std::uint16_t value) noexcept {
  octets[0] = static_cast<std::uint8_t>(value >> 8);
  octets[1] = static_cast<std::uint8_t>(value);
}

void write32(std::uint8_t* octets, std::uint32_t value) noexcept {
  write16(octets, static_cast<std::uint16_t>(value >> 16));
  write16(octets + 2, static_cast<std::uint16_t>(value));
}

constexpr std::uint8_t kVersion = 0x80;
constexpr std::uint8_t kPadding = 0x20;
constexpr std::uint8_t kExtension = 0x10;
constexpr std::uint8_t kMarker = 0x80;

}  // namespace

PacketFault parsePacket(std::span<const std::uint8_t> octets, Packet& packet) noexcept {
  if (octets.size() < kHeaderOctets) return PacketFault::tooShort;
  const std::uint8_t* const at = octets.data();
  if ((at[0] & 0xC0) != kVersion) return PacketFault::version;
  packet.payloadType = at[1] & 0x7F;
  // RFC 5761 §4: these values, with the marker as top bit, are RTCP packet types.
  if (packet.payloadType >= 64 && packet.payloadType <= 95) return PacketFault::rtcp;
  packet.marker = (at[1] & kMarker) != 0;
  packet.sequence = read16(at + 2);
  packet.timestamp = read32(at + 4);
  packet.ssrc = read32(at + 8);

  std::size_t offset = kHeaderOctets;
  packet.csrcCount = at[0] & 0x0F;
  const std::size_t csrcOctets = packet.csrcCount * std::size_t{4};
  if (octets.size() - offset < csrcOctets) return PacketFault::csrc;
  packet.csrc = octets.subspan(offset, csrcOctets);
  offset += csrcOctets;

  packet.hasExtension = (at[0] & kExtension) != 0;
  packet.extension = {};
  packet.extensionProfile = 0;
  if (packet.hasExtension) {
    if (octets.size() - offset < 4) return PacketFault::extension;
    packet.extensionProfile = read16(at + offset);
    const std::size_t length = read16(at + offset + 2) * std::size_t{4};
    offset += 4;
    if (octets.size() - offset < length) return PacketFault::extension;
    packet.extension = octets.subspan(offset, length);
    offset += length;
  }

  packet.paddingOctets = 0;
  if ((at[0] & kPadding) != 0) {
    if (octets.size() == offset) return PacketFault::padding;
    packet.paddingOctets = octets.back();
    if (packet.paddingOctets == 0 || packet.paddingOctets > octets.size() - offset)
      return PacketFault::padding;
  }
  packet.payload = octets.subspan(offset, octets.size() - offset - packet.paddingOctets);
  return PacketFault::none;
}

void printHeader(std::uint8_t payloadType, bool marker, std::uint16_t sequence,
                 std::uint32_t timestamp, std::uint32_t ssrc,
                 std::span<std::uint8_t, kHeaderOctets> out) noexcept {
  out[0] = kVersion;
  out[1] = static_cast<std::uint8_t>((marker ? kMarker : 0) | (payloadType & 0x7F));
  write16(out.data() + 2, sequence);
  write32(out.data() + 4, timestamp);
  write32(out.data() + 8, ssrc);
}

std::size_t printPacket(const Packet& packet, std::span<std::uint8_t> out) noexcept {
  const std::size_t extensionOctets = packet.hasExtension ? 4 + packet.extension.size() : 0;
  if (packet.csrc.size() % 4 != 0 || packet.csrc.size() > 60) return 0;
  if (packet.extension.size() % 4 != 0 || packet.extension.size() > 0xFFFF * 4) return 0;
  const std::size_t total = kHeaderOctets + packet.csrc.size() + extensionOctets +
                            packet.payload.size() + packet.paddingOctets;
  if (out.size() < total) return 0;

  printHeader(packet.payloadType, packet.marker, packet.sequence, packet.timestamp, packet.ssrc,
              out.first<kHeaderOctets>());
  out[0] =
      static_cast<std::uint8_t>(kVersion | (packet.paddingOctets != 0 ? kPadding : 0) |
                                (packet.hasExtension ? kExtension : 0) | (packet.csrc.size() / 4));
  std::uint8_t* at = out.data() + kHeaderOctets;
  const auto append = [&at](std::span<const std::uint8_t> octets) noexcept {
    if (!octets.empty()) std::memcpy(at, octets.data(), octets.size());
    at += octets.size();
  };
  append(packet.csrc);
  if (packet.hasExtension) {
    write16(at, packet.extensionProfile);
    write16(at + 2, static_cast<std::uint16_t>(packet.extension.size() / 4));
    at += 4;
    append(packet.extension);
  }
  append(packet.payload);
  if (packet.paddingOctets != 0) {
    std::memset(at, 0, packet.paddingOctets);
    at[packet.paddingOctets - 1] = packet.paddingOctets;
  }
  return total;
}

Datagram classify(std::span<const std::uint8_t> octets) noexcept {
  if (octets.empty()) return Datagram::other;
  const std::uint8_t first = octets[0];
  if (first <= 3) return Datagram::stun;
  if (first >= 20 && first <= 63) return Datagram::dtls;
  if (first < 128 || first > 191 || octets.size() < 2) return Datagram::other;
  return octets[1] >= 192 && octets[1] <= 223 ? Datagram::rtcp : Datagram::rtp;
}

}  // namespace trunkgate::rtp
