#include "sender.h"

#include <algorithm>
#include <cstring>

namespace trunkgate::rtp {

void Sender::configure(const SenderConfig& config) noexcept {
  ssrc_ = config.ssrc;
  timestamp_ = config.timestamp;
  sequence_ = config.sequence;
  packets_ = 0;
  octets_ = 0;
  gatheredSamples_ = 0;
  gatheredOctets_ = 0;
  marker_ = true;
  hasSpeech_ = false;
  change(config.payloadType, config.packetSamples);
  payloadType_ = nextPayloadType_;
  packetSamples_ = nextPacketSamples_;
}

void Sender::change(std::uint8_t payloadType, std::uint16_t packetSamples) noexcept {
  nextPayloadType_ = payloadType;
  nextPacketSamples_ = std::clamp<std::uint16_t>(packetSamples, 8, kMaxPayload);
}

std::span<const std::uint8_t> Sender::flush() noexcept {
  if (gatheredOctets_ == 0) {
    gatheredSamples_ = 0;
    return {};
  }
  const std::span<std::uint8_t> whole(buffer_);
  printHeader(payloadType_, marker_ && hasSpeech_, sequence_, timestamp_ - gatheredSamples_, ssrc_,
              whole.first<kHeaderOctets>());
  const std::size_t total = kHeaderOctets + gatheredOctets_;
  sequence_++;
  packets_++;
  octets_ += gatheredOctets_;
  marker_ = marker_ && !hasSpeech_;
  gatheredSamples_ = 0;
  gatheredOctets_ = 0;
  hasSpeech_ = false;
  return whole.first(total);
}

std::span<const std::uint8_t> Sender::push(std::span<const std::uint8_t> octets,
                                           std::uint16_t samples, bool sid) noexcept {
  if (gatheredSamples_ == 0) {
    payloadType_ = nextPayloadType_;
    packetSamples_ = nextPacketSamples_;
  }
  if (octets.size() > kMaxPayload - gatheredOctets_) return {};  // precondition broken
  std::memcpy(buffer_.data() + kHeaderOctets + gatheredOctets_, octets.data(), octets.size());
  gatheredOctets_ = static_cast<std::uint16_t>(gatheredOctets_ + octets.size());
  gatheredSamples_ = static_cast<std::uint16_t>(gatheredSamples_ + samples);
  timestamp_ += samples;
  lostSamples_ = 0;
  hasSpeech_ = hasSpeech_ || !sid;
  if (gatheredSamples_ < packetSamples_ && !sid) return {};
  const std::span<const std::uint8_t> packet = flush();
  marker_ = marker_ || sid;
  return packet;
}

std::span<const std::uint8_t> Sender::pause(std::uint16_t samples) noexcept {
  const std::span<const std::uint8_t> packet = flush();
  timestamp_ += samples;
  lostSamples_ = 0;
  marker_ = true;
  return packet;
}

std::span<const std::uint8_t> Sender::lose(std::uint16_t samples) noexcept {
  const std::span<const std::uint8_t> packet = flush();
  timestamp_ += samples;
  if (lostSamples_ == 0) sequence_++;
  lostSamples_ = static_cast<std::uint16_t>(lostSamples_ + samples);
  if (lostSamples_ >= packetSamples_) lostSamples_ = 0;
  return packet;
}

std::span<const std::uint8_t> Sender::event(std::uint8_t payloadType, bool marker,
                                            std::uint32_t timestamp,
                                            std::span<const std::uint8_t> payload) noexcept {
  const std::size_t count = std::min(payload.size(), eventBuffer_.size() - kHeaderOctets);
  const std::span<std::uint8_t> whole(eventBuffer_);
  printHeader(payloadType, marker, sequence_, timestamp, ssrc_, whole.first<kHeaderOctets>());
  std::memcpy(eventBuffer_.data() + kHeaderOctets, payload.data(), count);
  sequence_++;
  packets_++;
  octets_ += static_cast<std::uint32_t>(count);
  return whole.first(kHeaderOctets + count);
}

}  // namespace trunkgate::rtp
