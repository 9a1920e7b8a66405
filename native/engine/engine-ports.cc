#include "engine.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace trunkgate::engine {

namespace {

constexpr std::uint16_t kFirstFreePort = 16384;
constexpr std::uint16_t kPortPairs = 8192;

// RFC 7022 §4.2: 96 random bits.
std::string randomCname(std::uint64_t high, std::uint64_t low) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string name;
  for (int i = 0; i < 16; i++) name += kDigits[high >> (4 * i) & 15];
  for (int i = 0; i < 8; i++) name += kDigits[low >> (4 * i) & 15];
  return name;
}

}  // namespace

struct Engine::RetiredPort {
  RetiredPort(Engine& owner, std::unique_ptr<PortRecord> retired)
      : engine(&owner), record(std::move(retired)) {}
  RetiredPort(RetiredPort&& other) noexcept = default;
  RetiredPort& operator=(RetiredPort&&) = delete;
  ~RetiredPort() {
    if (record != nullptr) engine->ports_.recycle(HandleTable<PortRecord>::indexOf(record->handle));
  }
  Engine* engine;
  std::unique_ptr<PortRecord> record;
};

Outcome Engine::checkPort(Handle port) const {
  if (closed_) return {Code::closed};
  return {ports_.find(port) == nullptr ? Code::staleHandle : Code::ok};
}

/// Takes a handle and its counters; null when there are no more.
double* Engine::reservePort(PortRecord& record) {
  record.handle = ports_.add(&record);
  if (record.handle == 0) return nullptr;
  return slot(CounterPage::ports, HandleTable<PortRecord>::indexOf(record.handle), kPortSlot);
}

Outcome Engine::addPort(std::unique_ptr<PortRecord> record) {
  Port* const port = record->port.get();
  port->handle = record->handle;
  port->owner.store(record->worker, std::memory_order_release);
  load_[record->worker]++;
  post(record->worker, [port](Worker& worker) noexcept { worker.addPort(*port); });
  return {.handle = record.release()->handle};  // the table's, until removePort
}

void Engine::removePort(PortRecord& record) {
  setHears(record, nullptr);
  while (!record.heardBy.empty()) {
    PortRecord& listener = *record.heardBy.back();
    if (listener.twin != nullptr) {
      closeLink(listener);
    } else {
      setHears(listener, nullptr);
    }
  }
  if (record.span != nullptr) record.span->ports[record.end][record.timeslot] = nullptr;
  ports_.release(record.handle);
  load_[record.worker]--;
  if (record.hasCodec) lanes_[record.worker].ports--;
  post(record.worker, [retired = RetiredPort(*this, std::unique_ptr<PortRecord>(&record))](Worker& worker) noexcept {
    Port& port = *retired.record->port;
    if (port.kind() == Port::Kind::rtp) static_cast<RtpPort&>(port).sayBye(worker, worker.now());
    worker.removePort(port);
  });
}

Outcome Engine::openTimeslot(Handle span, std::size_t timeslot, bool clearChannel,
                             std::optional<g711_law> law) {
  if (const Outcome checked = checkSpan(span); !checked.ok()) return checked;
  if (!hasRoom()) return {Code::ringFull};
  const SpanEntry::EndRef& ref = *spans_.find(span);
  SpanEntry& entry = *ref.entry;
  const std::size_t last = entry.options.t1 ? 24 : 31;
  const bool signalling = entry.options.hdlc && timeslot == entry.options.signallingTimeslot;
  if (timeslot < 1 || timeslot > last || signalling || entry.ports[ref.end][timeslot] != nullptr) {
    return {Code::timeslotUnavailable};
  }
  auto record = std::make_unique<PortRecord>();
  double* const counters = reservePort(*record);
  if (counters == nullptr) return {Code::limit};
  record->worker = entry.worker;
  record->span = &entry;
  record->end = ref.end;
  record->timeslot = timeslot;
  record->timeslotSettings = {clearChannel, law.value_or(entry.options.law)};
  record->port = std::make_unique<TimeslotPort>(shared_.hub, counters, entry.record->pair().end(ref.end),
                                                timeslot, record->timeslotSettings);
  entry.ports[ref.end][timeslot] = record.get();
  return addPort(std::move(record));
}

Outcome Engine::configureTimeslot(Handle handle, std::optional<bool> clearChannel,
                                  std::optional<g711_law> law) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  PortRecord& record = *ports_.find(handle);
  if (record.port->kind() != Port::Kind::timeslot) return {Code::notSupported};
  TimeslotSettings settings = record.timeslotSettings;
  settings.clearChannel = clearChannel.value_or(settings.clearChannel);
  settings.law = law.value_or(settings.law);
  record.timeslotSettings = settings;
  auto& port = static_cast<TimeslotPort&>(*record.port);
  return command(record, [&port, settings](Worker&) noexcept { port.configure(settings); });
}

Outcome Engine::openRtp(const rtp::Address& local) {
  if (closed_) return {Code::closed};
  if (!hasRoom()) return {Code::ringFull};
  net::Opened rtp;
  net::Opened rtcp;
  rtp::Address address = local;
  // Port 0: any free even port with its neighbour (RFC 3550 §11).
  for (unsigned attempt = 0; attempt < (local.port == 0 ? 64U : 1U); attempt++) {
    if (local.port == 0) {
      address.port = static_cast<std::uint16_t>(kFirstFreePort + 2 * (chance() % kPortPairs));
    }
    rtp = transport_->open(address, options_.dscp);
    if (rtp.socket == nullptr) continue;
    rtp::Address neighbour = rtp.socket->local();
    neighbour.port = static_cast<std::uint16_t>(neighbour.port + 1);
    rtcp = transport_->open(neighbour, options_.dscp);
    if (rtcp.socket != nullptr) break;
  }
  if (rtp.socket == nullptr) return {.code = Code::system, .error = rtp.error};
  if (rtcp.socket == nullptr) return {.code = Code::system, .error = rtcp.error};
  auto record = std::make_unique<PortRecord>();
  double* const counters = reservePort(*record);
  if (counters == nullptr) return {Code::limit};
  record->worker = leastLoadedWorker();
  record->ssrc = static_cast<std::uint32_t>(chance());
  const RtpIdentity identity{.ssrc = record->ssrc, .timestamp = static_cast<std::uint32_t>(chance()),
                             .sequence = static_cast<std::uint16_t>(chance()),
                             .cname = randomCname(chance(), chance())};
  record->port = std::make_unique<RtpPort>(shared_.hub, counters, std::move(rtp.socket),
                                           std::move(rtcp.socket), identity);
  return addPort(std::move(record));
}

Outcome Engine::configureRtp(Handle handle, RtpSettings&& settings) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  PortRecord& record = *ports_.find(handle);
  if (record.port->kind() != Port::Kind::rtp) return {Code::notSupported};
  if (settings.ssrc) record.ssrc = *settings.ssrc;
  provideCodec(record, settings);
  auto& port = static_cast<RtpPort&>(*record.port);
  return command(record, [&port, settings = std::move(settings)](Worker& worker) mutable noexcept {
    port.configure(settings, worker, worker.now());
    if (port.source() != nullptr) port.source()->reconsider();
  });
}

/// State for the codecs of a port, once, and lanes for its worker.
void Engine::provideCodec(PortRecord& record, RtpSettings& settings) {
  if (record.hasCodec) return;
  const auto hasState = [](const codec* row) { return row != nullptr && row->encoder_size + row->decoder_size > 0; };
  const bool receives = settings.receive && std::ranges::any_of(*settings.receive, hasState);
  if (!receives && (!settings.send || !hasState(settings.send->row))) return;
  record.hasCodec = true;
  settings.encoder = makeCodecMemory(largestEncoder());
  settings.decoder = makeCodecMemory(largestDecoder());
  provideLanes(record.worker);
}

/// So many groups that every phase may have one that is not full. A port without one does without: it stays alone.
void Engine::provideLanes(unsigned worker) {
  if (options_.lanes == nullptr) return;
  LaneSupply& supply = lanes_[worker];
  supply.ports++;
  const std::size_t wanted = supply.ports / CODEC_LANES + std::min<std::size_t>(supply.ports, kPhases);
  for (; supply.groups < wanted; supply.groups++) {
    auto group = std::make_unique<LaneGroup>(*options_.lanes);
    post(worker, [group = std::move(group)](Worker& to) mutable noexcept { to.lanes().add(group.release()); });
  }
}

Outcome Engine::rtpAddresses(Handle handle, RtpAddresses& addresses) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  const PortRecord& record = *ports_.find(handle);
  if (record.port->kind() != Port::Kind::rtp) return {Code::notSupported};
  const auto& port = static_cast<const RtpPort&>(*record.port);
  addresses = {port.localRtp(), port.localRtcp(), port.view().latched(), record.ssrc,
               port.view().remoteSsrc.load(std::memory_order_acquire)};
  return {};
}

Outcome Engine::openTerminal() {
  if (closed_) return {Code::closed};
  if (!hasRoom()) return {Code::ringFull};
  auto record = std::make_unique<PortRecord>();
  double* const counters = reservePort(*record);
  if (counters == nullptr) return {Code::limit};
  record->worker = leastLoadedWorker();
  record->port = std::make_unique<TerminalPort>(shared_.hub, counters);
  return addPort(std::move(record));
}

Outcome Engine::configureTerminal(Handle handle, TerminalSettings&& settings) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  PortRecord& record = *ports_.find(handle);
  if (record.port->kind() != Port::Kind::terminal) return {Code::notSupported};
  if (settings.sink != nullptr) record.recording = settings.sink->recording;
  auto& port = static_cast<TerminalPort&>(*record.port);
  return command(record, [&port, settings = std::move(settings)](Worker&) mutable noexcept {
    if (settings.source != nullptr) port.swapSource(settings.source);
    if (settings.sink != nullptr) port.swapSink(settings.sink);
  });
}

Outcome Engine::closePort(Handle handle) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  if (!hasRoom()) return {Code::ringFull};
  removePort(*ports_.find(handle));
  return {};
}

Outcome Engine::overlayTone(Handle handle, const tone_pattern* pattern) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  const PortRecord& record = *ports_.find(handle);
  std::optional<tone_pattern> tone;
  if (pattern != nullptr) tone = *pattern;
  return command(record, [port = record.port.get(), tone](Worker&) noexcept {
    port->setOverlay(tone ? &*tone : nullptr);
  });
}

Outcome Engine::sendDigit(Handle handle, std::uint8_t code, std::uint16_t ms) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  const PortRecord& record = *ports_.find(handle);
  return command(record, [port = record.port.get(), code, ms](Worker&) noexcept {
    static_cast<void>(port->queueDigit(code, ms));
  });
}

Outcome Engine::setGain(Handle handle, std::optional<double> inwardDb, std::optional<double> outwardDb) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  PortRecord& record = *ports_.find(handle);
  record.gainDb = {inwardDb.value_or(record.gainDb[0]), outwardDb.value_or(record.gainDb[1])};
  const std::int32_t inward = gainFromDb(record.gainDb[0]);
  const std::int32_t outward = gainFromDb(record.gainDb[1]);
  return command(record, [port = record.port.get(), inward, outward](Worker&) noexcept {
    port->setGain(inward, outward);
  });
}

Outcome Engine::setDetectors(Handle handle, std::optional<Detect> dtmf, std::optional<Detect> faxModem) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  PortRecord& record = *ports_.find(handle);
  record.detectors = {dtmf.value_or(record.detectors.dtmf), faxModem.value_or(record.detectors.faxModem)};
  return command(record, [port = record.port.get(), detectors = record.detectors](Worker&) noexcept {
    port->setDetectors(detectors);
  });
}

Outcome Engine::loadSound(std::span<const std::int16_t> samples) {
  if (closed_) return {Code::closed};
  if (samples.empty()) return {Code::invalid};
  auto sound = std::make_unique<SoundRef>(std::make_shared<const Sound>(samples.begin(), samples.end()));
  const Handle handle = sounds_.add(sound.get());
  if (handle == 0) return {Code::limit};
  static_cast<void>(sound.release());  // the table's, until unloadSound
  return {.handle = handle};
}

Outcome Engine::unloadSound(Handle handle) {
  if (closed_) return {Code::closed};
  const std::unique_ptr<SoundRef> sound(sounds_.find(handle));
  if (sound == nullptr) return {Code::staleHandle};
  sounds_.release(handle);
  sounds_.recycle(HandleTable<SoundRef>::indexOf(handle));
  return {};
}

SoundRef Engine::findSound(Handle handle) const {
  const SoundRef* sound = sounds_.find(handle);
  return sound == nullptr ? nullptr : *sound;
}

std::shared_ptr<Recording> Engine::recording(Handle handle) const {
  const PortRecord* record = ports_.find(handle);
  return record == nullptr ? nullptr : record->recording;
}

}  // namespace trunkgate::engine
