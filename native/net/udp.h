// UDP sockets of the kernel, drained on the tick.
//
// The sockets are not connected until their source is known; then a second one on the same address and port is connected to it (the
// kernel's fast path, both ways) and the first goes on to receive what others send, so that it can be counted.
#pragma once

#include "transport.h"

namespace trunkgate::net {

class UdpTransport final : public Transport {
 public:
  Opened open(const Address& local, std::uint8_t dscp) override;
  std::unique_ptr<Poller> openPoller() override;
};

}  // namespace trunkgate::net
