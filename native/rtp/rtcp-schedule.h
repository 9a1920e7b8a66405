// When to send RTCP: interval with timer reconsideration (RFC 3550 §6.2, §6.3, A.7). Randomness and
// time are handed in.
#pragma once

#include "time.h"

#include <cstdint>

namespace trunkgate::rtp {

struct RtcpBandwidth {
  /// RTCP share of the session bandwidth in octets per second: 5 % of it (§6.2). G.711 at 20 ms: 80
  /// kbit/s, 500 octets/s.
  std::uint32_t octetsPerSecond = 500;
  std::uint32_t minimumMs = 5000;  ///< T_min (§6.2)
};

/// Members of a session as counted by the caller (itself included).
struct RtcpMembers {
  std::uint32_t members = 2;
  std::uint32_t senders = 1;
  bool weSent = false;
};

/// The deterministic interval T_d in microseconds (§6.3.1). `initial`: no RTCP packet was sent yet,
/// T_min is halved.
[[nodiscard]] Instant rtcpDeterministicInterval(const RtcpBandwidth& bandwidth,
                                                const RtcpMembers& members, double averageOctets,
                                                bool initial) noexcept;

/// The randomised interval: T_d * (0.5 .. 1.5) / (e - 3/2). `entropy` is uniform over 32 bits.
[[nodiscard]] Instant rtcpInterval(const RtcpBandwidth& bandwidth, const RtcpMembers& members,
                                   double averageOctets, bool initial,
                                   std::uint32_t entropy) noexcept;

class RtcpSchedule {
 public:
  /// Joining a session (§6.3.2). `firstOctets`: size of the first compound to come, with UDP and IP
  /// headers.
  void start(const RtcpBandwidth& bandwidth, std::uint32_t firstOctets, Instant now,
             std::uint32_t entropy) noexcept;

  /// Timer expiry with reconsideration (§6.3.6): true if a report is to be sent now. Calling it
  /// before deadline() is harmless and returns false.
  [[nodiscard]] bool expire(const RtcpMembers& members, Instant now,
                            std::uint32_t entropy) noexcept;

  /// A compound was received or sent (§6.3.3): size with UDP and IP headers, for the average.
  void observe(std::uint32_t octets) noexcept;

  /// A BYE came, or a member timed out (§6.3.4, reverse reconsideration): members after it.
  void membersLeft(std::uint32_t membersNow, Instant now) noexcept;

  [[nodiscard]] Instant deadline() const noexcept { return next_; }
  [[nodiscard]] double averageOctets() const noexcept { return average_; }

 private:
  RtcpBandwidth bandwidth_{};
  Instant last_ = 0;  ///< tp
  Instant next_ = 0;  ///< tn
  double average_ = 0;
  std::uint32_t membersPrior_ = 1;  ///< pmembers
  bool initial_ = true;
};

}  // namespace trunkgate::rtp
