#include "terminal-port.h"

namespace trunkgate::engine {

void TerminalPort::swapSource(std::unique_ptr<Source>& source) noexcept {
  source_.swap(source);
  ended_ = false;
}

void TerminalPort::produce(Tick& tick) noexcept {
  if (ended_) {
    inward_.idle(G711_ALAW);
  } else if (!source_->fill(inward_, heard_)) {
    ended_ = true;
    notify(Notice::sourceFinished, tick.nowMs);
  }
  finishInward(tick);
}

void TerminalPort::consume(Tick& tick) noexcept {
  const Block* out = outward(tick);
  if (out == nullptr) {
    heard_.idle(G711_ALAW);
    return;
  }
  heard_ = *out;
  Sink& sink = *sink_;
  if (sink.recording != nullptr && !sink.recordingFull && !sink.recording->add(heard_.asSamples())) {
    sink.recordingFull = true;
    notify(Notice::recorderFull, tick.nowMs);
  }
  double durationMs = 0;
  if (sink.collectDigits && sink.dtmf.listen(heard_, durationMs)) {
    digits_++;
    report({.code = sink.dtmf.digit().code, .durationMs = durationMs, .atMs = tick.nowMs});
  }
  for (ToneDetector& tone : sink.tones) {
    if (tone.listen(heard_)) {
      report({.kind = Detected::Kind::tone, .present = tone.present(),
              .frequency = tone.frequency(), .atMs = tick.nowMs});
    }
  }
  if (sink.checkPrbs) {
    Octets octets;
    static_cast<void>(heard_.asOctets(G711_ALAW, octets));
    sink.prbs.check(octets);
  }
}

void TerminalPort::publish() noexcept {
  Port::publish();
  if (digits_ > 0) counters.set(PortCounter::digitsDetected, static_cast<double>(digits_));
  counters.set(PortCounter::prbsBits, static_cast<double>(sink_->prbs.bits()));
  counters.set(PortCounter::prbsErrors, static_cast<double>(sink_->prbs.errors()));
  counters.set(PortCounter::recordedMs,
               sink_->recording == nullptr ? 0 : static_cast<double>(sink_->recording->length()) / 8);
}

}  // namespace trunkgate::engine
