// Times a body, takes the best of several runs, prints it beside a baseline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>

/// Keeps the compiler from leaving out what nobody reads.
inline void keep(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

/// Processor time of this thread in nanoseconds: what others on the machine take does not count.
inline double processorTime() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Nanoseconds of one call of `body`, the best of nine runs of about 10 ms.
template <class Body>
double nanoseconds(Body body) {
  double best = 1e18;
  std::size_t calls = 1;
  for (int run = 0; run < 9;) {
    const double start = processorTime();
    for (std::size_t i = 0; i < calls; i++) body();
    const double elapsed = processorTime() - start;
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
