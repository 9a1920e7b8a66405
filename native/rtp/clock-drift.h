// How fast the sender's RTP clock runs against ours, from the fastest packets of each window.
#pragma once

#include "time.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace trunkgate::rtp {

/// For reports only: the jitter buffer does not need it. Queueing can only delay, so the least
/// transit of each window of 10 s is a clean point; the slope through the last windows is the
/// drift.
class ClockDrift {
 public:
  static constexpr std::size_t kWindows = 16;
  static constexpr Instant kWindow = 10'000'000;

  void restart() noexcept;
  void receive(std::uint32_t timestamp, std::uint32_t clockRate, Instant arrival) noexcept;

  /// True once four windows have passed.
  [[nodiscard]] bool known() const noexcept { return count_ >= 4; }
  /// Parts per million, positive when the sender's clock is the faster.
  [[nodiscard]] double partsPerMillion() const noexcept;

 private:
  struct Point {
    Instant at = 0;
    double transit = 0;  ///< microseconds, relative
  };
  std::array<Point, kWindows> points_{};
  Point least_{};
  std::int64_t elapsed_ = 0;  ///< extended timestamp since the first packet
  Instant windowStart_ = 0;
  Instant origin_ = 0;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  std::uint32_t lastTimestamp_ = 0;
  bool started_ = false;
  bool haveLeast_ = false;
};

}  // namespace trunkgate::rtp
