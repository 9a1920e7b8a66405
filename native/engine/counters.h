// The shared block of counters: doubles that workers write and JavaScript reads as a typed array.
//
// The names and their order are those of src/addon/counters.ts; a test on either side holds them together.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trunkgate::engine {

#define TRUNKGATE_PORT_COUNTERS(X)                                                            \
  X(packetsSent) X(octetsSent) X(sendErrors) X(eventsSent) X(packetsReceived)                 \
  X(octetsReceived) X(lost) X(late) X(duplicates) X(reordered) X(discarded) X(malformed)      \
  X(unknownPayload) X(rejectedSource) X(ssrcChanges) X(eventsReceived) X(jitterMs)            \
  X(bufferDepthMs) X(bufferTargetMs) X(concealedMs) X(playedMs) X(underrunMs)                 \
  X(correctionsInserted) X(correctionsRemoved) X(correctedMs) X(rtcpSent) X(rtcpReceived)     \
  X(rtcpRejected) X(remoteLossFraction) X(remoteLost) X(remoteJitterMs) X(roundTripMs)        \
  X(inwardLevelDbm0) X(outwardLevelDbm0) X(digitsDetected) X(mutedMs) X(convertedBlocks)      \
  X(transparentBlocks) X(slipsInserted) X(slipsRemoved) X(recordedMs) X(prbsBits) X(prbsErrors) \
  X(clockDriftPpm) X(sidSent) X(sidReceived) X(pausedMs) X(comfortNoiseMs) X(passedBlocks)

#define TRUNKGATE_SPAN_COUNTERS(X)                                                            \
  X(framesSent) X(framesReceived) X(signallingOctetsSent) X(signallingOctetsReceived)         \
  X(fcsErrors) X(aborts) X(shortFrames) X(longFrames) X(unalignedFrames) X(framesLost)        \
  X(slipsDropped) X(slipsRepeated) X(bitErrorsInjected) X(losSeconds)

#define TRUNKGATE_WORKER_COUNTERS(X)                                                          \
  X(ticks) X(lateTicks) X(cpuUs) X(tickUsMax) X(ports) X(spans) X(packetsSent)                \
  X(packetsReceived) X(sendErrors) X(commands) X(framesLost) X(realtime)                      \
  X(framesEncoded) X(framesDecoded) X(codecUs)

#define TRUNKGATE_NAME(name) name,
#define TRUNKGATE_TEXT(name) #name,
enum class PortCounter : std::size_t { TRUNKGATE_PORT_COUNTERS(TRUNKGATE_NAME) count };
enum class SpanCounter : std::size_t { TRUNKGATE_SPAN_COUNTERS(TRUNKGATE_NAME) count };
enum class WorkerCounter : std::size_t { TRUNKGATE_WORKER_COUNTERS(TRUNKGATE_NAME) count };
inline constexpr auto kPortCounterNames =
    std::to_array<std::string_view>({TRUNKGATE_PORT_COUNTERS(TRUNKGATE_TEXT)});
inline constexpr auto kSpanCounterNames =
    std::to_array<std::string_view>({TRUNKGATE_SPAN_COUNTERS(TRUNKGATE_TEXT)});
inline constexpr auto kWorkerCounterNames =
    std::to_array<std::string_view>({TRUNKGATE_WORKER_COUNTERS(TRUNKGATE_TEXT)});
#undef TRUNKGATE_NAME
#undef TRUNKGATE_TEXT

/// Upper bounds of the lateness histograms in us; what is above the last falls into one bucket more.
inline constexpr auto kHistogramBoundsUs = std::to_array<std::uint32_t>(
    {10,  20,  30,  40,  50,  60,   80,   100,  125,  150,  175,    200,    250,     300, 350,
     400, 500, 600, 800, 1000, 1500, 2000, 3000, 5000, 10000, 20000, 50000, 100000, 1000000});
inline constexpr std::size_t kHistogramBuckets = kHistogramBoundsUs.size() + 1;

/// Doubles of one slot. A worker's holds its counters, then the histograms of tick and departure lateness.
inline constexpr std::size_t kPortSlot = 64;
inline constexpr std::size_t kSpanSlot = 32;
inline constexpr std::size_t kWorkerSlot = 128;
inline constexpr std::size_t kSlotsOfPage = 64;
static_assert(static_cast<std::size_t>(PortCounter::count) <= kPortSlot);
static_assert(static_cast<std::size_t>(SpanCounter::count) <= kSpanSlot);
static_assert(static_cast<std::size_t>(WorkerCounter::count) + 2 * kHistogramBuckets <= kWorkerSlot);

/// One slot, written by one thread at a time.
template <class Name>
class Counters {
 public:
  Counters() noexcept = default;
  explicit Counters(double* slot) noexcept : slot_(slot) {}

  void set(Name name, double value) noexcept { at(static_cast<std::size_t>(name)).store(value, std::memory_order_relaxed); }
  void add(Name name, double value = 1) noexcept { addAt(static_cast<std::size_t>(name), value); }
  [[nodiscard]] double get(Name name) const noexcept {
    return at(static_cast<std::size_t>(name)).load(std::memory_order_relaxed);
  }

 protected:
  void addAt(std::size_t index, double value) noexcept {
    auto place = at(index);
    place.store(place.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
  }

 private:
  [[nodiscard]] std::atomic_ref<double> at(std::size_t index) const noexcept {
    return std::atomic_ref<double>(slot_[index]);
  }
  double* slot_ = nullptr;
};

using PortCounters = Counters<PortCounter>;
using SpanCounters = Counters<SpanCounter>;

class WorkerCounters : public Counters<WorkerCounter> {
 public:
  using Counters::Counters;
  void tickLate(std::int64_t us) noexcept { count(0, us); }
  void departureLate(std::int64_t us) noexcept { count(kHistogramBuckets, us); }

 private:
  void count(std::size_t histogram, std::int64_t us) noexcept {
    std::size_t bucket = 0;
    while (bucket < kHistogramBoundsUs.size() && us >= kHistogramBoundsUs[bucket]) bucket++;
    addAt(static_cast<std::size_t>(WorkerCounter::count) + histogram + bucket, 1);
  }
};

}  // namespace trunkgate::engine
