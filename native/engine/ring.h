// What passes between threads: a ring for commands, stacks for what comes back. Nobody ever waits.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

namespace trunkgate::engine {

/// One producer, one consumer; `Size` is a power of two.
template <class Item, std::size_t Size>
class Ring {
 public:
  [[nodiscard]] std::size_t room() const noexcept {
    return Size - (tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_acquire));
  }
  bool put(const Item& item) noexcept {
    if (room() == 0) return false;
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    items_[tail & (Size - 1)] = item;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }
  /// The oldest item, or nothing. It stays until `pop`.
  [[nodiscard]] Item* front() noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return nullptr;
    return &items_[head & (Size - 1)];
  }
  void pop() noexcept {
    head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::array<Item, Size> items_{};
};

/// Many producers, one consumer who takes all at once. `next` is the link within an item.
template <class Item, Item* Item::* next>
class Stack {
 public:
  void push(Item* item) noexcept {
    Item* top = top_.load(std::memory_order_relaxed);
    do {
      item->*next = top;
    } while (!top_.compare_exchange_weak(top, item, std::memory_order_release,
                                         std::memory_order_relaxed));
  }
  /// All items, oldest first, linked by `next`.
  [[nodiscard]] Item* takeAll() noexcept {
    Item* item = top_.exchange(nullptr, std::memory_order_acquire);
    Item* oldest = nullptr;
    while (item != nullptr) {
      Item* const following = item->*next;
      item->*next = oldest;
      oldest = item;
      item = following;
    }
    return oldest;
  }

 private:
  std::atomic<Item*> top_{nullptr};
};

}  // namespace trunkgate::engine
