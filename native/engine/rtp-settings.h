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
  bool vad = false;  ///< silence is not sent: SID frames, or comfort noise, and pauses in its place
  bool sid = false;  ///< SID frames of others may be passed on to this peer
  int comfortNoisePayloadType = kNoPayloadType;  ///< RFC 3389, for codecs without SID frames; none: their `vad` is off
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
  CodecMemory encoder;  ///< for any codec of the table, when first needed
  CodecMemory decoder;
};

}  // namespace trunkgate::engine
