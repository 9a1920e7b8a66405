#include "worker.h"

#include "clock.h"

#include <algorithm>
#include <utility>

namespace trunkgate::engine {

namespace {
constexpr std::size_t kSignallingRing = std::size_t{1} << 20;
constexpr std::int64_t kPublishTicks = 100;
}  // namespace

Worker::Worker(Shared& shared, std::unique_ptr<net::Poller> poller, double* slot,
               const WorkerOptions& options)
    : counters(slot),
      shared_(shared),
      options_(options),
      poller_(std::move(poller)),
      signalling_(kSignallingRing),
      lanes_(options.lanes),
      chance_((options.seed + 0x9E3779B97F4A7C15U * (options.index + 1)) | 1) {}

Worker::~Worker() { stop(); }

void Worker::tick(std::int64_t now) noexcept {
  now_ = now;
  ticks_++;
  runDepartures();
  runCommands();
  runSockets();
  runSpans();
  for (Domain* domain = &domain_; domain != nullptr; domain = domain->next) runDomain(*domain);
  counters.add(WorkerCounter::ticks);
  publishDue();
  if (shared_.hub.takeSomething() && shared_.wake != nullptr) shared_.wake(shared_.context);
}

void Worker::runDepartures() noexcept {
  RtpPort* port = firstDeparture_;
  firstDeparture_ = lastDeparture_ = nullptr;
  std::size_t sent = 0;
  std::size_t errors = 0;
  while (port != nullptr) {
    RtpPort* const next = port->nextDeparture;
    port->nextDeparture = nullptr;
    port->departing = false;
    sent += port->depart(errors);
    if (threaded_) counters.departureLate(monotonicUs() - now_);
    port = next;
  }
  if (sent != 0) counters.add(WorkerCounter::packetsSent, static_cast<double>(sent));
  if (errors != 0) counters.add(WorkerCounter::sendErrors, static_cast<double>(errors));
}

void Worker::departs(RtpPort& port) noexcept {
  if (port.departing) return;
  port.departing = true;
  port.nextDeparture = nullptr;
  if (lastDeparture_ == nullptr) {
    firstDeparture_ = &port;
  } else {
    lastDeparture_->nextDeparture = &port;
  }
  lastDeparture_ = &port;
}

void Worker::runCommands() noexcept {
  std::size_t count = 0;
  while (Command** front = commands_.front()) {
    Command* const command = *front;
    if (!command->isReady(*this)) break;
    commands_.pop();
    command->run(*this);
    shared_.retired.push(command);
    count++;
  }
  if (count == 0) return;
  counters.add(WorkerCounter::commands, static_cast<double>(count));
  shared_.hub.pushSomething();
}

void Worker::runSockets() noexcept {
  const std::size_t count = poller_->poll(readable_);
  std::size_t packets = 0;
  for (std::size_t i = 0; i < count; i++) {
    const auto& tag = *static_cast<const RtpPort::Tag*>(readable_[i]);
    if (tag.rtcp) {
      tag.port->receiveRtcp(*this, now_);
    } else {
      packets += tag.port->receiveRtp(*this, now_);
    }
  }
  if (packets != 0) counters.add(WorkerCounter::packetsReceived, static_cast<double>(packets));
}

void Worker::runSpans() noexcept {
  const double nowMs = static_cast<double>(now_) / 1000;
  for (SpanRecord* span = spans_; span != nullptr; span = span->next) span->tick(*this, nowMs);
}

void Worker::runDomain(Domain& domain) noexcept {
  if (domain.end == nullptr) {
    runPhase(domain, ticks_, 0);
    return;
  }
  const unsigned steps = domain.end->steps();
  const std::int64_t last = domain.end->frame() / 8;
  for (unsigned i = 0; i < steps; i++) {
    const std::int64_t tick = last - steps + 1 + i;
    runPhase(domain, tick, tick * 8);
  }
}

void Worker::runPhase(Domain& domain, std::int64_t tick, std::int64_t frame) noexcept {
  const auto phase = static_cast<std::size_t>(tick % kPhases);
  LaneBank& bank = domain.banks[phase];
  Tick context{*this, now_, static_cast<double>(now_) / 1000, &domain, frame, bank};
  Port* const first = domain.first[phase];
  for (Port* port = first; port != nullptr; port = port->after) port->produce(context);
  runBatch(context, &LaneBank::decode, WorkerCounter::framesDecoded);
  finish(context, &Port::finishProduce);
  for (Port* port = first; port != nullptr; port = port->after) port->consume(context);
  runBatch(context, &LaneBank::encode, WorkerCounter::framesEncoded);
  finish(context, &Port::finishConsume);
}

void Worker::runBatch(Tick& tick, unsigned (LaneBank::*run)(const LanePool&) noexcept, WorkerCounter counter) noexcept {
  if (tick.waiting == nullptr) return;
  const std::int64_t begun = threaded_ ? monotonicNs() : 0;
  const unsigned frames = (tick.bank.*run)(lanes_);
  if (frames == 0) return;
  counters.add(counter, frames);
  if (threaded_) counters.add(WorkerCounter::codecUs, static_cast<double>(monotonicNs() - begun) / 1000);
}

void Worker::finish(Tick& tick, void (Port::*step)(Tick&) noexcept) noexcept {
  for (Port* port = std::exchange(tick.waiting, nullptr); port != nullptr; port = port->nextWaiting) (port->*step)(tick);
}

// Spread over the ticks: counters of ports are published by their phase, here those of spans and of the worker.
void Worker::publishDue() noexcept {
  const std::int64_t turn = ticks_ % kPublishTicks;
  if (turn == 0) {
    counters.set(WorkerCounter::ports, static_cast<double>(portCount_));
    counters.set(WorkerCounter::spans, static_cast<double>(spanCount_));
    if (threaded_) counters.set(WorkerCounter::cpuUs, static_cast<double>(threadCpuUs()));
  }
  std::int64_t at = 0;
  for (SpanRecord* span = spans_; span != nullptr; span = span->next) {
    if (at++ % kPublishTicks == turn) span->publish();
  }
}

void Worker::publish() noexcept {
  counters.set(WorkerCounter::ports, static_cast<double>(portCount_));
  counters.set(WorkerCounter::spans, static_cast<double>(spanCount_));
  for (SpanRecord* span = spans_; span != nullptr; span = span->next) span->publish();
  for (Domain* domain = &domain_; domain != nullptr; domain = domain->next) {
    for (Port* port : domain->first) {
      for (; port != nullptr; port = port->after) port->publish();
    }
  }
}

std::uint64_t Worker::wallTime(std::int64_t now) const noexcept {
  return ntpFromWallUs(now + shared_.wallOffsetUs);
}

std::uint32_t Worker::chance() noexcept {
  chance_ ^= chance_ >> 12;
  chance_ ^= chance_ << 25;
  chance_ ^= chance_ >> 27;
  return static_cast<std::uint32_t>((chance_ * 2685821657736338717U) >> 32);
}

}  // namespace trunkgate::engine
