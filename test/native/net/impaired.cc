// The network emulator: losses, bursts, delay and jitter on datagrams in memory, by a stepped clock.
#include <native/net/impaired.h>
#include <native/net/memory.h>

extern "C" {
#include "../harness.h"
}

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

using namespace trunkgate::net;
using trunkgate::Address;

namespace {

/// An impaired socket and a plain one, a millisecond a step.
class Net {
 public:
  explicit Net(const PathImpairment& path) {
    auto memory = std::make_unique<MemoryTransport>(1);
    memory_ = memory.get();
    impaired_ = std::make_unique<ImpairedTransport>(std::move(memory), path, [this] { return nowMs_ * 1000; });
    plainPoller_ = memory_->openPoller();
    poller_ = impaired_->openPoller();
    near_ = impaired_->open(address(1000), 0).socket;
    far_ = memory_->open(address(2000), 0).socket;
    poller_->add(*near_, this);
  }
  ~Net() { poller_->remove(*near_); }

  static Address address(std::uint16_t port) {
    Address made;
    made.family = 4;
    made.port = port;
    return made;
  }

  void send(bool outward, std::uint32_t number) {
    std::array<std::uint8_t, 160> octets{};
    std::memcpy(octets.data(), &number, sizeof number);
    Socket& from = outward ? *near_ : *far_;
    CHECK_EQUAL(from.send(address(outward ? 2000 : 1000), octets), 0);
  }

  struct Arrival {
    std::int64_t atMs;
    std::uint32_t number;
  };

  /// One millisecond; what came at either end.
  void step(std::vector<Arrival>& atFar, std::vector<Arrival>& atNear) {
    nowMs_++;
    memory_->tick(static_cast<std::uint64_t>(nowMs_));
    std::array<void*, 4> tags{};
    const std::size_t count = poller_->poll(tags);
    for (std::size_t i = 0; i < count; i++) CHECK(tags[i] == this);
    if (count > 0) take(*near_, atNear);
    take(*far_, atFar);
  }

 private:
  void take(Socket& socket, std::vector<Arrival>& arrivals) {
    do {
      socket.receive(batch_);
      for (std::size_t i = 0; i < batch_.count; i++) {
        std::uint32_t number = 0;
        std::memcpy(&number, batch_.data[i].data(), sizeof number);
        arrivals.push_back({nowMs_, number});
      }
    } while (batch_.count > 0);
  }

  MemoryTransport* memory_ = nullptr;
  std::unique_ptr<ImpairedTransport> impaired_;
  std::unique_ptr<Poller> plainPoller_;
  std::unique_ptr<Poller> poller_;
  std::unique_ptr<Socket> near_;
  std::unique_ptr<Socket> far_;
  Batch batch_;
  std::int64_t nowMs_ = 0;
};

struct Run {
  std::vector<Net::Arrival> atFar, atNear;
};

/// A datagram each way every 20 ms.
Run run(const PathImpairment& path, std::uint32_t count) {
  Net net(path);
  Run result;
  for (std::uint32_t ms = 0; ms < count * 20 + 2000; ms++) {
    if (ms % 20 == 0 && ms / 20 < count) {
      net.send(true, ms / 20);
      net.send(false, ms / 20);
    }
    net.step(result.atFar, result.atNear);
  }
  return result;
}

std::int64_t delayOf(const Net::Arrival& arrival) { return arrival.atMs - arrival.number * 20; }

}  // namespace

TEST(every_datagram_is_late_by_the_delay_both_ways) {
  const Run result = run({.delayMs = 60}, 100);
  CHECK_EQUAL(result.atFar.size(), 100);
  CHECK_EQUAL(result.atNear.size(), 100);
  for (const auto* side : {&result.atFar, &result.atNear}) {
    for (const Net::Arrival& arrival : *side) {
      CHECK(delayOf(arrival) >= 60 && delayOf(arrival) <= 63);
    }
  }
}

TEST(jitter_lies_on_top_of_the_delay_and_reorders) {
  const Run result = run({.delayMs = 30, .jitterMs = 50}, 500);
  CHECK_EQUAL(result.atFar.size(), 500);
  std::int64_t least = 1000, most = 0;
  bool reordered = false;
  for (std::size_t i = 0; i < result.atFar.size(); i++) {
    least = std::min(least, delayOf(result.atFar[i]));
    most = std::max(most, delayOf(result.atFar[i]));
    if (i > 0) reordered |= result.atFar[i].number < result.atFar[i - 1].number;
  }
  CHECK(least >= 30 && least <= 33);
  CHECK(most >= 77 && most <= 83);
  CHECK(reordered);
}

TEST(as_many_are_lost_as_the_rate_says_and_the_same_ones_again) {
  const Run first = run({.loss = 0.05, .seed = 7}, 4000);
  const Run again = run({.loss = 0.05, .seed = 7}, 4000);
  const Run other = run({.loss = 0.05, .seed = 8}, 4000);
  for (const std::size_t count : {first.atFar.size(), first.atNear.size(), other.atFar.size()}) {
    CHECK(count > 3740 && count < 3860);
  }
  const auto numbers = [](const Run& run) {
    std::vector<std::uint32_t> all;
    for (const auto& arrival : run.atFar) all.push_back(arrival.number);
    return all;
  };
  CHECK(numbers(first) == numbers(again));
  CHECK(numbers(first) != numbers(other));
}

TEST(losses_come_in_bursts_of_the_length_that_is_asked) {
  const Run result = run({.loss = 0.1, .burst = 4}, 8000);
  std::vector<bool> came(8000);
  for (const auto& arrival : result.atFar) came[arrival.number] = true;
  double lost = 0, bursts = 0;
  for (std::size_t i = 0; i < came.size(); i++) {
    if (came[i]) continue;
    lost++;
    if (i == 0 || came[i - 1]) bursts++;
  }
  CHECK(std::abs(lost / 8000 - 0.1) < 0.02);
  CHECK(std::abs(lost / bursts - 4) < 0.6);
}

TEST(more_than_the_line_holds_is_lost_and_no_more) {
  Net net({.delayMs = 500});
  std::vector<Net::Arrival> atFar, atNear;
  for (std::uint32_t i = 0; i < 300; i++) net.send(true, i);
  for (int ms = 0; ms < 600; ms++) net.step(atFar, atNear);
  CHECK_EQUAL(atFar.size(), 256);
  net.send(true, 999);
  for (int ms = 0; ms < 600; ms++) net.step(atFar, atNear);
  CHECK_EQUAL(atFar.size(), 257);
}

MAIN()
