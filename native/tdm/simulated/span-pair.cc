#include "span-pair.h"

#include <cmath>

namespace trunkgate::tdm::simulated {

struct SpanPair::Sink {
  Receiver& receiver;
  unsigned end;
  void frame(std::span<const std::uint8_t> octets) noexcept { receiver.signalling(end, octets); }
};

SpanPair::SpanPair(const SpanConfig& config)
    : config_(config),
      lines_{Line(config.timeslots, config.idle), Line(config.timeslots, config.idle)},
      ends_{End(), End()} {
  for (unsigned which = 0; which < 2; which++) {
    ends_[which].out_ = &lines_[which];
    ends_[which].in_ = &lines_[1 - which];
    if (config.signalling) {
      lines_[which].use(*config.signalling);
      lines_[which].countBits(*config.signalling);
    }
  }
}

void SpanPair::tick(Receiver& receiver) noexcept {
  const bool drifting = ends_[0].offset_ != 0 || ends_[1].offset_ != 0;
  for (End& end : ends_) {
    end.steps_ = 1;
    if (end.offset_ == 0) continue;
    const double before = std::floor(end.gained_ / 8);
    end.gained_ += end.offset_;
    end.steps_ = static_cast<unsigned>(1 + static_cast<int>(std::floor(end.gained_ / 8) - before));
  }
  if (drifting) {
    lines_[0].drift(ends_[0].gained_ - ends_[1].gained_);
    lines_[1].drift(ends_[1].gained_ - ends_[0].gained_);
  }
  watchAlarms(receiver);
  for (unsigned which = 0; which < 2; which++) {
    for (unsigned i = 0; i < ends_[which].steps_; i++) step(which, receiver);
  }
}

void SpanPair::step(unsigned which, Receiver& receiver) noexcept {
  End& end = ends_[which];
  end.tick_++;
  end.out_->writerAt(end.frame());
  end.in_->readerAt(end.frame());
  if (!config_.signalling) return;
  TickOctets octets;
  end.transmitter_.fill(end.outgoing_, octets);
  end.out_->write(*config_.signalling, end.frame(), octets);
  end.in_->read(*config_.signalling, end.frame(), octets);
  const HdlcCounters& counters = end.receiver_.counters();
  const std::uint64_t before = counters.fcsErrors + counters.aborts;
  Sink sink{receiver, which};
  end.receiver_.receive(octets, sink);
  if (counters.fcsErrors + counters.aborts != before) receiver.errors(which);
}

void SpanPair::watchAlarms(Receiver& receiver) noexcept {
  for (unsigned which = 0; which < 2; which++) {
    End& end = ends_[which];
    const Alarm fault = end.in_->alarm();
    // An end that has lost the signal tells the other (G.706 §4, I.431 §5.4.2).
    const Alarm there = ends_[1 - which].in_->alarm();
    const bool told = fault == Alarm::none && (there == Alarm::los || there == Alarm::ais);
    const Alarm now = told ? Alarm::rai : fault;
    if (now == Alarm::los) end.losTicks_++;
    if (now == end.alarm_) continue;
    end.alarm_ = now;
    receiver.alarm(which, now);
  }
}

void SpanPair::setClockOffset(unsigned end, double partsPerMillion) noexcept {
  ends_[end].offset_ = partsPerMillion * 8e-6;
}

}  // namespace trunkgate::tdm::simulated
