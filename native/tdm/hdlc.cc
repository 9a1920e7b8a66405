#include "hdlc.h"

#include "fcs.h"

#include <algorithm>
#include <bit>

namespace trunkgate::tdm {

namespace {
constexpr std::uint8_t kFlag = 0x7E;  // the same from either end
constexpr std::uint8_t kMaxOnes = 5;  // Q.921 §2.6
}  // namespace

void HdlcTransmitter::fill(FrameRing& frames, TickOctets& out) noexcept {
  if (length_ == 0 && frames.empty()) {
    // Flags only: every octet is the flag, turned by the bits of it that were sent before.
    out.fill(std::rotl(kFlag, bit_));
    flagDue_ = false;
    return;
  }
  for (std::uint8_t& octet : out) {
    unsigned bits = 0;
    for (int i = 0; i < 8; i++) bits = bits << 1 | static_cast<unsigned>(nextBit(frames));
    octet = static_cast<std::uint8_t>(bits);
  }
}

bool HdlcTransmitter::nextBit(FrameRing& frames) noexcept {
  if (length_ == 0 && (bit_ != 0 || flagDue_ || !begin(frames))) {
    const bool bit = (kFlag >> (7 - bit_) & 1) != 0;
    bit_ = (bit_ + 1) & 7;
    flagDue_ = flagDue_ && bit_ != 0;
    return bit;
  }
  if (ones_ == kMaxOnes) {  // zero insertion
    ones_ = 0;
    if (position_ == length_) length_ = 0;
    return false;
  }
  const bool bit = (frame_[position_] >> bit_ & 1) != 0;
  ones_ = bit ? static_cast<std::uint8_t>(ones_ + 1) : 0;
  bit_ = (bit_ + 1) & 7;
  if (bit_ == 0) position_++;
  // A frame that ends in five ones has its inserted zero before the flag.
  if (position_ == length_ && ones_ != kMaxOnes) length_ = 0;
  return bit;
}

bool HdlcTransmitter::begin(FrameRing& frames) noexcept {
  FrameRing::Taken taken;
  if (!frames.take(taken, std::span(frame_.data(), kMaxFrameOctets))) return false;
  const std::uint16_t fcs =
      static_cast<std::uint16_t>(~fcsOver(std::span(frame_.data(), taken.octets)));
  frame_[taken.octets] = static_cast<std::uint8_t>(fcs & 0xFF);
  frame_[taken.octets + 1] = static_cast<std::uint8_t>(fcs >> 8);
  length_ = taken.octets + 2;
  position_ = 0;
  ones_ = 0;
  flagDue_ = true;
  frames_++;
  octets_ += taken.octets;
  return true;
}

bool HdlcReceiver::takeBit(int bit) noexcept {
  if (bit != 0) {
    if (ones_ < 7) ones_++;
    if (ones_ > kMaxOnes) {
      // Six ones are a flag if a zero follows, seven an abort (Q.921 §2.2, §2.10).
      if (ones_ == 7 && !hunting_) {
        if (received_ > 0) counters_.aborts++;
        hunting_ = true;
      }
      return false;
    }
  } else {
    const std::uint8_t ones = ones_;
    ones_ = 0;
    if (ones == kMaxOnes) return false;  // an inserted zero
    if (ones == kMaxOnes + 1) return flag();
    if (ones > kMaxOnes + 1) return false;
  }
  if (hunting_) return false;
  partial_ = static_cast<std::uint8_t>(partial_ >> 1 | bit << 7);
  if (++partialBits_ < 8) return false;
  partialBits_ = 0;
  frame_[received_++] = partial_;
  if (received_ == frame_.size()) {
    counters_.tooLong++;
    hunting_ = true;
  }
  return false;
}

bool HdlcReceiver::flag() noexcept {
  const std::size_t octets = received_;
  // The flag's first six bits were taken for data.
  const bool aligned = partialBits_ == 6;
  const bool inFrame = !hunting_;
  restart();
  if (!inFrame || octets == 0) return false;
  if (!aligned) {
    counters_.unaligned++;
    return false;
  }
  if (octets < kMinFrameOctets + 2) {
    counters_.tooShort++;
    return false;
  }
  if (fcsOver(std::span(frame_.data(), octets)) != kFcsGood) {
    counters_.fcsErrors++;
    return false;
  }
  length_ = octets - 2;
  counters_.frames++;
  counters_.octets += length_;
  return true;
}

void HdlcReceiver::restart() noexcept {
  hunting_ = false;
  received_ = 0;
  partial_ = 0;
  partialBits_ = 0;
}

void HdlcReceiver::settle(const TickOctets& in) noexcept {
  const bool alike = std::ranges::all_of(in, [&](std::uint8_t octet) { return octet == in[0]; });
  const bool flags = alike && received_ == 0 && std::popcount(in[0]) == 6 && !hunting_ && in == last_;
  const bool dead = alike && in[0] == 0xFF && hunting_ && ones_ == 7;
  steady_ = flags || dead;
  last_ = in;
}

}  // namespace trunkgate::tdm
