// telephone-event: begin and end alternate, whatever comes.
#include "input.h"

#include "rtp/telephone-event.h"

using namespace trunkgate::rtp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  EventReceiver receiver;
  EventReports reports;
  bool active = false;
  std::uint8_t event = 0;
  Instant now = 0;
  const auto follow = [&](std::size_t count) {
    LAW(count <= reports.size());
    for (std::size_t i = 0; i < count; i++) {
      const bool begin = reports[i].kind == EventReportKind::begin;
      LAW(begin != active);
      LAW(reports[i].event <= kEventFlash);
      if (!begin) LAW(reports[i].event == event);
      active = begin;
      event = reports[i].event;
    }
    LAW(receiver.active() == active);
  };
  while (!input.empty()) {
    const std::uint8_t step = input.octet();
    now += (step & 0x3F) * 1000;
    if ((step & 0x40) != 0) {
      follow(receiver.wake(now, reports));
      continue;
    }
    const std::uint32_t timestamp = (step & 0x80) != 0 ? input.longWord() : input.octet() * 160u;
    follow(receiver.receive(timestamp, input.take(input.octet() % 41), now, reports));
  }
  return 0;
}
