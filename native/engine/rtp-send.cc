// What an RTP port sends: speech, or telephone-events in its place.
#include "rtp-port.h"
#include "worker.h"

#include <algorithm>

namespace trunkgate::engine {

namespace {
constexpr std::uint8_t kOwnDigitVolume = 10;  // -10 dBm0
}

void RtpPort::consume(Tick& tick) noexcept {
  if (sendRow_ == nullptr) return;
  if (latch_.destination().family == 0) {
    static_cast<void>(sender_.pause(kBlock));
    return;
  }
  if (!sends(direction_)) {  // what was gathered before the hold still goes out
    push(sender_.pause(kBlock), tick);
    return;
  }
  const bool replaced = sendsEvents() && sendEvents(tick);
  if (!replaced) sendAudio(tick);
  if (eventSender_.busy()) flushEvents(tick);
}

void RtpPort::sendAudio(Tick& tick) noexcept {
  const Block* out = outward(tick);
  if (out == nullptr) {
    push(sender_.pause(kBlock), tick);
    return;
  }
  Octets octets;
  if (isG711(*sendRow_) || isClearMode(*sendRow_)) {
    countPath(out->asOctets(lawOf(*sendRow_), octets));
    push(sender_.push(octets, kBlock), tick);
    return;
  }
  const std::size_t count = sendRow_->encode(encoder_.get(), out->asSamples().data(), octets.data());
  const bool whole = count == sendRow_->frame_octets;
  push(count == 0 ? sender_.pause(kBlock)
                  : sender_.push(std::span(octets).first(count), kBlock, !whole), tick);
}

/// Digits of our own, then those of the port that is heard. True when this block's speech is replaced.
bool RtpPort::sendEvents(Tick& tick) noexcept {
  bool muted = false;
  if (digits().busy()) {
    const DigitQueue::Step step = digits().step();
    if (step.phase == DigitQueue::Phase::begin) eventSender_.start(step.code, kOwnDigitVolume, sender_.timestamp());
    if (step.phase == DigitQueue::Phase::end) eventSender_.stop(sender_.timestamp());
    muted = true;
  } else {
    muted = relayDigit();
  }
  if (eventSender_.sounding()) {
    push(sender_.pause(kBlock), tick);
    return true;
  }
  if (!muted) return false;
  mutedBlocks_++;
  Octets idle;
  idle.fill(g711_idle(lawOf(*sendRow_)));
  if (!isG711(*sendRow_)) {
    push(sender_.pause(kBlock), tick);
  } else {
    push(sender_.push(idle, kBlock), tick);
  }
  return true;
}

/// The event begins where the speech was muted, so the two do not overlap (RFC 4733 §2.5.1.2).
bool RtpPort::relayDigit() noexcept {
  const DigitState none{};
  const DigitState& digit = source() == nullptr || isDataCall() ? none : source()->digit();
  if (digit.muted && !muting_) muteTimestamp_ = sender_.timestamp();
  muting_ = digit.muted;
  if (digit.active && !relaying_) {
    relaying_ = true;
    const int volume = std::clamp(-source()->digitLevelDbm0(), 0, 63);
    eventSender_.start(digit.code, static_cast<std::uint8_t>(volume), muteTimestamp_);
  } else if (!digit.active && relaying_) {
    relaying_ = false;
    eventSender_.stop(sender_.timestamp());
  }
  return muting_;
}

void RtpPort::flushEvents(Tick& tick) noexcept {
  rtp::EventPacket packet;
  while (eventsReadyCount_ < eventsReady_.size() && eventSender_.poll(sender_.timestamp(), packet)) {
    const auto octets = sender_.event(static_cast<std::uint8_t>(telephoneEvents_.sendPayloadType),
                                      packet.marker, packet.timestamp, packet.payload);
    std::ranges::copy(octets, eventsReady_[eventsReadyCount_++].octets.begin());
    eventsSent_++;
    tick.worker.departs(*this);
  }
}

void RtpPort::push(std::span<const std::uint8_t> packet, Tick& tick) noexcept {
  if (packet.empty()) return;
  mediaReady_ = packet;
  tick.worker.departs(*this);
}

std::size_t RtpPort::depart(std::size_t& errors) noexcept {
  const rtp::Address& to = latch_.destination();
  std::size_t sent = 0;
  const auto send = [&](std::span<const std::uint8_t> octets) {
    if (rtpSocket_->send(to, octets) != 0) {
      sendErrors_++;
      errors++;
      return;
    }
    sent++;
    packetsSent_++;
    octetsSent_ += octets.size() - rtp::kHeaderOctets;
  };
  if (!mediaReady_.empty()) send(mediaReady_);
  mediaReady_ = {};
  for (std::size_t i = 0; i < eventsReadyCount_; i++) send(eventsReady_[i].octets);
  eventsReadyCount_ = 0;
  return sent;
}

}  // namespace trunkgate::engine
