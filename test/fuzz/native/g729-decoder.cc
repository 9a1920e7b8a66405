// The decoders of G.729: any octets in frames of any kind, on lanes of the fastest row and in decoders alone, give the
// same samples and leave the same states.
#include "input.h"

#include "codec-lanes.h"
#include "codec.h"
#include "g729/g729.h"

#include <cstring>
#include <memory>

namespace {

constexpr std::size_t kSamples = 80;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

/// The next frame of a lane: speech most often, then what is left of the input in every other kind.
codec_lane_frame takeFrame(Input& input) {
  const std::uint8_t kind = input.octet();
  codec_lane_frame frame = {};
  frame.lost = kind % 8 == 7;
  const std::size_t wanted = kind % 8 < 4 ? 10 : kind % 8 == 4 ? 2 : kind % 8 == 5 ? 0 : kind / 8u;
  if (frame.lost) return frame;
  const std::span<const std::uint8_t> octets = input.take(wanted);
  frame.octets = octets.data();
  frame.count = static_cast<std::uint8_t>(octets.size());
  return frame;
}

void decodeAlone(g729_decoder& decoder, const codec_lane_frame& frame, std::int16_t* samples) {
  if (frame.lost)
    codec_g729.conceal(&decoder, samples);
  else
    codec_g729.decode(&decoder, frame.octets, frame.count, samples);
}

void tick(const codec_lanes& row, void* group, g729_decoder* decoders, Input& input) {
  codec_lane_frame frames[CODEC_LANES] = {};
  std::int16_t found[CODEC_LANES][kSamples];
  std::int16_t* samples[CODEC_LANES] = {};
  const std::uint16_t lanes = input.word();
  for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
    if ((lanes >> lane & 1) == 0) continue;
    frames[lane] = takeFrame(input);
    samples[lane] = found[lane];
  }
  row.decode(group, lanes, frames, samples);
  for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
    if ((lanes >> lane & 1) == 0) continue;
    std::int16_t expected[kSamples];
    decodeAlone(decoders[lane], frames[lane], expected);
    LAW(std::memcmp(expected, found[lane], sizeof expected) == 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const codec_lanes& row = *codec_g729.lanes(0);
  const std::unique_ptr<void, Free> group(std::aligned_alloc(CODEC_LANES_ALIGNMENT, row.decoder_size));
  g729_decoder decoders[CODEC_LANES];
  row.init_decoders(group.get());
  for (g729_decoder& decoder : decoders) g729_decoder_init(&decoder);
  Input input(data, size);
  while (!input.empty()) tick(row, group.get(), decoders, input);
  for (unsigned lane = 0; lane < CODEC_LANES; lane++) {
    g729_decoder stored;
    row.store_decoder(group.get(), lane, &stored);
    LAW(std::memcmp(&stored, &decoders[lane], sizeof stored) == 0);
  }
  return 0;
}
