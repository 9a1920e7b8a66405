// A ring of frames between one thread that puts and one that takes; neither ever waits.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace trunkgate::tdm {

/// Frames of up to 65535 octets, each with a tag of the caller's. Memory is taken at construction only.
class FrameRing {
 public:
  /// `octets` is rounded up to a power of two.
  explicit FrameRing(std::size_t octets);

  /// Producer: false when there is no room (nothing was put).
  bool put(std::uint64_t tag, std::int64_t at, std::span<const std::uint8_t> frame) noexcept;

  struct Taken {
    std::uint64_t tag = 0;
    std::int64_t at = 0;
    std::size_t octets = 0;
  };
  /// Consumer: moves the next frame to `out`, cut to its size. False when empty.
  bool take(Taken& taken, std::span<std::uint8_t> out) noexcept;

  [[nodiscard]] bool empty() const noexcept {
    return tail_.load(std::memory_order_acquire) == head_.load(std::memory_order_acquire);
  }

 private:
  struct Header {
    std::uint64_t tag;
    std::int64_t at;
    std::uint32_t octets;
  };
  void copyIn(std::size_t position, const void* from, std::size_t count) noexcept;
  void copyOut(std::size_t position, void* to, std::size_t count) const noexcept;

  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> memory_;
  alignas(64) std::atomic<std::size_t> head_{0};  ///< consumer's
  alignas(64) std::atomic<std::size_t> tail_{0};  ///< producer's
};

}  // namespace trunkgate::tdm
