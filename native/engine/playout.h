// What an RTP port hears: from the jitter buffer, block by block, in the codec of each packet.
//
//   packet -> jitter buffer of its codec -> octets of G.711 -> concealment --> block
//                                        \-> frame ----------> block -> (decoded, where samples are needed)
//
// When the sender changes its codec, the buffer of the former one is played to its end; the other takes the timeline over.
#pragma once

#include "../rtp/jitter-buffer.h"
#include "../rtp/packet.h"
#include "block.h"
#include "lanes.h"
#include "rtp-settings.h"

extern "C" {
#include "../../codecs/comfort-noise/comfort-noise.h"
#include "../../codecs/concealment/concealment.h"
#include "../../codecs/tones/level.h"
}

namespace trunkgate::engine {

class Playout {
 public:
  explicit Playout(CodecSeat& seat) noexcept;

  void setJitter(const JitterSettings& settings) noexcept;
  void setConcealment(bool on) noexcept { conceal_ = on; }
  /// A fax or modem call: a fixed buffer, nothing is concealed.
  void setDataCall(bool is) noexcept;

  /// Begins with a codec, from nothing.
  void begin(const codec& row) noexcept;
  /// Of the codec that comes; null before `begin`.
  [[nodiscard]] const codec* row() const noexcept { return current().row; }
  /// A packet, which may be of another codec than the one before.
  void put(const codec& row, const rtp::Packet& packet, rtp::Instant now) noexcept;
  /// A packet of the source that is no media.
  void skip(std::uint16_t sequence, std::uint32_t timestamp) noexcept { current().buffer.skip(sequence, timestamp); }
  /// Comfort noise of RFC 3389, from its timestamp until speech comes again.
  void putNoise(const rtp::Packet& packet) noexcept;
  /// Another source.
  void restart() noexcept;

  /// The next 10 ms: octets, or a frame that is to be decoded or passed on.
  void pull(Block& block, bool listens, rtp::Instant now) noexcept;
  /// Samples for the frame, now or when the bank's batch runs.
  void decode(Block& block, LaneBank& bank, LanePool& pool) noexcept;
  /// Nobody wants samples: the decoder begins anew when somebody does.
  void pass() noexcept { decodes_ = false; }
  [[nodiscard]] bool decodes() const noexcept { return decodes_; }
  /// After the block has its samples, if it is to have any.
  void complete(Block& block) noexcept;

  /// The codec of the block that was pulled last.
  [[nodiscard]] const codec* playing() const noexcept { return handing_ ? former().row : current().row; }
  /// SID frames have come from this source.
  [[nodiscard]] bool hasSid() const noexcept { return hasSid_; }

  struct Counters {
    std::uint64_t played = 0;  ///< blocks
    std::uint64_t concealed = 0;
    std::uint64_t comfort = 0;
    std::uint64_t sid = 0;
  };
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] rtp::JitterCounters jitterCounters() const noexcept;
  [[nodiscard]] const rtp::JitterBuffer& buffer() const noexcept { return current().buffer; }

 private:
  struct Track {
    const codec* row = nullptr;
    rtp::JitterBuffer buffer;
  };
  [[nodiscard]] Track& current() noexcept { return tracks_[current_]; }
  [[nodiscard]] const Track& current() const noexcept { return tracks_[current_]; }
  [[nodiscard]] Track& former() noexcept { return tracks_[1 - current_]; }
  [[nodiscard]] const Track& former() const noexcept { return tracks_[1 - current_]; }
  [[nodiscard]] rtp::JitterConfig configOf(const codec& row) const noexcept;
  void change(const codec& row) noexcept;
  void startPlaying(const codec& row) noexcept;
  void takeTurn(const Block& before) noexcept;
  void blend(Block& block) noexcept;
  void fillOctets(Block& block, const rtp::Pulled& pulled, const Octets& octets, g711_law law) noexcept;
  void heedNoise(std::uint32_t timestamp) noexcept;
  void fillFrame(Block& block, const rtp::Pulled& pulled, const Octets& octets) noexcept;

  CodecSeat& seat_;
  std::array<Track, 2> tracks_;
  unsigned current_ = 0;
  bool handing_ = false;    ///< what came of the former codec is being played to its end
  bool dataCall_ = false;
  bool conceal_ = true;
  bool decodes_ = false;
  bool comfort_ = false;    ///< in a silence that a SID frame began
  bool hasSid_ = false;
  unsigned pauseBlocks_ = 0;  ///< in a row, up to now
  unsigned blends_ = 0;       ///< blocks of a new codec that the end of G.711 is still blended into
  JitterSettings jitter_{};
  octet_concealment concealment_{};
  struct NoiseNote {
    std::uint32_t timestamp = 0;
    bool waits = false;
    comfort_noise_payload payload{};
  };
  std::array<NoiseNote, 4> notes_{};  ///< comfort noise whose time has not come
  unsigned nextNote_ = 0;
  bool noise_ = false;                ///< in a silence that comfort noise fills
  comfort_noise_generator generator_{};
  pause_meter pauses_{};
  Counters counters_;
};

}  // namespace trunkgate::engine
