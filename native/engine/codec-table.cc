#include "codec-table.h"

namespace trunkgate::engine {

const codec kClearMode{
    .name = "CLEARMODE", .clock_rate = 8000, .payload_type = CODEC_PAYLOAD_TYPE_DYNAMIC,
    .frame_samples = 80, .frame_octets = 80, .sid_octets = 0, .unit_samples = 1, .unit_octets = 1,
    .decoder_delay = 0, .encoder_delay = 0, .encoder_size = 0, .decoder_size = 0,
    .init_encoder = nullptr, .init_decoder = nullptr, .encode = nullptr, .decode = nullptr,
    .conceal = nullptr, .lanes = nullptr};

namespace {
constexpr const codec* kTable[] = {&codec_pcma, &codec_pcmu, &codec_g729, &kClearMode};
}

const codec* findCodec(std::string_view name) noexcept {
  for (const codec* row : kTable) {
    if (name == row->name) return row;
  }
  return nullptr;
}

}  // namespace trunkgate::engine
