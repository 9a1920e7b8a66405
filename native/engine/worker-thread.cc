// The thread of a worker: a tick at every whole millisecond of the clock since its origin. Late ticks are run, never skipped, and
// the clock is never set anew.
#include "worker.h"

#include "clock.h"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>
#include <csignal>

namespace trunkgate::engine {

namespace {
constexpr std::int64_t kTickUs = 1000;
constexpr int kPriority = 10;
}  // namespace

void Worker::start(std::int64_t origin) {
  threaded_ = true;
  thread_ = std::thread([this, origin] { run(origin); });
}

void Worker::stop() noexcept {
  stopping_.store(true, std::memory_order_release);
  if (thread_.joinable()) thread_.join();
}

void Worker::run(std::int64_t origin) noexcept {
  prepareThread();
  double longest = 0;
  for (std::int64_t deadline = origin + kTickUs; !stopping_.load(std::memory_order_acquire);
       deadline += kTickUs) {
    std::int64_t begun = monotonicUs();
    if (begun < deadline) {
      const timespec until{deadline / 1'000'000, (deadline % 1'000'000) * 1000};
      while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
      }
      begun = monotonicUs();
    }
    const std::int64_t late = begun - deadline;
    counters.tickLate(late);
    if (late >= kTickUs) counters.add(WorkerCounter::lateTicks);
    tick(deadline);
    const auto took = static_cast<double>(monotonicUs() - begun);
    if (took > longest) counters.set(WorkerCounter::tickUsMax, longest = took);
  }
}

void Worker::prepareThread() noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  pthread_setname_np(pthread_self(), "trunkgate-media");
  prctl(PR_SET_TIMERSLACK, 1);
  if (options_.cpu >= 0 && options_.cpu < CPU_SETSIZE) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(static_cast<unsigned>(options_.cpu), &cpus);
    pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus);
  }
  if (!options_.realtime) return;
  const sched_param parameters{kPriority};
  const bool permitted = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0;
  counters.set(WorkerCounter::realtime, permitted ? 1 : 0);
}

}  // namespace trunkgate::engine
