// What workers tell the control side: levels that are read again, and a few things that queue.
#pragma once

#include "handle.h"
#include "ring.h"

#include <atomic>
#include <cstdint>

namespace trunkgate::engine {

class EventHub;

/// Something that events are about. A mark says that it must be looked at; marks are never lost, whatever is full.
class Notifier {
 public:
  enum class Kind : std::uint8_t { port, span };

  Notifier(Kind kind, EventHub& hub) noexcept : kind_(kind), hub_(hub) {}
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  [[nodiscard]] Kind notifierKind() const noexcept { return kind_; }

  /// Worker: sets bits; brings the notifier to the hub unless it waits there already.
  void mark(std::uint32_t bits) noexcept;
  /// Control: takes the bits; later marks bring it to the hub again.
  [[nodiscard]] std::uint32_t takeMarks() noexcept {
    return marks_.exchange(0, std::memory_order_acq_rel);
  }

  Handle handle = 0;               ///< the control side's
  Notifier* nextMarked = nullptr;  ///< the hub's

 private:
  std::atomic<std::uint32_t> marks_{0};
  Kind kind_;
  EventHub& hub_;
};

class EventHub {
 public:
  void push(Notifier& notifier) noexcept {
    marked_.push(&notifier);
    something_.store(true, std::memory_order_release);
  }
  void pushSomething() noexcept { something_.store(true, std::memory_order_release); }
  /// Worker, at the end of a tick: true if the control side is to be woken.
  [[nodiscard]] bool takeSomething() noexcept {
    return something_.load(std::memory_order_relaxed) &&
           something_.exchange(false, std::memory_order_acq_rel);
  }
  [[nodiscard]] Notifier* takeMarked() noexcept { return marked_.takeAll(); }

 private:
  Stack<Notifier, &Notifier::nextMarked> marked_;
  std::atomic<bool> something_{false};
};

inline void Notifier::mark(std::uint32_t bits) noexcept {
  if (marks_.fetch_or(bits, std::memory_order_acq_rel) == 0) hub_.push(*this);
}

/// Marks of a port: the first ones are things that happened (with the time of the last), `queued` stands for the queue.
enum class Notice : std::uint8_t {
  sourceLatched,
  rtpTimeout,
  rtpResumed,
  rtpReleaseDue,
  ssrcChanged,
  rtcpBye,
  ans,
  ansPhaseReversed,
  ansam,
  ansamPhaseReversed,
  v21Preamble,
  sourceFinished,
  recorderFull,
  queued,
  count
};

/// What queues in a port.
struct Detected {
  enum class Kind : std::uint8_t { digit, tone };
  Kind kind = Kind::digit;
  bool rfc4733 = false;       ///< digit
  bool present = false;       ///< tone
  std::uint8_t code = 0;      ///< digit: 0 to 15
  std::uint16_t frequency = 0;
  double durationMs = 0;
  double atMs = 0;
};

}  // namespace trunkgate::engine
