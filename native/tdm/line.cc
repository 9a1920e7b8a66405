#include "line.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace trunkgate::tdm {

Line::Line(std::size_t slots, std::uint8_t idle)
    : slots_(slots), memory_(std::make_unique<std::uint8_t[]>(slots * kLargeRing)), idle_(idle) {
  std::memset(memory_.get(), idle, slots * kLargeRing);
}

// Rings lie one behind the other, so that a span without delay fits into the nearest cache.
std::uint8_t* Line::slotRing(std::size_t slot) noexcept {
  return memory_.get() + slot * (mask_ + 1);
}

void Line::use(std::size_t slot) noexcept {
  used_[slot] = true;
  cleaning_[slot] = static_cast<std::uint16_t>(kLargeRing / kTickOctets);
}

void Line::write(std::size_t slot, std::int64_t frame,
                 std::span<const std::uint8_t> octets) noexcept {
  std::uint8_t* ring = slotRing(slot);
  const std::size_t begin = static_cast<std::size_t>(frame) & mask_;
  const std::size_t first = std::min(octets.size(), mask_ + 1 - begin);
  std::memcpy(ring + begin, octets.data(), first);
  if (octets.size() > first) std::memcpy(ring, octets.data() + first, octets.size() - first);
}

void Line::writerAt(std::int64_t frame) noexcept {
  writer_ = frame;
  for (std::size_t slot = 0; slot < slots_; slot++) {
    if (!used_[slot]) {
      if (cleaning_[slot] == 0) continue;
      cleaning_[slot]--;
    }
    std::memset(slotRing(slot) + (static_cast<std::size_t>(frame + kAhead) & mask_), idle_, kTickOctets);
  }
}

void Line::read(std::size_t slot, std::int64_t frame, std::span<std::uint8_t> octets) noexcept {
  if (alarm_ == Alarm::los || alarm_ == Alarm::ais) {
    std::ranges::fill(octets, std::uint8_t{0xFF});  // all ones (G.775 §5.2; no signal reads as ones)
  } else {
    const std::uint8_t* ring = slotRing(slot);
    const std::size_t begin =
        static_cast<std::size_t>(frame + shift_ - static_cast<std::int64_t>(octets.size())) & mask_;
    const std::size_t first = std::min(octets.size(), mask_ + 1 - begin);
    std::memcpy(octets.data(), ring + begin, first);
    if (octets.size() > first) std::memcpy(octets.data() + first, ring, octets.size() - first);
  }
  if (errorRate_ > 0) addBitErrors(octets);
  if (slot == flipSlot_) {
    if (flipCount_ != 0) addFlips(octets);
    bitsRead_ += octets.size() * 8;
  }
}

void Line::drift(double frames) noexcept {
  while (frames - static_cast<double>(driftDone_) >= 1) {
    driftDone_++;
    move(1);
  }
  while (frames - static_cast<double>(driftDone_) <= -1) {
    driftDone_--;
    move(-1);
  }
}

void Line::setDelay(unsigned ms) noexcept {
  const std::int64_t frames = static_cast<std::int64_t>(std::min(ms, kMaxDelayMs)) * 8;
  const std::size_t size =
      frames + kStoreFrames + 2 * kBlockFrames + 2 * kAhead <= static_cast<std::int64_t>(kSmallRing)
          ? kSmallRing : kLargeRing;
  shift_ += delayFrames_ - frames;
  delayFrames_ = frames;
  if (size == mask_ + 1) return;
  mask_ = size - 1;
  std::memset(memory_.get(), idle_, slots_ * size);
}

void Line::slip(std::int64_t frames) noexcept {
  move(frames);
  keepWithinStore();
}

// A frame dropped brings the reader nearer to the writer, one repeated takes it further away.
void Line::move(std::int64_t frames) noexcept {
  shift_ += frames;
  (frames > 0 ? dropped_ : repeated_) += static_cast<std::uint64_t>(std::abs(frames));
}

// Slips on command use the store up; at its end it is brought back to its middle, as a real one is.
void Line::keepWithinStore() noexcept {
  const std::int64_t lag = writer_ - reader_ - shift_ - delayFrames_;
  if (lag < kStoreFrames / 2 || lag > 2 * kStoreFrames) move(lag - kStoreFrames);
}

void Line::setBitErrors(double rate, std::uint64_t seed) noexcept {
  errorRate_ = rate;
  chance_ = seed | 1;
  errorGap_ = nextErrorGap();
}

// Gaps between independent errors are geometric.
std::uint64_t Line::nextErrorGap() noexcept {
  if (errorRate_ <= 0) return 0;
  chance_ ^= chance_ << 13;
  chance_ ^= chance_ >> 7;
  chance_ ^= chance_ << 17;
  const double uniform = (static_cast<double>(chance_ >> 11) + 0.5) * 0x1p-53;
  return static_cast<std::uint64_t>(std::log(uniform) / std::log1p(-errorRate_));
}

void Line::addBitErrors(std::span<std::uint8_t> octets) noexcept {
  const std::uint64_t bits = octets.size() * 8;
  std::uint64_t at = errorGap_;
  while (at < bits) {
    octets[at / 8] ^= static_cast<std::uint8_t>(0x80U >> (at % 8));
    bitErrors_++;
    at += 1 + nextErrorGap();
  }
  errorGap_ = at - bits;
}

bool Line::flip(std::uint64_t bit) noexcept {
  if (flipCount_ == kMaxFlips) return false;
  flips_[flipCount_++] = bitsRead_ + bit;
  return true;
}

void Line::addFlips(std::span<std::uint8_t> octets) noexcept {
  const std::uint64_t bits = octets.size() * 8;
  for (std::size_t i = 0; i < flipCount_;) {
    const std::uint64_t at = flips_[i] - bitsRead_;
    if (at >= bits) {
      i++;
      continue;
    }
    octets[at / 8] ^= static_cast<std::uint8_t>(0x80U >> (at % 8));
    bitErrors_++;
    flips_[i] = flips_[--flipCount_];
  }
}

}  // namespace trunkgate::tdm
