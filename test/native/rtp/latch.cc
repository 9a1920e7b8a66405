#include "../harness.h"

#include "rtp/latch.h"

using namespace trunkgate::rtp;

namespace {

Address v4(std::uint8_t last, std::uint16_t port) {
  Address address;
  address.ip = {192, 0, 2, last};
  address.port = port;
  address.family = 4;
  return address;
}

const Address peer = v4(1, 4000);
const Address nat = v4(9, 62000);
const Address outsider = v4(66, 6666);

Latch signalled(const Address& address) {
  Latch latch;
  latch.configure({});
  latch.signal(address);
  return latch;
}

/// Sends packets of `from` every 20 ms from `begin` on; returns the verdict of the last.
Latched stream(Latch& latch, const Address& from, std::uint32_t ssrc, Instant begin, int count,
               std::uint16_t sequence = 100) {
  Latched last = Latched::reject;
  for (int i = 0; i < count; i++)
    last = latch.receive(from, ssrc, static_cast<std::uint16_t>(sequence + i), begin + i * 20'000);
  return last;
}

}  // namespace

TEST(the_signalled_address_is_locked_to_at_its_first_packet) {
  Latch latch = signalled(peer);
  CHECK(latch.destination() == peer);
  CHECK(latch.receive(peer, 1, 10, 0) == Latched::locked);
  CHECK(latch.receive(peer, 1, 11, 20'000) == Latched::accept);
  CHECK(latch.isLocked());
  CHECK_EQUAL(latch.ssrc(), 1);
}

TEST(an_outsider_after_the_latch_changes_nothing_and_is_counted) {
  Latch latch = signalled(peer);
  latch.receive(peer, 1, 10, 0);
  for (int i = 0; i < 1000; i++) {
    CHECK(latch.receive(outsider, 1, static_cast<std::uint16_t>(i), i * 10'000) == Latched::reject);
    CHECK(latch.receive(peer, 1, static_cast<std::uint16_t>(11 + i), i * 10'000) ==
          Latched::accept);
  }
  CHECK_EQUAL(latch.rejected(), 1000);
  CHECK(latch.destination() == peer);
  CHECK(!latch.acceptRtcp(outsider));
  CHECK(latch.acceptRtcp(v4(1, 4001)));
}

TEST(another_source_is_heard_provisionally_and_locked_to_after_the_window) {
  Latch latch = signalled(peer);
  CHECK(stream(latch, nat, 5, 0, 15) == Latched::provisional);
  CHECK(latch.destination() == peer);
  CHECK(latch.receive(nat, 5, 115, 300'000) == Latched::locked);
  CHECK(latch.destination() == nat);
  CHECK(latch.receive(peer, 7, 1, 320'000) == Latched::reject);
}

TEST(the_signalled_source_wins_while_the_window_runs) {
  Latch latch = signalled(peer);
  stream(latch, outsider, 5, 0, 10);
  CHECK(latch.receive(peer, 7, 1, 200'000) == Latched::locked);
  CHECK_EQUAL(latch.ssrc(), 7);
  CHECK(latch.receive(outsider, 5, 110, 220'000) == Latched::reject);
}

TEST(only_one_other_is_heard_in_the_window) {
  Latch latch = signalled(peer);
  CHECK(latch.receive(nat, 5, 100, 0) == Latched::provisional);
  CHECK(latch.receive(outsider, 6, 100, 20'000) == Latched::reject);
  CHECK(latch.receive(nat, 6, 101, 40'000) == Latched::reject);  // same address, another SSRC
  CHECK(stream(latch, nat, 5, 60'000, 13, 101) == Latched::locked);
  CHECK_EQUAL(latch.rejected(), 2);
}

TEST(a_candidate_that_falls_silent_gives_up_its_place) {
  Latch latch = signalled(peer);
  CHECK(latch.receive(outsider, 5, 100, 0) == Latched::provisional);
  CHECK(latch.receive(nat, 6, 100, 400'000) == Latched::provisional);
  CHECK(stream(latch, nat, 6, 420'000, 20, 101) == Latched::accept);
  CHECK(latch.destination() == nat);
}

TEST(packets_out_of_sequence_do_not_make_a_candidate_the_source) {
  Latch latch = signalled(peer);
  for (int i = 0; i < 50; i++)
    CHECK(latch.receive(nat, 5, static_cast<std::uint16_t>(i * 7), i * 20'000) ==
          Latched::provisional);
  CHECK(!latch.isLocked());
}

TEST(before_the_answer_early_media_is_heard_but_nobody_is_locked_to) {
  Latch latch;
  latch.configure({});
  CHECK(stream(latch, peer, 5, 0, 100) == Latched::provisional);
  CHECK_EQUAL(latch.destination().family, 0);
  CHECK(!latch.acceptRtcp(peer));
  latch.signal(peer);
  CHECK(latch.receive(peer, 5, 200, 2'000'000) == Latched::locked);
}

TEST(new_sdp_opens_the_latch_and_the_same_address_again_does_not) {
  Latch latch = signalled(peer);
  stream(latch, nat, 5, 0, 30);
  REQUIRE(latch.isLocked());
  latch.signal(peer);
  CHECK(latch.isLocked());
  CHECK(latch.destination() == nat);
  const Address moved = v4(3, 5000);
  latch.signal(moved);
  CHECK(!latch.isLocked());
  CHECK(latch.destination() == moved);
  CHECK(latch.receive(moved, 8, 1, 1'000'000) == Latched::locked);
  latch.signal(moved);
  CHECK(latch.isLocked());
}

TEST(sdp_that_names_the_address_already_locked_to_keeps_the_lock) {
  Latch latch = signalled(peer);
  stream(latch, nat, 5, 0, 30);
  latch.signal(nat);
  CHECK(latch.isLocked());
  CHECK(latch.receive(nat, 5, 130, 700'000) == Latched::accept);
}

TEST(after_the_timeout_another_source_may_be_taken) {
  Latch latch = signalled(peer);
  latch.receive(peer, 1, 10, 0);
  CHECK(latch.receive(nat, 2, 1, 14'999'999) == Latched::reject);
  CHECK(latch.receive(nat, 2, 2, 15'000'000) == Latched::provisional);
  CHECK(stream(latch, nat, 2, 15'020'000, 15, 3) == Latched::locked);
  CHECK_EQUAL(latch.relatches(), 1);
}

TEST(a_timeout_of_zero_never_opens_the_latch) {
  Latch latch;
  latch.configure({.timeout = 0});
  latch.signal(peer);
  latch.receive(peer, 1, 10, 0);
  CHECK(latch.receive(nat, 2, 1, 900'000'000) == Latched::reject);
}

TEST(a_new_ssrc_of_the_locked_address_is_taken_at_its_second_packet_in_sequence) {
  Latch latch = signalled(peer);
  latch.receive(peer, 1, 10, 0);
  CHECK(latch.receive(peer, 2, 50, 20'000) == Latched::reject);
  CHECK(latch.receive(peer, 2, 51, 40'000) == Latched::newSsrc);
  CHECK(latch.receive(peer, 2, 52, 60'000) == Latched::accept);
  CHECK_EQUAL(latch.ssrc(), 2);
}

TEST(two_streams_of_one_address_interleaved_do_not_take_turns) {
  Latch latch = signalled(peer);
  latch.receive(peer, 1, 10, 0);
  for (int i = 1; i < 100; i++) {
    CHECK(latch.receive(peer, 2, static_cast<std::uint16_t>(50 + i), i * 20'000) ==
          Latched::reject);
    CHECK(latch.receive(peer, 1, static_cast<std::uint16_t>(10 + i), i * 20'000 + 1) ==
          Latched::accept);
  }
  CHECK(latch.receive(peer, 3, 1, 3'000'000) == Latched::reject);
  CHECK(latch.receive(peer, 3, 3, 3'000'000) == Latched::reject);
  CHECK(latch.receive(peer, 3, 4, 3'000'000) == Latched::newSsrc);
}

TEST(without_symmetric_rtp_only_the_signalled_address_is_heard) {
  Latch latch;
  latch.configure({.symmetric = false});
  latch.signal(peer);
  CHECK(stream(latch, nat, 5, 0, 100) == Latched::reject);
  CHECK(latch.receive(peer, 5, 1, 3'000'000) == Latched::locked);
}

TEST(ice_nomination_locks_the_address_and_learns_the_ssrc) {
  Latch latch = signalled(peer);
  latch.nominate(nat);
  CHECK(latch.isLocked());
  CHECK(latch.destination() == nat);
  CHECK(latch.receive(peer, 1, 1, 0) == Latched::reject);
  CHECK(latch.receive(nat, 9, 1, 20'000) == Latched::locked);
  CHECK(latch.receive(nat, 9, 2, 40'000) == Latched::accept);
  CHECK(latch.receive(outsider, 9, 3, 900'000'000) == Latched::reject);
  latch.nominate(outsider);
  CHECK(latch.receive(outsider, 9, 3, 900'020'000) == Latched::locked);
}

TEST(addresses_differ_by_ip_port_and_family) {
  Address v6 = peer;
  v6.family = 6;
  Latch latch = signalled(peer);
  latch.receive(peer, 1, 10, 0);
  CHECK(latch.receive(v6, 1, 11, 0) == Latched::reject);
  CHECK(latch.receive(v4(1, 4001), 1, 11, 0) == Latched::reject);
  CHECK(!latch.acceptRtcp(v6));
}

MAIN()
