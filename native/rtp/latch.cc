#include "latch.h"

namespace trunkgate::rtp {

void Latch::configure(const LatchConfig& config) noexcept { config_ = config; }

void Latch::signal(const Address& address) noexcept {
  if (address == signalled_) return;
  signalled_ = address;
  // Early media may have come from here before the answer did.
  if (state_ == State::locked && address == source_) return;
  state_ = State::open;
  nominated_ = false;
  haveSsrc_ = false;
}

void Latch::nominate(const Address& address) noexcept {
  signalled_ = address;
  if (state_ == State::locked && address == source_) {
    nominated_ = true;
    return;
  }
  source_ = address;
  state_ = State::locked;
  nominated_ = true;
  haveSsrc_ = false;
}

Latched Latch::reject() noexcept {
  rejected_++;
  return Latched::reject;
}

Latched Latch::lock(const Address& address, std::uint32_t ssrc, Instant now) noexcept {
  state_ = State::locked;
  source_ = address;
  ssrc_ = ssrc;
  haveSsrc_ = true;
  haveNewSsrc_ = false;
  lastHeard_ = now;
  return Latched::locked;
}

Latched Latch::whileOpen(const Address& from, std::uint32_t ssrc, std::uint16_t sequence,
                         Instant now) noexcept {
  if (from == signalled_) return lock(from, ssrc, now);
  if (!config_.symmetric) return reject();
  if (state_ == State::open) {
    state_ = State::candidate;
    source_ = from;
    ssrc_ = ssrc;
    sequence_ = sequence;
    windowStart_ = now;
    lastHeard_ = now;
    inSequence_ = false;
    return Latched::provisional;
  }
  if (from != source_ || ssrc != ssrc_) {
    // One other only; but a candidate that fell silent gives up its place.
    if (now - lastHeard_ < config_.window) return reject();
    state_ = State::open;
    return whileOpen(from, ssrc, sequence, now);
  }
  if (sequenceDistance(sequence_, sequence) == 1) inSequence_ = true;
  sequence_ = sequence;
  lastHeard_ = now;
  // Without a signalled address (before the answer) nobody can be locked to.
  if (signalled_.family == 0 || !inSequence_ || now - windowStart_ < config_.window)
    return Latched::provisional;
  return lock(from, ssrc, now);
}

Latched Latch::whileLocked(const Address& from, std::uint32_t ssrc, std::uint16_t sequence,
                           Instant now) noexcept {
  if (from != source_) {
    // ICE keeps its own watch (RFC 7675): what it nominated is not taken over.
    const bool silent = !nominated_ && config_.timeout > 0 && now - lastHeard_ >= config_.timeout;
    if (!silent) return reject();
    state_ = State::open;
    relatches_++;
    return whileOpen(from, ssrc, sequence, now);
  }
  if (!haveSsrc_) return lock(from, ssrc, now);
  if (ssrc == ssrc_) {
    lastHeard_ = now;
    haveNewSsrc_ = false;
    return Latched::accept;
  }
  if (!haveNewSsrc_ || newSsrc_ != ssrc || sequenceDistance(sequence_, sequence) != 1) {
    haveNewSsrc_ = true;
    newSsrc_ = ssrc;
    sequence_ = sequence;
    return reject();
  }
  lock(from, ssrc, now);
  return Latched::newSsrc;
}

Latched Latch::receive(const Address& from, std::uint32_t ssrc, std::uint16_t sequence,
                       Instant now) noexcept {
  return state_ == State::locked ? whileLocked(from, ssrc, sequence, now)
                                 : whileOpen(from, ssrc, sequence, now);
}

bool Latch::acceptRtcp(const Address& from) const noexcept {
  const Address& known = destination();
  return known.family != 0 && from.family == known.family && from.ip == known.ip;
}

const Address& Latch::destination() const noexcept {
  return state_ == State::locked ? source_ : signalled_;
}

}  // namespace trunkgate::rtp
