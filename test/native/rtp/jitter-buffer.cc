// The jitter buffer against a simulated sender, network and span, all stepped by hand.
#include "../harness.h"

#include "rtp/jitter-buffer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

using namespace trunkgate::rtp;

namespace {

constexpr std::uint8_t kFill = 0xD5;

std::uint8_t octetAt(std::uint32_t timestamp) {
  return static_cast<std::uint8_t>(timestamp * 31 + (timestamp >> 8) * 7 + 1);
}

/// A buffer with its span: pulls at 10 ms (or 1 ms) of its own clock, packets arrive in between.
struct Line {
  explicit Line(const JitterConfig& config = {}, std::uint16_t pull = 80)
      : buffer(std::make_unique<JitterBuffer>()), pull(pull) {
    buffer->configure(config);
  }

  Put send(std::uint16_t sequence, std::uint32_t timestamp, std::size_t samples,
           bool marker = false) {
    std::vector<std::uint8_t> payload(samples);
    for (std::size_t i = 0; i < samples; i++)
      payload[i] = octetAt(timestamp + static_cast<std::uint32_t>(i));
    return buffer->put(sequence, timestamp, marker, payload, now);
  }

  /// One pull; the tick moves on afterwards.
  Pulled tick() {
    before = buffer->playoutTimestamp();
    const Pulled pulled = buffer->pull(out, pull, kFill, now, judge);
    now += pull * 125;
    return pulled;
  }

  /// True if the octets last pulled are those sent for `timestamp` on.
  bool heard(std::uint32_t timestamp) const {
    for (std::uint32_t i = 0; i < pull; i++)
      if (out[i] != octetAt(timestamp + i)) return false;
    return true;
  }

  std::unique_ptr<JitterBuffer> buffer;
  std::array<std::uint8_t, 480> out{};
  PauseJudge judge{};
  Instant now = 1'000'000;
  std::uint32_t before = 0;
  std::uint16_t pull;
};

bool always(void*, std::span<const std::uint8_t>) noexcept { return true; }
bool never(void*, std::span<const std::uint8_t>) noexcept { return false; }

/// A packet on its way.
struct Flight {
  Instant arrival;
  std::uint16_t sequence;
  std::uint32_t timestamp;
};

/// A stream of `seconds` at `ptime` through a network whose delay of packet n is delay(n)
/// microseconds. `ppm`: how much faster the sender's clock runs. Calls heard(pulled, line) for each
/// pull.
template <class Delay, class Heard>
void stream(Line& line, double seconds, std::uint32_t samples, double ppm, Delay delay,
            Heard heard) {
  const Instant start = line.now;
  const double interval = samples * 125.0 / (1 + ppm * 1e-6);
  std::vector<Flight> flights;
  std::uint64_t sent = 0;
  const Instant end = start + static_cast<Instant>(seconds * 1e6);
  while (line.now < end) {
    while (start + static_cast<Instant>(sent * interval) <= line.now) {
      const Instant leaves = start + static_cast<Instant>(sent * interval);
      const Instant late = delay(sent);
      if (late >= 0)
        flights.push_back({leaves + late, static_cast<std::uint16_t>(sent + 60000),
                           static_cast<std::uint32_t>(0xFFFF0000u + sent * samples)});
      sent++;
    }
    std::sort(flights.begin(), flights.end(),
              [](const Flight& a, const Flight& b) { return a.arrival < b.arrival; });
    std::size_t taken = 0;
    const Instant tickTime = line.now;
    for (; taken < flights.size() && flights[taken].arrival <= tickTime; taken++) {
      line.now = flights[taken].arrival;
      line.send(flights[taken].sequence, flights[taken].timestamp, samples);
    }
    line.now = tickTime;
    flights.erase(flights.begin(), flights.begin() + static_cast<std::ptrdiff_t>(taken));
    const Pulled pulled = line.tick();
    heard(pulled, line);
  }
}

}  // namespace

TEST(before_the_first_packet_pulls_are_idle) {
  Line line;
  CHECK(line.tick().kind == Play::idle);
  CHECK(!line.buffer->running());
}

TEST(the_first_packet_is_heard_after_the_initial_depth) {
  Line line({.initialMs = 40});
  line.tick();
  CHECK(line.send(7, 1000, 160) == Put::stored);
  int waited = 0;
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) {
    REQUIRE(++waited < 20);
    pulled = line.tick();
  }
  CHECK(line.heard(1000));
  CHECK_NEAR(waited, 3, 1);
}

TEST(packets_are_heard_in_order_whatever_order_they_came_in) {
  Line line({.initialMs = 80, .fixed = true});
  static const int order[] = {0, 2, 1, 3, 6, 5, 4, 7};
  for (const int i : order)
    line.send(static_cast<std::uint16_t>(65533 + i), 4294967000u + i * 160u, 160);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  for (std::uint32_t block = 0; block < 16; block++) {
    CHECK(pulled.kind == Play::speech);
    CHECK_EQUAL(pulled.octets, 80);
    CHECK(line.heard(4294967000u + block * 80));
    pulled = line.tick();
  }
  CHECK_EQUAL(line.buffer->counters().reordered, 3);
}

TEST(duplicates_are_counted_and_change_nothing) {
  Line line;
  CHECK(line.send(1, 0, 160) == Put::stored);
  CHECK(line.send(1, 0, 160) == Put::duplicate);
  CHECK(line.send(2, 160, 160) == Put::stored);
  CHECK(line.send(1, 0, 160) == Put::duplicate);
  CHECK_EQUAL(line.buffer->counters().duplicates, 2);
  CHECK_EQUAL(line.buffer->counters().packets, 4);
}

TEST(a_lost_packet_is_told_as_lost_and_the_next_is_heard_at_its_time) {
  Line line({.initialMs = 60, .fixed = true});
  line.send(1, 0, 160);
  line.send(3, 320, 160);
  line.send(4, 480, 160);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  CHECK(line.tick().kind == Play::speech);
  CHECK(line.tick().kind == Play::lost);
  CHECK(line.tick().kind == Play::lost);
  CHECK(line.tick().kind == Play::speech);
  CHECK(line.heard(320));
  CHECK_EQUAL(line.buffer->counters().lostSamples, 160);
}

TEST(a_packet_after_its_time_is_late_and_what_is_left_of_a_half_late_one_is_heard) {
  Line line({.initialMs = 20});
  line.send(1, 0, 160);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  line.tick();
  CHECK(line.tick().kind != Play::speech);  // the first half of packet 2
  CHECK(line.send(2, 160, 160) == Put::stored);
  CHECK(line.tick().kind == Play::speech);
  CHECK(line.heard(240));
  line.tick();
  line.tick();
  CHECK(line.send(3, 320, 160) == Put::late);
  CHECK_EQUAL(line.buffer->counters().late, 1);
}

TEST(every_mix_of_packet_times_is_played_without_a_gap) {
  Line line({.initialMs = 60});
  static const std::size_t sizes[] = {80,  480, 160, 240, 320, 80, 80,
                                      480, 160, 40,  120, 200, 8,  72};
  std::uint32_t timestamp = 12345;
  std::uint16_t sequence = 100;
  std::vector<std::pair<std::uint32_t, std::size_t>> packets;
  for (int round = 0; round < 20; round++)
    for (const std::size_t size : sizes) {
      packets.emplace_back(timestamp, size);
      timestamp += static_cast<std::uint32_t>(size);
    }
  std::size_t next = 0;
  std::uint32_t expected = 12345;
  bool began = false;
  const std::uint32_t end = timestamp;
  const Instant start = line.now;
  while (static_cast<std::int32_t>(end - expected) > 480) {
    while (next < packets.size() &&
           static_cast<std::int64_t>(packets[next].first + packets[next].second - 12345) * 125 <=
               line.now - start + 60000) {
      line.send(sequence++, packets[next].first, packets[next].second);
      next++;
    }
    const Pulled pulled = line.tick();
    if (!began && pulled.kind != Play::speech) continue;
    began = true;
    REQUIRE(pulled.kind == Play::speech);
    CHECK(line.heard(expected));
    expected += 80;
  }
}

TEST(pulls_of_1_ms_hear_the_same_as_pulls_of_10_ms) {
  Line fine({.initialMs = 40}, 8);
  std::uint32_t expected = 0;
  bool began = false;
  std::uint16_t sequence = 0;
  for (int ms = 0; ms < 2000; ms++) {
    if (ms % 20 == 0) {
      fine.send(sequence, sequence * 160u, 160);
      sequence++;
    }
    const Pulled pulled = fine.tick();
    if (pulled.kind != Play::speech && !began) continue;
    began = true;
    CHECK(pulled.kind == Play::speech);
    CHECK(fine.heard(expected));
    expected += 8;
  }
  CHECK(began);
}

TEST(a_timestamp_gap_between_consecutive_sequence_numbers_is_silence_and_no_loss) {
  Line line({.initialMs = 40});
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::array<int, 6> kinds{};
  bool began = false;
  for (int block = 0; block < 400; block++) {
    const bool talking = block % 100 < 50;
    if (talking && block % 2 == 0) line.send(sequence++, timestamp, 160, block % 100 == 0);
    if (block % 2 == 1) timestamp += 160;
    const Pulled pulled = line.tick();
    began = began || pulled.kind == Play::speech;
    if (began) kinds[static_cast<std::size_t>(pulled.kind)]++;
  }
  CHECK_EQUAL(line.buffer->counters().lostSamples, 0);
  CHECK_EQUAL(line.buffer->counters().late, 0);
  CHECK_EQUAL(line.buffer->counters().resyncs, 0);
  CHECK(kinds[static_cast<std::size_t>(Play::silence)] > 0);
  CHECK_NEAR(kinds[static_cast<std::size_t>(Play::speech)], 200, 4);
}

TEST(silence_is_told_from_loss_when_packets_around_the_gap_are_reordered) {
  Line line({.initialMs = 80, .fixed = true});
  line.send(10, 0, 160);
  line.send(13, 960, 160);  // 12 (at 800) and 11 (at 160) come later
  line.send(11, 160, 160);
  line.send(12, 800, 160);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  for (int block = 1; block < 4; block++) CHECK(line.tick().kind == Play::speech);
  for (int block = 4; block < 10; block++) CHECK(line.tick().kind == Play::silence);
  CHECK(line.tick().kind == Play::speech);
  CHECK(line.heard(800));
}

TEST(telephone_events_in_place_of_audio_are_silence_and_no_loss) {
  Line line({.initialMs = 40});
  std::uint16_t sequence = 0;
  for (int packet = 0; packet < 100; packet++) {
    const std::uint32_t timestamp = static_cast<std::uint32_t>(packet) * 160;
    const bool event = packet >= 40 && packet < 50;
    if (event)
      line.buffer->skip(sequence++, 40 * 160);
    else
      line.send(sequence++, timestamp, 160);
    if (packet >= 50 && packet < 52) line.buffer->skip(sequence++, 40 * 160);  // end, repeated
    line.tick();
    line.tick();
  }
  CHECK_EQUAL(line.buffer->counters().lostSamples, 0);
  CHECK(line.buffer->counters().silenceSamples + line.buffer->counters().lateSamples >= 1600);
}

TEST(a_loss_among_repeated_event_ends_is_still_a_loss) {
  Line line({.initialMs = 80, .fixed = true});
  line.send(1, 0, 160);
  line.buffer->skip(2, 0);  // an event that began with packet 1
  line.send(3, 160, 160);
  // packet 4 (timestamp 320) is lost
  line.send(5, 480, 160);
  line.buffer->skip(6, 0);
  line.send(7, 640, 160);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  for (int block = 1; block < 4; block++) CHECK(line.tick().kind == Play::speech);
  CHECK(line.tick().kind == Play::lost);
  CHECK(line.tick().kind == Play::lost);
  for (int block = 0; block < 4; block++) CHECK(line.tick().kind == Play::speech);
  CHECK(line.heard(720));
}

TEST(a_lost_event_packet_does_not_make_the_event_a_loss) {
  Line line({.initialMs = 60, .fixed = true});
  line.send(1, 0, 160);
  line.buffer->skip(2, 100);
  line.buffer->skip(4, 100);
  line.send(5, 640, 160);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  CHECK(line.tick().kind == Play::speech);
  for (int block = 2; block < 8; block++) CHECK(line.tick().kind == Play::silence);
  CHECK(line.tick().kind == Play::speech);
  CHECK(line.heard(640));
}

TEST(depth_follows_jitter_up_and_down_in_pauses_only) {
  Line line;
  line.judge = {always, nullptr};
  std::uint64_t seed = 42;
  const auto calm = [](std::uint64_t) { return Instant{5000}; };
  const auto stormy = [&seed](std::uint64_t) {
    return static_cast<Instant>(5000 + harness_random(&seed) % 80000);
  };
  const auto ignore = [](const Pulled&, const Line&) {};
  stream(line, 20, 160, 0, calm, ignore);
  CHECK(line.buffer->wantedDepth() <= 20 * 8);
  CHECK(line.buffer->depth() <= 36 * 8);
  const std::uint64_t drops = line.buffer->counters().drops;
  CHECK(drops > 0);

  line.buffer->restart();
  stream(line, 30, 160, 0, stormy, ignore);
  CHECK(line.buffer->wantedDepth() >= 70 * 8);
  CHECK(line.buffer->depth() >= 70 * 8);
  CHECK(line.buffer->counters().insertions > 0);

  line.buffer->restart();
  stream(line, 60, 160, 0, calm, ignore);
  CHECK(line.buffer->depth() <= 36 * 8);
  CHECK_EQUAL(line.buffer->counters().forcedInsertions + line.buffer->counters().forcedDrops, 0);
}

TEST(late_packets_stay_below_one_percent_under_steady_jitter) {
  Line line;
  line.judge = {always, nullptr};
  std::uint64_t seed = 4242;
  const auto delay = [&seed](std::uint64_t) {
    return static_cast<Instant>(10000 + harness_random(&seed) % 60000);
  };
  const auto ignore = [](const Pulled&, const Line&) {};
  stream(line, 20, 160, 0, delay, ignore);
  const JitterCounters start = line.buffer->counters();
  stream(line, 60, 160, 0, delay, ignore);
  const JitterCounters& counters = line.buffer->counters();
  CHECK(counters.packets - start.packets > 2900);
  CHECK((counters.late - start.late) * 100 < counters.packets - start.packets);
}

TEST(without_pauses_nothing_is_corrected_within_the_limits) {
  Line line;
  line.judge = {never, nullptr};
  std::uint64_t seed = 1;
  const auto delay = [&seed](std::uint64_t n) {
    return static_cast<Instant>(n < 500 ? 5000 : 5000 + harness_random(&seed) % 30000);
  };
  stream(line, 60, 160, 0, delay,
         [](const Pulled& pulled, const Line&) { CHECK_EQUAL(pulled.correction, 0); });
}

TEST(a_correction_in_a_pause_repeats_or_skips_exactly_one_block) {
  Line line({.initialMs = 100});
  line.judge = {always, nullptr};
  std::uint32_t expected = 0;
  bool began = false;
  int corrections = 0;
  stream(
      line, 10, 160, 0, [](std::uint64_t) { return Instant{1000}; },
      [&](const Pulled& pulled, const Line& at) {
        if (!began && pulled.kind != Play::speech) return;
        if (!began) expected = at.before;
        began = true;
        CHECK(pulled.kind == Play::speech);
        if (pulled.correction < 0) expected += static_cast<std::uint32_t>(-pulled.correction);
        CHECK(at.heard(expected));
        if (pulled.correction <= 0) expected += 80;
        corrections += pulled.correction != 0;
      });
  CHECK(corrections > 3);
  CHECK_EQUAL(line.buffer->counters().drops, corrections);
  CHECK_EQUAL(line.buffer->counters().droppedSamples, corrections * 80);
}

/// A day at 50 ppm, 30 s of talk and a pause of 400 ms in turns.
static void driftFor(double ppm, bool expectDrops) {
  static Instant clock;
  Line line;
  line.judge = {
      [](void*, std::span<const std::uint8_t>) noexcept { return clock % 30'000'000 < 400'000; },
      nullptr};
  std::int32_t deepest = 0;
  std::int32_t shallowest = 10000;
  std::uint64_t lost = 0;
  stream(
      line, 86400, 160, ppm,
      [](std::uint64_t n) { return static_cast<Instant>(3000 + n % 7 * 500); },
      [&](const Pulled& pulled, const Line& at) {
        clock = at.now;
        if (at.now < 20'000'000) return;
        deepest = std::max(deepest, at.buffer->depth());
        shallowest = std::min(shallowest, at.buffer->depth());
        lost += pulled.kind != Play::speech;
      });
  const JitterCounters& counters = line.buffer->counters();
  CHECK_EQUAL(lost, 0);
  CHECK_EQUAL(counters.late, 0);
  CHECK_EQUAL(counters.resyncs, 0);
  CHECK_EQUAL(counters.forcedDrops + counters.forcedInsertions, 0);
  CHECK(deepest <= 40 * 8);
  CHECK(shallowest >= 10 * 8);
  // 86,400 s at 50 ppm are 4320 ms: 432 blocks of 10 ms.
  const double corrected = (static_cast<double>(counters.droppedSamples) -
                            static_cast<double>(counters.insertedSamples)) /
                           8.0;
  CHECK_NEAR(corrected, expectDrops ? 4320 : -4320, 40);
}

TEST(a_day_of_a_fast_sender_is_held_by_drops_in_pauses) { driftFor(50, true); }
TEST(a_day_of_a_slow_sender_is_held_by_insertions_in_pauses) { driftFor(-50, false); }

TEST(drift_without_any_pause_is_forced_only_at_the_limits_and_counted) {
  for (const double ppm : {400.0, -400.0}) {
    Line line({.minMs = 20, .maxMs = 80, .initialMs = 40});
    line.judge = {never, nullptr};
    std::int32_t deepest = 0;
    std::int32_t shallowest = 10000;
    stream(
        line, 600, 160, ppm, [](std::uint64_t) { return Instant{1000}; },
        [&](const Pulled&, const Line& at) {
          deepest = std::max(deepest, at.buffer->depth());
          shallowest = std::min(shallowest, at.buffer->depth());
        });
    const JitterCounters& counters = line.buffer->counters();
    CHECK_EQUAL(counters.insertions + counters.drops, 0);
    CHECK((ppm > 0 ? counters.forcedDrops : counters.forcedInsertions) > 10);
    CHECK_EQUAL(ppm > 0 ? counters.forcedInsertions : counters.forcedDrops, 0);
    CHECK(deepest <= 80 * 8 + 160 + 40);
    CHECK(shallowest >= 20 * 8 / 2 - 40);
    CHECK_EQUAL(counters.late, 0);
  }
}

TEST(a_fixed_buffer_changes_nothing_under_jitter_and_passes_every_octet) {
  Line line({.initialMs = 100, .fixed = true});
  line.judge = {always, nullptr};
  std::uint64_t seed = 8;
  std::uint32_t expected = 0;
  bool began = false;
  stream(
      line, 120, 160, 0,
      [&seed](std::uint64_t) { return static_cast<Instant>(harness_random(&seed) % 60000); },
      [&](const Pulled& pulled, const Line& at) {
        if (!began && pulled.kind != Play::speech) return;
        if (!began) expected = at.before;
        began = true;
        CHECK(pulled.kind == Play::speech);
        CHECK_EQUAL(pulled.correction, 0);
        CHECK(at.heard(expected));
        expected += 80;
      });
  CHECK(began);
}

TEST(switching_to_fixed_in_mid_call_keeps_the_depth) {
  Line line;
  line.judge = {always, nullptr};
  stream(
      line, 10, 160, 0, [](std::uint64_t) { return Instant{1000}; },
      [](const Pulled&, const Line&) {});
  const std::int32_t depth = line.buffer->depth();
  line.buffer->setFixed(true);
  const std::uint64_t corrections =
      line.buffer->counters().drops + line.buffer->counters().insertions;
  CHECK_EQUAL(line.buffer->depth(), depth);
  CHECK(line.buffer->config().fixed);
  CHECK_EQUAL(line.buffer->counters().drops + line.buffer->counters().insertions, corrections);
}

TEST(limits_change_in_mid_call_and_nothing_is_lost) {
  Line line;
  line.judge = {always, nullptr};
  std::int32_t raised = 0;
  int pulls = 0;
  stream(
      line, 15, 160, 0, [](std::uint64_t) { return Instant{5000}; },
      [&](const Pulled& pulled, const Line&) {
        pulls++;
        if (pulls > 20) CHECK(pulled.kind != Play::lost && pulled.kind != Play::late && pulled.kind != Play::idle);
        const std::int32_t depth = line.buffer->depth();
        if (pulls == 500) line.buffer->setLimits(100, 150);
        if (pulls == 1000) raised = depth;
        if (pulls == 1000) line.buffer->setLimits(20, 40);
        if (pulls == 500 || pulls == 1000) CHECK_EQUAL(line.buffer->depth(), depth);
      });
  CHECK(raised >= 90 * 8 && raised <= 160 * 8);
  CHECK(line.buffer->depth() <= 60 * 8);
  CHECK_EQUAL(line.buffer->counters().lostSamples + line.buffer->counters().resyncs, 0);
}

TEST(a_path_that_gets_slower_for_good_is_followed_after_some_late_packets) {
  Line line;
  line.judge = {never, nullptr};
  std::uint64_t speechAtEnd = 0;
  stream(
      line, 10, 160, 0, [](std::uint64_t n) { return Instant{n < 250 ? 5000 : 155000}; },
      [&](const Pulled& pulled, const Line& at) {
        if (at.now > 9'000'000) speechAtEnd += pulled.kind == Play::speech;
      });
  CHECK(speechAtEnd > 190);
  CHECK_EQUAL(line.buffer->counters().resyncs, 1);
  CHECK(line.buffer->counters().late >= 2 && line.buffer->counters().late <= 6);
}

TEST(one_burst_of_late_packets_does_not_move_the_timeline) {
  Line line;
  line.judge = {never, nullptr};
  stream(
      line, 10, 160, 0,
      [](std::uint64_t n) {
        return n >= 250 && n < 256 ? static_cast<Instant>((256 - n) * 20000 + 5000) : Instant{5000};
      },
      [](const Pulled&, const Line&) {});
  CHECK_EQUAL(line.buffer->counters().resyncs, 0);
}

TEST(a_jump_of_the_timestamp_is_followed_at_the_second_packet) {
  Line line;
  line.send(1, 1000, 160);
  for (int i = 0; i < 6; i++) line.tick();
  CHECK(line.send(2, 900'000'000, 160) == Put::early);
  CHECK(line.send(3, 900'000'160, 160) == Put::resync);
  CHECK_EQUAL(line.buffer->counters().resyncs, 1);
  Pulled pulled = line.tick();
  for (int i = 0; i < 10 && pulled.kind != Play::speech; i++) pulled = line.tick();
  CHECK(line.heard(900'000'160));
}

TEST(a_single_wild_packet_is_dropped) {
  Line line({.initialMs = 40});
  std::uint16_t sequence = 0;
  int gaps = 0;
  for (int packet = 0; packet < 100; packet++) {
    line.send(sequence++, static_cast<std::uint32_t>(packet) * 160, 160);
    if (packet == 50) line.send(static_cast<std::uint16_t>(sequence + 500), 0xDEADBEEF, 160);
    for (int i = 0; i < 2; i++) gaps += line.tick().kind != Play::speech && packet > 4;
  }
  CHECK_EQUAL(gaps, 0);
  CHECK_EQUAL(line.buffer->counters().resyncs, 0);
}

TEST(a_talkspurt_whose_timestamps_stood_still_is_followed_at_its_marker) {
  Line line({.initialMs = 40});
  std::uint16_t sequence = 0;
  for (int packet = 0; packet < 20; packet++) {
    line.send(sequence++, static_cast<std::uint32_t>(packet) * 160, 160);
    line.tick();
    line.tick();
  }
  for (int i = 0; i < 50; i++) line.tick();
  CHECK(line.send(sequence, 20 * 160, 160, true) == Put::resync);
  Pulled pulled = line.tick();
  for (int i = 0; i < 10 && pulled.kind != Play::speech; i++) pulled = line.tick();
  CHECK(line.heard(20 * 160));
}

TEST(restart_forgets_the_stream_but_not_the_counters) {
  Line line;
  line.send(1, 0, 160);
  line.buffer->restart();
  CHECK(line.tick().kind == Play::idle);
  CHECK_EQUAL(line.buffer->counters().packets, 1);
  CHECK(line.send(9000, 0x80000000, 160) == Put::stored);
}

TEST(frames_of_a_frame_codec_come_one_per_pull_with_their_kinds) {
  Line line({.initialMs = 40, .fixed = true, .unitSamples = 80, .unitOctets = 10, .sidOctets = 2});
  std::vector<std::uint8_t> two(20), sid(12);
  for (std::size_t i = 0; i < 20; i++) two[i] = static_cast<std::uint8_t>(i);
  for (std::size_t i = 0; i < 12; i++) sid[i] = static_cast<std::uint8_t>(100 + i);
  CHECK(line.buffer->put(1, 0, true, two, line.now) == Put::stored);
  CHECK(line.buffer->put(2, 160, false, sid, line.now) == Put::stored);
  CHECK(line.buffer->put(3, 480, true, two, line.now) == Put::stored);
  CHECK(line.buffer->put(4, 640, true, std::span(two).first(13), line.now) == Put::malformed);
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  CHECK_EQUAL(pulled.octets, 10);
  CHECK_EQUAL(line.out[0], 0);
  CHECK_EQUAL(line.tick().octets, 10);
  CHECK_EQUAL(line.out[0], 10);
  CHECK(line.tick().kind == Play::speech);
  CHECK_EQUAL(line.out[0], 100);
  pulled = line.tick();
  CHECK(pulled.kind == Play::sid);
  CHECK_EQUAL(pulled.octets, 2);
  CHECK_EQUAL(line.out[1], 111);
  CHECK(line.tick().kind == Play::silence);
  CHECK(line.tick().kind == Play::silence);
  CHECK(line.tick().kind == Play::speech);
  CHECK_EQUAL(line.out[0], 0);
}

TEST(after_a_sid_frame_the_sender_is_silent_until_its_next_packet) {
  Line line({.initialMs = 40, .fixed = true, .unitSamples = 80, .unitOctets = 10, .sidOctets = 2});
  const std::vector<std::uint8_t> payload(22);
  CHECK(line.buffer->put(1, 0, true, payload, line.now) == Put::stored);
  while (line.tick().kind != Play::sid) {
  }
  for (int i = 0; i < 100; i++) CHECK(line.tick().kind == Play::silence);
  CHECK_EQUAL(line.buffer->counters().lateSamples, 0);
  // A packet that is missing before the next one is a loss.
  const std::uint32_t next = line.buffer->playoutTimestamp() + 320;
  CHECK(line.buffer->put(3, next, false, std::span(payload).first(10), line.now) == Put::stored);
  CHECK(line.tick().kind == Play::lost);
  while (line.tick().kind != Play::speech) {
  }
  CHECK(line.tick().kind == Play::late);
}

TEST(sid_frames_do_not_make_the_long_packets_of_speech_seem_late) {
  Line line({.minMs = 20, .initialMs = 40, .unitSamples = 80, .unitOctets = 10, .sidOctets = 2});
  const std::vector<std::uint8_t> speech(60), sid(2);
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  for (int turn = 0; turn < 20; turn++) {
    for (int packet = 0; packet < 10; packet++) {  // each leaves with its last sample
      for (int i = 0; i < 6; i++) line.tick();
      line.buffer->put(sequence++, timestamp, packet == 0, speech, line.now);
      timestamp += 480;
    }
    for (int i = 0; i < 50; i++) {
      line.tick();
      if (i % 10 == 0) line.buffer->put(sequence++, timestamp, false, sid, line.now);
      timestamp += 80;
    }
  }
  CHECK_EQUAL(line.buffer->counters().lateSamples, 0);
  CHECK_EQUAL(line.buffer->counters().late, 0);
  CHECK(line.buffer->depth() < 60 * 8);
}

TEST(a_buffer_of_another_codec_goes_on_with_the_timeline) {
  Line line({.initialMs = 40});
  for (std::uint16_t i = 0; i < 50; i++) {
    line.send(i, i * 160U, 160);
    line.tick();
    line.tick();
  }
  auto next = std::make_unique<JitterBuffer>();
  next->takeOver(*line.buffer, {.initialMs = 40, .unitSamples = 80, .unitOctets = 10, .sidOctets = 2});
  CHECK_EQUAL(line.buffer->counters().packets, 0);
  CHECK_EQUAL(next->counters().packets, 50);
  const std::vector<std::uint8_t> frames(20, 7);
  CHECK(next->put(50, 50 * 160, false, frames, line.now) == Put::stored);
  while (line.buffer->hasLater()) {
    CHECK(line.tick().kind == Play::speech);
    next->follow(*line.buffer);
  }
  CHECK_EQUAL(next->playoutTimestamp(), 50 * 160);
  std::swap(line.buffer, next);
  CHECK(line.tick().kind == Play::speech);
  CHECK_EQUAL(line.out[0], 7);
  CHECK(line.tick().kind == Play::speech);
}

TEST(frame_codecs_run_for_long_without_a_gap) {
  Line line({.initialMs = 40, .unitSamples = 80, .unitOctets = 10, .sidOctets = 2});
  std::array<std::uint8_t, 20> payload{};
  int gaps = 0;
  for (int packet = 0; packet < 2000; packet++) {
    payload[0] = static_cast<std::uint8_t>(packet);
    line.buffer->put(static_cast<std::uint16_t>(packet), static_cast<std::uint32_t>(packet) * 160,
                     false, payload, line.now);
    for (int i = 0; i < 2; i++) gaps += line.tick().kind != Play::speech && packet > 4;
  }
  CHECK_EQUAL(gaps, 0);
}

TEST(empty_and_giant_payloads_and_wrong_pulls_do_no_harm) {
  Line line;
  std::vector<std::uint8_t> giant(3000);
  CHECK(line.buffer->put(1, 0, false, {}, line.now) == Put::malformed);
  CHECK(line.buffer->put(1, 0, false, giant, line.now) == Put::malformed);
  line.send(1, 0, 160);
  std::array<std::uint8_t, 8> small{};
  CHECK(line.buffer->pull(small, 80, kFill, line.now, {}).kind == Play::idle);
  CHECK(line.buffer->pull(small, 0, kFill, line.now, {}).kind == Play::idle);
}

TEST(a_block_half_there_is_filled_up_with_the_idle_octet) {
  Line line({.initialMs = 40, .fixed = true});
  line.send(1, 0, 160);
  line.send(3, 340, 160);  // 2 was 180 samples and is lost
  Pulled pulled = line.tick();
  while (pulled.kind != Play::speech) pulled = line.tick();
  line.tick();
  CHECK(line.tick().kind == Play::lost);
  CHECK(line.tick().kind == Play::lost);
  CHECK(line.tick().kind == Play::speech);  // 320 to 400: 20 missing
  CHECK_EQUAL(line.out[0], kFill);
  CHECK_EQUAL(line.out[19], kFill);
  CHECK_EQUAL(line.out[20], octetAt(340));
}

MAIN()
