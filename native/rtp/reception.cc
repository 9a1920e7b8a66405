#include "reception.h"

namespace trunkgate::rtp {
namespace {

constexpr std::uint32_t kCycle = 1u << 16;

}  // namespace

void Reception::beginSequence(std::uint16_t sequence) noexcept {
  baseSequence_ = sequence;
  maxSequence_ = sequence;
  badSequence_ = kCycle + 1;  // so that no sequence number equals it
  cycles_ = 0;
  received_ = 0;
  receivedPrior_ = 0;
  expectedPrior_ = 0;
}

void Reception::start(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t clockRate,
                      std::uint8_t minSequential) noexcept {
  *this = Reception{};
  ssrc_ = ssrc;
  clockRate_ = clockRate;
  minSequential_ = minSequential == 0 ? std::uint8_t{1} : minSequential;
  started_ = true;
  beginSequence(sequence);
  // RFC 3550 A.1: the first packet itself is then passed to receive().
  maxSequence_ = static_cast<std::uint16_t>(sequence - 1);
  probation_ = minSequential_;
}

Arrival Reception::updateSequence(std::uint16_t sequence) noexcept {
  const auto delta = static_cast<std::uint16_t>(sequence - maxSequence_);
  if (probation_ > 0) {
    // A packet out of sequence is the first of a new attempt.
    probation_ = static_cast<std::uint8_t>((delta == 1 ? probation_ : minSequential_) - 1);
    maxSequence_ = sequence;
    if (probation_ > 0) return Arrival::probation;
    beginSequence(sequence);
    return Arrival::inOrder;
  }
  if (delta < kMaxDropout) {
    if (sequence < maxSequence_) cycles_ += kCycle;
    maxSequence_ = sequence;
    return delta == 0 ? Arrival::late : Arrival::inOrder;
  }
  if (delta <= kCycle - kMaxMisorder) {
    if (sequence != badSequence_) {
      badSequence_ = (sequence + 1u) & (kCycle - 1);
      return Arrival::jump;
    }
    // Two in sequence after a jump: the sender has restarted without saying so.
    beginSequence(sequence);
    restarts_++;
    haveTransit_ = false;
    return Arrival::restarted;
  }
  return Arrival::late;
}

/// A.8: an estimate of the statistical variance of the interarrival time, in Q4.
void Reception::updateJitter(std::uint32_t timestamp, Instant arrival) noexcept {
  const auto transit =
      static_cast<std::uint32_t>(ticksFromMicroseconds(arrival, clockRate_)) - timestamp;
  if (haveTransit_) {
    const auto change = static_cast<std::int32_t>(transit - transit_);
    const std::uint32_t distance =
        change < 0 ? 0u - static_cast<std::uint32_t>(change) : static_cast<std::uint32_t>(change);
    // A jump of the timestamp (new talker behind a mixer) is no jitter.
    if (distance < clockRate_ * 10) jitter_ += distance - ((jitter_ + 8) >> 4);
  }
  transit_ = transit;
  haveTransit_ = true;
}

Arrival Reception::receive(std::uint16_t sequence, std::uint32_t timestamp, Instant arrival,
                           bool timed) noexcept {
  const Arrival result = updateSequence(sequence);
  if (result == Arrival::probation || result == Arrival::jump) return result;
  received_++;
  lastArrival_ = arrival;
  if (timed) updateJitter(timestamp, arrival);
  return result;
}

std::uint64_t Reception::expected() const noexcept {
  if (!valid() || received_ == 0) return 0;
  return std::uint64_t{extendedHighest()} - baseSequence_ + 1;
}

std::int64_t Reception::lost() const noexcept {
  return static_cast<std::int64_t>(expected()) - static_cast<std::int64_t>(received_);
}

ReceptionBlock Reception::report() noexcept {
  ReceptionBlock block;
  block.extendedHighest = extendedHighest();
  block.jitter = jitter();
  // A.3: clamped to 24 bits, never wrapped.
  std::int64_t cumulative = lost();
  if (cumulative > 0x7FFFFF) cumulative = 0x7FFFFF;
  if (cumulative < -0x800000) cumulative = -0x800000;
  block.cumulativeLost = static_cast<std::int32_t>(cumulative);

  const std::uint64_t expectedNow = expected();
  const auto expectedInterval = static_cast<std::int64_t>(expectedNow - expectedPrior_);
  const auto receivedInterval = static_cast<std::int64_t>(received_ - receivedPrior_);
  const std::int64_t lostInterval = expectedInterval - receivedInterval;
  expectedPrior_ = expectedNow;
  receivedPrior_ = received_;
  if (expectedInterval > 0 && lostInterval > 0) {
    const std::int64_t fraction = (lostInterval << 8) / expectedInterval;
    block.fractionLost = static_cast<std::uint8_t>(fraction > 255 ? 255 : fraction);
  }
  return block;
}

}  // namespace trunkgate::rtp
