// RTP: whatever parses is inside the datagram, and print(parse(x)) is x but for the contents of
// padding.
#include "input.h"

#include "rtp/packet.h"

#include <array>
#include <cstring>

using namespace trunkgate::rtp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> octets(data, size);
  (void)classify(octets);
  Packet packet;
  if (parsePacket(octets, packet) != PacketFault::none) return 0;
  for (const auto part : {packet.csrc, packet.extension, packet.payload})
    LAW(part.empty() || (part.data() >= data && part.data() + part.size() <= data + size));
  static std::array<std::uint8_t, 4096> printed;
  LAW(printPacket(packet, printed) == size);
  LAW(std::memcmp(printed.data(), data, size - packet.paddingOctets) == 0);
  Packet again;
  LAW(parsePacket(std::span(printed).first(size), again) == PacketFault::none);
  LAW(again.payload.size() == packet.payload.size());
  return 0;
}
