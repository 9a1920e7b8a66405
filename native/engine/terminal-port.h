// A terminal: a source and a sink of sound.
#pragma once

#include "port.h"
#include "sink.h"
#include "source.h"

namespace trunkgate::engine {

class TerminalPort final : public Port {
 public:
  TerminalPort(EventHub& hub, double* slot) : Port(Kind::terminal, hub, slot), source_(makeSilence(G711_ALAW)), sink_(std::make_unique<Sink>()) {}

  void produce(Tick& tick) noexcept override;
  void consume(Tick& tick) noexcept override;
  void publish() noexcept override;

  /// The old one is given back, for the control side to free.
  void swapSource(std::unique_ptr<Source>& source) noexcept;
  void swapSink(std::unique_ptr<Sink>& sink) noexcept { sink_.swap(sink); }

 private:
  std::unique_ptr<Source> source_;
  std::unique_ptr<Sink> sink_;
  Block heard_;
  std::uint64_t digits_ = 0;
  bool ended_ = false;
};

}  // namespace trunkgate::engine
