#include "clock-drift.h"

namespace trunkgate::rtp {

void ClockDrift::restart() noexcept { *this = ClockDrift{}; }

void ClockDrift::receive(std::uint32_t timestamp, std::uint32_t clockRate,
                         Instant arrival) noexcept {
  if (!started_) {
    started_ = true;
    origin_ = arrival;
    windowStart_ = arrival;
    lastTimestamp_ = timestamp;
  }
  elapsed_ += timestampDistance(lastTimestamp_, timestamp);
  lastTimestamp_ = timestamp;
  const Instant at = arrival - origin_;
  const double transit = static_cast<double>(at) - static_cast<double>(elapsed_) * 1e6 / clockRate;
  // A jump of more than a second is a new timeline, not a drift.
  if (haveLeast_ && (transit - least_.transit > 1e6 || transit - least_.transit < -1e6)) {
    restart();
    return;
  }
  if (!haveLeast_ || transit < least_.transit) least_ = {.at = at, .transit = transit};
  haveLeast_ = true;
  if (arrival - windowStart_ < kWindow) return;
  points_[next_] = least_;
  next_ = (next_ + 1) % kWindows;
  if (count_ < kWindows) count_++;
  windowStart_ = arrival;
  least_ = {.at = at, .transit = transit};
}

double ClockDrift::partsPerMillion() const noexcept {
  if (!known()) return 0;
  double meanAt = 0;
  double meanTransit = 0;
  for (std::size_t i = 0; i < count_; i++) {
    meanAt += static_cast<double>(points_[i].at);
    meanTransit += points_[i].transit;
  }
  meanAt /= static_cast<double>(count_);
  meanTransit /= static_cast<double>(count_);
  double covariance = 0;
  double variance = 0;
  for (std::size_t i = 0; i < count_; i++) {
    const double x = static_cast<double>(points_[i].at) - meanAt;
    covariance += x * (points_[i].transit - meanTransit);
    variance += x * x;
  }
  // A faster sender's timestamps gain on our clock, so the transit falls.
  return variance > 0 ? -1e6 * covariance / variance : 0;
}

}  // namespace trunkgate::rtp
