#include "../harness.h"

#include "rtp/telephone-event.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace trunkgate::rtp;

namespace {

struct Sent {
  std::uint32_t timestamp;
  bool marker;
  EventPayload payload;
};

/// Runs a sender over time in steps of 10 ms from `from` to `to`, stopping the event at `stop`.
std::vector<Sent> run(EventSender& sender, std::uint32_t from, std::uint32_t stop,
                      std::uint32_t to) {
  std::vector<Sent> sent;
  for (std::uint32_t now = from; timestampDistance(now, to) >= 0; now += 80) {
    if (now == stop) sender.stop(now);
    EventPacket packet;
    while (sender.poll(now, packet))
      sent.push_back({packet.timestamp, packet.marker, parseEvent(packet.payload)});
  }
  return sent;
}

struct Receiver {
  EventReceiver receiver;
  std::string heard;  ///< "+5" began, "-5" ended
  std::uint32_t duration = 0;
  Instant now = 0;

  void take(std::size_t count, const EventReports& reports) {
    for (std::size_t i = 0; i < count; i++) {
      heard += reports[i].kind == EventReportKind::begin ? '+' : '-';
      heard += std::to_string(reports[i].event);
      duration = reports[i].duration;
    }
  }
  void receive(std::uint32_t timestamp, EventPayload payload) {
    std::array<std::uint8_t, 4> octets{};
    printEvent(payload, octets);
    EventReports reports;
    take(receiver.receive(timestamp, octets, now, reports), reports);
  }
  void wake(Instant at) {
    now = at;
    EventReports reports;
    take(receiver.wake(now, reports), reports);
  }
};

EventPayload update(std::uint8_t event, std::uint16_t duration, bool end = false) {
  return {.event = event, .end = end, .volume = 10, .duration = duration};
}

}  // namespace

TEST(a_report_is_read_and_printed_bit_for_bit) {
  for (int event = 0; event < 256; event += 5)
    for (int volume = 0; volume < 64; volume += 7) {
      const EventPayload payload{.event = static_cast<std::uint8_t>(event),
                                 .end = volume % 2 == 0,
                                 .volume = static_cast<std::uint8_t>(volume),
                                 .duration = static_cast<std::uint16_t>(event * 251 + volume)};
      std::array<std::uint8_t, 4> octets{};
      printEvent(payload, octets);
      const EventPayload again = parseEvent(octets);
      CHECK_EQUAL(again.event, payload.event);
      CHECK_EQUAL(again.end, payload.end);
      CHECK_EQUAL(again.volume, payload.volume);
      CHECK_EQUAL(again.duration, payload.duration);
    }
  const std::array<std::uint8_t, 4> example{9, 0x8A, 0x03, 0x20};
  CHECK_EQUAL(parseEvent(example).event, 9);
  CHECK(parseEvent(example).end);
  CHECK_EQUAL(parseEvent(example).volume, 10);
  CHECK_EQUAL(parseEvent(example).duration, 800);
}

TEST(an_event_is_sent_with_one_timestamp_marker_first_and_its_end_three_times) {
  EventSender sender;
  sender.configure(400);
  sender.start(5, 10, 1000);
  const std::vector<Sent> sent = run(sender, 1000, 1800, 4000);
  REQUIRE(sent.size() >= 5);
  std::size_t ends = 0;
  for (std::size_t i = 0; i < sent.size(); i++) {
    CHECK_EQUAL(sent[i].timestamp, 1000);
    CHECK_EQUAL(sent[i].marker, i == 0);
    CHECK_EQUAL(sent[i].payload.event, 5);
    CHECK_EQUAL(sent[i].payload.volume, 10);
    CHECK(sent[i].payload.duration > 0);
    if (i > 0) CHECK(sent[i].payload.duration >= sent[i - 1].payload.duration);
    ends += sent[i].payload.end;
    if (sent[i].payload.end) CHECK_EQUAL(sent[i].payload.duration, 800);
  }
  CHECK_EQUAL(ends, 3);
  CHECK(sent.back().payload.end);
  CHECK(!sender.busy());
}

TEST(an_event_told_after_its_onset_is_sent_at_once_with_its_duration_so_far) {
  EventSender sender;
  sender.configure(160);
  sender.start(1, 8, 1000);
  EventPacket packet;
  REQUIRE(sender.poll(1320, packet));
  CHECK_EQUAL(parseEvent(packet.payload).duration, 320);
  CHECK(!sender.poll(1320, packet));
  CHECK(!sender.poll(1400, packet));
  CHECK(sender.poll(1480, packet));
}

TEST(an_event_of_fixed_duration_ends_by_itself) {
  EventSender sender;
  sender.configure(160);
  sender.start(11, 10, 0, 800);
  CHECK(sender.sounding());
  const std::vector<Sent> sent = run(sender, 0, 0xFFFFFFF0, 3000);
  REQUIRE(!sent.empty());
  CHECK(sent.back().payload.end);
  CHECK_EQUAL(sent.back().payload.duration, 800);
  CHECK(!sender.sounding());
}

// RFC 4733 §2.5.1.3
TEST(an_event_beyond_65535_ticks_goes_on_in_segments) {
  EventSender sender;
  sender.configure(400);
  const std::uint32_t start = 0xFFFFF000;
  sender.start(3, 10, start);
  const std::vector<Sent> sent = run(sender, start, start + 160000, start + 164000);
  std::uint32_t segments = 0;
  std::size_t markers = 0;
  for (const Sent& packet : sent) {
    const std::uint32_t offset = packet.timestamp - start;
    CHECK_EQUAL(offset % 0xFFFF, 0);
    segments = std::max(segments, offset / 0xFFFF);
    markers += packet.marker;
  }
  CHECK_EQUAL(segments, 2);
  CHECK_EQUAL(markers, 1);
  CHECK(sent.back().payload.end);
  CHECK_EQUAL(sent.back().payload.duration, 160000 - 2 * 0xFFFF);

  Receiver receiver;
  for (const Sent& packet : sent) receiver.receive(packet.timestamp, packet.payload);
  CHECK(receiver.heard == "+3-3");
  CHECK_EQUAL(receiver.duration, 160000);
}

TEST(a_new_event_cuts_the_repetition_of_the_end_before_it) {
  EventSender sender;
  sender.configure(160);
  sender.start(1, 10, 0, 400);
  run(sender, 0, 1, 400);
  CHECK(sender.busy() && !sender.sounding());
  sender.start(2, 10, 480);
  EventPacket packet;
  REQUIRE(sender.poll(560, packet));
  CHECK_EQUAL(parseEvent(packet.payload).event, 2);
  CHECK(packet.marker);
}

TEST(every_digit_and_flash_is_received_once) {
  for (std::uint8_t event = 0; event <= 16; event++) {
    Receiver receiver;
    receiver.receive(1000, update(event, 400));
    receiver.receive(1000, update(event, 800));
    for (int i = 0; i < 3; i++) receiver.receive(1000, update(event, 1200, true));
    CHECK(receiver.heard == "+" + std::to_string(event) + "-" + std::to_string(event));
    CHECK_EQUAL(receiver.duration, 1200);
  }
}

TEST(an_event_of_which_only_an_end_packet_arrives_is_received) {
  Receiver receiver;
  receiver.receive(1000, update(7, 800, true));
  receiver.receive(1000, update(7, 800, true));
  CHECK(receiver.heard == "+7-7");
}

TEST(an_event_whose_end_is_lost_ends_when_packets_cease) {
  Receiver receiver;
  receiver.receive(1000, update(4, 400));
  receiver.wake(149'000);
  CHECK(receiver.heard == "+4");
  receiver.wake(150'000);
  CHECK(receiver.heard == "+4-4");
  receiver.wake(400'000);
  receiver.receive(1000, update(4, 800, true));  // straggler of the same event
  CHECK(receiver.heard == "+4-4");
}

TEST(an_event_whose_end_is_lost_ends_when_the_next_begins) {
  Receiver receiver;
  receiver.receive(1000, update(4, 400));
  receiver.receive(3000, update(4, 400));
  receiver.receive(3000, update(4, 800, true));
  CHECK(receiver.heard == "+4-4+4-4");
}

TEST(reordered_and_old_packets_make_no_second_digit) {
  Receiver receiver;
  receiver.receive(1000, update(1, 800));
  receiver.receive(1000, update(1, 400));
  receiver.receive(1000, update(1, 1200, true));
  receiver.receive(1000, update(1, 800));
  receiver.receive(5000, update(2, 400));
  receiver.receive(1000, update(1, 1200, true));
  receiver.receive(5000, update(2, 800, true));
  CHECK(receiver.heard == "+1-1+2-2");
}

TEST(a_segment_goes_on_even_if_the_last_packet_before_it_was_lost) {
  Receiver receiver;
  receiver.receive(1000, update(9, 400));
  receiver.receive(1000, update(9, 65200));
  receiver.receive(1000 + 65535, update(9, 400));
  receiver.receive(1000 + 65535, update(9, 800, true));
  CHECK(receiver.heard == "+9-9");
  CHECK_EQUAL(receiver.duration, 65535 + 800);
}

TEST(unknown_events_are_counted_and_malformed_ones_too) {
  Receiver receiver;
  receiver.receive(1000, update(66, 400));
  CHECK(receiver.heard.empty());
  CHECK_EQUAL(receiver.receiver.ignored(), 1);
  EventReports reports;
  const std::array<std::uint8_t, 5> odd{};
  CHECK_EQUAL(receiver.receiver.receive(0, odd, 0, reports), 0);
  CHECK_EQUAL(receiver.receiver.receive(0, {}, 0, reports), 0);
  CHECK_EQUAL(receiver.receiver.malformed(), 2);
}

TEST(several_events_in_a_payload_follow_each_other) {
  Receiver receiver;
  std::array<std::uint8_t, 8> octets{};
  printEvent(update(1, 400, true), std::span(octets).first<4>());
  printEvent(update(2, 400, true), std::span(octets).last<4>());
  EventReports reports;
  receiver.take(receiver.receiver.receive(1000, octets, 0, reports), reports);
  CHECK(receiver.heard == "+1-1+2-2");
}

TEST(a_sender_that_begins_its_clock_anew_is_heard_again) {
  Receiver receiver;
  receiver.receive(0xA0000000, update(1, 400, true));
  receiver.receive(0x10000000, update(2, 400, true));
  CHECK(receiver.heard == "+1-1+2-2");
}

TEST(digits_survive_loss_and_reordering_without_duplicates) {
  std::uint64_t seed = 31;
  for (int round = 0; round < 300; round++) {
    EventSender sender;
    sender.configure(160);
    Receiver receiver;
    std::string expected;
    std::uint32_t now = harness_random(&seed);
    for (int digit = 0; digit < 10; digit++) {
      const auto event = static_cast<std::uint8_t>(harness_random(&seed) % 16);
      expected += "+" + std::to_string(event) + "-" + std::to_string(event);
      sender.start(event, 10, now);
      const std::vector<Sent> sent = run(sender, now, now + 800, now + 1440);
      std::size_t heard = 0;
      for (std::size_t i = 0; i < sent.size(); i++) {
        receiver.now += 20'000;
        const bool last = i + 1 == sent.size();
        if (harness_random(&seed) % 10 < 3 && !(last && heard == 0)) continue;
        heard++;
        receiver.receive(sent[i].timestamp, sent[i].payload);
        if (harness_random(&seed) % 4 == 0) receiver.receive(sent[0].timestamp, sent[0].payload);
      }
      receiver.wake(receiver.now + 160'000);
      now += 1600;
    }
    CHECK(receiver.heard == expected);
  }
}

MAIN()
