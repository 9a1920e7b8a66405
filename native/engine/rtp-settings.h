// Settings of an RTP port, as the control side has checked them. What is absent stays as it is.
#pragma once

#include "../rtp/latch.h"
#include "codec-table.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace trunkgate::engine {

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

[[nodiscard]] constexpr bool sends(Direction direction) noexcept {
  return direction == Direction::sendrecv || direction == Direction::sendonly;
}
[[nodiscard]] constexpr bool receives(Direction direction) noexcept {
  return direction == Direction::sendrecv || direction == Direction::recvonly;
}

inline constexpr int kNoPayloadType = -1;

struct SendFormat {
  const codec* row = nullptr;
  std::uint8_t payloadType = 0;
  std::uint16_t ptimeMs = 20;
  bool vad = false;  ///< silence is not sent: SID frames and pauses in its place
};

/// Row of each payload type, null where it is not accepted.
using ReceiveTable = std::array<const codec*, 128>;

struct TelephoneEvents {
  int sendPayloadType = kNoPayloadType;
  int receivePayloadType = kNoPayloadType;
};

struct JitterSettings {
  std::uint16_t minMs = 20;
  std::uint16_t maxMs = 200;
  bool fixed = false;  ///< at minMs
};

/// State of an encoder or decoder (codec.h), taken when a codec is chosen.
using CodecMemory = std::unique_ptr<std::max_align_t[]>;
[[nodiscard]] inline CodecMemory makeCodecMemory(std::size_t octets) {
  if (octets == 0) return nullptr;
  return std::make_unique<std::max_align_t[]>((octets + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
}

struct RtpSettings {
  std::optional<rtp::Address> remote;      ///< family 0: none yet
  std::optional<rtp::Address> remoteRtcp;  ///< family 0: the RTP port + 1
  std::optional<Direction> direction;
  std::optional<SendFormat> send;
  std::optional<ReceiveTable> receive;
  std::optional<TelephoneEvents> telephoneEvents;
  std::optional<JitterSettings> jitter;
  std::optional<bool> concealment;
  std::optional<bool> rtcp;
  std::optional<std::string> cname;
  std::optional<std::uint32_t> ssrc;
  std::optional<std::uint32_t> timeoutMs;
  std::optional<std::uint32_t> releaseMs;
  bool relatch = false;
  CodecMemory encoder;  ///< for `send`
  CodecMemory decoder;  ///< for the largest of `receive`
};

}  // namespace trunkgate::engine
