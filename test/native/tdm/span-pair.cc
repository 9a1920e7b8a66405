// Crossed spans: every octet where it belongs, and each fault exactly once.
#include "../harness.h"

#include "tdm/simulated/span-pair.h"

#include <cmath>
#include <vector>

using namespace trunkgate::tdm;
using namespace trunkgate::tdm::simulated;

namespace {

using Frame = std::vector<std::uint8_t>;

struct World final : Receiver {
  explicit World(const SpanConfig& config) : pair(config) {}
  void signalling(unsigned end, std::span<const std::uint8_t> frame) noexcept override {
    frames[end].emplace_back(frame.begin(), frame.end());
    arrivals[end].push_back(ticks);
  }
  void alarm(unsigned end, Alarm alarm) noexcept override { alarms[end].push_back(alarm); }
  void errors(unsigned end) noexcept override { errorCalls[end]++; }
  void run(int count) {
    for (int i = 0; i < count; i++) {
      ticks++;
      pair.tick(*this);
      if (each != nullptr) each(*this);
    }
  }
  SpanPair pair;
  std::array<std::vector<Frame>, 2> frames;
  std::array<std::vector<int>, 2> arrivals;
  std::array<std::vector<Alarm>, 2> alarms;
  std::array<int, 2> errorCalls{};
  int ticks = 0;
  void (*each)(World&) = nullptr;
  std::vector<std::uint8_t> heard;
  std::uint8_t next = 0;
};

constexpr std::size_t kSlot = 5;

/// End a says 0, 1, 2... in a timeslot, end b keeps what it hears.
void count(World& world) {
  for (unsigned which = 0; which < 2; which++) {
    End& end = world.pair.end(which);
    for (unsigned step = end.steps(); step > 0; step--) {
      const std::int64_t frame = end.frame() - 8 * (static_cast<std::int64_t>(step) - 1);
      std::array<std::uint8_t, 8> octets;
      if (which == 0) {
        for (auto& octet : octets) octet = world.next++;
        end.out().write(kSlot, frame, octets);
      } else {
        end.in().read(kSlot, frame, octets);
        world.heard.insert(world.heard.end(), octets.begin(), octets.end());
      }
    }
  }
}

/// Steps of the heard sequence that are not one octet on: {dropped, repeated}.
std::pair<int, int> slipsHeard(const World& world, std::size_t from) {
  int dropped = 0;
  int repeated = 0;
  for (std::size_t i = from + 1; i < world.heard.size(); i++) {
    const auto step = static_cast<std::uint8_t>(world.heard[i] - world.heard[i - 1]);
    if (step == 1) continue;
    if (step == 0) repeated++;
    else dropped += step - 1;
  }
  return {dropped, repeated};
}

const SpanConfig kE1{.timeslots = 32, .idle = 0xD5, .signalling = 16};

}  // namespace

TEST(frames_cross_both_ways) {
  World world(kE1);
  const Frame there{0x02, 0x01, 0x7F};
  const Frame back{0x02, 0x01, 0x73, 0x00};
  CHECK(world.pair.end(0).outgoing().put(0, 0, there));
  CHECK(world.pair.end(1).outgoing().put(0, 0, back));
  world.run(20);
  REQUIRE(world.frames[1].size() == 1 && world.frames[0].size() == 1);
  CHECK(world.frames[1][0] == there);
  CHECK(world.frames[0][0] == back);
}

TEST(a_frame_takes_the_time_of_its_bits) {
  World world(kE1);
  for (int i = 0; i < 10; i++) CHECK(world.pair.end(0).outgoing().put(0, 0, Frame(254, 0x55)));
  world.run(400);
  REQUIRE(world.frames[1].size() == 10);
  // 254 octets, FCS and one flag at 8 octets a millisecond: just above 32 ms.
  const int took = world.arrivals[1][9] - world.arrivals[1][0];
  CHECK(took >= 289 && took <= 291);
}

TEST(octets_arrive_in_order_without_loss) {
  World world(kE1);
  world.pair.end(0).out().use(kSlot);
  world.each = count;
  world.run(1000);
  const auto [dropped, repeated] = slipsHeard(world, 100);
  CHECK_EQUAL(dropped, 0);
  CHECK_EQUAL(repeated, 0);
}

TEST(a_timeslot_without_a_writer_is_idle_again) {
  World world(kE1);
  world.pair.end(0).out().use(kSlot);
  world.each = count;
  world.run(100);
  world.pair.end(0).out().release(kSlot);
  world.each = nullptr;
  world.run(600);
  std::array<std::uint8_t, 80> octets;
  world.pair.end(1).in().read(kSlot, world.pair.end(1).frame(), octets);
  for (const auto octet : octets) CHECK_EQUAL(octet, 0xD5);
}

TEST(one_flipped_bit_is_one_bad_frame) {
  World world(kE1);
  world.run(50);
  for (int i = 0; i < 3; i++) CHECK(world.pair.end(0).outgoing().put(0, 0, Frame(40, 0x55)));
  CHECK(world.pair.end(0).out().flip(16 + 8 + 200));
  world.run(50);
  CHECK_EQUAL(world.pair.end(1).received().fcsErrors, 1);
  CHECK_EQUAL(world.frames[1].size(), 2);
  CHECK_EQUAL(world.errorCalls[1], 1);
  CHECK_EQUAL(world.pair.end(1).in().bitErrors(), 1);
}

TEST(delay_is_added_to_the_way_of_a_frame) {
  int arrival[2] = {0, 0};
  for (unsigned i = 0; i < 2; i++) {
    World world(kE1);
    world.pair.end(0).out().setDelay(i == 0 ? 0 : 250);
    CHECK(world.pair.end(0).outgoing().put(0, 0, Frame{2, 1, 3, 4}));
    world.run(400);
    REQUIRE(world.arrivals[1].size() == 1);
    arrival[i] = world.arrivals[1][0];
  }
  CHECK_EQUAL(arrival[1] - arrival[0], 250);
}

TEST(bit_errors_come_at_their_rate) {
  World world(kE1);
  world.pair.end(0).out().use(kSlot);
  world.pair.end(0).out().setBitErrors(1e-3, 5);
  world.each = count;
  world.run(10000);
  const double bits = 10000.0 * 64 * 2;  // the timeslot and the signalling
  CHECK_NEAR(static_cast<double>(world.pair.end(1).in().bitErrors()), bits * 1e-3, 5 * std::sqrt(bits * 1e-3));
}

TEST(slips_drop_or_repeat_one_octet_of_each_timeslot) {
  World world(kE1);
  world.pair.end(0).out().use(kSlot);
  world.each = count;
  world.run(100);
  world.pair.end(0).out().slip(1);
  world.run(100);
  world.pair.end(0).out().slip(-1);
  world.run(100);
  const auto [dropped, repeated] = slipsHeard(world, 100);
  CHECK_EQUAL(dropped, 1);
  CHECK_EQUAL(repeated, 1);
  CHECK_EQUAL(world.pair.end(1).in().dropped(), 1);
  CHECK_EQUAL(world.pair.end(1).in().repeated(), 1);
}

TEST(clocks_that_differ_slip_at_the_rate_of_the_difference) {
  for (const double ppm : {50.0, -50.0}) {
    World world(kE1);
    world.pair.end(0).out().use(kSlot);
    world.pair.setClockOffset(0, ppm);
    world.each = count;
    const int seconds = 600;
    world.run(seconds * 1000);
    const auto [dropped, repeated] = slipsHeard(world, 1000);
    // 50 ppm of 8000 frames a second: 0.4 slips a second.
    CHECK_NEAR(ppm > 0 ? dropped : repeated, 0.4 * seconds, 1);
    CHECK_EQUAL(ppm > 0 ? repeated : dropped, 0);
    CHECK_EQUAL(world.pair.end(1).in().dropped() + world.pair.end(1).in().repeated(), dropped + repeated);
  }
}

TEST(loss_of_signal_is_seen_and_answered_with_a_remote_alarm) {
  World world(kE1);
  world.pair.end(0).out().setAlarm(Alarm::los);
  CHECK(world.pair.end(0).outgoing().put(0, 0, Frame{2, 1, 3, 4}));
  world.run(100);
  CHECK(world.alarms[1] == std::vector{Alarm::los});
  CHECK(world.alarms[0] == std::vector{Alarm::rai});
  CHECK(world.frames[1].empty());
  world.pair.end(0).out().setAlarm(Alarm::none);
  CHECK(world.pair.end(0).outgoing().put(0, 0, Frame{2, 1, 3, 4}));
  world.run(100);
  CHECK((world.alarms[1] == std::vector{Alarm::los, Alarm::none}));
  CHECK((world.alarms[0] == std::vector{Alarm::rai, Alarm::none}));
  CHECK_EQUAL(world.frames[1].size(), 1);
  CHECK_EQUAL(world.pair.end(1).losTicks(), 100);
}

TEST(a_span_without_signalling_runs_no_hdlc) {
  World world({.timeslots = 25, .idle = 0xFF, .signalling = {}});
  world.run(100);
  CHECK_EQUAL(world.pair.end(0).transmitter().frames(), 0);
  CHECK_EQUAL(world.pair.end(1).received().frames, 0);
}

MAIN()
