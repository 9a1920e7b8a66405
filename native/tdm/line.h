// One direction of a span: the octets of its timeslots on their way from the writing end to the reading one.
#pragma once

#include "hdlc.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace trunkgate::tdm {

enum class Alarm : std::uint8_t { none, los, ais, rai };

inline constexpr std::size_t kMaxSlots = 32;
inline constexpr std::int64_t kBlockFrames = 80;  ///< 10 ms, the block of the engine

/// Frames are numbered by the writer's clock; one frame is one octet of each timeslot (8000 a second). The reader's
/// place is its own frame number plus a shift, which an elastic store moves when the clocks drift apart: a slip.
class Line {
 public:
  static constexpr std::int64_t kStoreFrames = 16;  ///< lag without delay: two ms, half of it for either way
  static constexpr unsigned kMaxDelayMs = 400;

  /// All octets idle. Allocates.
  Line(std::size_t slots, std::uint8_t idle);

  // ---- the writing end -----------------------------------------------------------------------
  void write(std::size_t slot, std::int64_t frame, std::span<const std::uint8_t> octets) noexcept;
  /// A timeslot without a writer is idle again; what was written before goes out.
  void release(std::size_t slot) noexcept { used_[slot] = false; }
  void use(std::size_t slot) noexcept;
  /// The writer's clock reached this frame: lays idle octets ahead of the writers. Called every 8 frames.
  void writerAt(std::int64_t frame) noexcept;

  // ---- the reading end -----------------------------------------------------------------------
  /// `octets.size()` frames before the reader's frame `frame`, with the faults of the line.
  void read(std::size_t slot, std::int64_t frame, std::span<std::uint8_t> octets) noexcept;
  void readerAt(std::int64_t frame) noexcept { reader_ = frame; }
  /// The clocks have drifted apart by this many frames since they were equal (positive: the writer is ahead).
  void drift(double frames) noexcept;

  // ---- faults --------------------------------------------------------------------------------
  void setDelay(unsigned ms) noexcept;
  void setBitErrors(double rate, std::uint64_t seed) noexcept;
  /// Drops frames (positive) or repeats them (negative), now.
  void slip(std::int64_t frames) noexcept;
  /// What the reader gets instead of the signal.
  void setAlarm(Alarm alarm) noexcept { alarm_ = alarm; }
  /// Inverts the n-th bit of the timeslot that is read from now on. False when 16 such wait already.
  bool flip(std::uint64_t bit) noexcept;
  void countBits(std::size_t slot) noexcept { flipSlot_ = slot; }

  [[nodiscard]] Alarm alarm() const noexcept { return alarm_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
  [[nodiscard]] std::uint64_t bitErrors() const noexcept { return bitErrors_; }

 private:
  static constexpr std::size_t kSmallRing = 512;
  static constexpr std::size_t kLargeRing = 4096;
  static constexpr std::int64_t kAhead = 96;  ///< idle octets lie this far before the writer's clock
  static constexpr std::size_t kMaxFlips = 16;

  [[nodiscard]] std::uint8_t* slotRing(std::size_t slot) noexcept;
  void move(std::int64_t frames) noexcept;
  void keepWithinStore() noexcept;
  void addBitErrors(std::span<std::uint8_t> octets) noexcept;
  void addFlips(std::span<std::uint8_t> octets) noexcept;
  [[nodiscard]] std::uint64_t nextErrorGap() noexcept;

  std::size_t slots_;
  std::size_t mask_ = kSmallRing - 1;
  std::int64_t writer_ = 0;
  std::int64_t reader_ = 0;
  std::int64_t shift_ = -kStoreFrames;
  std::int64_t delayFrames_ = 0;
  std::int64_t driftDone_ = 0;
  std::unique_ptr<std::uint8_t[]> memory_;
  std::array<bool, kMaxSlots> used_{};
  std::array<std::uint16_t, kMaxSlots> cleaning_{};  ///< ticks until the ring of an unused slot is idle
  std::uint8_t idle_;
  Alarm alarm_ = Alarm::none;

  double errorRate_ = 0;
  std::uint64_t chance_ = 1;
  std::uint64_t errorGap_ = 0;  ///< good bits before the next bad one
  std::uint64_t bitErrors_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t repeated_ = 0;

  std::size_t flipSlot_ = kMaxSlots;
  std::uint64_t bitsRead_ = 0;
  std::array<std::uint64_t, kMaxFlips> flips_{};
  std::size_t flipCount_ = 0;
};

}  // namespace trunkgate::tdm
