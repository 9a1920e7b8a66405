// RTCP: SR, RR, SDES, BYE, APP (RFC 3550 §6), compound packets checked and built (§6.1, A.2).
#pragma once

#include "reception.h"
#include "time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace trunkgate::rtp {

inline constexpr std::size_t kMaxReportBlocks = 31;
inline constexpr std::size_t kMaxSources = 31;

enum class RtcpType : std::uint8_t { sr = 200, rr = 201, sdes = 202, bye = 203, app = 204 };

enum class SdesItem : std::uint8_t {
  end = 0,
  cname = 1,
  name = 2,
  email = 3,
  phone = 4,
  loc = 5,
  tool = 6,
  note = 7,
  priv = 8
};

/// A report block (RFC 3550 §6.4.1) about `ssrc`.
struct ReportBlock {
  std::uint32_t ssrc = 0;
  ReceptionBlock reception{};
  std::uint32_t lastSr = 0;            ///< LSR: middle 32 bits of the NTP time of the last SR; 0 if
                                       ///< none
  std::uint32_t delaySinceLastSr = 0;  ///< DLSR: 1/65536 s
};

/// The sender part of an SR (RFC 3550 §6.4.1).
struct SenderInfo {
  NtpTime ntp = 0;
  std::uint32_t rtpTimestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

/// One packet of a compound. The fields that `type` does not have are empty. Packets of types not
/// known here (XR, RTPFB...) have only `type`, `count` and `body`.
struct RtcpPacket {
  std::uint8_t type = 0;                    ///< RtcpType where known
  std::uint8_t count = 0;                   ///< RC, SC or subtype
  std::uint32_t ssrc = 0;                   ///< SR, RR, APP: the sender; BYE: the first source
  SenderInfo sender{};                      ///< SR
  std::span<const std::uint8_t> blocks{};   ///< SR, RR: whole report blocks, 24 octets each; see
                                            ///< reportBlock()
  std::span<const std::uint8_t> sources{};  ///< BYE: whole SSRCs, 4 octets each
  std::string_view reason{};                ///< BYE
  std::string_view cname{};                 ///< SDES: of the chunk whose SSRC is `ssrc` (the first
                                            ///< with a CNAME)
  std::span<const std::uint8_t> body{};  ///< everything after the first 4 octets, without padding
};

enum class RtcpFault : std::uint8_t {
  none,
  tooShort,
  version,   ///< a packet in it is not version 2
  first,     ///< the first is neither SR nor RR (A.2)
  padding,   ///< padding in any but the last, or a padding count that cannot be
  length,    ///< lengths do not add up to the datagram
  contents,  ///< counts of a packet do not fit its length
};

/// Checks the whole compound (A.2) without reading its contents.
[[nodiscard]] RtcpFault checkCompound(std::span<const std::uint8_t> octets) noexcept;

/// Reads a compound packet by packet, after checkCompound() was `none`.
class CompoundReader {
 public:
  explicit CompoundReader(std::span<const std::uint8_t> octets) noexcept : rest_(octets) {}
  /// False at the end, or when the next packet's contents do not fit (then fault() says so; the
  /// ones before stand).
  bool next(RtcpPacket& packet) noexcept;
  [[nodiscard]] RtcpFault fault() const noexcept { return fault_; }

 private:
  std::span<const std::uint8_t> rest_;
  RtcpFault fault_ = RtcpFault::none;
};

/// The i-th block of an SR or RR (i below blocks.size() / 24).
[[nodiscard]] ReportBlock reportBlock(std::span<const std::uint8_t> blocks, std::size_t i) noexcept;

/// What goes out: SR if `sender` is given, else RR; SDES with CNAME always (§6.1); BYE if `bye`.
struct Report {
  std::uint32_t ssrc = 0;
  const SenderInfo* sender = nullptr;
  std::span<const ReportBlock> blocks{};  ///< at most 31
  std::string_view cname{};               ///< at most 255 octets
  bool bye = false;
  std::string_view reason{};  ///< at most 255 octets
};

/// Writes the compound; returns its octets, or 0 if it does not fit or a limit is broken.
[[nodiscard]] std::size_t printReport(const Report& report, std::span<std::uint8_t> out) noexcept;

/// Round-trip time from a report block about us, in 1/65536 s (RFC 3550 §6.4.1). False when it
/// tells none: LSR 0, or a result that cannot be. `arrival`: middle 32 bits of the wall time at
/// which the block arrived.
[[nodiscard]] bool roundTrip(std::uint32_t arrival, const ReportBlock& block,
                             std::uint32_t& result) noexcept;

/// What a receiver remembers of the other side's last SR, for LSR and DLSR.
struct LastSenderReport {
  std::uint32_t middle = 0;  ///< LSR
  Instant arrival = 0;
  bool known = false;
  /// Fills lastSr and delaySinceLastSr of a block sent at `now`.
  void fill(ReportBlock& block, Instant now) const noexcept;
};

}  // namespace trunkgate::rtp
