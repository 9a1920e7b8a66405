// RTCP: a compound that passes its check is read inside its bounds, whatever its contents.
#include "input.h"

#include "rtp/rtcp.h"

#include <cstring>

using namespace trunkgate::rtp;

namespace {

void inside(const void* part, std::size_t count, const std::uint8_t* data, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(part);
  LAW(count == 0 || (at >= data && at + count <= data + size));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> octets(data, size);
  const bool checked = checkCompound(octets) == RtcpFault::none;
  CompoundReader reader(octets);
  RtcpPacket packet;
  std::size_t packets = 0;
  while (reader.next(packet)) {
    packets++;
    inside(packet.body.data(), packet.body.size(), data, size);
    inside(packet.cname.data(), packet.cname.size(), data, size);
    inside(packet.reason.data(), packet.reason.size(), data, size);
    inside(packet.sources.data(), packet.sources.size(), data, size);
    LAW(packet.blocks.size() % 24 == 0);
    for (std::size_t i = 0; i <= packet.blocks.size() / 24; i++) {
      const ReportBlock block = reportBlock(packet.blocks, i);
      std::uint32_t trip = 0;
      if (roundTrip(0x12345678, block, trip)) LAW(trip <= 0x7FFFFFFF);
    }
  }
  // What was checked fails in its contents only.
  if (checked) LAW(reader.fault() == RtcpFault::none || reader.fault() == RtcpFault::contents);
  if (checked && reader.fault() == RtcpFault::none) LAW(packets > 0);
  return 0;
}
