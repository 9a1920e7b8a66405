#include "memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

namespace trunkgate::net {

class MemorySocket final : public Socket {
 public:
  MemorySocket(MemoryTransport& transport, const Address& local)
      : transport_(transport), local_(local) {}
  ~MemorySocket() override { transport_.sockets_.erase(local_); }
  MemorySocket(const MemorySocket&) = delete;
  MemorySocket& operator=(const MemorySocket&) = delete;

  int send(const Address& to, std::span<const std::uint8_t> octets) noexcept override {
    if (to.family != local_.family) return to.family == 0 ? EDESTADDRREQ : EAFNOSUPPORT;
    transport_.send(local_, to, octets);
    return 0;
  }

  void receive(Batch& batch) noexcept override {
    for (batch.count = 0; batch.count < kBatch && !queue_.empty(); batch.count++) {
      const Stray& datagram = queue_.front();
      const std::size_t octets = std::min(datagram.octets.size(), kMaxDatagram);
      batch.from[batch.count] = datagram.from;
      batch.octets[batch.count] = octets;
      std::copy_n(datagram.octets.begin(), octets, batch.data[batch.count].begin());
      queue_.pop_front();
    }
  }

  void prefer(const Address&) noexcept override {}
  void preferNobody() noexcept override {}
  const Address& local() const noexcept override { return local_; }

  void deliver(Stray&& datagram) { queue_.push_back(std::move(datagram)); }
  [[nodiscard]] bool readable() const { return !queue_.empty(); }

 private:
  MemoryTransport& transport_;
  Address local_;
  std::deque<Stray> queue_;
};

namespace {

class MemoryPoller final : public Poller {
 public:
  bool add(Socket& socket, void* tag) noexcept override {
    watched_.emplace_back(static_cast<MemorySocket*>(&socket), tag);
    return true;
  }
  void remove(Socket& socket) noexcept override {
    std::erase_if(watched_, [&](const auto& entry) { return entry.first == &socket; });
  }
  std::size_t poll(std::span<void*> tags) noexcept override {
    std::size_t count = 0;
    for (const auto& [socket, tag] : watched_) {
      if (count == tags.size()) break;
      if (socket->readable()) tags[count++] = tag;
    }
    return count;
  }

 private:
  std::vector<std::pair<MemorySocket*, void*>> watched_;
};

}  // namespace

bool MemoryTransport::Ordered::operator()(const Address& a, const Address& b) const {
  return std::tie(a.family, a.port, a.ip) < std::tie(b.family, b.port, b.ip);
}

Opened MemoryTransport::open(const Address& local, std::uint8_t) {
  Address address = local;
  if (address.port == 0) {
    do {
      address.port = nextPort_;
      nextPort_ = static_cast<std::uint16_t>(nextPort_ >= 65534 ? 49152 : nextPort_ + 2);
    } while (sockets_.contains(address));
  }
  if (sockets_.contains(address)) return {nullptr, EADDRINUSE};
  auto socket = std::make_unique<MemorySocket>(*this, address);
  sockets_.emplace(address, socket.get());
  return {std::move(socket), 0};
}

std::unique_ptr<Poller> MemoryTransport::openPoller() { return std::make_unique<MemoryPoller>(); }

void MemoryTransport::send(const Address& from, const Address& to,
                           std::span<const std::uint8_t> octets) {
  if (impairment_.loss > 0 && chance() < impairment_.loss) return;
  const unsigned copies = impairment_.duplicate > 0 && chance() < impairment_.duplicate ? 2 : 1;
  for (unsigned i = 0; i < copies; i++) {
    underWay_.push({nowMs_ + delay(), order_++, {from, to, {octets.begin(), octets.end()}}});
  }
}

std::uint32_t MemoryTransport::delay() {
  if (impairment_.jitterMs == 0) return impairment_.delayMs;
  return impairment_.delayMs + static_cast<std::uint32_t>(chance() * (impairment_.jitterMs + 1));
}

void MemoryTransport::tick(std::uint64_t nowMs) {
  nowMs_ = nowMs;
  while (!underWay_.empty() && underWay_.top().dueMs <= nowMs) {
    Stray datagram = underWay_.top().datagram;
    underWay_.pop();
    if (MemorySocket* socket = find(datagram.to)) {
      socket->deliver(std::move(datagram));
    } else {
      strays_.push_back(std::move(datagram));
    }
  }
}

// A socket bound to the unspecified address hears all addresses.
MemorySocket* MemoryTransport::find(const Address& to) {
  auto found = sockets_.find(to);
  if (found == sockets_.end()) {
    Address any;
    any.family = to.family;
    any.port = to.port;
    found = sockets_.find(any);
  }
  return found == sockets_.end() ? nullptr : found->second;
}

bool MemoryTransport::takeStray(Stray& stray) {
  if (strays_.empty()) return false;
  stray = std::move(strays_.front());
  strays_.pop_front();
  return true;
}

double MemoryTransport::chance() {
  chance_ ^= chance_ << 13;
  chance_ ^= chance_ >> 7;
  chance_ ^= chance_ << 17;
  return static_cast<double>(chance_ >> 11) * 0x1p-53;
}

}  // namespace trunkgate::net
