// What a codec costs on this machine: CPU time of this thread, codec work alone.
#pragma once

extern "C" {
#include "../../codecs/codec.h"
}

#include <cstddef>

namespace trunkgate::engine {

struct CodecCost {
  double encodeSeconds = 0;
  double decodeSeconds = 0;
};

/// Runs `rounds` frames of each of so many channels in turn, each elsewhere in the same speech; in groups of lanes where
/// `lanes` is given (channels are rounded up to whole groups by the caller).
[[nodiscard]] CodecCost measureCodec(const codec& row, const codec_lanes* lanes, bool discontinuous,
                                     std::size_t channels, std::size_t rounds);

}  // namespace trunkgate::engine
