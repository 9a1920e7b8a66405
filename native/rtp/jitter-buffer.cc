#include "bit-ring.h"
#include "jitter-buffer.h"

#include <algorithm>
#include <cstring>

namespace trunkgate::rtp {
namespace {

constexpr std::int32_t kBinSamples = 32;         ///< 4 ms
constexpr std::uint32_t kHistogramLimit = 1000;  ///< halved there: the last 10 to 20 s count
constexpr std::uint32_t kTrustedPackets = 25;    ///< before that the initial depth stands
constexpr std::uint32_t kLatePerMille = 5;       ///< packets that may be late
constexpr std::uint8_t kUpdatePackets = 16;
constexpr Instant kWindow = 4'000'000;       ///< of the fastest packets
constexpr std::int32_t kWild = 8000;         ///< a second off is not lateness
constexpr std::uint16_t kWildPackets = 2;
constexpr std::uint16_t kStrayPackets = 3;  ///< late ones in a row that may be a moved
                                            ///< path...
constexpr Instant kStrayTime = 60'000;      ///< ...if they are not one burst
constexpr std::uint32_t kFrameUnits = 64;   ///< ring size of frame codecs

}  // namespace

void JitterBuffer::configure(const JitterConfig& config) noexcept {
  config_ = config;
  config_.maxMs = std::clamp<std::uint16_t>(config.maxMs, 10, 300);
  config_.minMs = std::clamp<std::uint16_t>(config.minMs, 5, config_.maxMs);
  config_.initialMs = std::clamp(config.initialMs, config_.minMs, config_.maxMs);
  config_.unitSamples = std::clamp<std::uint16_t>(config.unitSamples, 1, kMaxPullSamples);
  config_.unitOctets =
      std::clamp<std::uint16_t>(config.unitOctets, 1, config_.unitSamples == 1 ? 1 : 64);
  if (config_.sidOctets >= config_.unitOctets) config_.sidOctets = 0;
  units_ = config_.unitSamples == 1 ? kRingOctets : kFrameUnits;
  bins_.fill(0);
  total_ = 0;
  restart();
}

void JitterBuffer::restart() noexcept {
  running_ = false;
  starved_ = false;
  pauses_ = false;
  strayCount_ = 0;
  settle_ = 0;
  wanted_ = config_.initialMs * kSamplesPerMs;
  depth_ = wanted_;
  here_.fill(0);
  silent_.fill(0);
  sid_.fill(0);
  records_.fill({});
}

std::uint32_t JitterBuffer::unitAt(std::uint32_t unitsAhead) const noexcept {
  const std::uint32_t unit = cursorUnit_ + unitsAhead;
  return unit >= units_ ? unit - units_ : unit;
}

/// Samples of time until a sample of this timestamp is pulled, were it to be pulled as things
/// stand.
std::int32_t JitterBuffer::timeLeft(std::uint32_t timestamp, Instant now) const noexcept {
  const auto elapsed = static_cast<std::int32_t>(
      std::clamp<std::int64_t>((now - lastPull_) * kSamplesPerMs / 1000, 0, kMaxPullSamples));
  return timestampDistance(cursor_, timestamp) + pullSamples_ - elapsed;
}

/// 0 if it is no payload of the codec.
std::uint32_t JitterBuffer::payloadSamples(std::size_t octets) const noexcept {
  if (config_.unitSamples == 1) return static_cast<std::uint32_t>(octets);
  const auto units = static_cast<std::uint32_t>(octets / config_.unitOctets);
  const std::size_t rest = octets % config_.unitOctets;
  if (rest == 0) return units * config_.unitSamples;
  return config_.sidOctets != 0 && rest == config_.sidOctets ? (units + 1) * config_.unitSamples
                                                             : 0;
}

/// Lays the timeline so that this packet has about `depth` samples left, on the grid of pulls.
void JitterBuffer::anchor(std::uint32_t timestamp, Instant now, std::int32_t depth) noexcept {
  here_.fill(0);
  silent_.fill(0);
  sid_.fill(0);
  records_.fill({});
  cursor_ = timestamp;
  cursorUnit_ = 0;
  const std::int32_t grid = std::max<std::int32_t>(pullSamples_, config_.unitSamples);
  const std::int32_t missing = std::max(0, depth - timeLeft(timestamp, now));
  cursor_ -= static_cast<std::uint32_t>((missing + grid / 2) / grid * grid);
  markSilence(cursor_, timestamp);
  newestEnd_ = timestamp;
  depth_ = timeLeft(timestamp, now);
  longest_ = longestBefore_ = 0;
  most_ = mostBefore_ = depth_;
  windowStart_ = now;
  strayCount_ = 0;
  settle_ = 0;
  running_ = true;
  starved_ = false;
}

void JitterBuffer::storeFrames(std::uint32_t unit, std::span<const std::uint8_t> payload) noexcept {
  while (!payload.empty()) {
    const std::size_t count = std::min<std::size_t>(payload.size(), config_.unitOctets);
    std::memcpy(ring_.data() + unit * config_.unitOctets, payload.data(), count);
    setBits(here_, unit, 1, units_);
    if (count < config_.unitOctets)
      setBits(sid_, unit, 1, units_);
    else
      clearBits(sid_, unit, 1, units_);
    payload = payload.subspan(count);
    if (++unit == units_) unit = 0;
  }
}

/// `ahead`: samples from the play-out point to the packet's first, may be negative. What is past is
/// left out.
void JitterBuffer::store(std::int32_t ahead, std::span<const std::uint8_t> payload,
                         std::uint32_t samples) noexcept {
  const std::int32_t unitSamples = config_.unitSamples;
  if (ahead < 0) {
    const std::int32_t past = (-ahead + unitSamples - 1) / unitSamples;
    payload = payload.subspan(
        std::min<std::size_t>(payload.size(), static_cast<std::size_t>(past) * config_.unitOctets));
    samples -= static_cast<std::uint32_t>(past * unitSamples);
    ahead += past * unitSamples;
  }
  if (unitSamples != 1) {
    // A frame off the grid is put on the nearest place.
    storeFrames(unitAt(static_cast<std::uint32_t>((ahead + unitSamples / 2) / unitSamples)),
                payload);
    return;
  }
  const std::uint32_t unit = unitAt(static_cast<std::uint32_t>(ahead));
  const std::uint32_t toWrap = std::min(samples, units_ - unit);
  std::memcpy(ring_.data() + unit, payload.data(), toWrap);
  std::memcpy(ring_.data(), payload.data() + toWrap, samples - toWrap);
  setBits(here_, unit, samples, units_);
}

/// Time of the sender's that no packet stands for, between two whose sequence numbers follow each
/// other, is its silence.
void JitterBuffer::markSilence(std::uint32_t from, std::uint32_t to) noexcept {
  if (timestampDistance(from, to) <= 0) return;
  const auto capacity = static_cast<std::int32_t>(units_ * config_.unitSamples);
  const std::int32_t begin = std::max(timestampDistance(cursor_, from), 0);
  const std::int32_t end = std::min(timestampDistance(cursor_, to), capacity);
  if (begin >= end) return;
  const std::int32_t unit = config_.unitSamples;
  const std::int32_t first = (begin + unit - 1) / unit;
  const std::int32_t last = end / unit;
  if (first >= last) return;
  setBits(silent_, unitAt(static_cast<std::uint32_t>(first)),
          static_cast<std::uint32_t>(last - first), units_);
}

void JitterBuffer::remember(std::uint16_t sequence, std::uint32_t begin, std::uint32_t end,
                            bool pauses) noexcept {
  records_[sequence % kRecords] = {.begin = begin, .end = end, .sequence = sequence, .valid = true};
  const auto before = static_cast<std::uint16_t>(sequence - 1);
  const Record& previous = records_[before % kRecords];
  if (previous.valid && previous.sequence == before) markSilence(previous.end, begin);
  const auto after = static_cast<std::uint16_t>(sequence + 1);
  const Record& next = records_[after % kRecords];
  if (next.valid && next.sequence == after) markSilence(end, next.begin);
  if (sequenceDistance(newestSequence_, sequence) < 0) return;
  newestSequence_ = sequence;
  pauses_ = pauses;
}

void JitterBuffer::skip(std::uint16_t sequence, std::uint32_t timestamp) noexcept {
  if (!running_) return;
  // An event's timestamp is its start, which may lie before audio already had.
  const auto before = static_cast<std::uint16_t>(sequence - 1);
  const Record& previous = records_[before % kRecords];
  const bool known = previous.valid && previous.sequence == before;
  const std::uint32_t end = known ? previous.end : newestEnd_;
  if (timestampDistance(end, timestamp) < 0) timestamp = end;
  remember(sequence, timestamp, timestamp, true);
}

/// Takes a packet's time left into the picture of delay variation. Packets leave with their last
/// sample, so a short one (a SID frame, the end of a talkspurt) is judged as if it were of full length.
void JitterBuffer::measure(std::uint32_t timestamp, std::uint32_t samples, Instant now) noexcept {
  const std::int32_t end = timeLeft(timestamp + samples, now);
  const auto length = static_cast<std::int32_t>(samples);
  const Instant age = now - windowStart_;
  if (age >= kWindow) {
    mostBefore_ = age >= 2 * kWindow ? end : most_;
    longestBefore_ = age >= 2 * kWindow ? length : longest_;
    most_ = end;
    longest_ = length;
    windowStart_ = now;
  } else {
    most_ = std::max(most_, end);
    longest_ = std::max(longest_, length);
  }
  const std::int32_t longest = std::max(longest_, longestBefore_);
  const std::int32_t left = end - longest;
  depth_ = std::max(most_, mostBefore_) - longest;
  const auto bin = static_cast<std::size_t>((depth_ - left) / kBinSamples);
  bins_[std::min(bin, kBins - 1)]++;
  if (++total_ >= kHistogramLimit) {
    total_ = 0;
    for (std::uint16_t& count : bins_) total_ = static_cast<std::uint16_t>(total_ + (count /= 2));
  }
  if (++sinceUpdate_ >= kUpdatePackets || left < 0) updateWanted();
}

void JitterBuffer::setLimits(std::uint16_t minMs, std::uint16_t maxMs) noexcept {
  config_.maxMs = std::clamp<std::uint16_t>(maxMs, 10, 300);
  config_.minMs = std::clamp<std::uint16_t>(minMs, 5, config_.maxMs);
  config_.initialMs = std::clamp(config_.initialMs, config_.minMs, config_.maxMs);
  wanted_ = std::clamp(wanted_, config_.minMs * kSamplesPerMs, config_.maxMs * kSamplesPerMs);
}

void JitterBuffer::updateWanted() noexcept {
  sinceUpdate_ = 0;
  if (total_ < kTrustedPackets) return;
  const std::uint32_t allowed = total_ * kLatePerMille / 1000;
  std::uint32_t later = 0;
  std::size_t bin = kBins;
  while (bin > 0 && later + bins_[bin - 1] <= allowed) later += bins_[--bin];
  wanted_ = std::clamp(static_cast<std::int32_t>(bin + 1) * kBinSamples,
                       config_.minMs * kSamplesPerMs, config_.maxMs * kSamplesPerMs);
}

/// A packet that cannot be placed: is it a straggler, or has the sender's timeline (or the path)
/// moved for good?
bool JitterBuffer::timelineMoved(std::uint16_t sequence, std::int32_t ahead, bool marker,
                                 Instant now) noexcept {
  const bool follows = strayCount_ > 0 && sequenceDistance(straySequence_, sequence) == 1;
  if (!follows) {
    strayCount_ = 0;
    strayStart_ = now;
  }
  strayCount_++;
  straySequence_ = sequence;
  // The start of a talkspurt while nothing is being played: nothing is lost by following it.
  if (marker && starved_) return true;
  if (ahead > 0 || ahead < -kWild) return strayCount_ >= kWildPackets;
  return strayCount_ >= kStrayPackets && now - strayStart_ >= kStrayTime;
}

Put JitterBuffer::put(std::uint16_t sequence, std::uint32_t timestamp, bool marker,
                      std::span<const std::uint8_t> payload, Instant now) noexcept {
  counters_.packets++;
  const std::uint32_t samples = payloadSamples(payload.size());
  const auto capacity = static_cast<std::int32_t>(units_ * config_.unitSamples);
  if (samples == 0 || samples > static_cast<std::uint32_t>(capacity) / 2) {
    counters_.malformed++;
    return Put::malformed;
  }
  Put result = Put::stored;
  if (!running_) {
    anchor(timestamp, now, config_.initialMs * kSamplesPerMs);
    newestSequence_ = sequence;
  } else {
    const Record& record = records_[sequence % kRecords];
    if (record.valid && record.sequence == sequence && record.begin == timestamp) {
      counters_.duplicates++;
      return Put::duplicate;
    }
  }
  std::int32_t ahead = timestampDistance(cursor_, timestamp);
  const bool early = ahead > capacity - static_cast<std::int32_t>(samples) - config_.unitSamples;
  const bool late = ahead <= -static_cast<std::int32_t>(samples);
  if (early || late) {
    if (!timelineMoved(sequence, ahead, marker, now)) {
      if (late && ahead >= -kWild) {
        measure(timestamp, samples, now);
        remember(sequence, timestamp, timestamp + samples, endsInSid(payload.size()));
      }
      (late ? counters_.late : counters_.early)++;
      return late ? Put::late : Put::early;
    }
    counters_.resyncs++;
    anchor(timestamp, now, config_.fixed ? config_.initialMs * kSamplesPerMs : wanted_);
    newestSequence_ = sequence;
    ahead = timestampDistance(cursor_, timestamp);
    result = Put::resync;
  }
  strayCount_ = 0;
  if (sequenceDistance(newestSequence_, sequence) < 0) counters_.reordered++;
  measure(timestamp, samples, now);
  store(ahead, payload, samples);
  if (timestampDistance(newestEnd_, timestamp + samples) > 0) newestEnd_ = timestamp + samples;
  remember(sequence, timestamp, timestamp + samples, endsInSid(payload.size()));
  return result;
}

}  // namespace trunkgate::rtp
