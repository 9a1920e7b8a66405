// The clocks of the threaded mode.
#pragma once

#include <cstdint>
#include <ctime>

namespace trunkgate::engine {

/// CLOCK_MONOTONIC in us, which Node's own monotonic clock is too.
[[nodiscard]] inline std::int64_t monotonicUs() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

[[nodiscard]] inline std::int64_t monotonicNs() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

[[nodiscard]] inline std::int64_t wallUs() noexcept {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

[[nodiscard]] inline std::int64_t threadCpuUs() noexcept {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

/// Wall time in us since 1970 as an NTP timestamp (RFC 3550 §4).
[[nodiscard]] constexpr std::uint64_t ntpFromWallUs(std::int64_t us) noexcept {
  const auto seconds = static_cast<std::uint64_t>(us / 1'000'000) + 2'208'988'800U;
  const auto fraction = (static_cast<std::uint64_t>(us % 1'000'000) << 32) / 1'000'000;
  return seconds << 32 | fraction;
}

}  // namespace trunkgate::engine
