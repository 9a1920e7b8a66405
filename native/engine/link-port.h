// Two timeslots on different workers, or on clocks that differ, meet over a pair of links: a lock-free ring each way with a slip
// buffer at its reading end.
#pragma once

#include "port.h"

namespace trunkgate::engine {

/// Octets of one direction. One writer, one reader.
class LinkRing {
 public:
  static constexpr std::size_t kSize = 1024;
  static constexpr std::size_t kMiddle = 2 * kBlock;  ///< octets waiting that the reader keeps to


  /// Returns false when the reader has stopped reading (the block is dropped).
  bool write(const Octets& octets) noexcept;
  /// Fills `octets`; repeats (or drops) one octet of a block where the clocks have drifted apart. Returns octets inserted (+)
  /// or removed (-).
  int read(Octets& octets) noexcept;

  std::atomic<std::uint8_t> law{0};
  std::atomic<bool> data{false};

 private:
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::array<std::uint8_t, kSize> octets_{};
  std::uint8_t last_ = 0xFF;
  bool started_ = false;
};

class LinkPort final : public Port {
 public:
  LinkPort(EventHub& hub, double* slot, std::shared_ptr<LinkRing> in,
           std::shared_ptr<LinkRing> out) noexcept
      : Port(Kind::link, hub, slot), in_(std::move(in)), out_(std::move(out)) {}

  void produce(Tick& tick) noexcept override;
  void consume(Tick& tick) noexcept override;
  void publish() noexcept override;

 private:
  std::shared_ptr<LinkRing> in_;
  std::shared_ptr<LinkRing> out_;
  std::uint64_t inserted_ = 0;
  std::uint64_t removed_ = 0;
};

}  // namespace trunkgate::engine
