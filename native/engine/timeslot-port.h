// A bearer timeslot on an end of a span.
#pragma once

#include "../tdm/simulated/span-pair.h"
#include "port.h"

namespace trunkgate::engine {

struct TimeslotSettings {
  bool clearChannel = false;
  g711_law law = G711_ALAW;
};

class TimeslotPort final : public Port {
 public:
  TimeslotPort(EventHub& hub, double* slot, tdm::simulated::End& end, std::size_t timeslot,
               const TimeslotSettings& settings) noexcept
      : Port(Kind::timeslot, hub, slot), end_(end), timeslot_(timeslot), settings_(settings) {}

  void produce(Tick& tick) noexcept override;
  void consume(Tick& tick) noexcept override;
  void attach(Worker&) noexcept override { end_.out().use(timeslot_); }
  void detach(Worker&) noexcept override { end_.out().release(timeslot_); }

  void configure(const TimeslotSettings& settings) noexcept { settings_ = settings; }
  [[nodiscard]] const tdm::simulated::End& end() const noexcept { return end_; }

 private:
  [[nodiscard]] std::int64_t frame(const Tick& tick) const noexcept {
    return tick.domain->end == &end_ ? tick.frame : end_.frame();
  }

  tdm::simulated::End& end_;
  std::size_t timeslot_;
  TimeslotSettings settings_;
};

}  // namespace trunkgate::engine
