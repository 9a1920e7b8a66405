// A worker: runs its ports, spans and sockets, a millisecond at a time. It takes no lock, allocates nothing and never waits
// for anybody.
//
// A tick, in this order: what the last tick made departs; commands; sockets are drained; spans (signalling, clocks); the ports of the
// phase that is due: all produce, then all consume.
#pragma once

#include "../net/transport.h"
#include "command.h"
#include "counters.h"
#include "events.h"
#include "port.h"
#include "ring.h"
#include "rtp-port.h"
#include "span-record.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace trunkgate::engine {

/// What all workers of an engine share.
struct Shared {
  EventHub hub;
  Stack<Command, &Command::nextRetired> retired;
  std::int64_t wallOffsetUs = 0;  ///< wall time minus the engine's clock
  void (*wake)(void* context) noexcept = nullptr;
  void* context = nullptr;
};

struct WorkerOptions {
  unsigned index = 0;
  int cpu = -1;  ///< not pinned
  bool realtime = true;
  std::uint64_t seed = 1;
  const codec_lanes* lanes = nullptr;  ///< form of the codec with lanes
};

class Worker {
 public:
  Worker(Shared& shared, std::unique_ptr<net::Poller> poller, double* slot, const WorkerOptions& options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // ---- control side --------------------------------------------------------------------------
  /// Room for this many commands.
  [[nodiscard]] bool hasRoom(std::size_t commands) const noexcept { return commands_.room() >= commands; }
  bool post(Command* command) noexcept { return commands_.put(command); }
  /// Commands wait; after stop.
  [[nodiscard]] bool hasCommands() noexcept { return commands_.front() != nullptr; }
  /// Threaded mode. `origin`: the instant of tick 0, us of CLOCK_MONOTONIC.
  void start(std::int64_t origin);
  void stop() noexcept;
  /// Stepped mode, or after stop: one tick at `now`.
  void tick(std::int64_t now) noexcept;
  /// All counters to the shared block; stepped mode or after stop.
  void publish() noexcept;
  [[nodiscard]] tdm::FrameRing& signalling() noexcept { return signalling_; }

  // ---- run within a tick -----------------------------------------------------------------------
  [[nodiscard]] unsigned index() const noexcept { return options_.index; }
  [[nodiscard]] net::Poller& poller() noexcept { return *poller_; }
  [[nodiscard]] net::Batch& batch() noexcept { return batch_; }
  [[nodiscard]] EventHub& hub() noexcept { return shared_.hub; }
  [[nodiscard]] std::int64_t now() const noexcept { return now_; }
  [[nodiscard]] std::uint64_t wallTime(std::int64_t now) const noexcept;
  [[nodiscard]] std::uint32_t chance() noexcept;
  void departs(RtpPort& port) noexcept;
  [[nodiscard]] LanePool& lanes() noexcept { return lanes_; }

  void addPort(Port& port) noexcept;
  void removePort(Port& port) noexcept;
  /// `listener` hears `source` (or nobody) from now on; both come to share clock and phase.
  void connect(Port& listener, Port* source) noexcept;
  /// The port has taken up, or given up, a codec with lanes.
  void useLane(Port& port, bool uses) noexcept;
  void addSpan(SpanRecord& span) noexcept;
  void removeSpan(SpanRecord& span) noexcept;
  void setClockOffset(SpanRecord& span, unsigned end, double partsPerMillion) noexcept;

  WorkerCounters counters;

 private:
  void run(std::int64_t origin) noexcept;
  void prepareThread() noexcept;
  void runDepartures() noexcept;
  void runCommands() noexcept;
  void runSockets() noexcept;
  void runSpans() noexcept;
  void runDomain(Domain& domain) noexcept;
  void runPhase(Domain& domain, std::int64_t tick, std::int64_t frame) noexcept;
  void runBatch(Tick& tick, unsigned (LaneBank::*run)(const LanePool&) noexcept, WorkerCounter counter) noexcept;
  static void finish(Tick& tick, void (Port::*step)(Tick&) noexcept) noexcept;
  void publishDue() noexcept;

  void enter(Port& port, Domain& domain, unsigned phase) noexcept;
  void leave(Port& port) noexcept;
  /// Brings a port and all that are joined to it to a clock and a phase.
  void gather(Port& port, Domain& domain, unsigned phase) noexcept;
  /// Joined, directly or not, to a timeslot.
  [[nodiscard]] bool isAnchored(Port& port) noexcept;
  /// Once for each of the ports joined to this one, itself included.
  template <class Function>
  void walk(Port& port, Function function) noexcept;
  [[nodiscard]] static unsigned leastLoaded(const Domain& domain) noexcept;
  [[nodiscard]] static unsigned fullestLanes(const Domain& domain) noexcept;

  Shared& shared_;
  WorkerOptions options_;
  std::unique_ptr<net::Poller> poller_;
  Ring<Command*, 16384> commands_;
  tdm::FrameRing signalling_;
  LanePool lanes_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  bool threaded_ = false;

  std::int64_t now_ = 0;
  std::int64_t ticks_ = 0;
  std::uint64_t chance_;
  std::uint32_t visits_ = 0;
  Domain domain_;               ///< clock of the worker; first of the list of domains
  SpanRecord* spans_ = nullptr;
  std::size_t spanCount_ = 0;
  std::size_t portCount_ = 0;
  RtpPort* firstDeparture_ = nullptr;
  RtpPort* lastDeparture_ = nullptr;
  net::Batch batch_;
  std::array<void*, 512> readable_;
};

}  // namespace trunkgate::engine
