#include "codec-table.h"

#include <algorithm>

namespace trunkgate::engine {

namespace {

/// Neither is ever encoded or decoded: a name, and octets.
constexpr codec octetsOnly(const char* name, std::uint8_t payloadType) noexcept {
  return {.name = name, .clock_rate = 8000, .payload_type = payloadType,
          .frame_samples = 80, .frame_octets = 80, .sid_octets = 0, .unit_samples = 1, .unit_octets = 1,
          .decoder_delay = 0, .encoder_delay = 0, .encoder_size = 0, .decoder_size = 0,
          .init_encoder = nullptr, .init_decoder = nullptr, .encode = nullptr, .decode = nullptr,
          .conceal = nullptr, .lanes = nullptr};
}

}  // namespace

const codec kClearMode = octetsOnly("CLEARMODE", CODEC_PAYLOAD_TYPE_DYNAMIC);
const codec kComfortNoise = octetsOnly("CN", 13);

namespace {
// At most one of them may have lanes, and only one a state: a port keeps one encoder and one decoder.
constexpr const codec* kTable[] = {&codec_pcma, &codec_pcmu, &codec_g729, &kClearMode, &kComfortNoise};
}

const codec* findCodec(std::string_view name) noexcept {
  for (const codec* row : kTable) {
    if (name == row->name) return row;
  }
  return nullptr;
}

std::size_t largestEncoder() noexcept {
  return (*std::ranges::max_element(kTable, {}, [](const codec* row) { return row->encoder_size; }))->encoder_size;
}

std::size_t largestDecoder() noexcept {
  return (*std::ranges::max_element(kTable, {}, [](const codec* row) { return row->decoder_size; }))->decoder_size;
}

}  // namespace trunkgate::engine
