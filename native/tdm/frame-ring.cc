#include "frame-ring.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace trunkgate::tdm {

FrameRing::FrameRing(std::size_t octets)
    : size_(std::bit_ceil(octets)), memory_(std::make_unique<std::uint8_t[]>(size_)) {}

bool FrameRing::put(std::uint64_t tag, std::int64_t at,
                    std::span<const std::uint8_t> frame) noexcept {
  const std::size_t tail = tail_.load(std::memory_order_relaxed);
  const std::size_t head = head_.load(std::memory_order_acquire);
  const std::size_t need = sizeof(Header) + frame.size();
  if (frame.size() > 0xFFFF || size_ - (tail - head) < need) return false;
  const Header header{tag, at, static_cast<std::uint32_t>(frame.size())};
  copyIn(tail, &header, sizeof header);
  copyIn(tail + sizeof header, frame.data(), frame.size());
  tail_.store(tail + need, std::memory_order_release);
  return true;
}

bool FrameRing::take(Taken& taken, std::span<std::uint8_t> out) noexcept {
  const std::size_t head = head_.load(std::memory_order_relaxed);
  if (head == tail_.load(std::memory_order_acquire)) return false;
  Header header;
  copyOut(head, &header, sizeof header);
  taken = {header.tag, header.at, std::min<std::size_t>(header.octets, out.size())};
  copyOut(head + sizeof header, out.data(), taken.octets);
  head_.store(head + sizeof header + header.octets, std::memory_order_release);
  return true;
}

void FrameRing::copyIn(std::size_t position, const void* from, std::size_t count) noexcept {
  const std::size_t begin = position & (size_ - 1);
  const std::size_t first = std::min(count, size_ - begin);
  if (first != 0) std::memcpy(memory_.get() + begin, from, first);
  if (count > first) {
    std::memcpy(memory_.get(), static_cast<const std::uint8_t*>(from) + first, count - first);
  }
}

void FrameRing::copyOut(std::size_t position, void* to, std::size_t count) const noexcept {
  const std::size_t begin = position & (size_ - 1);
  const std::size_t first = std::min(count, size_ - begin);
  if (first != 0) std::memcpy(to, memory_.get() + begin, first);
  if (count > first) {
    std::memcpy(static_cast<std::uint8_t*>(to) + first, memory_.get(), count - first);
  }
}

}  // namespace trunkgate::tdm
