// The codecs that RTP ports know, each a row of codecs/codec.h; a new one joins the table in codec-table.cc.
#pragma once

extern "C" {
#include "../../codecs/codec.h"
#include "../../codecs/g711/g711.h"
}

#include <cstddef>
#include <memory>
#include <string_view>

namespace trunkgate::engine {

/// RFC 4040: octets are data. Never encoded or decoded.
extern const codec kClearMode;

/// RFC 3389: what a sender with silence suppression says between talkspurts. Received only.
extern const codec kComfortNoise;

/// Octets of state that suffice for every row.
[[nodiscard]] std::size_t largestEncoder() noexcept;
[[nodiscard]] std::size_t largestDecoder() noexcept;

/// State of an encoder or decoder (codec.h), brought from the control side.
using CodecMemory = std::unique_ptr<std::max_align_t[]>;
[[nodiscard]] inline CodecMemory makeCodecMemory(std::size_t octets) {
  if (octets == 0) return nullptr;
  return std::make_unique<std::max_align_t[]>((octets + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
}

/// The row of an encoding name, or null.
[[nodiscard]] const codec* findCodec(std::string_view name) noexcept;

/// G.711: its octets are those of a timeslot.
[[nodiscard]] inline bool isG711(const codec& row) noexcept {
  return &row == &codec_pcma || &row == &codec_pcmu;
}
[[nodiscard]] inline bool isClearMode(const codec& row) noexcept { return &row == &kClearMode; }
[[nodiscard]] inline bool isComfortNoise(const codec& row) noexcept { return &row == &kComfortNoise; }
/// The law of a G.711 row; A-law where there is none.
[[nodiscard]] inline g711_law lawOf(const codec& row) noexcept {
  return &row == &codec_pcmu ? G711_ULAW : G711_ALAW;
}

}  // namespace trunkgate::engine
