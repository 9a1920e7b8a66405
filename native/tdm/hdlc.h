// HDLC on a 64 kbit/s timeslot (Q.921 §2): flags, zero insertion, FCS-16, abort.
//
// A frame's octets go least significant bit first (Q.921 §2.8.1); the first bit sent is the most significant of the timeslot's
// octet (G.704 §5.1). Octets of the timeslot are handled eight at a time: one millisecond.
#pragma once

#include "frame-ring.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trunkgate::tdm {

/// Octets of a timeslot in one millisecond.
inline constexpr std::size_t kTickOctets = 8;
using TickOctets = std::array<std::uint8_t, kTickOctets>;

inline constexpr std::size_t kMaxFrameOctets = 1024;  ///< without FCS
inline constexpr std::size_t kMinFrameOctets = 3;     ///< Q.921 §2.9 c): five between the flags, FCS included

/// Sends the frames of a ring, and flags between them.
class HdlcTransmitter {
 public:
  /// Makes the next eight octets.
  void fill(FrameRing& frames, TickOctets& out) noexcept;

  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t octets() const noexcept { return octets_; }

 private:
  [[nodiscard]] bool nextBit(FrameRing& frames) noexcept;
  [[nodiscard]] bool begin(FrameRing& frames) noexcept;

  std::uint64_t frames_ = 0;
  std::uint64_t octets_ = 0;
  std::size_t length_ = 0;    ///< octets of the frame under way, FCS included; 0: flags
  std::size_t position_ = 0;  ///< octet under way
  std::uint8_t bit_ = 0;      ///< next bit of the octet, or of the flag
  std::uint8_t ones_ = 0;     ///< ones sent in a row, for zero insertion
  bool flagDue_ = true;       ///< a flag closes a frame and opens the next (Q.921 §2.2)
  std::array<std::uint8_t, kMaxFrameOctets + 2> frame_{};
};

struct HdlcCounters {
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;  ///< of good frames, without FCS
  std::uint64_t fcsErrors = 0;
  std::uint64_t aborts = 0;     ///< seven or more ones within a frame
  std::uint64_t tooShort = 0;
  std::uint64_t tooLong = 0;
  std::uint64_t unaligned = 0;  ///< no whole number of octets between the flags
};

/// Finds the frames. Tells them to a `Sink` with `void frame(std::span<const std::uint8_t>) noexcept`.
class HdlcReceiver {
 public:
  template <class Sink>
  void receive(const TickOctets& in, Sink& sink) noexcept {
    if (steady_ && in == last_) return;  // flags upon flags, or a dead line
    for (const std::uint8_t octet : in) {
      for (int shift = 7; shift >= 0; shift--) {
        if (takeBit((octet >> shift) & 1)) sink.frame(std::span(frame_.data(), length_));
      }
    }
    settle(in);
  }

  [[nodiscard]] const HdlcCounters& counters() const noexcept { return counters_; }

 private:
  /// True when a good frame of length_ octets has ended.
  [[nodiscard]] bool takeBit(int bit) noexcept;
  [[nodiscard]] bool flag() noexcept;
  void settle(const TickOctets& in) noexcept;
  void restart() noexcept;

  HdlcCounters counters_{};
  TickOctets last_{};
  std::size_t received_ = 0;  ///< whole octets since the flag
  std::size_t length_ = 0;    ///< of the good frame just found, without FCS
  std::uint8_t partial_ = 0;
  std::uint8_t partialBits_ = 0;
  std::uint8_t ones_ = 0;
  bool hunting_ = true;  ///< until the next flag nothing is believed
  bool steady_ = false;  ///< eight octets like `last_` leave this state as it is
  std::array<std::uint8_t, kMaxFrameOctets + 3> frame_{};
};

}  // namespace trunkgate::tdm
