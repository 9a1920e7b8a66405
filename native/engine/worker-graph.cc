// Which ports and spans a worker runs, on which phase, and who hears whom.
#include "worker.h"

#include "timeslot-port.h"

#include <algorithm>

namespace trunkgate::engine {

namespace {
constexpr unsigned kAnyPhase = kPhases;
constexpr std::size_t kRtpLoad = 4;  // a packet sent costs what some blocks do: departures are to be spread
constexpr std::size_t kLaneLoad = 8;

std::size_t loadOf(const Port& port) noexcept {
  return (port.kind() == Port::Kind::rtp ? kRtpLoad : 1) + (port.usesLane ? kLaneLoad : 0);
}

bool isLone(const Port& port) noexcept {
  bool isHeard = false;
  port.forEachHearer([&](const Port&) { isHeard = true; });
  return port.source() == nullptr && !isHeard;
}
}  // namespace

unsigned Worker::leastLoaded(const Domain& domain) noexcept {
  return static_cast<unsigned>(std::ranges::min_element(domain.load) - domain.load.begin());
}

/// The phase whose last group of lanes is the fullest, but not full.
unsigned Worker::fullestLanes(const Domain& domain) noexcept {
  const auto best = std::ranges::max_element(domain.laned, {}, [](std::size_t count) { return count % CODEC_LANES; });
  return *best % CODEC_LANES == 0 ? leastLoaded(domain) : static_cast<unsigned>(best - domain.laned.begin());
}

void Worker::enter(Port& port, Domain& domain, unsigned phase) noexcept {
  if (phase == kAnyPhase) phase = leastLoaded(domain);
  port.domain = &domain;
  port.phase = phase;
  port.before = nullptr;
  port.after = domain.first[phase];
  if (port.after != nullptr) port.after->before = &port;
  domain.first[phase] = &port;
  domain.load[phase] += loadOf(port);
  domain.laned[phase] += port.usesLane ? 1 : 0;
}

void Worker::leave(Port& port) noexcept {
  port.leaveLanes(lanes_);
  (port.before == nullptr ? port.domain->first[port.phase] : port.before->after) = port.after;
  if (port.after != nullptr) port.after->before = port.before;
  port.domain->load[port.phase] -= loadOf(port);
  port.domain->laned[port.phase] -= port.usesLane ? 1 : 0;
  port.domain = nullptr;
}

// A port that is joined to nobody chooses the phase that has lanes free; one in a call stays where it is.
void Worker::useLane(Port& port, bool uses) noexcept {
  if (port.usesLane == uses) return;
  Domain& domain = *port.domain;
  const unsigned phase = port.phase;
  leave(port);
  port.usesLane = uses;
  enter(port, domain, uses && isLone(port) ? fullestLanes(domain) : phase);
}

void Worker::addPort(Port& port) noexcept {
  Domain* domain = &domain_;
  if (port.kind() == Port::Kind::timeslot) {
    const auto& end = static_cast<TimeslotPort&>(port).end();
    for (Domain* other = domain_.next; other != nullptr; other = other->next) {
      if (other->end == &end) domain = other;
    }
  }
  enter(port, *domain, kAnyPhase);
  port.attach(*this);
  portCount_++;
}

void Worker::removePort(Port& port) noexcept {
  if (port.kind() == Port::Kind::rtp && static_cast<RtpPort&>(port).departing) runDepartures();
  leave(port);
  port.detach(*this);
  portCount_--;
}

void Worker::connect(Port& listener, Port* source) noexcept {
  Port* const former = listener.source();
  if (former == source) return;
  listener.hear(nullptr);
  const bool listenerStays = isAnchored(listener);
  const bool sourceStays = source != nullptr && isAnchored(*source);
  const bool listenerIsLone = isLone(listener);
  listener.hear(source);
  listener.endDataCall();
  if (former != nullptr) {
    former->endDataCall();
    former->reconsider();
  }
  if (source != nullptr) {
    if (listener.domain != source->domain || listener.phase != source->phase) {
      // Who sits on a timeslot stays where it is, if it can; but a timeslot that begins a call goes to where the lanes are.
      const bool toLanes = source->usesLane && listenerIsLone && listener.domain == source->domain;
      const Port& keeper = listenerStays && !sourceStays && !toLanes ? listener : *source;
      gather(listener, *keeper.domain, keeper.phase);
    }
    source->reconsider();
  }
  listener.reconsider();
}

template <class Function>
void Worker::walk(Port& port, Function function) noexcept {
  if (port.visit == visits_) return;
  port.visit = visits_;
  function(port);
  if (port.source() != nullptr) walk(*port.source(), function);
  port.forEachHearer([&](Port& hearer) { walk(hearer, function); });
}

bool Worker::isAnchored(Port& port) noexcept {
  bool found = false;
  visits_++;
  walk(port, [&](const Port& joined) { found = found || joined.kind() == Port::Kind::timeslot; });
  return found;
}

void Worker::gather(Port& port, Domain& domain, unsigned phase) noexcept {
  visits_++;
  walk(port, [&](Port& joined) {
    if (joined.domain == &domain && joined.phase == phase) return;
    leave(joined);
    enter(joined, domain, phase);
  });
}

void Worker::addSpan(SpanRecord& span) noexcept {
  span.next = spans_;
  spans_ = &span;
  spanCount_++;
}

void Worker::removeSpan(SpanRecord& span) noexcept {
  for (unsigned end = 0; end < 2; end++) setClockOffset(span, end, 0);
  SpanRecord** link = &spans_;
  while (*link != &span) link = &(*link)->next;
  *link = span.next;
  spanCount_--;
}

// Ports on an end whose clock is off, and all that are joined to them, are run by that clock.
void Worker::setClockOffset(SpanRecord& span, unsigned end, double partsPerMillion) noexcept {
  Domain& own = span.end(end).domain;
  const bool wasOff = span.pair().end(end).clockIsOff();
  span.pair().setClockOffset(end, partsPerMillion);
  const bool isOff = span.pair().end(end).clockIsOff();
  if (wasOff == isOff) return;
  if (isOff) {
    own.next = domain_.next;
    domain_.next = &own;
  }
  Domain& from = isOff ? domain_ : own;
  Domain& to = isOff ? own : domain_;
  const auto belongs = [&](const Port& port) {
    return !isOff || (port.kind() == Port::Kind::timeslot && &static_cast<const TimeslotPort&>(port).end() == to.end);
  };
  for (unsigned phase = 0; phase < kPhases; phase++) {
    for (Port* port = from.first[phase]; port != nullptr;) {
      if (!belongs(*port)) {
        port = port->after;
        continue;
      }
      gather(*port, to, phase);
      port = from.first[phase];  // the list has changed
    }
  }
  if (!isOff) {
    Domain** link = &domain_.next;
    while (*link != &own) link = &(*link)->next;
    *link = own.next;
  }
}

}  // namespace trunkgate::engine
