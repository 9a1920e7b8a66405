// What a receiver knows of one source: RFC 3550 §6.4.1, appendices A.1 (sequence), A.3 (loss), A.8
// (jitter).
#pragma once

#include "time.h"

#include <cstdint>

namespace trunkgate::rtp {

/// What a packet's sequence number says (RFC 3550 A.1, update_seq).
enum class Arrival : std::uint8_t {
  probation,  ///< source not yet valid: not enough packets in sequence
  inOrder,    ///< next or after a tolerable gap
  late,       ///< reordered or duplicate within MAX_MISORDER
  jump,       ///< large jump: dropped unless the next packet follows it
  restarted,  ///< second packet after a jump: counters begin anew
};

/// One reception report block without its SSRC (RFC 3550 §6.4.1).
struct ReceptionBlock {
  std::uint8_t fractionLost = 0;      ///< Q0.8
  std::int32_t cumulativeLost = 0;    ///< 24 bits, may be negative
  std::uint32_t extendedHighest = 0;  ///< cycles and highest sequence number
  std::uint32_t jitter = 0;           ///< timestamp units
};

class Reception {
 public:
  static constexpr std::uint16_t kMaxDropout = 3000;
  static constexpr std::uint16_t kMaxMisorder = 100;

  /// Begins with the first packet of `ssrc`. `minSequential`: packets in sequence before it is
  /// valid (RFC 3550: 2; 1 where signalling has already proved the source). The first packet itself
  /// is then passed to receive().
  void start(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t clockRate,
             std::uint8_t minSequential) noexcept;

  /// Counts a packet of this source. `arrival`: when it came. `timed`: its timestamp tells the
  /// sending time (not so for telephone-event packets, whose timestamp stands still: they count for
  /// loss, not for jitter).
  Arrival receive(std::uint16_t sequence, std::uint32_t timestamp, Instant arrival,
                  bool timed = true) noexcept;

  /// The report block since the last call of this function (A.3); moves the interval on.
  [[nodiscard]] ReceptionBlock report() noexcept;

  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] bool valid() const noexcept { return started_ && probation_ == 0; }
  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  [[nodiscard]] std::uint64_t expected() const noexcept;
  [[nodiscard]] std::int64_t lost() const noexcept;  ///< may be negative with duplicates
  [[nodiscard]] std::uint32_t jitter() const noexcept { return jitter_ >> 4; }  ///< timestamp units
  [[nodiscard]] std::uint32_t extendedHighest() const noexcept { return cycles_ + maxSequence_; }
  [[nodiscard]] std::uint32_t restarts() const noexcept { return restarts_; }
  [[nodiscard]] Instant lastArrival() const noexcept { return lastArrival_; }

 private:
  void beginSequence(std::uint16_t sequence) noexcept;
  Arrival updateSequence(std::uint16_t sequence) noexcept;
  void updateJitter(std::uint32_t timestamp, Instant arrival) noexcept;

  Instant lastArrival_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t receivedPrior_ = 0;
  std::uint64_t expectedPrior_ = 0;
  std::uint32_t ssrc_ = 0;
  std::uint32_t clockRate_ = 8000;
  std::uint32_t cycles_ = 0;  ///< shifted left by 16, as in A.1
  std::uint32_t baseSequence_ = 0;
  std::uint32_t badSequence_ = 0;
  std::uint32_t transit_ = 0;
  std::uint32_t jitter_ = 0;  ///< Q28.4, timestamp units (A.8)
  std::uint32_t restarts_ = 0;
  std::uint16_t maxSequence_ = 0;
  std::uint8_t probation_ = 0;
  std::uint8_t minSequential_ = 0;
  bool started_ = false;
  bool haveTransit_ = false;
};

}  // namespace trunkgate::rtp
