// Datagrams in memory: the network of the stepped mode. Exact and repeatable; not for the hot path of real calls.
#pragma once

#include "transport.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <queue>
#include <vector>

namespace trunkgate::net {

struct Impairment {
  std::uint32_t delayMs = 0;
  std::uint32_t jitterMs = 0;  ///< uniform, on top of the delay
  double loss = 0;
  double duplicate = 0;
};

struct Stray {
  Address from;
  Address to;
  std::vector<std::uint8_t> octets;
};

class MemoryTransport final : public Transport {
 public:
  explicit MemoryTransport(std::uint64_t seed) : chance_(seed | 1) {}

  Opened open(const Address& local, std::uint8_t dscp) override;
  std::unique_ptr<Poller> openPoller() override;

  /// Puts a datagram on its way; it arrives `delayMs` after the present tick, at the earliest in the next poll.
  void send(const Address& from, const Address& to, std::span<const std::uint8_t> octets);
  void impair(const Impairment& impairment) { impairment_ = impairment; }

  /// A tick has begun: delivers what is due. Datagrams for nobody are kept for takeStray.
  void tick(std::uint64_t nowMs);
  [[nodiscard]] bool takeStray(Stray& stray);

 private:
  friend class MemorySocket;
  struct Ordered {
    bool operator()(const Address& a, const Address& b) const;
  };
  struct UnderWay {
    std::uint64_t dueMs;
    std::uint64_t order;
    Stray datagram;
    bool operator>(const UnderWay& other) const {
      return dueMs != other.dueMs ? dueMs > other.dueMs : order > other.order;
    }
  };
  [[nodiscard]] double chance();
  [[nodiscard]] std::uint32_t delay();
  class MemorySocket* find(const Address& to);

  std::map<Address, class MemorySocket*, Ordered> sockets_;
  std::priority_queue<UnderWay, std::vector<UnderWay>, std::greater<>> underWay_;
  std::deque<Stray> strays_;
  Impairment impairment_;
  std::uint64_t chance_;
  std::uint64_t nowMs_ = 0;
  std::uint64_t order_ = 0;
  std::uint16_t nextPort_ = 49152;
};

}  // namespace trunkgate::net
