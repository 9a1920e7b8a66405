#include "prbs.h"

#include <bit>

namespace trunkgate::engine {

namespace {
constexpr std::uint8_t kMatchesNeeded = 8;
constexpr std::uint8_t kBadAllowed = 16;
}  // namespace

void PrbsChecker::check(std::span<const std::uint8_t> octets) noexcept {
  for (const std::uint8_t octet : octets) {
    if (!found_) {
      search(octet);
      continue;
    }
    const int wrong = std::popcount(static_cast<unsigned>(octet ^ expected_.next()));
    bits_ += 8;
    errors_ += static_cast<std::uint64_t>(wrong);
    bad_ = wrong == 0 ? 0 : static_cast<std::uint8_t>(bad_ + 1);
    if (bad_ < kBadAllowed) continue;
    *this = [&] {  // lost: look for it again, with what was counted
      PrbsChecker fresh;
      fresh.bits_ = bits_;
      fresh.errors_ = errors_;
      return fresh;
    }();
  }
}

// The register is loaded with what came, until what follows agrees with it.
void PrbsChecker::search(std::uint8_t octet) noexcept {
  const bool agrees = have_ >= 2 && octet == expected_.next();
  matches_ = agrees ? static_cast<std::uint8_t>(matches_ + 1) : 0;
  history_ = static_cast<std::uint16_t>(history_ << 8 | static_cast<std::uint8_t>(~octet));
  if (have_ < 2) have_++;
  // All zeros stay all zeros: that is a dead line and no sequence.
  if ((history_ & 0x7FFF) == 0) matches_ = 0;
  expected_.seed(history_);
  found_ = matches_ >= kMatchesNeeded;
}

}  // namespace trunkgate::engine
