// Lanes: the encoders and decoders of a codec with state, in groups of sixteen that one vector instruction works on.
//
//   produce(): ports ask for their frames to be decoded -> LaneBank::decode, all groups of the phase -> finishProduce()
//   consume(): ports ask for their blocks to be encoded -> LaneBank::encode                          -> finishConsume()
//
// A port sits in a lane from its first frame until it leaves the phase or the codec, and alone in memory of its own otherwise: the
// octets and samples are the same. Of the groups of a phase only one has free lanes. Groups come from the control side.
#pragma once

#include "codec-table.h"

extern "C" {
#include "../../codecs/codec-lanes.h"
}

#include <array>
#include <cstdint>

namespace trunkgate::engine {

class CodecSeat;
class LanePool;

struct LaneGroup {
  explicit LaneGroup(const codec_lanes& lanes);
  ~LaneGroup();
  LaneGroup(const LaneGroup&) = delete;
  LaneGroup& operator=(const LaneGroup&) = delete;

  LaneGroup* below = nullptr;  ///< the next of the bank or of the pool
  LaneGroup* nextOwned = nullptr;
  unsigned taken = 0;  ///< lanes, from the first on
  std::array<CodecSeat*, CODEC_LANES> seats{};
  void* encoders = nullptr;
  void* decoders = nullptr;

  std::uint16_t toDecode = 0;  ///< lanes by bit, until the batch has run
  std::uint16_t toEncode = 0;
  std::array<codec_lane_frame, CODEC_LANES> frames{};
  std::array<std::int16_t*, CODEC_LANES> decoded{};
  std::array<const std::int16_t*, CODEC_LANES> samples{};
  std::array<std::uint8_t*, CODEC_LANES> octets{};
  std::array<std::uint8_t, CODEC_LANES> counts{};
};

/// The groups of a worker that no phase uses.
class LanePool {
 public:
  /// Which form of the codec; null: everybody stays alone.
  explicit LanePool(const codec_lanes* lanes) noexcept : lanes_(lanes) {}
  ~LanePool();
  LanePool(const LanePool&) = delete;
  LanePool& operator=(const LanePool&) = delete;

  /// From the control side; the pool's from now on.
  void add(LaneGroup* group) noexcept;
  [[nodiscard]] LaneGroup* take() noexcept;
  void giveBack(LaneGroup& group) noexcept;
  [[nodiscard]] const codec_lanes* lanes() const noexcept { return lanes_; }

 private:
  const codec_lanes* lanes_;
  LaneGroup* free_ = nullptr;
  LaneGroup* owned_ = nullptr;
};

/// The groups of a phase.
class LaneBank {
 public:
  /// Runs what was asked for. Returns how many frames.
  unsigned decode(const LanePool& pool) noexcept;
  unsigned encode(const LanePool& pool) noexcept;

 private:
  friend class CodecSeat;
  LaneGroup* top_ = nullptr;  ///< the only one that may have free lanes
};

/// The encoder and the decoder of a port.
class CodecSeat {
 public:
  /// Memory for any codec of the table, once.
  void give(CodecMemory& encoder, CodecMemory& decoder) noexcept;
  void startEncoder(const codec& row, bool vad) noexcept;
  void startDecoder(const codec& row) noexcept;

  /// Writes 80 samples, now or when the bank's batch runs.
  void decode(LaneBank& bank, LanePool& pool, const codec_lane_frame& frame, std::int16_t* samples) noexcept;
  /// Writes a frame, now or when the bank's batch runs; `encoded` then says how many octets.
  void encode(LaneBank& bank, LanePool& pool, const std::int16_t* samples, std::uint8_t* octets) noexcept;
  [[nodiscard]] std::size_t encoded() const noexcept { return inLane_ ? group_->counts[lane_] : count_; }

  /// Gives the lane up; not while a batch waits.
  void stand(LanePool& pool) noexcept;
  [[nodiscard]] bool isSeated() const noexcept { return group_ != nullptr; }

 private:
  bool sit(LaneBank& bank, LanePool& pool, const codec& row) noexcept;
  void load(const LanePool& pool) noexcept;
  void store(const LanePool& pool) noexcept;

  CodecMemory encoder_;
  CodecMemory decoder_;
  const codec* encoderRow_ = nullptr;
  const codec* decoderRow_ = nullptr;
  LaneBank* bank_ = nullptr;
  LaneGroup* group_ = nullptr;
  unsigned lane_ = 0;
  std::size_t count_ = 0;
  bool inLane_ = false;        ///< where the last block was encoded
  bool loadsEncoder_ = false;  ///< its state in memory is newer than the lane's
  bool loadsDecoder_ = false;
};

}  // namespace trunkgate::engine
