#include "impaired.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace trunkgate::net {

namespace {

constexpr std::size_t kSlots = 256;       ///< datagrams under way, one way; more are lost
constexpr std::size_t kSlotOctets = 640;  ///< 60 ms of G.711 and its header; longer datagrams are lost
constexpr int kMostDrained = 64;          ///< batches of one socket in a tick

/// One way of a path: what goes in comes out later, or never.
class DelayLine {
 public:
  DelayLine(const PathImpairment& path, std::uint64_t seed) : path_(path), chance_(seed * 0x9E3779B97F4A7C15U | 1), slots_(kSlots) {}

  void put(const Address& peer, std::span<const std::uint8_t> octets, std::int64_t now) noexcept {
    if (isLost() || octets.size() > kSlotOctets) return;
    const auto free = std::ranges::find_if(slots_, [](const Slot& slot) { return !slot.used; });
    if (free == slots_.end()) return;
    const double ms = path_.delayMs + draw() * path_.jitterMs;
    free->used = true;
    free->due = now + static_cast<std::int64_t>(ms * 1000);
    free->order = order_++;
    free->peer = peer;
    free->count = octets.size();
    std::memcpy(free->octets.data(), octets.data(), octets.size());
  }

  [[nodiscard]] bool isDue(std::int64_t now) const noexcept {
    return std::ranges::any_of(slots_, [now](const Slot& slot) { return slot.used && slot.due <= now; });
  }

  /// The earliest that is due goes to `take(peer, octets)`; false when none is.
  template <class Take>
  bool next(std::int64_t now, Take take) noexcept {
    Slot* first = nullptr;
    for (Slot& slot : slots_) {
      if (!slot.used || slot.due > now) continue;
      if (first == nullptr || slot.due < first->due || (slot.due == first->due && slot.order < first->order)) first = &slot;
    }
    if (first == nullptr) return false;
    first->used = false;
    take(first->peer, std::span<const std::uint8_t>(first->octets).first(first->count));
    return true;
  }

 private:
  struct Slot {
    bool used = false;
    std::int64_t due = 0;
    std::uint64_t order = 0;
    Address peer;
    std::size_t count = 0;
    std::array<std::uint8_t, kSlotOctets> octets;
  };

  double draw() noexcept {
    chance_ ^= chance_ >> 12;
    chance_ ^= chance_ << 25;
    chance_ ^= chance_ >> 27;
    return static_cast<double>((chance_ * 2685821657736338717U) >> 11) * 0x1p-53;
  }

  /// Two states (Gilbert): a loss is followed by another with 1 - 1 / burst, and `loss` of all is lost in the long run.
  bool isLost() noexcept {
    const double drawn = draw();
    if (path_.loss <= 0) return false;
    const double burst = std::max(path_.burst, 1 / (1 - std::min(path_.loss, 0.99)));
    const double stay = 1 - 1 / burst;
    const double enter = path_.loss / (burst * (1 - std::min(path_.loss, 0.99)));
    losing_ = drawn < (losing_ ? stay : enter);
    return losing_;
  }

  PathImpairment path_;
  std::uint64_t chance_;
  bool losing_ = false;
  std::uint64_t order_ = 0;
  std::vector<Slot> slots_;
};

class ImpairedSocket final : public Socket {
 public:
  ImpairedSocket(std::unique_ptr<Socket> inner, const PathImpairment& path, const std::function<std::int64_t()>& clock)
      : inner_(std::move(inner)), clock_(clock), outward_(path, path.seed * 2 + 1), inward_(path, path.seed * 2 + 2) {}

  int send(const Address& to, std::span<const std::uint8_t> octets) noexcept override {
    outward_.put(to, octets, clock_());
    return 0;
  }

  void receive(Batch& batch) noexcept override {
    batch.count = 0;
    const std::int64_t now = clock_();
    const auto take = [&batch](const Address& from, std::span<const std::uint8_t> octets) {
      batch.from[batch.count] = from;
      batch.octets[batch.count] = octets.size();
      std::memcpy(batch.data[batch.count].data(), octets.data(), octets.size());
      batch.count++;
    };
    while (batch.count < kBatch && inward_.next(now, take)) {
    }
  }

  void prefer(const Address& source) noexcept override { inner_->prefer(source); }
  void preferNobody() noexcept override { inner_->preferNobody(); }
  const Address& local() const noexcept override { return inner_->local(); }

  [[nodiscard]] Socket& inner() noexcept { return *inner_; }

  /// What has come is put on its way.
  void drain(Batch& batch) noexcept {
    const std::int64_t now = clock_();
    for (int i = 0; i < kMostDrained; i++) {
      inner_->receive(batch);
      if (batch.count == 0) return;
      for (std::size_t k = 0; k < batch.count; k++) {
        inward_.put(batch.from[k], std::span<const std::uint8_t>(batch.data[k]).first(batch.octets[k]), now);
      }
    }
  }

  /// What is due goes out. True when something is due to come in.
  bool run() noexcept {
    const std::int64_t now = clock_();
    while (outward_.next(now, [this](const Address& to, std::span<const std::uint8_t> octets) {
      static_cast<void>(inner_->send(to, octets));
    })) {
    }
    return inward_.isDue(now);
  }

  void* tag = nullptr;

 private:
  std::unique_ptr<Socket> inner_;
  const std::function<std::int64_t()>& clock_;
  DelayLine outward_;
  DelayLine inward_;
};

class ImpairedPoller final : public Poller {
 public:
  explicit ImpairedPoller(std::unique_ptr<Poller> inner) : inner_(std::move(inner)) {}

  bool add(Socket& socket, void* tag) noexcept override {
    auto& impaired = static_cast<ImpairedSocket&>(socket);
    impaired.tag = tag;
    watched_.push_back(&impaired);
    return inner_->add(impaired.inner(), &impaired);
  }

  void remove(Socket& socket) noexcept override {
    auto& impaired = static_cast<ImpairedSocket&>(socket);
    std::erase(watched_, &impaired);
    inner_->remove(impaired.inner());
  }

  std::size_t poll(std::span<void*> tags) noexcept override {
    const std::size_t readable = inner_->poll(tags);
    for (std::size_t i = 0; i < readable; i++) static_cast<ImpairedSocket*>(tags[i])->drain(batch_);
    std::size_t count = 0;
    for (ImpairedSocket* socket : watched_) {
      if (socket->run() && count < tags.size()) tags[count++] = socket->tag;
    }
    return count;
  }

 private:
  std::unique_ptr<Poller> inner_;
  std::vector<ImpairedSocket*> watched_;
  Batch batch_;
};

}  // namespace

ImpairedTransport::ImpairedTransport(std::unique_ptr<Transport> inner, const PathImpairment& path,
                                     std::function<std::int64_t()> clock)
    : inner_(std::move(inner)), path_(path), clock_(std::move(clock)) {}

Opened ImpairedTransport::open(const Address& local, std::uint8_t dscp) {
  Opened opened = inner_->open(local, dscp);
  if (opened.socket == nullptr) return opened;
  return {std::make_unique<ImpairedSocket>(std::move(opened.socket), path_, clock_), 0};
}

std::unique_ptr<Poller> ImpairedTransport::openPoller() {
  return std::make_unique<ImpairedPoller>(inner_->openPoller());
}

}  // namespace trunkgate::net
