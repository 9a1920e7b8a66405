// Which source a port listens to: symmetric RTP, safely.
//
// The signalled address comes first. When another address sends instead, it is heard for a short
// window; if the signalled one stays silent through it, the other is taken. From then on the port
// is locked to address and SSRC: whoever else sends is rejected and counted. Only new SDP, an ICE
// nomination or a timeout opens it again. A new SSRC from the locked address is taken when two
// packets in sequence bear it and none of the old one came between.
#pragma once

#include "../address.h"
#include "time.h"

#include <cstdint>

namespace trunkgate::rtp {

using trunkgate::Address;

struct LatchConfig {
  Instant window = 300'000;      ///< microseconds that the signalled address has to speak up
  Instant timeout = 15'000'000;  ///< microseconds of silence after which another source may be
                                 ///< taken; 0: never
  bool symmetric = true;         ///< false: only the signalled address, ever
};

enum class Latched : std::uint8_t {
  accept,       ///< of the locked source
  provisional,  ///< heard, but not yet locked to: send to the signalled address still
  locked,       ///< accepted, and the port is locked from this packet on: connect the socket, send
                ///< there. Its SSRC may
                ///< differ from that of provisional packets before: then restart as with newSsrc
  newSsrc,      ///< accepted; same address, new SSRC: restart jitter buffer and reception
  reject,       ///< counted and dropped
};

class Latch {
 public:
  void configure(const LatchConfig& config) noexcept;

  /// The address of SDP (offer or answer). A change of it opens the latch; the same address again
  /// while locked to it changes nothing. While locked to another (NAT), the same signalled address
  /// again changes nothing either.
  void signal(const Address& address) noexcept;

  /// ICE nominated this remote address: locked to it, its SSRC yet to be learned.
  void nominate(const Address& address) noexcept;

  /// Judges an RTP packet whose header has been checked.
  Latched receive(const Address& from, std::uint32_t ssrc, std::uint16_t sequence,
                  Instant now) noexcept;

  /// Judges an RTCP datagram: of the locked host (the port may differ by RFC 3550 §11), or before
  /// the lock the signalled one.
  [[nodiscard]] bool acceptRtcp(const Address& from) const noexcept;

  /// Where to send: the locked address, else the signalled one (family 0: nowhere yet).
  [[nodiscard]] const Address& destination() const noexcept;
  [[nodiscard]] bool isLocked() const noexcept { return state_ == State::locked; }
  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint64_t rejected() const noexcept { return rejected_; }
  [[nodiscard]] std::uint32_t relatches() const noexcept { return relatches_; }  ///< by timeout

 private:
  enum class State : std::uint8_t {
    open,       ///< nobody was heard
    candidate,  ///< another than the signalled one is heard, its window runs
    locked,
  };

  Latched lock(const Address& address, std::uint32_t ssrc, Instant now) noexcept;
  Latched whileOpen(const Address& from, std::uint32_t ssrc, std::uint16_t sequence,
                    Instant now) noexcept;
  Latched whileLocked(const Address& from, std::uint32_t ssrc, std::uint16_t sequence,
                      Instant now) noexcept;
  Latched reject() noexcept;

  LatchConfig config_{};
  Address signalled_{};
  Address source_{};  ///< candidate or locked
  Instant windowStart_ = 0;
  Instant lastHeard_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint32_t ssrc_ = 0;
  std::uint32_t newSsrc_ = 0;  ///< seen once from the locked address
  std::uint32_t relatches_ = 0;
  std::uint16_t sequence_ = 0;  ///< last one of candidate, or of newSsrc_
  State state_ = State::open;
  bool haveSsrc_ = false;
  bool haveNewSsrc_ = false;
  bool inSequence_ = false;  ///< the candidate has sent two packets in sequence
  bool nominated_ = false;   ///< locked by ICE
};

}  // namespace trunkgate::rtp
