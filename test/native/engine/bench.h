// A small world for the engine's tests: a stepped engine, a far RTP party that is a few lines, and what happened.
#pragma once

#include "../harness.h"

#include "engine/engine.h"
#include "net/address.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace trunkgate::engine::test {

using Bytes = std::vector<std::uint8_t>;

inline rtp::Address at(const char* text, std::uint16_t port) {
  rtp::Address address;
  static_cast<void>(net::parseAddress(text, port, address));
  return address;
}

/// Memory for counters, as the binding gives it.
class Pages {
 public:
  CounterMemory memory() {
    return [this](CounterPage page, std::size_t index, std::size_t doubles) {
      auto& place = pages_[{static_cast<int>(page), index}];
      place = std::make_unique<double[]>(doubles);
      return place.get();
    };
  }
  double port(Handle handle, PortCounter name) { return slot(CounterPage::ports, handle, kPortSlot)[static_cast<std::size_t>(name)]; }
  double span(Handle handle, SpanCounter name) { return slot(CounterPage::spans, handle, kSpanSlot)[static_cast<std::size_t>(name)]; }
  double worker(std::size_t index, WorkerCounter name) { return slot(CounterPage::workers, index, kWorkerSlot)[static_cast<std::size_t>(name)]; }
  double* slot(CounterPage page, Handle handle, std::size_t size) {
    const std::size_t index = HandleTable<int>::indexOf(handle);
    return pages_[{static_cast<int>(page), index / kSlotsOfPage}].get() + index % kSlotsOfPage * size;
  }

 private:
  std::map<std::pair<int, std::size_t>, std::unique_ptr<double[]>> pages_;
};

struct World {
  explicit World(unsigned workers = 1, const codec_lanes* lanes = codec_g729.lanes(0)) : engine(options(workers, lanes)) {}
  EngineOptions options(unsigned workers, const codec_lanes* lanes) {
    EngineOptions made;
    made.stepped = true;
    made.workers = workers;
    made.lanes = lanes;
    made.counterMemory = pages.memory();
    return made;
  }
  /// Runs and keeps the events.
  void run(unsigned ms) {
    REQUIRE(engine.advance(ms).ok());
    engine.drain(events);
  }
  std::pair<Handle, Handle> e1(int worker = -1, bool hdlc = true) {
    SpanOptions span;
    span.worker = worker;
    span.hdlc = hdlc;
    const Outcome outcome = engine.openSpanPair(span);
    return {outcome.handle, outcome.second};
  }
  Handle timeslot(Handle span, std::size_t number, bool clear = false) {
    return engine.openTimeslot(span, number, clear, {}).handle;
  }
  Handle terminal(std::unique_ptr<Source> source, std::unique_ptr<Sink> sink = nullptr) {
    const Handle port = engine.openTerminal().handle;
    TerminalSettings settings{std::move(source), std::move(sink)};
    static_cast<void>(engine.configureTerminal(port, std::move(settings)));
    return port;
  }
  Handle rtp(std::uint16_t port, const rtp::Address& remote, const codec& row = codec_pcma, std::uint8_t payloadType = 8,
             std::uint16_t ptimeMs = 20) {
    const Handle handle = engine.openRtp(at("10.0.0.1", port)).handle;
    RtpSettings settings;
    settings.remote = remote;
    settings.send = SendFormat{&row, payloadType, ptimeMs};
    ReceiveTable table{};
    table[payloadType] = &row;
    settings.receive = table;
    static_cast<void>(engine.configureRtp(handle, std::move(settings)));
    return handle;
  }
  std::size_t count(EventKind kind) const {
    std::size_t found = 0;
    for (const Event& event : events) found += event.kind == kind ? 1 : 0;
    return found;
  }
  const Event* find(EventKind kind) const {
    for (const Event& event : events) {
      if (event.kind == kind) return &event;
    }
    return nullptr;
  }

  Pages pages;
  Engine engine;
  std::vector<Event> events;
};

/// A far RTP party: sends octets in packets, gathers what comes.
struct Party {
  rtp::Address here;
  rtp::Address there;
  std::uint8_t payloadType = 8;
  std::uint16_t sequence = 65530;
  std::uint32_t timestamp = 0xFFFFFF00;
  std::uint32_t ssrc = 0x11223344;

  Bytes packet(std::span<const std::uint8_t> payload, std::uint8_t type, std::uint32_t stamp, bool marker = false) {
    Bytes octets(12 + payload.size());
    rtp::printHeader(type, marker, sequence++, stamp, ssrc, std::span<std::uint8_t, 12>(octets.data(), 12));
    std::copy(payload.begin(), payload.end(), octets.begin() + 12);
    return octets;
  }
  void say(World& world, std::span<const std::uint8_t> payload) {
    static_cast<void>(world.engine.sendDatagram(here, there, packet(payload, payloadType, timestamp)));
    timestamp += static_cast<std::uint32_t>(payload.size());
  }
  /// Payload octets of one payload type among the events, in order, and how many packets.
  Bytes heard(const World& world, std::uint8_t type, std::size_t* packets = nullptr) const {
    Bytes all;
    for (const Event& event : world.events) {
      if (event.kind != EventKind::datagram || !(event.to == here)) continue;
      rtp::Packet parsed;
      if (rtp::parsePacket(event.octets, parsed) != rtp::PacketFault::none || parsed.payloadType != type) continue;
      all.insert(all.end(), parsed.payload.begin(), parsed.payload.end());
      if (packets != nullptr) ++*packets;
    }
    return all;
  }
};

inline Bytes noise(std::size_t count, std::uint64_t seed) {
  Bytes octets(count);
  std::uint64_t state = seed;
  for (auto& octet : octets) octet = static_cast<std::uint8_t>(harness_random(&state));
  return octets;
}

/// Where `part` begins in `whole`, or -1.
inline long indexIn(const Bytes& whole, std::span<const std::uint8_t> part) {
  const auto found = std::search(whole.begin(), whole.end(), part.begin(), part.end());
  return found == whole.end() ? -1 : found - whole.begin();
}

}  // namespace trunkgate::engine::test
