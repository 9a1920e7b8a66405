// A pair of crossed simulated spans: what end a sends, end b receives, and the other way round.
#pragma once

#include "../hdlc.h"
#include "../line.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace trunkgate::tdm::simulated {

struct SpanConfig {
  std::size_t timeslots = 32;            ///< of a frame: 32 (E1, 0 is framing) or 25 (T1, 1 to 24; 0 unused)
  std::uint8_t idle = 0xD5;              ///< octet of a timeslot nobody uses
  std::optional<std::size_t> signalling; ///< timeslot with HDLC, if any
};

/// Takes what an end receives. `end` is 0 (a) or 1 (b).
class Receiver {
 public:
  virtual void signalling(unsigned end, std::span<const std::uint8_t> frame) noexcept = 0;
  virtual void alarm(unsigned end, Alarm alarm) noexcept = 0;
  virtual void errors(unsigned end) noexcept = 0;

 protected:
  ~Receiver() = default;
};

/// One end, with a clock of its own. Its local tick is 1 ms by that clock; a local tick with number m writes frames from
/// 8 m on.
class End {
 public:
  [[nodiscard]] std::int64_t frame() const noexcept { return tick_ * 8; }
  /// Local ticks of the present tick of the engine: 1, or now and then 0 or 2 when the clock is off.
  [[nodiscard]] unsigned steps() const noexcept { return steps_; }
  [[nodiscard]] bool clockIsOff() const noexcept { return offset_ != 0; }
  [[nodiscard]] Line& out() noexcept { return *out_; }
  [[nodiscard]] Line& in() noexcept { return *in_; }
  [[nodiscard]] FrameRing& outgoing() noexcept { return outgoing_; }
  [[nodiscard]] const HdlcTransmitter& transmitter() const noexcept { return transmitter_; }
  [[nodiscard]] const HdlcCounters& received() const noexcept { return receiver_.counters(); }
  [[nodiscard]] Alarm alarm() const noexcept { return alarm_; }
  [[nodiscard]] std::uint64_t losTicks() const noexcept { return losTicks_; }

 private:
  friend class SpanPair;
  End() : outgoing_(65536) {}

  FrameRing outgoing_;
  Line* out_ = nullptr;
  Line* in_ = nullptr;
  HdlcTransmitter transmitter_;
  HdlcReceiver receiver_;
  std::int64_t tick_ = 0;
  double gained_ = 0;  ///< frames that the clock is ahead of the engine's
  double offset_ = 0;  ///< frames gained in a tick
  std::uint64_t losTicks_ = 0;
  unsigned steps_ = 1;
  Alarm alarm_ = Alarm::none;
};

class SpanPair {
 public:
  explicit SpanPair(const SpanConfig& config);

  [[nodiscard]] End& end(unsigned which) noexcept { return ends_[which]; }
  [[nodiscard]] const SpanConfig& config() const noexcept { return config_; }

  /// One tick of the engine: moves the clocks on, lays idle octets, sends and receives signalling. Ports come afterwards.
  void tick(Receiver& receiver) noexcept;

  /// The end's clock runs this much faster than the engine's.
  void setClockOffset(unsigned end, double partsPerMillion) noexcept;

 private:
  struct Sink;
  void step(unsigned which, Receiver& receiver) noexcept;
  void watchAlarms(Receiver& receiver) noexcept;

  SpanConfig config_;
  std::array<Line, 2> lines_;  ///< [0]: from a to b
  std::array<End, 2> ends_;
};

}  // namespace trunkgate::tdm::simulated
