#include "jitter-buffer.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace trunkgate::rtp {
namespace {

constexpr std::int32_t kSamplesPerMs = 8;
constexpr std::int32_t kBinSamples = 32;         ///< 4 ms
constexpr std::uint32_t kHistogramLimit = 1000;  ///< halved there: the last 10 to 20 s count
constexpr std::uint32_t kTrustedPackets = 25;    ///< before that the initial depth stands
constexpr std::uint32_t kLatePerMille = 5;       ///< packets that may be late
constexpr std::uint8_t kUpdatePackets = 16;
constexpr Instant kWindow = 4'000'000;       ///< of the fastest packets
constexpr std::int32_t kDropExcess = 120;    ///< 15 ms too deep: drop
constexpr std::int32_t kInsertDeficit = 40;  ///< 5 ms too shallow: insert
constexpr std::int32_t kForcedExcess = 160;  ///< 20 ms beyond the upper limit
constexpr std::uint8_t kSettlePulls = 4;     ///< between two drops: a pause keeps 4/5 of its
                                             ///< length
constexpr std::int32_t kWild = 8000;         ///< a second off is not lateness
constexpr std::uint16_t kWildPackets = 2;
constexpr std::uint16_t kStrayPackets = 3;  ///< late ones in a row that may be a moved
                                            ///< path...
constexpr Instant kStrayTime = 60'000;      ///< ...if they are not one burst
constexpr std::uint32_t kFrameUnits = 64;   ///< ring size of frame codecs

template <std::size_t N, class Change>
void eachWord(std::array<std::uint64_t, N>& bits, std::uint32_t first, std::uint32_t count,
              std::uint32_t ring, Change change) noexcept {
  const std::uint32_t start = first & 63;
  if (start + count <= 64 && count < 64) {  // most often, with blocks of 1 ms
    change(bits[first >> 6], ((std::uint64_t{1} << count) - 1) << start);
    return;
  }
  while (count > 0) {
    const std::uint32_t shift = first & 63;
    const std::uint32_t part = std::min({count, 64 - shift, ring - first});
    const std::uint64_t mask = (part == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << part) - 1)
                               << shift;
    change(bits[first >> 6], mask);
    first += part;
    if (first == ring) first = 0;
    count -= part;
  }
}

template <std::size_t N>
void setBits(std::array<std::uint64_t, N>& bits, std::uint32_t first, std::uint32_t count,
             std::uint32_t ring) noexcept {
  eachWord(bits, first, count, ring,
           [](std::uint64_t& word, std::uint64_t mask) noexcept { word |= mask; });
}

template <std::size_t N>
void clearBits(std::array<std::uint64_t, N>& bits, std::uint32_t first, std::uint32_t count,
               std::uint32_t ring) noexcept {
  eachWord(bits, first, count, ring,
           [](std::uint64_t& word, std::uint64_t mask) noexcept { word &= ~mask; });
}

template <std::size_t N>
std::uint32_t countBits(const std::array<std::uint64_t, N>& bits, std::uint32_t first,
                        std::uint32_t count, std::uint32_t ring) noexcept {
  std::uint32_t sum = 0;
  eachWord(const_cast<std::array<std::uint64_t, N>&>(bits), first, count, ring,
           [&sum](const std::uint64_t& word, std::uint64_t mask) noexcept {
             sum += static_cast<std::uint32_t>(std::popcount(word & mask));
           });
  return sum;
}

template <std::size_t N>
bool testBit(const std::array<std::uint64_t, N>& bits, std::uint32_t unit) noexcept {
  return (bits[unit >> 6] >> (unit & 63) & 1) != 0;
}

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
  most_ = mostBefore_ = depth_ = timeLeft(timestamp, now);
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

void JitterBuffer::remember(std::uint16_t sequence, std::uint32_t begin,
                            std::uint32_t end) noexcept {
  records_[sequence % kRecords] = {.begin = begin, .end = end, .sequence = sequence, .valid = true};
  const auto before = static_cast<std::uint16_t>(sequence - 1);
  const Record& previous = records_[before % kRecords];
  if (previous.valid && previous.sequence == before) markSilence(previous.end, begin);
  const auto after = static_cast<std::uint16_t>(sequence + 1);
  const Record& next = records_[after % kRecords];
  if (next.valid && next.sequence == after) markSilence(end, next.begin);
  if (sequenceDistance(newestSequence_, sequence) > 0) newestSequence_ = sequence;
}

void JitterBuffer::skip(std::uint16_t sequence, std::uint32_t timestamp) noexcept {
  if (!running_) return;
  // An event's timestamp is its start, which may lie before audio already had.
  const auto before = static_cast<std::uint16_t>(sequence - 1);
  const Record& previous = records_[before % kRecords];
  const bool known = previous.valid && previous.sequence == before;
  const std::uint32_t end = known ? previous.end : newestEnd_;
  if (timestampDistance(end, timestamp) < 0) timestamp = end;
  remember(sequence, timestamp, timestamp);
}

/// Takes a packet's time left into the picture of delay variation.
void JitterBuffer::measure(std::int32_t left, Instant now) noexcept {
  const Instant age = now - windowStart_;
  if (age >= kWindow) {
    mostBefore_ = age >= 2 * kWindow ? left : most_;
    most_ = left;
    windowStart_ = now;
  } else {
    most_ = std::max(most_, left);
  }
  depth_ = std::max(most_, mostBefore_);
  const auto bin = static_cast<std::size_t>((depth_ - left) / kBinSamples);
  bins_[std::min(bin, kBins - 1)]++;
  if (++total_ >= kHistogramLimit) {
    total_ = 0;
    for (std::uint16_t& count : bins_) total_ = static_cast<std::uint16_t>(total_ + (count /= 2));
  }
  if (++sinceUpdate_ >= kUpdatePackets || left < 0) updateWanted();
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
        measure(timeLeft(timestamp, now), now);
        remember(sequence, timestamp, timestamp + samples);
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
  measure(timeLeft(timestamp, now), now);
  store(ahead, payload, samples);
  if (timestampDistance(newestEnd_, timestamp + samples) > 0) newestEnd_ = timestamp + samples;
  remember(sequence, timestamp, timestamp + samples);
  return result;
}

void JitterBuffer::copyOut(std::span<std::uint8_t> out, std::uint32_t units, std::uint8_t fill,
                           bool whole) const noexcept {
  const std::uint32_t toWrap = std::min(units, units_ - cursorUnit_);
  std::memcpy(out.data(), ring_.data() + cursorUnit_, toWrap);
  std::memcpy(out.data() + toWrap, ring_.data(), units - toWrap);
  if (whole) return;
  for (std::uint32_t i = 0; i < units; i++)
    if (!testBit(here_, unitAt(i))) out[i] = fill;
}

/// The next `samples` samples, without taking them.
JitterBuffer::Block JitterBuffer::look(std::span<std::uint8_t> out, std::uint16_t samples,
                                       std::uint8_t fill) const noexcept {
  const std::uint32_t units = samples / config_.unitSamples;
  const std::uint32_t here = countBits(here_, cursorUnit_, units, units_);
  if (here == units && config_.unitSamples != 1) {
    const bool sid = testBit(sid_, cursorUnit_);
    const std::uint16_t octets = sid ? config_.sidOctets : config_.unitOctets;
    std::memcpy(out.data(), ring_.data() + cursorUnit_ * config_.unitOctets, octets);
    return {.kind = sid ? Play::sid : Play::speech, .octets = octets, .samples = samples};
  }
  if (here == units) {
    copyOut(out, units, fill, true);
    return {.kind = Play::speech, .octets = samples, .samples = samples};
  }
  const std::uint32_t silent = countBits(silent_, cursorUnit_, units, units_);
  if (here == 0) {
    const bool later = timestampDistance(cursor_, newestEnd_) > 0;
    const Play kind = silent * 2 >= units ? Play::silence : later ? Play::lost : Play::late;
    return {.kind = kind, .octets = 0, .samples = samples};
  }
  // Silence that ends inside the block, with speech up to the block's end: the next block begins
  // with the speech.
  std::uint32_t leading = 0;
  while (leading < units && !testBit(here_, unitAt(leading)) && testBit(silent_, unitAt(leading)))
    leading++;
  if (!config_.fixed && leading + here == units)
    return {.kind = Play::silence, .octets = 0, .samples = static_cast<std::uint16_t>(leading)};
  if (here * 2 < units) return {.kind = Play::lost, .octets = 0, .samples = samples};
  copyOut(out, units, fill, false);
  return {.kind = Play::speech, .octets = samples, .samples = samples};
}

JitterBuffer::Wish JitterBuffer::wish() const noexcept {
  if (depth_ > config_.maxMs * kSamplesPerMs + kForcedExcess)
    return settle_ == 0 ? Wish::forcedDrop : Wish::none;
  if (depth_ < config_.minMs * kSamplesPerMs / 2) return Wish::forcedInsert;
  if (config_.fixed) return Wish::none;
  const std::int32_t excess = depth_ - wanted_;
  if (excess >= kDropExcess) return settle_ == 0 ? Wish::drop : Wish::none;
  return excess <= -kInsertDeficit ? Wish::insert : Wish::none;
}

void JitterBuffer::shiftDepth(std::int32_t samples) noexcept {
  depth_ += samples;
  most_ += samples;
  mostBefore_ += samples;
}

void JitterBuffer::advance(std::uint32_t samples) noexcept {
  const std::uint32_t units = samples / config_.unitSamples;
  clearBits(here_, cursorUnit_, units, units_);
  clearBits(silent_, cursorUnit_, units, units_);
  if (config_.unitSamples != 1) clearBits(sid_, cursorUnit_, units, units_);
  cursorUnit_ = unitAt(units);
  cursor_ += samples;
}

void JitterBuffer::countCorrection(std::int32_t samples, bool forced) noexcept {
  const auto amount = static_cast<std::uint64_t>(samples < 0 ? -samples : samples);
  if (samples > 0) {
    (forced ? counters_.forcedInsertions : counters_.insertions)++;
    (forced ? counters_.forcedInsertedSamples : counters_.insertedSamples) += amount;
  } else {
    (forced ? counters_.forcedDrops : counters_.drops)++;
    (forced ? counters_.forcedDroppedSamples : counters_.droppedSamples) += amount;
    settle_ = kSettlePulls;
  }
  shiftDepth(samples);
}

Pulled JitterBuffer::pull(std::span<std::uint8_t> out, std::uint16_t samples, std::uint8_t fill,
                          Instant now, PauseJudge judge) noexcept {
  lastPull_ = now;
  pullSamples_ = samples;
  const std::size_t room = std::size_t{samples} / config_.unitSamples * config_.unitOctets;
  const bool fits = samples >= config_.unitSamples && samples <= kMaxPullSamples &&
                    samples % config_.unitSamples == 0 && out.size() >= room;
  if (!running_ || !fits) return {};
  if (settle_ > 0) settle_--;

  Block block = look(out, samples, fill);
  Pulled pulled;
  const Wish wanted = wish();
  if (wanted != Wish::none) {
    const bool forced = wanted == Wish::forcedDrop || wanted == Wish::forcedInsert;
    const bool pause =
        block.kind == Play::silence || (block.kind == Play::speech && judge.quiet != nullptr &&
                                        judge.quiet(judge.context, out.first(block.octets)));
    const bool drop = wanted == Wish::drop || wanted == Wish::forcedDrop;
    if ((pause || forced) && block.samples == samples) {
      pulled.correction = static_cast<std::int16_t>(drop ? -samples : samples);
      countCorrection(pulled.correction, !pause);
      if (drop) {
        advance(samples);
        block = look(out, samples, fill);
      } else {
        block.samples = 0;
      }
    }
  }
  // Silence that ended inside the block was stretched to its end.
  if (block.samples != 0 && block.samples < samples) {
    const auto stretch = static_cast<std::int16_t>(samples - block.samples);
    pulled.correction = static_cast<std::int16_t>(pulled.correction + stretch);
    countCorrection(stretch, false);
  }
  advance(block.samples);
  pulled.kind = block.kind;
  pulled.octets = block.octets;
  starved_ = block.kind == Play::late;
  if (block.kind == Play::lost) counters_.lostSamples += samples;
  if (block.kind == Play::late) counters_.lateSamples += samples;
  if (block.kind == Play::silence) counters_.silenceSamples += samples;
  return pulled;
}

}  // namespace trunkgate::rtp
