// What an RTP port sends: speech, or telephone-events in its place.
#include "rtp-port.h"
#include "worker.h"

#include <algorithm>
#include <utility>

namespace trunkgate::engine {

namespace {
constexpr std::uint8_t kOwnDigitVolume = 10;  // -10 dBm0
}

void RtpPort::consume(Tick& tick) noexcept {
  if (sendRow_ == nullptr) return;
  if (latch_.destination().family == 0) {
    static_cast<void>(sender_.pause(kBlock));
  } else if (!sends(direction_)) {  // what was gathered before the hold still goes out
    push(sender_.pause(kBlock), tick);
  } else if (!sendsEvents() || !sendEvents(tick)) {
    sendAudio(tick);
  }
  if (encoding_) {
    tick.await(*this);
  } else {
    completeConsume(tick);
  }
}

void RtpPort::finishConsume(Tick& tick) noexcept {
  encoding_ = false;
  pushFrame(std::span(encoded_).first(seat_.encoded()), tick);
  completeConsume(tick);
}

void RtpPort::completeConsume(Tick& tick) noexcept {
  if (eventSender_.busy() && sends(direction_) && latch_.destination().family != 0) flushEvents(tick);
  if (!changes_ || sender_.gathered() != 0) return;
  adoptFormat();
  reconsider();
  if (source() != nullptr) source()->reconsider();
}

/// Between two packets, so that each is of one codec.
void RtpPort::adoptFormat() noexcept {
  changes_ = false;
  // A fax or modem that G.711 was agreed for goes on.
  if (sendRow_ != nextFormat_.row && !isG711(*nextFormat_.row)) endDataCall();
  if (sendRow_ != nextFormat_.row || sendFormat_.vad != nextFormat_.vad) {
    encodes_ = false;
    comfort_noise_sender_init(&voice_);
  }
  sendRow_ = nextFormat_.row;
  sendFormat_ = nextFormat_;
  const auto samples = static_cast<std::uint16_t>(sendFormat_.ptimeMs * 8);
  sender_.change(sendFormat_.payloadType, samples);
  eventSender_.configure(samples);
}

void RtpPort::sendAudio(Tick& tick) noexcept {
  const Block* out = outward(tick);
  if (out == nullptr) {
    push(sender_.pause(kBlock), tick);
  } else if (isG711(*sendRow_) || isClearMode(*sendRow_)) {
    sendOctets(*out, tick);
  } else if (out->frameKind() != FrameKind::none && source()->passesTo(*this)) {
    passFrame(*out, tick);
  } else {
    encode(out->asSamples(), tick);
  }
}

void RtpPort::sendOctets(const Block& block, Tick& tick) noexcept {
  Octets octets;
  const bool suppresses = sendFormat_.vad && sendFormat_.comfortNoisePayloadType != kNoPayloadType && isG711(*sendRow_);
  if (suppresses && !isDataCall()) {
    const comfort_noise_decision decision = comfort_noise_judge(&voice_, block.asSamples().data());
    if (decision != COMFORT_NOISE_SPEECH) {
      const std::uint32_t timestamp = sender_.timestamp();
      pushFrame({}, tick);
      if (decision == COMFORT_NOISE_UPDATE) sendNoise(timestamp, tick);
      return;
    }
  }
  countPath(block.asOctets(lawOf(*sendRow_), octets));
  push(sender_.push(octets, kBlock), tick);
}

/// RFC 3389 §4: a packet of its own payload type, no marker.
void RtpPort::sendNoise(std::uint32_t timestamp, Tick& tick) noexcept {
  comfort_noise_payload noise;
  comfort_noise_take(&voice_, &noise);
  std::array<std::uint8_t, COMFORT_NOISE_OCTETS> octets;
  const std::size_t count = comfort_noise_print(&noise, octets.data());
  pushSmall(sender_.event(static_cast<std::uint8_t>(sendFormat_.comfortNoisePayloadType), false, timestamp,
                          std::span(octets).first(count)), tick);
  sidSent_++;
}

void RtpPort::encode(const Samples& samples, Tick& tick) noexcept {
  if (!encodes_) seat_.startEncoder(*sendRow_, sendFormat_.vad);
  encodes_ = encoding_ = true;
  seat_.encode(tick.bank, tick.worker.lanes(), samples.data(), encoded_.data());
}

/// No octets: silence.
void RtpPort::pushFrame(std::span<const std::uint8_t> octets, Tick& tick) noexcept {
  if (octets.empty()) {
    pausedBlocks_++;
    push(sender_.pause(kBlock), tick);
    return;
  }
  const bool sid = octets.size() != sendRow_->frame_octets;
  sidSent_ += sid ? 1 : 0;
  push(sender_.push(octets, kBlock, sid), tick);
}

bool RtpPort::takesFrames(const codec& row, bool withSid) const noexcept {
  const bool digitsInBand = !sendsEvents() && isSendingDigits();
  return sendRow_ == &row && (!withSid || sendFormat_.sid) && !altersOutward() && !digitsInBand;
}

bool RtpPort::passesTo(const Port& hearer) const noexcept {
  return hearer.takesFrames(*playout_.playing(), playout_.hasSid());
}

/// A frame that was lost on the way here is lost for the far side too: a sequence number is left out (RFC 3550 §7.1), and
/// its decoder conceals. Where nothing later has come it may be the end of a talkspurt: one number, then a pause.
void RtpPort::passFrame(const Block& block, Tick& tick) noexcept {
  passedBlocks_++;
  encodes_ = false;
  const bool first = !std::exchange(wasLate_, block.frameKind() == FrameKind::late);
  switch (block.frameKind()) {
    case FrameKind::lost:
      push(sender_.lose(kBlock), tick);
      return;
    case FrameKind::late:
      push(first ? sender_.lose(kBlock) : sender_.pause(kBlock), tick);
      return;
    default:
      pushFrame(block.frameOctets(), tick);
  }
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
  if (isG711(*sendRow_)) {
    Octets idle;
    idle.fill(g711_idle(lawOf(*sendRow_)));
    push(sender_.push(idle, kBlock), tick);
  } else if (encodes_) {
    static constexpr Samples kSilence{};
    encode(kSilence, tick);
  } else {
    push(sender_.pause(kBlock), tick);
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
  while (smallReadyCount_ < smallReady_.size() && eventSender_.poll(sender_.timestamp(), packet)) {
    pushSmall(sender_.event(static_cast<std::uint8_t>(telephoneEvents_.sendPayloadType), packet.marker,
                            packet.timestamp, packet.payload), tick);
    eventsSent_++;
  }
}

void RtpPort::pushSmall(std::span<const std::uint8_t> packet, Tick& tick) noexcept {
  if (smallReadyCount_ == smallReady_.size()) return;
  SmallPacket& place = smallReady_[smallReadyCount_++];
  place.count = packet.size();
  std::ranges::copy(packet, place.octets.begin());
  tick.worker.departs(*this);
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
  for (std::size_t i = 0; i < smallReadyCount_; i++) send(std::span(smallReady_[i].octets).first(smallReady_[i].count));
  smallReadyCount_ = 0;
  return sent;
}

}  // namespace trunkgate::engine
