// Sending state of one stream, and the packetiser: blocks of samples in, whole packets out.
#pragma once

#include "packet.h"
#include "time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trunkgate::rtp {

struct SenderConfig {
  std::uint32_t ssrc = 0;       ///< from entropy
  std::uint32_t timestamp = 0;  ///< first timestamp, from entropy (RFC 3550 §5.1)
  std::uint16_t sequence = 0;   ///< first sequence number, from entropy
  std::uint8_t payloadType = 0;
  std::uint16_t packetSamples = 160;  ///< ptime: 80, 160, 240, 320 or 480
};

class Sender {
 public:
  static constexpr std::size_t kMaxPayload = 480;

  void configure(const SenderConfig& config) noexcept;

  /// New payload type or packet time (new SDP): from the next packet on. SSRC and numbering go on.
  void change(std::uint8_t payloadType, std::uint16_t packetSamples) noexcept;

  /// Appends encoded octets that stand for `samples` samples. Returns a whole RTP packet when one
  /// is full, else an empty span. It points into this object, until the next call. At most one
  /// packet comes of a call: `samples` is at most packetSamples, and a block belongs to one packet
  /// only. `sid`: a SID frame, after which nothing follows in its packet and a talkspurt begins
  /// anew; a packet of it alone bears no marker (RFC 3551 §4.1).
  std::span<const std::uint8_t> push(std::span<const std::uint8_t> octets, std::uint16_t samples,
                                     bool sid = false) noexcept;

  /// `samples` samples pass without being sent (DTX, hold, or telephone-event in their place). What
  /// was gathered before goes out as a short packet; the next media packet bears the marker (RFC
  /// 3551 §4.1).
  std::span<const std::uint8_t> pause(std::uint16_t samples) noexcept;

  /// `samples` samples were lost before they came here: a sequence number is left out for each packet
  /// time of them, so that the receiver sees a loss (RFC 3550 §7.1).
  std::span<const std::uint8_t> lose(std::uint16_t samples) noexcept;

  /// A small packet of this stream, a telephone-event or comfort noise: `payload` under `timestamp`, with the next sequence
  /// number.
  std::span<const std::uint8_t> event(std::uint8_t payloadType, bool marker,
                                      std::uint32_t timestamp,
                                      std::span<const std::uint8_t> payload) noexcept;

  /// Timestamp of the next sample to be pushed.
  [[nodiscard]] std::uint32_t timestamp() const noexcept { return timestamp_; }
  [[nodiscard]] std::uint16_t sequence() const noexcept { return sequence_; }
  [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint32_t packets() const noexcept { return packets_; }  ///< SR: modulo 2^32
  [[nodiscard]] std::uint32_t octets() const noexcept { return octets_; }    ///< SR: payload only
  [[nodiscard]] std::uint16_t gathered() const noexcept { return gatheredSamples_; }
  [[nodiscard]] std::uint16_t packetSamples() const noexcept { return packetSamples_; }

 private:
  std::span<const std::uint8_t> flush() noexcept;

  std::uint32_t ssrc_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint16_t packetSamples_ = 160;
  std::uint16_t nextPacketSamples_ = 160;
  std::uint16_t gatheredSamples_ = 0;
  std::uint16_t gatheredOctets_ = 0;
  std::uint16_t lostSamples_ = 0;  ///< since the last sequence number that was left out
  std::uint8_t payloadType_ = 0;
  std::uint8_t nextPayloadType_ = 0;
  bool marker_ = true;
  bool hasSpeech_ = false;  ///< in what is gathered
  std::array<std::uint8_t, kHeaderOctets + kMaxPayload> buffer_{};
  std::array<std::uint8_t, kHeaderOctets + 64> eventBuffer_{};
};

}  // namespace trunkgate::rtp
