// The reading side of the jitter buffer: what the next block is, and corrections of the depth.
#include "bit-ring.h"
#include "jitter-buffer.h"

#include <algorithm>
#include <cstring>

namespace trunkgate::rtp {
namespace {

constexpr std::int32_t kDropExcess = 120;    ///< 15 ms too deep: drop
constexpr std::int32_t kInsertDeficit = 40;  ///< 5 ms too shallow: insert
constexpr std::int32_t kForcedExcess = 160;  ///< 20 ms beyond the upper limit
constexpr std::uint8_t kSettlePulls = 4;     ///< between two drops: a pause keeps 4/5 of its
                                             ///< length

}  // namespace

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
    const bool silence = silent * 2 >= units || (pauses_ && !hasLater());
    const Play kind = silence ? Play::silence : hasLater() ? Play::lost : Play::late;
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
  starved_ = block.octets == 0 && !hasLater();
  advance(block.samples);
  pulled.kind = block.kind;
  pulled.octets = block.octets;
  if (block.kind == Play::lost) counters_.lostSamples += samples;
  if (block.kind == Play::late) counters_.lateSamples += samples;
  if (block.kind == Play::silence) counters_.silenceSamples += samples;
  return pulled;
}

}  // namespace trunkgate::rtp
