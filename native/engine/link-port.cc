#include "link-port.h"

#include <algorithm>

namespace trunkgate::engine {

bool LinkRing::write(const Octets& octets) noexcept {
  const std::size_t tail = tail_.load(std::memory_order_relaxed);
  if (kSize - (tail - head_.load(std::memory_order_acquire)) < kBlock) return false;
  for (std::size_t i = 0; i < kBlock; i++) octets_[(tail + i) & (kSize - 1)] = octets[i];
  tail_.store(tail + kBlock, std::memory_order_release);
  return true;
}

int LinkRing::read(Octets& octets) noexcept {
  std::size_t head = head_.load(std::memory_order_relaxed);
  const std::size_t waiting = tail_.load(std::memory_order_acquire) - head;
  int moved = 0;
  if (!started_) {  // fill up to the middle first
    octets.fill(last_);
    started_ = waiting >= kMiddle;
    return 0;
  }
  std::size_t take = std::min(waiting, kBlock);
  if (waiting > kMiddle + kBlock) {
    head += 1;
    moved = -1;
  } else if (waiting < kBlock + kBlock / 2 && take == kBlock) {
    take -= 1;
    moved = 1;
  }
  for (std::size_t i = 0; i < take; i++) octets[i] = octets_[(head + i) & (kSize - 1)];
  if (take > 0) last_ = octets[take - 1];
  for (std::size_t i = take; i < kBlock; i++) octets[i] = last_;
  if (take < kBlock - 1) {
    moved = static_cast<int>(kBlock - take);
    started_ = false;
  }
  head_.store(head + take, std::memory_order_release);
  return moved;
}

void LinkPort::produce(Tick&) noexcept {
  const auto law = static_cast<g711_law>(in_->law.load(std::memory_order_relaxed));
  Octets& octets = in_->data.load(std::memory_order_relaxed) ? inward_.data() : inward_.octets(law);
  const int moved = in_->read(octets);
  if (moved > 0) inserted_ += static_cast<std::uint64_t>(moved);
  if (moved < 0) removed_ += static_cast<std::uint64_t>(-moved);
}

void LinkPort::consume(Tick& tick) noexcept {
  const Block* out = outward(tick);
  if (out == nullptr) return;
  Octets octets;
  const auto law = static_cast<g711_law>(out_->law.load(std::memory_order_relaxed));
  countPath(out->asOctets(law, octets));
  out_->data.store(out->isData(), std::memory_order_relaxed);
  static_cast<void>(out_->write(octets));
}

void LinkPort::publish() noexcept {
  Port::publish();
  counters.set(PortCounter::slipsInserted, static_cast<double>(inserted_));
  counters.set(PortCounter::slipsRemoved, static_cast<double>(removed_));
}

}  // namespace trunkgate::engine
