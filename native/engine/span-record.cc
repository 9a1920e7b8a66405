#include "span-record.h"

#include "worker.h"

namespace trunkgate::engine {

SpanRecord::SpanRecord(const tdm::simulated::SpanConfig& config, EventHub& hub, double* slotA,
                       double* slotB)
    : pair_(config), ends_{SpanEnd(hub, slotA), SpanEnd(hub, slotB)} {
  for (unsigned which = 0; which < 2; which++) ends_[which].domain.end = &pair_.end(which);
}

void SpanRecord::tick(Worker& worker, double nowMs) noexcept {
  worker_ = &worker;
  nowMs_ = nowMs;
  pair_.tick(*this);
}

void SpanRecord::signalling(unsigned end, std::span<const std::uint8_t> frame) noexcept {
  if (!worker_->signalling().put(ends_[end].handle, static_cast<std::int64_t>(nowMs_ * 1000), frame)) {
    ends_[end].framesLost.fetch_add(1, std::memory_order_relaxed);
    worker_->counters.add(WorkerCounter::framesLost);
  }
  worker_->hub().pushSomething();
}

void SpanRecord::alarm(unsigned end, tdm::Alarm alarm) noexcept {
  ends_[end].alarm.store(alarm, std::memory_order_release);
  notify(end, SpanNotice::alarm);
}

void SpanRecord::errors(unsigned end) noexcept {
  const tdm::HdlcCounters& received = pair_.end(end).received();
  ends_[end].fcsErrors.store(received.fcsErrors, std::memory_order_release);
  ends_[end].aborts.store(received.aborts, std::memory_order_release);
  notify(end, SpanNotice::errors);
}

void SpanRecord::notify(unsigned end, SpanNotice notice) noexcept {
  ends_[end].noticedAt[static_cast<std::size_t>(notice)].store(nowMs_, std::memory_order_release);
  ends_[end].mark(1U << static_cast<unsigned>(notice));
}

void SpanRecord::publish() noexcept {
  for (unsigned which = 0; which < 2; which++) {
    tdm::simulated::End& end = pair_.end(which);
    SpanCounters& counters = ends_[which].counters;
    const auto set = [&](SpanCounter name, auto value) { counters.set(name, static_cast<double>(value)); };
    const tdm::HdlcCounters& received = end.received();
    set(SpanCounter::framesSent, end.transmitter().frames());
    set(SpanCounter::signallingOctetsSent, end.transmitter().octets());
    set(SpanCounter::framesReceived, received.frames);
    set(SpanCounter::signallingOctetsReceived, received.octets);
    set(SpanCounter::fcsErrors, received.fcsErrors);
    set(SpanCounter::aborts, received.aborts);
    set(SpanCounter::shortFrames, received.tooShort);
    set(SpanCounter::longFrames, received.tooLong);
    set(SpanCounter::unalignedFrames, received.unaligned);
    set(SpanCounter::framesLost, ends_[which].framesLost.load(std::memory_order_relaxed));
    // Slips and bit errors of what this end receives.
    set(SpanCounter::slipsDropped, end.in().dropped());
    set(SpanCounter::slipsRepeated, end.in().repeated());
    set(SpanCounter::bitErrorsInjected, end.in().bitErrors());
    set(SpanCounter::losSeconds, static_cast<double>(end.losTicks()) / 1000);
  }
}

}  // namespace trunkgate::engine
