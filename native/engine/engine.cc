#include "engine.h"

#include "../net/udp.h"
#include "clock.h"

#include <algorithm>
#include <utility>

namespace trunkgate::engine {

namespace {
// Wall time of a stepped engine's start, 2026-01-01: RTCP needs one.
constexpr std::int64_t kSteppedWallUs = 1'767'225'600'000'000;
constexpr std::int64_t kUsOfMs = 1000;
}  // namespace

Engine::Engine(EngineOptions options)
    : options_(std::move(options)), nowMs_(options_.startMs), chance_(options_.seed | 1) {
  shared_.wake = options_.wake;
  shared_.context = options_.context;
  std::int64_t origin = nowMs_ * kUsOfMs;
  if (options_.stepped) {
    auto memory = std::make_unique<net::MemoryTransport>(options_.seed);
    memory_ = memory.get();
    transport_ = std::move(memory);
    shared_.wallOffsetUs = kSteppedWallUs - origin;
  } else {
    transport_ = std::make_unique<net::UdpTransport>();
    origin = monotonicUs() / kUsOfMs * kUsOfMs;
    shared_.wallOffsetUs = wallUs() - monotonicUs();
  }
  if (options_.path) {
    const auto clock = [this] { return options_.stepped ? nowMs_ * kUsOfMs : monotonicUs(); };
    transport_ = std::make_unique<net::ImpairedTransport>(std::move(transport_), *options_.path, clock);
  }
  load_.resize(options_.workers);
  lanes_.resize(options_.workers);
  for (unsigned i = 0; i < options_.workers; i++) {
    const WorkerOptions worker{.index = i, .cpu = i < options_.cpus.size() ? options_.cpus[i] : -1,
                               .realtime = options_.realtime, .seed = options_.seed,
                               .lanes = options_.lanes};
    workers_.push_back(std::make_unique<Worker>(shared_, transport_->openPoller(),
                                                slot(CounterPage::workers, i, kWorkerSlot), worker));
  }
  if (options_.stepped) return;
  for (const auto& worker : workers_) worker->start(origin);
}

Engine::~Engine() { close(); }

double Engine::nowMs() const noexcept {
  return options_.stepped ? static_cast<double>(nowMs_) : static_cast<double>(monotonicUs()) / 1000;
}

Outcome Engine::advance(unsigned ms) {
  if (closed_) return {Code::closed};
  if (!options_.stepped) return {Code::notSupported};
  for (unsigned i = 0; i < ms; i++) {
    nowMs_++;
    memory_->tick(static_cast<std::uint64_t>(nowMs_));
    for (const auto& worker : workers_) worker->tick(nowMs_ * kUsOfMs);
  }
  for (const auto& worker : workers_) worker->publish();
  return {};
}

void Engine::close() {
  if (closed_) return;
  closed_ = true;
  for (const auto& worker : workers_) worker->stop();
  const auto now = static_cast<std::int64_t>(nowMs() * 1000);
  ports_.forEach([&](PortRecord& record) {
    if (record.port->kind() != Port::Kind::rtp) return;
    static_cast<RtpPort&>(*record.port).sayBye(*workers_[record.worker], now);
  });
  // Commands that never ran hold things of the tables too: run them, on this thread. One may wait for another worker's,
  // never for one that was posted after it, so every round runs some.
  const auto waits = [](const auto& worker) { return worker->hasCommands(); };
  do {
    for (const auto& worker : workers_) worker->tick(now);
  } while (std::ranges::any_of(workers_, waits));
  reclaim(shared_.retired.takeAll());
  std::vector<std::unique_ptr<PortRecord>> ports;
  ports_.forEach([&](PortRecord& record) { ports.emplace_back(&record); });
  std::vector<std::unique_ptr<SpanEntry>> spans;
  spans_.forEach([&](SpanEntry::EndRef& ref) {
    if (ref.end == 0) spans.emplace_back(ref.entry);
  });
  std::vector<std::unique_ptr<SoundRef>> sounds;
  sounds_.forEach([&](SoundRef& sound) { sounds.emplace_back(&sound); });
  ports.clear();
  workers_.clear();
}

double* Engine::slot(CounterPage page, std::size_t index, std::size_t doubles) {
  auto& pages = pages_[static_cast<std::size_t>(page)];
  const std::size_t wanted = index / kSlotsOfPage;
  while (pages.size() <= wanted) {
    pages.push_back(options_.counterMemory(page, pages.size(), kSlotsOfPage * doubles));
  }
  double* const place = pages[wanted] + index % kSlotsOfPage * doubles;
  std::fill_n(place, doubles, 0.0);
  return place;
}

unsigned Engine::leastLoadedWorker() const noexcept {
  return static_cast<unsigned>(std::ranges::min_element(load_) - load_.begin());
}

std::uint64_t Engine::chance() noexcept {
  chance_ ^= chance_ >> 12;
  chance_ ^= chance_ << 25;
  chance_ ^= chance_ >> 27;
  return chance_ * 2685821657736338717U;
}

bool Engine::hasRoom() const noexcept {
  // The largest operation moves a handful of ports; each worker has room for thousands of commands.
  return std::ranges::all_of(workers_, [](const auto& worker) { return worker->hasRoom(1024); });
}

void Engine::drain(std::vector<Event>& events) {
  // First what is to be freed, then the marks: a port that is freed has made its last mark before.
  Command* const retired = shared_.retired.takeAll();
  runMarks(shared_.hub.takeMarked(), events);
  for (const auto& worker : workers_) signallingEvents(*worker, events);
  net::Stray stray;
  while (memory_ != nullptr && memory_->takeStray(stray)) {
    Event event{.kind = EventKind::datagram, .atMs = nowMs(), .from = stray.from, .to = stray.to};
    event.octets = std::move(stray.octets);
    events.push_back(std::move(event));
  }
  std::ranges::stable_sort(events, {}, &Event::atMs);
  reclaim(retired);
}

void Engine::reclaim(Command* retired) {
  while (retired != nullptr) delete std::exchange(retired, retired->nextRetired);
}

void Engine::runMarks(Notifier* marked, std::vector<Event>& events) {
  while (marked != nullptr) {
    // The link is read before the marks are taken: afterwards a worker may use it again.
    Notifier& notifier = *std::exchange(marked, marked->nextMarked);
    if (notifier.notifierKind() == Notifier::Kind::port) {
      portEvents(static_cast<Port&>(notifier), events);
    } else {
      spanEvents(static_cast<SpanEnd&>(notifier), events);
    }
  }
}

void Engine::portEvents(Port& port, std::vector<Event>& events) {
  const std::uint32_t marks = port.takeMarks();
  const PortRecord* record = ports_.find(port.handle);
  if (record == nullptr) return;
  const auto has = [&](Notice notice) { return (marks >> static_cast<unsigned>(notice) & 1U) != 0; };
  constexpr std::array<std::pair<Notice, EventKind>, 13> kKinds{{
      {Notice::sourceLatched, EventKind::sourceLatched},
      {Notice::rtpTimeout, EventKind::rtpTimeout},
      {Notice::rtpResumed, EventKind::rtpResumed},
      {Notice::rtpReleaseDue, EventKind::rtpReleaseDue},
      {Notice::ssrcChanged, EventKind::ssrcChanged},
      {Notice::rtcpBye, EventKind::rtcpBye},
      {Notice::ans, EventKind::faxOrModem},
      {Notice::ansPhaseReversed, EventKind::faxOrModem},
      {Notice::ansam, EventKind::faxOrModem},
      {Notice::ansamPhaseReversed, EventKind::faxOrModem},
      {Notice::v21Preamble, EventKind::faxOrModem},
      {Notice::sourceFinished, EventKind::sourceFinished},
      {Notice::recorderFull, EventKind::recorderFull},
  }};
  for (const auto& [notice, kind] : kKinds) {
    if (!has(notice)) continue;
    Event event{.kind = kind, .handle = port.handle, .atMs = port.noticeAt(notice), .fax = notice};
    if (port.kind() == Port::Kind::rtp) {
      const RtpView& view = static_cast<RtpPort&>(port).view();
      event.from = view.latched();
      event.ssrc = static_cast<std::uint32_t>(view.remoteSsrc.load(std::memory_order_acquire));
    }
    events.push_back(std::move(event));
  }
  while (Detected* detected = port.detected().front()) {
    const bool tone = detected->kind == Detected::Kind::tone;
    events.push_back({.kind = tone ? EventKind::tone : EventKind::digit, .handle = port.handle,
                      .atMs = detected->atMs, .detected = *detected});
    port.detected().pop();
  }
}

void Engine::spanEvents(SpanEnd& end, std::vector<Event>& events) {
  const std::uint32_t marks = end.takeMarks();
  if (spans_.find(end.handle) == nullptr) return;
  const auto at = [&](SpanNotice notice) {
    return end.noticedAt[static_cast<std::size_t>(notice)].load(std::memory_order_acquire);
  };
  if ((marks & 1U << static_cast<unsigned>(SpanNotice::alarm)) != 0) {
    events.push_back({.kind = EventKind::spanAlarm, .handle = end.handle, .atMs = at(SpanNotice::alarm),
                      .alarm = end.alarm.load(std::memory_order_acquire)});
  }
  if ((marks & 1U << static_cast<unsigned>(SpanNotice::errors)) != 0) {
    events.push_back({.kind = EventKind::signallingErrors, .handle = end.handle,
                      .atMs = at(SpanNotice::errors),
                      .fcsErrors = end.fcsErrors.load(std::memory_order_acquire),
                      .aborts = end.aborts.load(std::memory_order_acquire)});
  }
}

void Engine::signallingEvents(Worker& worker, std::vector<Event>& events) {
  std::array<std::uint8_t, tdm::kMaxFrameOctets> octets;
  tdm::FrameRing::Taken taken;
  while (worker.signalling().take(taken, octets)) {
    if (spans_.find(taken.tag) == nullptr) continue;
    Event event{.kind = EventKind::signalling, .handle = taken.tag,
                .atMs = static_cast<double>(taken.at) / 1000};
    event.octets.assign(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(taken.octets));
    events.push_back(std::move(event));
  }
}

Outcome Engine::sendDatagram(const rtp::Address& from, const rtp::Address& to,
                             std::span<const std::uint8_t> octets) {
  if (closed_) return {Code::closed};
  if (memory_ == nullptr) return {Code::notSupported};
  memory_->send(from, to, octets);
  return {};
}

Outcome Engine::impairNetwork(const net::Impairment& impairment) {
  if (closed_) return {Code::closed};
  if (memory_ == nullptr) return {Code::notSupported};
  memory_->impair(impairment);
  return {};
}

}  // namespace trunkgate::engine
