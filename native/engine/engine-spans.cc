#include "engine.h"

namespace trunkgate::engine {

struct Engine::RetiredSpan {
  RetiredSpan(Engine& owner, std::unique_ptr<SpanEntry> retired, std::array<std::size_t, 2> places)
      : engine(&owner), entry(std::move(retired)), indices(places) {}
  RetiredSpan(RetiredSpan&& other) noexcept = default;
  RetiredSpan& operator=(RetiredSpan&&) = delete;
  ~RetiredSpan() {
    if (entry == nullptr) return;
    for (const std::size_t index : indices) engine->spans_.recycle(index);
  }
  Engine* engine;
  std::unique_ptr<SpanEntry> entry;
  std::array<std::size_t, 2> indices;
};

Outcome Engine::openSpanPair(const SpanOptions& options) {
  if (closed_) return {Code::closed};
  const std::size_t last = options.t1 ? 24 : 31;
  if (options.signallingTimeslot < 1 || options.signallingTimeslot > last) return {Code::timeslotUnavailable};
  if (options.worker >= static_cast<int>(workers_.size())) return {Code::invalid};
  if (!hasRoom()) return {Code::ringFull};
  auto entry = std::make_unique<SpanEntry>();
  entry->options = options;
  entry->worker = options.worker < 0 ? leastLoadedWorker() : static_cast<unsigned>(options.worker);
  std::array<Handle, 2> handles{};
  for (unsigned end = 0; end < 2; end++) {
    entry->ends[end] = {entry.get(), end};
    handles[end] = spans_.add(&entry->ends[end]);
    if (handles[end] == 0) return {Code::limit};
  }
  const auto slotOf = [&](Handle handle) {
    return slot(CounterPage::spans, HandleTable<SpanEntry::EndRef>::indexOf(handle), kSpanSlot);
  };
  tdm::simulated::SpanConfig config{.timeslots = last + 1, .idle = g711_idle(options.law), .signalling = {}};
  if (options.hdlc) config.signalling = options.signallingTimeslot;
  entry->record = std::make_unique<SpanRecord>(config, shared_.hub, slotOf(handles[0]), slotOf(handles[1]));
  for (unsigned end = 0; end < 2; end++) entry->record->end(end).handle = handles[end];
  SpanRecord* const record = entry->record.get();
  load_[entry->worker] += 4;
  post(entry->worker, [record](Worker& worker) noexcept { worker.addSpan(*record); });
  static_cast<void>(entry.release());  // the table's, until closeSpan
  return {.handle = handles[0], .second = handles[1]};
}

Outcome Engine::checkSpan(Handle span) const {
  if (closed_) return {Code::closed};
  return {spans_.find(span) == nullptr ? Code::staleHandle : Code::ok};
}

Outcome Engine::closeSpan(Handle span) {
  if (const Outcome checked = checkSpan(span); !checked.ok()) return checked;
  if (!hasRoom()) return {Code::ringFull};
  SpanEntry& entry = *spans_.find(span)->entry;
  for (auto& end : entry.ports) {
    for (PortRecord* port : end) {
      if (port != nullptr) removePort(*port);
    }
  }
  std::array<std::size_t, 2> indices{};
  for (unsigned end = 0; end < 2; end++) {
    const Handle handle = entry.record->end(end).handle;
    indices[end] = HandleTable<SpanEntry::EndRef>::indexOf(handle);
    spans_.release(handle);
  }
  load_[entry.worker] -= 4;
  post(entry.worker, [retired = RetiredSpan(*this, std::unique_ptr<SpanEntry>(&entry), indices)](Worker& worker) noexcept {
    worker.removeSpan(*retired.entry->record);
  });
  return {};
}

Outcome Engine::sendSignalling(Handle span, std::span<const std::uint8_t> octets) {
  if (const Outcome checked = checkSpan(span); !checked.ok()) return checked;
  const SpanEntry::EndRef& ref = *spans_.find(span);
  if (!ref.entry->options.hdlc) return {Code::notSupported};
  if (octets.size() < tdm::kMinFrameOctets || octets.size() > tdm::kMaxFrameOctets) return {Code::invalid};
  const bool put = ref.entry->record->pair().end(ref.end).outgoing().put(0, 0, octets);
  return {put ? Code::ok : Code::ringFull};
}

Outcome Engine::setFault(Handle span, const SpanFault& fault) {
  if (const Outcome checked = checkSpan(span); !checked.ok()) return checked;
  const SpanEntry::EndRef& ref = *spans_.find(span);
  if (fault.flipSignallingBit && !ref.entry->options.hdlc) return {Code::notSupported};
  if (!hasRoom()) return {Code::ringFull};
  if (fault.clockOffsetPpm) ref.entry->clockIsOff[ref.end] = *fault.clockOffsetPpm != 0;
  const std::uint64_t seed = chance();
  SpanRecord* const record = ref.entry->record.get();
  post(ref.entry->worker, [record, end = ref.end, fault, seed](Worker& worker) noexcept {
    tdm::Line& line = record->pair().end(end).out();
    if (fault.delayMs) line.setDelay(*fault.delayMs);
    if (fault.bitErrorRate) line.setBitErrors(*fault.bitErrorRate, seed);
    if (fault.flipSignallingBit) static_cast<void>(line.flip(*fault.flipSignallingBit));
    if (fault.slip) line.slip(*fault.slip);
    if (fault.alarm) line.setAlarm(*fault.alarm);
    if (fault.clockOffsetPpm) worker.setClockOffset(*record, end, *fault.clockOffsetPpm);
  });
  return {};
}

}  // namespace trunkgate::engine
