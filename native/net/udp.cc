#include "udp.h"

#include "address.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace trunkgate::net {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool isOpen() const noexcept { return number_ >= 0; }
  void reset(int number = -1) noexcept {
    if (number_ >= 0) close(number_);
    number_ = number;
  }
  [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

void setOption(int socket, int level, int name, int value) noexcept {
  static_cast<void>(setsockopt(socket, level, name, &value, sizeof value));
}

int openSocket(const Address& local, std::uint8_t dscp) noexcept {
  const int family = local.family == 6 ? AF_INET6 : AF_INET;
  const int number = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (number < 0) return number;
  const int trafficClass = dscp << 2;  // RFC 2474 §3
  if (family == AF_INET6) {
    setOption(number, IPPROTO_IPV6, IPV6_TCLASS, trafficClass);
  } else {
    setOption(number, IPPROTO_IP, IP_TOS, trafficClass);
  }
  return number;
}

bool bindTo(int socket, const Address& local) noexcept {
  sockaddr_storage storage;
  const socklen_t length = toKernel(local, storage);
  return bind(socket, reinterpret_cast<sockaddr*>(&storage), length) == 0;
}

class UdpPoller;

class UdpSocket final : public Socket {
 public:
  UdpSocket(int number, const Address& local, std::uint8_t dscp) noexcept
      : open_(number), local_(local), dscp_(dscp) {}
  ~UdpSocket() override = default;

  int send(const Address& to, std::span<const std::uint8_t> octets) noexcept override {
    if (fast_.isOpen() && to == peer_) {
      return ::send(fast_.number(), octets.data(), octets.size(), MSG_NOSIGNAL) < 0 ? errno : 0;
    }
    sockaddr_storage storage;
    const socklen_t length = toKernel(to, storage);
    if (length == 0) return EDESTADDRREQ;
    return sendto(open_.number(), octets.data(), octets.size(), MSG_NOSIGNAL,
                  reinterpret_cast<sockaddr*>(&storage), length) < 0 ? errno : 0;
  }

  void receive(Batch& batch) noexcept override {
    batch.count = 0;
    if (fast_.isOpen()) receiveOne(batch);
    // Outsiders are rare: the open socket is asked now and then only, once the fast one is there.
    if (!fast_.isOpen() || (++turns_ & 15) == 0 || batch.count == 0) {
      receiveFrom(open_.number(), batch);
    }
  }

  void prefer(const Address& source) noexcept override {
    if (fast_.isOpen() && peer_ == source) return;
    preferNobody();
    Descriptor candidate(openSocket(local_, dscp_));
    sockaddr_storage storage;
    const socklen_t length = toKernel(source, storage);
    if (!candidate.isOpen() || length == 0) return;
    // The first socket was bound without sharing, so a port in use is found out; it is shared with this one only.
    setOption(open_.number(), SOL_SOCKET, SO_REUSEADDR, 1);
    setOption(candidate.number(), SOL_SOCKET, SO_REUSEADDR, 1);
    const bool bound = bindTo(candidate.number(), local_);
    setOption(open_.number(), SOL_SOCKET, SO_REUSEADDR, 0);
    setOption(candidate.number(), SOL_SOCKET, SO_REUSEADDR, 0);
    if (!bound || connect(candidate.number(), reinterpret_cast<sockaddr*>(&storage), length) != 0) return;
    fast_.reset(candidate.release());
    peer_ = source;
    watch();
  }

  void preferNobody() noexcept override {
    if (!fast_.isOpen()) return;
    fast_.reset();  // closing also ends its watch
    peer_ = {};
  }

  const Address& local() const noexcept override { return local_; }

 private:
  friend class UdpPoller;

  /// Hardly ever is there more than one: the poller would say so again in the next tick.
  void receiveOne(Batch& batch) noexcept {
    const ssize_t octets = recv(fast_.number(), batch.data[0].data(), kMaxDatagram, MSG_DONTWAIT);
    if (octets < 0) return;
    batch.from[0] = peer_;
    batch.octets[0] = static_cast<std::size_t>(octets);
    batch.count = 1;
  }

  static void receiveFrom(int number, Batch& batch) noexcept {
    std::array<mmsghdr, kBatch> messages{};
    std::array<iovec, kBatch> vectors;
    std::array<sockaddr_storage, kBatch> names;
    const std::size_t room = kBatch - batch.count;
    if (room == 0) return;
    for (std::size_t i = 0; i < room; i++) {
      vectors[i] = {batch.data[batch.count + i].data(), kMaxDatagram};
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_name = &names[i];
      messages[i].msg_hdr.msg_namelen = sizeof names[i];
    }
    const int count = recvmmsg(number, messages.data(), static_cast<unsigned>(room), MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; i++) {
      batch.from[batch.count] = fromKernel(names[static_cast<std::size_t>(i)]);
      batch.octets[batch.count] = messages[static_cast<std::size_t>(i)].msg_len;
      batch.count++;
    }
  }

  void watch() noexcept {
    if (poller_ < 0) return;
    for (const int number : {open_.number(), fast_.number()}) {
      if (number < 0) continue;
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = tag_;
      static_cast<void>(epoll_ctl(poller_, EPOLL_CTL_ADD, number, &event));  // EEXIST: watched already
    }
  }

  void unwatch() noexcept {
    for (const int number : {open_.number(), fast_.number()}) {
      if (number >= 0) static_cast<void>(epoll_ctl(poller_, EPOLL_CTL_DEL, number, nullptr));
    }
    poller_ = -1;
  }

  Descriptor open_;
  Descriptor fast_;
  Address local_;
  Address peer_{};
  void* tag_ = nullptr;
  int poller_ = -1;
  unsigned turns_ = 0;
  std::uint8_t dscp_;
};

class UdpPoller final : public Poller {
 public:
  UdpPoller() noexcept : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  bool add(Socket& socket, void* tag) noexcept override {
    auto& udp = static_cast<UdpSocket&>(socket);
    udp.poller_ = epoll_.number();
    udp.tag_ = tag;
    udp.watch();
    return epoll_.isOpen();
  }

  void remove(Socket& socket) noexcept override { static_cast<UdpSocket&>(socket).unwatch(); }

  std::size_t poll(std::span<void*> tags) noexcept override {
    const int count = epoll_wait(epoll_.number(), events_.data(),
                                 static_cast<int>(std::min(tags.size(), events_.size())), 0);
    for (int i = 0; i < count; i++) tags[static_cast<std::size_t>(i)] = events_[static_cast<std::size_t>(i)].data.ptr;
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

 private:
  Descriptor epoll_;
  std::array<epoll_event, 512> events_;
};

}  // namespace

Opened UdpTransport::open(const Address& local, std::uint8_t dscp) {
  Descriptor number(openSocket(local, dscp));
  if (!number.isOpen()) return {nullptr, errno};
  if (!bindTo(number.number(), local)) return {nullptr, errno};
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (getsockname(number.number(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    return {nullptr, errno};
  }
  return {std::make_unique<UdpSocket>(number.release(), fromKernel(storage), dscp), 0};
}

std::unique_ptr<Poller> UdpTransport::openPoller() { return std::make_unique<UdpPoller>(); }

}  // namespace trunkgate::net
