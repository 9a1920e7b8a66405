// Times a body, takes the best of several runs, prints it beside a baseline.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>

/// Keeps the compiler from leaving out what nobody reads.
inline void keep(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

/// Nanoseconds of one call of `body`, the best of nine runs of about 10 ms.
template <class Body>
double nanoseconds(Body body) {
  using Clock = std::chrono::steady_clock;
  double best = 1e18;
  std::size_t calls = 1;
  for (int run = 0; run < 9;) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < calls; i++) body();
    const double elapsed = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
    if (elapsed < 10e6) {
      calls *= 2;
      continue;
    }
    run++;
    if (elapsed / static_cast<double>(calls) < best) best = elapsed / static_cast<double>(calls);
  }
  return best;
}

inline void printRow(const char* what, double each, const char* unit, double baseline) {
  std::printf("%-52s %9.2f ns per %-8s %8.1f x baseline\n", what, each, unit, each / baseline);
}
