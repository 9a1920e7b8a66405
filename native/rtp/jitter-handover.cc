// A stream that changes its codec: from one jitter buffer to the next.
#include "jitter-buffer.h"

#include <algorithm>
#include <utility>

namespace trunkgate::rtp {

void JitterBuffer::takeOver(JitterBuffer& before, const JitterConfig& config) noexcept {
  configure(config);
  counters_ = std::exchange(before.counters_, {});
  if (!before.running_) return;
  running_ = true;
  cursor_ = before.cursor_;
  newestEnd_ = before.newestEnd_;
  newestSequence_ = before.newestSequence_;
  pauses_ = before.pauses_;
  lastPull_ = before.lastPull_;
  pullSamples_ = before.pullSamples_;
  depth_ = before.depth_;
  wanted_ = std::clamp(before.wanted_, config_.minMs * kSamplesPerMs, config_.maxMs * kSamplesPerMs);
  most_ = before.most_;
  mostBefore_ = before.mostBefore_;
  longest_ = before.longest_;
  longestBefore_ = before.longestBefore_;
  windowStart_ = before.windowStart_;
  bins_ = before.bins_;
  total_ = before.total_;
  records_ = before.records_;
}

void JitterBuffer::follow(const JitterBuffer& before) noexcept {
  lastPull_ = before.lastPull_;
  const std::int32_t unit = config_.unitSamples;
  const std::int32_t behind = timestampDistance(cursor_, before.cursor_);
  // Further than the ring is long: a late packet has moved the other's timeline, which is not followed.
  if (behind >= static_cast<std::int32_t>(units_) * unit) return;
  if (behind >= unit) advance(static_cast<std::uint32_t>(behind / unit * unit));
}

}  // namespace trunkgate::rtp
