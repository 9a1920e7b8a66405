// The control side of the engine: handles in, commands to the workers, events out. Used by one thread (JavaScript's).
#pragma once

#include "../net/impaired.h"
#include "../net/memory.h"
#include "link-port.h"
#include "source.h"
#include "terminal-port.h"
#include "timeslot-port.h"
#include "worker.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trunkgate::engine {

enum class Code : std::uint8_t {
  ok,
  staleHandle,
  closed,
  notSupported,
  timeslotUnavailable,
  ringFull,
  invalid,
  limit,
  system,  ///< see Outcome::error
};

struct Outcome {
  Code code = Code::ok;
  int error = 0;  ///< errno, with Code::system
  Handle handle = 0;
  Handle second = 0;  ///< end b of a span pair
  [[nodiscard]] bool ok() const noexcept { return code == Code::ok; }
};

/// Where the counters lie: pages of kSlotsOfPage slots, zeroed, that outlive the engine's workers.
enum class CounterPage : std::uint8_t { ports, spans, workers };
using CounterMemory = std::function<double*(CounterPage page, std::size_t index, std::size_t doubles)>;

struct EngineOptions {
  bool stepped = false;
  unsigned workers = 1;
  std::vector<int> cpus;
  std::uint64_t seed = 1;
  std::int64_t startMs = 0;  ///< stepped
  bool realtime = true;
  std::uint8_t dscp = 46;
  const codec_lanes* lanes = codec_g729.lanes(0);  ///< form of the codec with lanes; null: every channel alone
  std::optional<net::PathImpairment> path;  ///< of every socket, both ways: for test phones
  CounterMemory counterMemory;
  /// Called from any worker, at most once per tick, when there is something to drain.
  void (*wake)(void* context) noexcept = nullptr;
  void* context = nullptr;
};

struct SpanOptions {
  bool t1 = false;
  g711_law law = G711_ALAW;
  std::size_t signallingTimeslot = 16;
  bool hdlc = true;
  int worker = -1;  ///< the least loaded
};

struct SpanFault {
  std::optional<unsigned> delayMs;
  std::optional<double> bitErrorRate;
  std::optional<std::uint64_t> flipSignallingBit;
  std::optional<std::int64_t> slip;
  std::optional<double> clockOffsetPpm;
  std::optional<tdm::Alarm> alarm;
};

/// What is absent stays as it is. A recording is shared with the control side.
struct TerminalSettings {
  std::unique_ptr<Source> source;
  std::unique_ptr<Sink> sink;
};

enum class EventKind : std::uint8_t {
  digit,
  tone,
  sourceLatched,
  rtpTimeout,
  rtpResumed,
  rtpReleaseDue,
  ssrcChanged,
  rtcpBye,
  faxOrModem,
  sourceFinished,
  recorderFull,
  signalling,
  signallingErrors,
  spanAlarm,
  datagram,
};

struct Event {
  EventKind kind = EventKind::digit;
  Handle handle = 0;
  double atMs = 0;
  Detected detected{};          ///< digit, tone
  Notice fax = Notice::ans;     ///< faxOrModem
  tdm::Alarm alarm = tdm::Alarm::none;
  std::uint64_t fcsErrors = 0;  ///< signallingErrors
  std::uint64_t aborts = 0;
  std::uint32_t ssrc = 0;
  rtp::Address from{};          ///< sourceLatched, datagram
  rtp::Address to{};
  std::vector<std::uint8_t> octets{};  ///< signalling, datagram
};

struct RtpAddresses {
  rtp::Address local;
  rtp::Address localRtcp;
  rtp::Address latched;  ///< family 0: not yet
  std::uint32_t ssrc = 0;
  std::int64_t remoteSsrc = -1;
};

class Engine {
 public:
  explicit Engine(EngineOptions options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] double nowMs() const noexcept;
  [[nodiscard]] bool isClosed() const noexcept { return closed_; }
  [[nodiscard]] std::size_t workerCount() const noexcept { return workers_.size(); }
  Outcome advance(unsigned ms);
  void close();
  /// Events since the last call, in the order in which they happened.
  void drain(std::vector<Event>& events);

  // engine-spans.cc
  Outcome openSpanPair(const SpanOptions& options);
  Outcome closeSpan(Handle span);
  Outcome sendSignalling(Handle span, std::span<const std::uint8_t> octets);
  Outcome setFault(Handle span, const SpanFault& fault);

  // engine-ports.cc
  Outcome openTimeslot(Handle span, std::size_t timeslot, bool clearChannel, std::optional<g711_law> law);
  Outcome configureTimeslot(Handle port, std::optional<bool> clearChannel, std::optional<g711_law> law);
  Outcome openRtp(const rtp::Address& local);
  Outcome configureRtp(Handle port, RtpSettings&& settings);
  Outcome rtpAddresses(Handle port, RtpAddresses& addresses);
  Outcome openTerminal();
  Outcome configureTerminal(Handle port, TerminalSettings&& settings);
  Outcome closePort(Handle port);
  Outcome overlayTone(Handle port, const tone_pattern* pattern);
  Outcome sendDigit(Handle port, std::uint8_t code, std::uint16_t ms);
  Outcome setGain(Handle port, std::optional<double> inwardDb, std::optional<double> outwardDb);
  Outcome setDetectors(Handle port, std::optional<Detect> dtmf, std::optional<Detect> faxModem);
  Outcome loadSound(std::span<const std::int16_t> samples);
  Outcome unloadSound(Handle sound);
  /// Null when stale.
  [[nodiscard]] SoundRef findSound(Handle sound) const;
  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<Recording> recording(Handle port) const;
  [[nodiscard]] Outcome checkPort(Handle port) const;
  [[nodiscard]] Outcome checkSpan(Handle span) const;

  // engine-joints.cc
  Outcome bridge(Handle a, Handle b, bool both);
  Outcome unbridge(Handle port);

  // stepped mode's network
  Outcome sendDatagram(const rtp::Address& from, const rtp::Address& to, std::span<const std::uint8_t> octets);
  Outcome impairNetwork(const net::Impairment& impairment);

 private:
  struct SpanEntry;

  struct PortRecord {
    std::unique_ptr<Port> port;
    Handle handle = 0;
    unsigned worker = 0;
    PortRecord* hears = nullptr;
    std::vector<PortRecord*> heardBy;
    SpanEntry* span = nullptr;  ///< of a timeslot
    unsigned end = 0;
    std::size_t timeslot = 0;
    TimeslotSettings timeslotSettings;
    std::uint32_t ssrc = 0;
    std::array<double, 2> gainDb{};
    DetectorSettings detectors;
    std::shared_ptr<Recording> recording;
    PortRecord* twin = nullptr;  ///< other end of a link
    bool hasCodec = false;       ///< memory for a codec with state
    [[nodiscard]] bool isFixed() const noexcept {
      return port->kind() == Port::Kind::timeslot || port->kind() == Port::Kind::link;
    }
  };

  struct SpanEntry {
    std::unique_ptr<SpanRecord> record;
    SpanOptions options;
    unsigned worker = 0;
    std::array<std::array<PortRecord*, tdm::kMaxSlots>, 2> ports{};
    std::array<bool, 2> clockIsOff{};
    struct EndRef {
      SpanEntry* entry = nullptr;
      unsigned end = 0;
    };
    std::array<EndRef, 2> ends;
  };

  /// What a worker is done with: freed, and its place in the table free again, when the command comes back.
  struct RetiredPort;
  struct RetiredSpan;

  [[nodiscard]] double* slot(CounterPage page, std::size_t index, std::size_t doubles);
  [[nodiscard]] unsigned leastLoadedWorker() const noexcept;
  void reclaim(Command* retired);
  void runMarks(Notifier* marked, std::vector<Event>& events);
  void portEvents(Port& port, std::vector<Event>& events);
  void spanEvents(SpanEnd& end, std::vector<Event>& events);
  void signallingEvents(Worker& worker, std::vector<Event>& events);
  [[nodiscard]] std::uint64_t chance() noexcept;

  template <class Function>
  void post(unsigned worker, Function&& function) {
    auto command = std::make_unique<FunctionCommand<Function>>(std::forward<Function>(function));
    if (workers_[worker]->post(command.get())) static_cast<void>(command.release());
  }
  /// Posts to the worker of a port, if there is room.
  template <class Function>
  Outcome command(const PortRecord& record, Function&& function) {
    if (!workers_[record.worker]->hasRoom(1)) return {Code::ringFull};
    post(record.worker, std::forward<Function>(function));
    return {};
  }

  void provideCodec(PortRecord& record, RtpSettings& settings);
  void provideLanes(unsigned worker);
  Outcome addPort(std::unique_ptr<PortRecord> record);
  [[nodiscard]] double* reservePort(PortRecord& record);
  void removePort(PortRecord& record);
  [[nodiscard]] bool hasRoom() const noexcept;

  void setHears(PortRecord& listener, PortRecord* source);
  [[nodiscard]] static bool doesHear(const PortRecord& listener, const PortRecord& source) noexcept;
  bool bringTogether(PortRecord& a, PortRecord& b);
  [[nodiscard]] bool haveOneClock(const PortRecord& a, const PortRecord& b) const noexcept;
  [[nodiscard]] static std::vector<PortRecord*> joined(PortRecord& record);
  void moveAll(const std::vector<PortRecord*>& records, unsigned worker);
  std::pair<PortRecord*, PortRecord*> openLink(PortRecord& a, PortRecord& b);
  void closeLinkIfUnused(PortRecord& link);
  void closeLink(PortRecord& link);

  EngineOptions options_;
  bool closed_ = false;
  std::int64_t nowMs_ = 0;  ///< stepped
  std::uint64_t chance_;
  Shared shared_;
  std::unique_ptr<net::Transport> transport_;
  net::MemoryTransport* memory_ = nullptr;  ///< transport_ in stepped mode
  std::vector<std::unique_ptr<Worker>> workers_;
  HandleTable<PortRecord> ports_{HandleKind::port};
  HandleTable<SpanEntry::EndRef> spans_{HandleKind::span};
  HandleTable<SoundRef> sounds_{HandleKind::sound};
  std::array<std::vector<double*>, 3> pages_;
  /// Of each worker: ports with a codec that has lanes, and groups that it was given.
  struct LaneSupply {
    std::size_t ports = 0;
    std::size_t groups = 0;
  };
  std::vector<LaneSupply> lanes_;
  std::vector<unsigned> load_;  ///< ports and spans of each worker, roughly
};

}  // namespace trunkgate::engine
