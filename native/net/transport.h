// Datagram sockets as the engine sees them: real ones (udp.h) or ones in memory (memory.h).
#pragma once

#include "../address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace trunkgate::net {

inline constexpr std::size_t kMaxDatagram = 2048;  ///< longer ones are cut: no RTP of ours is
inline constexpr std::size_t kBatch = 8;

/// Datagrams of one receive call.
struct Batch {
  std::size_t count = 0;
  std::array<Address, kBatch> from;
  std::array<std::size_t, kBatch> octets;
  std::array<std::array<std::uint8_t, kMaxDatagram>, kBatch> data;
};

/// Used by one thread at a time. Nothing here blocks.
class Socket {
 public:
  virtual ~Socket() = default;
  /// 0 or an errno.
  [[nodiscard]] virtual int send(const Address& to, std::span<const std::uint8_t> octets) noexcept = 0;
  /// Takes what has come, at most kBatch datagrams.
  virtual void receive(Batch& batch) noexcept = 0;
  /// Datagrams of this source take the fast path from now on; others still come in (they are to be rejected and counted).
  virtual void prefer(const Address& source) noexcept = 0;
  /// All sources alike again.
  virtual void preferNobody() noexcept = 0;
  [[nodiscard]] virtual const Address& local() const noexcept = 0;
};

/// Which of a worker's sockets have something to read. `tag` names one.
class Poller {
 public:
  virtual ~Poller() = default;
  virtual bool add(Socket& socket, void* tag) noexcept = 0;
  virtual void remove(Socket& socket) noexcept = 0;
  /// Does not wait. Returns how many tags were written.
  virtual std::size_t poll(std::span<void*> tags) noexcept = 0;
};

struct Opened {
  std::unique_ptr<Socket> socket;
  int error = 0;  ///< errno when there is no socket
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Opened open(const Address& local, std::uint8_t dscp) = 0;
  virtual std::unique_ptr<Poller> openPoller() = 0;
};

}  // namespace trunkgate::net
