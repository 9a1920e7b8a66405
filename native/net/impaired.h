// A network emulator around another transport: delay, jitter and loss on every datagram of its sockets, both ways, by a seed. For
// test phones, not for the hot path of real calls.
//
//   send -> loss -> delay line -> the inner socket          the inner socket -> loss -> delay line -> receive
//
// Lines are emptied when the poller is asked, so in every tick. Every socket has the same chances in the same order.
#pragma once

#include "transport.h"

#include <cstdint>
#include <functional>

namespace trunkgate::net {

struct PathImpairment {
  std::uint32_t delayMs = 0;   ///< one way
  std::uint32_t jitterMs = 0;  ///< uniform, on top of the delay; reorders
  double loss = 0;             ///< 0 to 1
  double burst = 1;            ///< mean number of datagrams that are lost in a row; 1: as chance has it
  std::uint64_t seed = 1;
};

class ImpairedTransport final : public Transport {
 public:
  /// @param clock microseconds
  ImpairedTransport(std::unique_ptr<Transport> inner, const PathImpairment& path, std::function<std::int64_t()> clock);

  Opened open(const Address& local, std::uint8_t dscp) override;
  std::unique_ptr<Poller> openPoller() override;

 private:
  std::unique_ptr<Transport> inner_;
  PathImpairment path_;
  std::function<std::int64_t()> clock_;
};

}  // namespace trunkgate::net
