// The engine with its threads and real sockets: what the stepped tests cannot show. To be run under the thread sanitizer too.
#include "bench.h"

#include <chrono>
#include <thread>

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {

struct Live {
  explicit Live(unsigned workers) : engine(options(workers)) {}
  EngineOptions options(unsigned workers) {
    EngineOptions made;
    made.workers = workers;
    made.realtime = false;
    made.seed = 5;
    made.counterMemory = pages.memory();
    made.context = &wakes;
    made.wake = [](void* context) noexcept { static_cast<std::atomic<int>*>(context)->fetch_add(1); };
    return made;
  }
  void wait(int ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    engine.drain(events);
  }
  Handle rtp() {
    const Handle handle = engine.openRtp(at("127.0.0.1", 0)).handle;
    CHECK(handle != 0);
    return handle;
  }
  void point(Handle port, Handle to) {
    RtpAddresses addresses;
    CHECK(engine.rtpAddresses(to, addresses).ok());
    RtpSettings settings;
    settings.remote = addresses.local;
    settings.send = SendFormat{&codec_pcma, 8, 20};
    ReceiveTable table{};
    table[8] = &codec_pcma;
    settings.receive = table;
    CHECK(engine.configureRtp(port, std::move(settings)).ok());
  }
  double counter(Handle port, PortCounter name) {
    const double* slot = pages.slot(CounterPage::ports, port, kPortSlot) + static_cast<std::size_t>(name);
    return std::atomic_ref<double>(*const_cast<double*>(slot)).load(std::memory_order_relaxed);
  }
  Handle terminal(std::unique_ptr<Source> source, std::unique_ptr<Sink> sink = nullptr) {
    const Handle port = engine.openTerminal().handle;
    TerminalSettings settings{std::move(source), std::move(sink)};
    CHECK(engine.configureTerminal(port, std::move(settings)).ok());
    return port;
  }
  Pages pages;
  std::atomic<int> wakes{0};
  Engine engine;
  std::vector<Event> events;
};

}  // namespace

TEST(calls_over_real_sockets_carry_speech_between_workers) {
  Live live(2);
  struct Call {
    Handle phone, gateway, near, far, echo, mouth;
  };
  std::vector<Call> calls;
  for (int span = 0; span < 2; span++) {
    SpanOptions options;
    options.worker = span;
    const Outcome pair = live.engine.openSpanPair(options);
    for (std::size_t slot = 1; slot <= 10; slot++) {
      Call call{live.rtp(), live.rtp(), live.engine.openTimeslot(pair.handle, slot, false, {}).handle,
                live.engine.openTimeslot(pair.second, slot, false, {}).handle, live.terminal(makeEcho()), 0};
      call.mouth = live.terminal(makeMilliwatt(G711_ALAW));
      live.point(call.phone, call.gateway);
      live.point(call.gateway, call.phone);
      CHECK(live.engine.bridge(call.phone, call.mouth, true).ok());
      CHECK(live.engine.bridge(call.gateway, call.near, true).ok());
      CHECK(live.engine.bridge(call.far, call.echo, true).ok());
      calls.push_back(call);
    }
  }
  live.wait(1500);
  int latched = 0;
  for (const Event& event : live.events) latched += event.kind == EventKind::sourceLatched ? 1 : 0;
  CHECK_EQUAL(latched, 40);
  CHECK(live.wakes.load() > 0);
  for (const Call& call : calls) {
    CHECK(live.counter(call.phone, PortCounter::packetsReceived) > 40);
    CHECK(live.counter(call.gateway, PortCounter::packetsReceived) > 40);
    CHECK_NEAR(live.counter(call.phone, PortCounter::inwardLevelDbm0), 0, 0.2);
  }
  // Half of the calls change places while they talk, which moves ports between the workers.
  for (std::size_t i = 0; i < 10; i++) {
    CHECK(live.engine.bridge(calls[i].gateway, calls[i + 10].near, true).ok());
    CHECK(live.engine.bridge(calls[i + 10].gateway, calls[i].near, true).ok());
    CHECK(live.engine.bridge(calls[i].far, calls[i + 10].far, true).ok());
  }
  live.wait(700);
  for (const Call& call : calls) {
    for (const Handle port : {call.phone, call.gateway, call.near, call.far, call.echo, call.mouth}) {
      CHECK(live.engine.closePort(port).ok());
    }
  }
  live.wait(100);
  CHECK_EQUAL(live.pages.worker(0, WorkerCounter::sendErrors), 0);
}

TEST(an_outsider_is_counted_although_the_socket_is_connected) {
  Live live(1);
  const Handle one = live.rtp();
  const Handle two = live.rtp();
  live.point(one, two);
  live.point(two, one);
  CHECK(live.engine.bridge(one, live.terminal(makeMilliwatt(G711_ALAW)), true).ok());
  CHECK(live.engine.bridge(two, live.terminal(makeMilliwatt(G711_ALAW)), true).ok());
  live.wait(500);
  const Handle outsider = live.rtp();
  live.point(outsider, two);
  CHECK(live.engine.bridge(outsider, live.terminal(makeMilliwatt(G711_ALAW)), true).ok());
  live.wait(1000);
  CHECK(live.counter(two, PortCounter::rejectedSource) > 20);
  CHECK(live.counter(two, PortCounter::packetsReceived) > 50);
  CHECK_EQUAL(live.counter(two, PortCounter::lost), 0);
}

TEST(a_port_in_use_is_told_by_its_errno) {
  Live live(1);
  const Handle one = live.rtp();
  RtpAddresses addresses;
  CHECK(live.engine.rtpAddresses(one, addresses).ok());
  const Outcome again = live.engine.openRtp(addresses.local);
  CHECK(again.code == Code::system);
  CHECK_EQUAL(again.error, EADDRINUSE);
  const Outcome nowhere = live.engine.openRtp(at("203.0.113.77", 20000));
  CHECK_EQUAL(nowhere.error, EADDRNOTAVAIL);
}

TEST(ipv6_works_as_ipv4_does) {
  Live live(1);
  const Outcome one = live.engine.openRtp(at("::1", 0));
  if (one.code == Code::system) SKIP("no IPv6 on this machine");
  const Handle two = live.engine.openRtp(at("::1", 0)).handle;
  live.point(one.handle, two);
  live.point(two, one.handle);
  CHECK(live.engine.bridge(one.handle, live.terminal(makeMilliwatt(G711_ALAW)), true).ok());
  CHECK(live.engine.bridge(two, live.terminal(makeEcho()), true).ok());
  live.wait(600);
  CHECK(live.counter(one.handle, PortCounter::packetsReceived) > 10);
}

TEST(signalling_reaches_the_control_side_while_commands_rush) {
  Live live(2);
  const Outcome pair = live.engine.openSpanPair({});
  const Bytes frame{0x02, 0x01, 0x7F};
  std::size_t received = 0;
  for (int round = 0; round < 50; round++) {
    CHECK(live.engine.sendSignalling(pair.handle, frame).ok());
    for (int i = 0; i < 20; i++) CHECK(live.engine.closePort(live.terminal(makeEcho())).ok());
    live.wait(4);
  }
  live.wait(50);
  for (const Event& event : live.events) received += event.kind == EventKind::signalling ? 1 : 0;
  CHECK_EQUAL(received, 50);
}

TEST(an_engine_closes_with_everything_open) {
  Live live(2);
  const Outcome pair = live.engine.openSpanPair({});
  const Handle rtp = live.rtp();
  CHECK(live.engine.bridge(rtp, live.engine.openTimeslot(pair.handle, 1, false, {}).handle, true).ok());
  live.engine.close();
  CHECK(live.engine.closePort(rtp).code == Code::closed);
  CHECK(live.engine.openTerminal().code == Code::closed);
  live.engine.close();
}

MAIN()
