// A span pair as the engine keeps it: with its counters, its marks, and the clocks of its ends.
#pragma once

#include "../tdm/simulated/span-pair.h"
#include "counters.h"
#include "events.h"
#include "port.h"

namespace trunkgate::engine {

class Worker;

/// Marks of an end.
enum class SpanNotice : std::uint8_t { alarm, errors };

/// One end of a span for the control side.
class SpanEnd final : public Notifier {
 public:
  SpanEnd(EventHub& hub, double* slot) noexcept : Notifier(Notifier::Kind::span, hub), counters(slot) {}

  SpanCounters counters;
  std::atomic<tdm::Alarm> alarm{tdm::Alarm::none};
  std::atomic<std::uint64_t> fcsErrors{0};
  std::atomic<std::uint64_t> aborts{0};
  std::array<std::atomic<double>, 2> noticedAt{};
  Domain domain;                 ///< of ports on this end, while its clock is off
  std::atomic<std::uint64_t> framesLost{0};
};

class SpanRecord final : private tdm::simulated::Receiver {
 public:
  SpanRecord(const tdm::simulated::SpanConfig& config, EventHub& hub, double* slotA, double* slotB);

  /// Worker: one tick of both ends.
  void tick(Worker& worker, double nowMs) noexcept;
  /// Worker: counters to the shared block.
  void publish() noexcept;

  [[nodiscard]] tdm::simulated::SpanPair& pair() noexcept { return pair_; }
  [[nodiscard]] SpanEnd& end(unsigned which) noexcept { return ends_[which]; }

  SpanRecord* next = nullptr;  ///< the worker's

 private:
  void signalling(unsigned end, std::span<const std::uint8_t> frame) noexcept override;
  void alarm(unsigned end, tdm::Alarm alarm) noexcept override;
  void errors(unsigned end) noexcept override;
  void notify(unsigned end, SpanNotice notice) noexcept;

  tdm::simulated::SpanPair pair_;
  std::array<SpanEnd, 2> ends_;
  Worker* worker_ = nullptr;  ///< during a tick
  double nowMs_ = 0;
};

}  // namespace trunkgate::engine
