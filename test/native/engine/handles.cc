// Misuse: stale handles, things closed twice or used after, wrong kinds; and that nothing is left behind.
#include "bench.h"

#include <malloc.h>

using namespace trunkgate;
using namespace trunkgate::engine;
using namespace trunkgate::engine::test;

namespace {
const rtp::Address kFar = at("10.0.0.2", 30000);
}

TEST(a_closed_port_is_stale_at_once_and_its_number_is_never_given_again) {
  World world;
  const Handle first = world.engine.openTerminal().handle;
  CHECK(world.engine.closePort(first).ok());
  CHECK(world.engine.closePort(first).code == Code::staleHandle);
  CHECK(world.engine.unbridge(first).code == Code::staleHandle);
  CHECK(world.engine.setGain(first, 1.0, {}).code == Code::staleHandle);
  for (int i = 0; i < 100; i++) {
    world.run(2);
    const Handle next = world.engine.openTerminal().handle;
    CHECK(next != first);
    CHECK(world.engine.closePort(next).ok());
  }
  CHECK(world.engine.checkPort(first).code == Code::staleHandle);
}

TEST(handles_of_another_kind_are_stale) {
  World world;
  const auto [a, b] = world.e1();
  const Handle port = world.timeslot(a, 1);
  CHECK(world.engine.closePort(a).code == Code::staleHandle);
  CHECK(world.engine.closeSpan(port).code == Code::staleHandle);
  CHECK(world.engine.bridge(a, b, true).code == Code::staleHandle);
  CHECK(world.engine.closePort(0).code == Code::staleHandle);
  CHECK(world.engine.closePort(~Handle{0}).code == Code::staleHandle);
  CHECK(world.engine.findSound(port) == nullptr);
}

TEST(what_a_kind_of_port_cannot_do_is_not_supported) {
  World world;
  const Handle terminal = world.engine.openTerminal().handle;
  CHECK(world.engine.configureRtp(terminal, {}).code == Code::notSupported);
  CHECK(world.engine.configureTimeslot(terminal, true, {}).code == Code::notSupported);
  const Handle rtp = world.rtp(20000, kFar);
  CHECK(world.engine.configureTerminal(rtp, {}).code == Code::notSupported);
  const auto [a, b] = world.e1(-1, false);
  CHECK(world.engine.sendSignalling(a, Bytes(5)).code == Code::notSupported);
  SpanFault fault;
  fault.flipSignallingBit = 1;
  CHECK(world.engine.setFault(b, fault).code == Code::notSupported);
}

TEST(timeslots_are_open_once_and_never_framing_or_signalling) {
  World world;
  const auto [a, b] = world.e1();
  for (const std::size_t slot : {0U, 16U, 32U, 255U}) {
    CHECK(world.engine.openTimeslot(a, slot, false, {}).code == Code::timeslotUnavailable);
  }
  const Handle port = world.timeslot(a, 31);
  CHECK(world.engine.openTimeslot(a, 31, false, {}).code == Code::timeslotUnavailable);
  CHECK(world.engine.openTimeslot(b, 31, false, {}).ok());
  CHECK(world.engine.closePort(port).ok());
  CHECK(world.engine.openTimeslot(a, 31, false, {}).ok());
  const Outcome t1 = world.engine.openSpanPair({.t1 = true, .law = G711_ULAW, .signallingTimeslot = 24, .hdlc = true, .worker = -1});
  CHECK(world.engine.openTimeslot(t1.handle, 25, false, {}).code == Code::timeslotUnavailable);
  CHECK(world.engine.openTimeslot(t1.handle, 24, false, {}).code == Code::timeslotUnavailable);
  CHECK(world.engine.openTimeslot(t1.handle, 23, false, {}).ok());
}

TEST(a_span_takes_its_ports_with_it) {
  World world;
  const auto [a, b] = world.e1();
  const Handle near = world.timeslot(a, 1);
  const Handle far = world.timeslot(b, 1);
  const Handle rtp = world.rtp(20000, kFar);
  CHECK(world.engine.bridge(rtp, near, true).ok());
  world.run(50);
  CHECK(world.engine.closeSpan(b).ok());
  for (const Handle port : {near, far}) CHECK(world.engine.closePort(port).code == Code::staleHandle);
  CHECK(world.engine.closeSpan(a).code == Code::staleHandle);
  world.run(50);
  CHECK(world.engine.closePort(rtp).ok());
}

TEST(frames_out_of_size_are_refused) {
  World world;
  const auto [a, b] = world.e1();
  static_cast<void>(b);
  CHECK(world.engine.sendSignalling(a, Bytes(2)).code == Code::invalid);
  CHECK(world.engine.sendSignalling(a, Bytes(1025)).code == Code::invalid);
  int sent = 0;
  while (world.engine.sendSignalling(a, Bytes(1000, 0x55)).ok() && sent < 1000) sent++;
  CHECK(sent > 50 && sent < 1000);
  CHECK(world.engine.sendSignalling(a, Bytes(1000, 0x55)).code == Code::ringFull);
  world.run(8000 + 130 * static_cast<unsigned>(sent));
  CHECK_EQUAL(world.count(EventKind::signalling), sent);
}

TEST(a_port_may_hear_itself) {
  World world;
  const auto [a, b] = world.e1();
  const Handle looped = world.timeslot(b, 1, true);
  CHECK(world.engine.bridge(looped, looped, true).ok());
  auto sink = std::make_unique<Sink>();
  sink->checkPrbs = true;
  const Handle tester = world.terminal(makePrbs(), std::move(sink));
  CHECK(world.engine.bridge(tester, world.timeslot(a, 1, true), true).ok());
  world.run(1000);
  CHECK(world.pages.port(tester, PortCounter::prbsBits) > 50000);
  CHECK_EQUAL(world.pages.port(tester, PortCounter::prbsErrors), 0);
  CHECK(world.engine.unbridge(looped).ok());
  CHECK(world.engine.closePort(looped).ok());
  world.run(10);
}

TEST(no_port_is_lost_or_kept_in_ten_thousand_random_commands) {
  World world(3);
  std::uint64_t state = 1234;
  std::vector<std::pair<Handle, Handle>> spans;
  for (int i = 0; i < 3; i++) spans.push_back(world.e1(i));
  std::vector<Handle> ports;
  std::uint16_t next = 10000;
  const auto any = [&]() -> Handle { return ports.empty() ? 0 : ports[harness_random(&state) % ports.size()]; };
  for (int i = 0; i < 10'000; i++) {
    switch (harness_random(&state) % 9) {
      case 0: ports.push_back(world.terminal(makeEcho())); break;
      case 1: {
        const auto& [a, b] = spans[harness_random(&state) % 3];
        ports.push_back(world.timeslot(harness_random(&state) % 2 == 0 ? a : b, 1 + harness_random(&state) % 31));
        break;
      }
      case 2: ports.push_back(world.rtp(next = static_cast<std::uint16_t>(next + 2), kFar)); break;
      case 3:
      case 4:
      case 5: static_cast<void>(world.engine.bridge(any(), any(), harness_random(&state) % 3 != 0)); break;
      case 6: static_cast<void>(world.engine.unbridge(any())); break;
      case 7: {
        SpanFault fault;
        fault.clockOffsetPpm = static_cast<double>(harness_random(&state) % 3) * 100 - 100;
        if (i % 50 == 0) CHECK(world.engine.setFault(spans[harness_random(&state) % 3].first, fault).ok());
        break;
      }
      default:
        if (!ports.empty()) {
          const std::size_t index = harness_random(&state) % ports.size();
          static_cast<void>(world.engine.closePort(ports[index]));
          ports.erase(ports.begin() + static_cast<std::ptrdiff_t>(index));
        }
    }
    if (i % 4 == 0) world.run(harness_random(&state) % 12);
    world.events.clear();
  }
  for (const Handle port : ports) static_cast<void>(world.engine.closePort(port));
  world.run(30);
  double left = 0;
  for (std::size_t worker = 0; worker < 3; worker++) left += world.pages.worker(worker, WorkerCounter::ports);
  CHECK_EQUAL(left, 0);
}

TEST(after_a_thousand_calls_nothing_is_left) {
  World world;
  const std::pair<Handle, Handle> span = world.e1();
  const auto call = [&](int i) {
    const std::size_t slot = 1 + static_cast<std::size_t>(i) % 15;
    const Handle rtp = world.rtp(static_cast<std::uint16_t>(20000 + 2 * (i % 1000)), kFar);
    const Handle near = world.timeslot(span.first, slot);
    const Handle far = world.timeslot(span.second, slot);
    const Handle echo = world.terminal(makeEcho());
    CHECK(world.engine.bridge(rtp, near, true).ok());
    CHECK(world.engine.bridge(echo, far, true).ok());
    world.run(25);
    for (const Handle port : {rtp, near, far, echo}) CHECK(world.engine.closePort(port).ok());
    world.run(2);
    world.events.clear();
  };
  // Octets in use as the allocator counts them (0 under a sanitizer, whose leak check does the work then).
  const auto inUse = [] { return static_cast<double>(mallinfo2().uordblks); };
  for (int i = 0; i < 200; i++) call(i);
  const double before = inUse();
  for (int i = 0; i < 1000; i++) call(i);
  CHECK_EQUAL(world.pages.worker(0, WorkerCounter::ports), 0);
  CHECK_NEAR(inUse(), before, 20'000);
}

namespace {
/// Commands that were run in the life of an engine on two workers, whose calls move ports between them.
double commandsRun(unsigned msBeforeClose) {
  World world(2);
  const Handle spans = world.engine.openSpanPair({}).handle;
  for (std::uint8_t timeslot = 1; timeslot <= 4; timeslot++) {
    const Handle end = world.engine.openTimeslot(spans, timeslot, false, {}).handle;
    CHECK(world.engine.bridge(world.rtp(static_cast<std::uint16_t>(10000 + 2 * timeslot), kFar), end, true).ok());
  }
  if (msBeforeClose > 0) world.run(msBeforeClose);
  world.engine.close();
  return world.pages.worker(0, WorkerCounter::commands) + world.pages.worker(1, WorkerCounter::commands);
}
}  // namespace

TEST(an_engine_closed_while_ports_are_between_workers_leaves_no_command) {
  CHECK_EQUAL(commandsRun(0), commandsRun(50));
}

MAIN()
