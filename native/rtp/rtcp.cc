#include "rtcp.h"

#include <cstring>

namespace trunkgate::rtp {
namespace {

constexpr std::size_t kPacketHeader = 4;
constexpr std::size_t kBlockOctets = 24;
constexpr std::size_t kSenderOctets = 20;
constexpr std::uint8_t kPadding = 0x20;

std::uint16_t read16(const std::uint8_t* octets) noexcept {
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}

std::uint32_t read32(const std::uint8_t* octets) noexcept {
  return static_cast<std::uint32_t>(read16(octets)) << 16 | read16(octets + 2);
}

/// Octets written one behind the other; once they do not fit nothing more is written and `fits`
/// stays false.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> out) noexcept : out_(out) {}
  void put8(std::uint8_t value) noexcept {
    if (size_ < out_.size()) out_[size_] = value;
    size_++;
  }
  void put16(std::uint16_t value) noexcept {
    put8(static_cast<std::uint8_t>(value >> 8));
    put8(static_cast<std::uint8_t>(value));
  }
  void put32(std::uint32_t value) noexcept {
    put16(static_cast<std::uint16_t>(value >> 16));
    put16(static_cast<std::uint16_t>(value));
  }
  void putText(std::string_view text) noexcept {
    put8(static_cast<std::uint8_t>(text.size()));
    for (const char character : text) put8(static_cast<std::uint8_t>(character));
  }
  void pad() noexcept {
    while (size_ % 4 != 0) put8(0);
  }
  void begin(std::uint8_t count, RtcpType type) noexcept {
    start_ = size_;
    put8(static_cast<std::uint8_t>(0x80 | count));
    put8(static_cast<std::uint8_t>(type));
    put16(0);
  }
  /// Fills in the length of the packet begun last.
  void end() noexcept {
    if (!fits()) return;
    const auto words = static_cast<std::uint16_t>((size_ - start_) / 4 - 1);
    out_[start_ + 2] = static_cast<std::uint8_t>(words >> 8);
    out_[start_ + 3] = static_cast<std::uint8_t>(words);
  }
  [[nodiscard]] bool fits() const noexcept { return size_ <= out_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::span<std::uint8_t> out_;
  std::size_t size_ = 0;
  std::size_t start_ = 0;
};

std::string_view textOf(std::span<const std::uint8_t> octets) noexcept {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

RtcpFault readReports(std::span<const std::uint8_t> body, RtcpPacket& packet) noexcept {
  const bool sr = packet.type == static_cast<std::uint8_t>(RtcpType::sr);
  const std::size_t fixed = 4 + (sr ? kSenderOctets : 0);
  if (body.size() < fixed + packet.count * kBlockOctets) return RtcpFault::contents;
  packet.ssrc = read32(body.data());
  if (sr) {
    packet.sender = {
        .ntp = static_cast<NtpTime>(read32(body.data() + 4)) << 32 | read32(body.data() + 8),
        .rtpTimestamp = read32(body.data() + 12),
        .packets = read32(body.data() + 16),
        .octets = read32(body.data() + 20),
    };
  }
  packet.blocks = body.subspan(fixed, packet.count * kBlockOctets);
  return RtcpFault::none;
}

/// One chunk: SSRC, items, a zero, padding to the next word (§6.5). Moves `body` behind it.
RtcpFault readChunk(std::span<const std::uint8_t>& body, std::uint32_t& ssrc,
                    std::string_view& cname) noexcept {
  if (body.size() < 4) return RtcpFault::contents;
  ssrc = read32(body.data());
  std::size_t at = 4;
  while (at < body.size() && body[at] != static_cast<std::uint8_t>(SdesItem::end)) {
    if (body.size() - at < 2 || body.size() - at - 2 < body[at + 1]) return RtcpFault::contents;
    if (body[at] == static_cast<std::uint8_t>(SdesItem::cname) && cname.empty())
      cname = textOf(body.subspan(at + 2, body[at + 1]));
    at += std::size_t{2} + body[at + 1];
  }
  if (at == body.size()) return RtcpFault::contents;  // the closing zero is missing
  const std::size_t next = (at / 4 + 1) * 4;
  if (next > body.size()) return RtcpFault::contents;
  body = body.subspan(next);
  return RtcpFault::none;
}

RtcpFault readSdes(std::span<const std::uint8_t> body, RtcpPacket& packet) noexcept {
  for (std::uint8_t i = 0; i < packet.count; i++) {
    std::uint32_t ssrc = 0;
    std::string_view cname;
    const RtcpFault fault = readChunk(body, ssrc, cname);
    if (fault != RtcpFault::none) return fault;
    if (!cname.empty() && packet.cname.empty()) {
      packet.ssrc = ssrc;
      packet.cname = cname;
    }
  }
  return RtcpFault::none;
}

RtcpFault readBye(std::span<const std::uint8_t> body, RtcpPacket& packet) noexcept {
  const std::size_t octets = packet.count * std::size_t{4};
  if (body.size() < octets) return RtcpFault::contents;
  packet.sources = body.first(octets);
  if (packet.count > 0) packet.ssrc = read32(body.data());
  body = body.subspan(octets);
  if (body.empty()) return RtcpFault::none;
  if (body[0] > body.size() - 1) return RtcpFault::contents;
  packet.reason = textOf(body.subspan(1, body[0]));
  return RtcpFault::none;
}

RtcpFault readApp(std::span<const std::uint8_t> body, RtcpPacket& packet) noexcept {
  if (body.size() < 8) return RtcpFault::contents;
  packet.ssrc = read32(body.data());
  return RtcpFault::none;
}

RtcpFault readBody(std::span<const std::uint8_t> body, RtcpPacket& packet) noexcept {
  switch (static_cast<RtcpType>(packet.type)) {
    case RtcpType::sr:
    case RtcpType::rr:
      return readReports(body, packet);
    case RtcpType::sdes:
      return readSdes(body, packet);
    case RtcpType::bye:
      return readBye(body, packet);
    case RtcpType::app:
      return readApp(body, packet);
  }
  return RtcpFault::none;  // §6.1: types not known are passed over
}

void printBlock(Writer& writer, const ReportBlock& block) noexcept {
  writer.put32(block.ssrc);
  const auto lost = static_cast<std::uint32_t>(block.reception.cumulativeLost) & 0xFFFFFF;
  writer.put32(static_cast<std::uint32_t>(block.reception.fractionLost) << 24 | lost);
  writer.put32(block.reception.extendedHighest);
  writer.put32(block.reception.jitter);
  writer.put32(block.lastSr);
  writer.put32(block.delaySinceLastSr);
}

}  // namespace

RtcpFault checkCompound(std::span<const std::uint8_t> octets) noexcept {
  if (octets.size() < 8) return RtcpFault::tooShort;
  const std::uint8_t first = octets[1];
  if ((octets[0] & 0xC0) != 0x80) return RtcpFault::version;
  if (first != static_cast<std::uint8_t>(RtcpType::sr) &&
      first != static_cast<std::uint8_t>(RtcpType::rr))
    return RtcpFault::first;
  while (!octets.empty()) {
    if (octets.size() < kPacketHeader) return RtcpFault::length;
    if ((octets[0] & 0xC0) != 0x80) return RtcpFault::version;
    const std::size_t length = (std::size_t{read16(octets.data() + 2)} + 1) * 4;
    if (length > octets.size()) return RtcpFault::length;
    if ((octets[0] & kPadding) != 0) {
      // A.2: padding only in the last packet. It counts whole words (§6.4.1).
      const std::uint8_t padding = octets[length - 1];
      if (length != octets.size() || padding == 0 || padding % 4 != 0 ||
          padding > length - kPacketHeader)
        return RtcpFault::padding;
    }
    octets = octets.subspan(length);
  }
  return RtcpFault::none;
}

bool CompoundReader::next(RtcpPacket& packet) noexcept {
  packet = RtcpPacket{};
  if (rest_.size() < kPacketHeader || fault_ != RtcpFault::none) return false;
  packet.count = rest_[0] & 0x1F;
  packet.type = rest_[1];
  const std::size_t length = (std::size_t{read16(rest_.data() + 2)} + 1) * 4;
  if (length > rest_.size()) {
    fault_ = RtcpFault::length;
    return false;
  }
  const std::size_t padding = (rest_[0] & kPadding) != 0 ? rest_[length - 1] : 0;
  if (padding > length - kPacketHeader) {
    fault_ = RtcpFault::padding;
    return false;
  }
  packet.body = rest_.subspan(kPacketHeader, length - kPacketHeader - padding);
  rest_ = rest_.subspan(length);
  fault_ = readBody(packet.body, packet);
  return fault_ == RtcpFault::none;
}

ReportBlock reportBlock(std::span<const std::uint8_t> blocks, std::size_t i) noexcept {
  if (blocks.size() / kBlockOctets <= i) return {};
  const std::uint8_t* const at = blocks.data() + i * kBlockOctets;
  ReportBlock block;
  block.ssrc = read32(at);
  const std::uint32_t losses = read32(at + 4);
  block.reception.fractionLost = static_cast<std::uint8_t>(losses >> 24);
  block.reception.cumulativeLost = static_cast<std::int32_t>(losses << 8) >> 8;
  block.reception.extendedHighest = read32(at + 8);
  block.reception.jitter = read32(at + 12);
  block.lastSr = read32(at + 16);
  block.delaySinceLastSr = read32(at + 20);
  return block;
}

std::size_t printReport(const Report& report, std::span<std::uint8_t> out) noexcept {
  if (report.blocks.size() > kMaxReportBlocks || report.cname.size() > 255 ||
      report.reason.size() > 255)
    return 0;
  Writer writer(out);
  writer.begin(static_cast<std::uint8_t>(report.blocks.size()),
               report.sender != nullptr ? RtcpType::sr : RtcpType::rr);
  writer.put32(report.ssrc);
  if (report.sender != nullptr) {
    writer.put32(static_cast<std::uint32_t>(report.sender->ntp >> 32));
    writer.put32(static_cast<std::uint32_t>(report.sender->ntp));
    writer.put32(report.sender->rtpTimestamp);
    writer.put32(report.sender->packets);
    writer.put32(report.sender->octets);
  }
  for (const ReportBlock& block : report.blocks) printBlock(writer, block);
  writer.end();

  writer.begin(1, RtcpType::sdes);
  writer.put32(report.ssrc);
  writer.put8(static_cast<std::uint8_t>(SdesItem::cname));
  writer.putText(report.cname);
  writer.put8(static_cast<std::uint8_t>(SdesItem::end));
  writer.pad();
  writer.end();

  if (report.bye) {
    writer.begin(1, RtcpType::bye);
    writer.put32(report.ssrc);
    if (!report.reason.empty()) writer.putText(report.reason);
    writer.pad();
    writer.end();
  }
  return writer.fits() ? writer.size() : 0;
}

bool roundTrip(std::uint32_t arrival, const ReportBlock& block, std::uint32_t& result) noexcept {
  if (block.lastSr == 0) return false;
  const std::uint32_t trip = arrival - block.lastSr - block.delaySinceLastSr;
  // More than half the range is a negative time: the other side's clock or our wall clock was set.
  if (trip > 0x7FFFFFFF) return false;
  result = trip;
  return true;
}

void LastSenderReport::fill(ReportBlock& block, Instant now) const noexcept {
  block.lastSr = known ? middle : 0;
  block.delaySinceLastSr =
      known ? static_cast<std::uint32_t>((now - arrival) * 65536 / 1'000'000) : 0;
}

}  // namespace trunkgate::rtp
