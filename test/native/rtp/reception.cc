#include "../harness.h"

#include "rtp/clock-drift.h"
#include "rtp/reception.h"

using namespace trunkgate::rtp;

namespace {

Reception fresh(std::uint16_t sequence, std::uint8_t minSequential = 1) {
  Reception reception;
  reception.start(0xABCD, sequence, 8000, minSequential);
  return reception;
}

}  // namespace

// RFC 3550 A.1: MIN_SEQUENTIAL packets in sequence make a source valid.
TEST(a_source_is_valid_after_two_packets_in_sequence) {
  Reception reception = fresh(100, 2);
  CHECK(reception.receive(100, 0, 0) == Arrival::probation);
  CHECK(!reception.valid());
  CHECK_EQUAL(reception.expected(), 0);
  CHECK(reception.receive(101, 160, 20000) == Arrival::inOrder);
  CHECK(reception.valid());
  CHECK_EQUAL(reception.received(), 1);
  CHECK_EQUAL(reception.lost(), 0);
}

TEST(a_gap_in_probation_begins_it_anew) {
  Reception reception = fresh(100, 2);
  CHECK(reception.receive(100, 0, 0) == Arrival::probation);
  CHECK(reception.receive(105, 0, 0) == Arrival::probation);
  CHECK(reception.receive(107, 0, 0) == Arrival::probation);
  CHECK(reception.receive(108, 0, 0) == Arrival::inOrder);
}

TEST(a_source_proved_by_signalling_counts_from_its_first_packet) {
  for (const std::uint16_t first : {0, 1, 65535}) {
    Reception reception = fresh(first);
    CHECK(reception.receive(first, 0, 0) == Arrival::inOrder);
    CHECK_EQUAL(reception.received(), 1);
    CHECK_EQUAL(reception.expected(), 1);
  }
}

TEST(the_extended_number_counts_cycles_and_losses_across_the_wrap) {
  Reception reception = fresh(65000);
  for (std::uint32_t i = 0; i < 200000; i++) {
    if (i % 10 == 3) continue;
    CHECK(reception.receive(static_cast<std::uint16_t>(65000 + i), i * 160, i * 20000) ==
          Arrival::inOrder);
  }
  CHECK_EQUAL(reception.extendedHighest(), 65000 + 199999);
  CHECK_EQUAL(reception.expected(), 200000);
  CHECK_EQUAL(reception.lost(), 20000);
}

TEST(reordered_and_duplicate_packets_are_late_and_counted_as_received) {
  Reception reception = fresh(65534);
  CHECK(reception.receive(65534, 0, 0) == Arrival::inOrder);
  CHECK(reception.receive(0, 0, 0) == Arrival::inOrder);
  CHECK(reception.receive(65535, 0, 0) == Arrival::late);
  CHECK(reception.receive(65535, 0, 0) == Arrival::late);
  CHECK(reception.receive(0, 0, 0) == Arrival::late);
  CHECK_EQUAL(reception.expected(), 3);
  CHECK_EQUAL(reception.lost(), -2);
}

TEST(a_large_jump_is_dropped_once_and_followed_at_the_next_in_sequence) {
  Reception reception = fresh(10);
  reception.receive(10, 0, 0);
  reception.receive(11, 160, 0);
  CHECK(reception.receive(40000, 0, 0) == Arrival::jump);
  CHECK(reception.receive(12, 320, 0) == Arrival::inOrder);
  CHECK(reception.receive(50000, 0, 0) == Arrival::jump);
  CHECK(reception.receive(50001, 0, 0) == Arrival::restarted);
  CHECK_EQUAL(reception.restarts(), 1);
  CHECK_EQUAL(reception.received(), 1);
  CHECK_EQUAL(reception.expected(), 1);
}

// A.3: fraction since the last report, in 1/256; cumulative in 24 bits.
TEST(reports_tell_the_fraction_of_each_interval_and_the_total) {
  Reception reception = fresh(0);
  for (std::uint16_t i = 0; i < 100; i++)
    if (i % 4 != 3) reception.receive(i, i * 160u, i * 20000);
  reception.receive(100, 16000, 2000000);
  ReceptionBlock block = reception.report();
  CHECK_EQUAL(block.cumulativeLost, 25);
  CHECK_EQUAL(block.fractionLost, 25 * 256 / 101);
  CHECK_EQUAL(block.extendedHighest, 100);
  for (std::uint16_t i = 101; i < 200; i++) reception.receive(i, i * 160u, i * 20000);
  block = reception.report();
  CHECK_EQUAL(block.fractionLost, 0);
  CHECK_EQUAL(block.cumulativeLost, 25);
  block = reception.report();  // nothing came: no division by zero
  CHECK_EQUAL(block.fractionLost, 0);
  for (int i = 0; i < 60; i++) reception.receive(199, 0, 0);
  block = reception.report();
  CHECK_EQUAL(block.fractionLost, 0);
  CHECK_EQUAL(block.cumulativeLost, -35);
}

TEST(cumulative_loss_is_clamped_to_24_bits) {
  Reception reception = fresh(0);
  reception.receive(0, 0, 0);
  std::uint16_t sequence = 0;
  for (int i = 0; i < 4000; i++) {
    sequence = static_cast<std::uint16_t>(sequence + 2999);
    reception.receive(sequence, 0, 0);
  }
  CHECK_EQUAL(reception.report().cumulativeLost, 0x7FFFFF);
}

// A.8
TEST(jitter_is_zero_on_a_steady_stream_and_converges_to_the_mean_change_of_transit) {
  Reception steady = fresh(0);
  for (std::uint16_t i = 0; i < 500; i++) steady.receive(i, i * 160u, i * 20000);
  CHECK_EQUAL(steady.jitter(), 0);
  Reception rough = fresh(0);
  for (std::uint16_t i = 0; i < 2000; i++)
    rough.receive(i, 0xFFFF0000u + i * 160u, i * 20000 + (i % 2) * 5000);
  CHECK_NEAR(rough.jitter(), 40, 1);  // 5 ms
}

TEST(telephone_events_and_a_new_timeline_do_not_disturb_the_jitter) {
  Reception reception = fresh(0);
  for (std::uint16_t i = 0; i < 100; i++) reception.receive(i, i * 160u, i * 20000);
  for (std::uint16_t i = 100; i < 120; i++) reception.receive(i, 16000, i * 20000, false);
  for (std::uint16_t i = 120; i < 200; i++) reception.receive(i, i * 160u, i * 20000);
  CHECK_EQUAL(reception.jitter(), 0);
  for (std::uint16_t i = 200; i < 300; i++) reception.receive(i, 0x40000000u + i * 160u, i * 20000);
  CHECK_EQUAL(reception.jitter(), 0);
}

TEST(drift_between_the_clocks_is_told_within_a_few_ppm_under_jitter) {
  for (const double ppm : {-100.0, -50.0, 0.0, 30.0, 100.0}) {
    ClockDrift drift;
    std::uint64_t seed = 3;
    CHECK(!drift.known());
    for (std::uint32_t i = 0; i < 9000; i++) {
      const double sentAt = i * 20000.0 / (1 + ppm * 1e-6);
      const auto arrival = static_cast<Instant>(sentAt) + 5000 + harness_random(&seed) % 30000;
      drift.receive(0xFFFFF000u + i * 160, 8000, arrival);
    }
    CHECK(drift.known());
    CHECK_NEAR(drift.partsPerMillion(), ppm, 3);
  }
}

TEST(a_new_timeline_restarts_the_drift_estimate) {
  ClockDrift drift;
  for (std::uint32_t i = 0; i < 5000; i++) drift.receive(i * 160, 8000, i * 20000);
  CHECK(drift.known());
  drift.receive(0x70000000, 8000, 5000 * 20000);
  CHECK(!drift.known());
  CHECK_NEAR(drift.partsPerMillion(), 0, 0);
}

MAIN()
