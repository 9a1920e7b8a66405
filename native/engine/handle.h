// Handles are numbers with a generation: a stale one is found out, never followed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trunkgate::engine {

/// index | kind << 20 | generation << 23: below 2^52, so exact as a JavaScript number. 0 is never one.
using Handle = std::uint64_t;

enum class HandleKind : std::uint8_t { port = 1, span = 2, sound = 3 };

inline constexpr std::size_t kMaxHandles = std::size_t{1} << 20;

/// Slots of one kind. A slot that is released serves again only once it is recycled (when no worker can touch it any more).
template <class Item>
class HandleTable {
 public:
  explicit HandleTable(HandleKind kind) : kind_(kind) {}

  /// 0 when there is no room.
  Handle add(Item* item) {
    std::size_t index = slots_.size();
    if (!free_.empty()) {
      index = free_.back();
      free_.pop_back();
    } else if (index == kMaxHandles) {
      return 0;
    } else {
      slots_.push_back({});
    }
    slots_[index].item = item;
    return handleOf(index);
  }

  [[nodiscard]] Item* find(Handle handle) const {
    const std::size_t index = indexOf(handle);
    if (index >= slots_.size() || handleOf(index) != handle) return nullptr;
    return slots_[index].item;
  }

  /// The handle is stale from now on.
  void release(Handle handle) {
    Slot& slot = slots_[indexOf(handle)];
    slot.item = nullptr;
    slot.generation = slot.generation == kLastGeneration ? 1 : slot.generation + 1;
  }
  void recycle(std::size_t index) { free_.push_back(static_cast<std::uint32_t>(index)); }

  [[nodiscard]] static std::size_t indexOf(Handle handle) {
    return static_cast<std::size_t>(handle & (kMaxHandles - 1));
  }

  template <class Function>
  void forEach(Function function) const {
    for (const Slot& slot : slots_) {
      if (slot.item != nullptr) function(*slot.item);
    }
  }

 private:
  static constexpr std::uint32_t kLastGeneration = (1U << 29) - 1;
  struct Slot {
    Item* item = nullptr;
    std::uint32_t generation = 1;
  };
  [[nodiscard]] Handle handleOf(std::size_t index) const {
    return Handle{slots_[index].generation} << 23 | Handle{static_cast<std::uint8_t>(kind_)} << 20 | index;
  }

  HandleKind kind_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace trunkgate::engine
