// Codecs apart from any port, for files: whole buffers in, whole buffers out. Samples are 16-bit little-endian, as the machines are
// that this runs on.
#pragma once

#include "codec-table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace trunkgate::engine {

/// What came of a buffer.
struct Converted {
  std::vector<std::uint8_t> octets;
  std::size_t taken = 0;  ///< of the octets that were given
  bool malformed = false;  ///< no frame stands where it ended
  std::array<std::size_t, 4> frames{};  ///< speech, SID, untransmitted, erased
};

/// Encodes what there is of whole frames; `serial`: in the ITU's form of G.729.
[[nodiscard]] Converted encodeBuffer(const codec& row, void* encoder, std::span<const std::uint8_t> pcm, bool serial);
[[nodiscard]] Converted decodeBuffer(const codec& row, void* decoder, std::span<const std::uint8_t> octets, bool serial);

}  // namespace trunkgate::engine
