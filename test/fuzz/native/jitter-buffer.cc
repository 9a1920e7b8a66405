// Jitter buffer: any order of packets, skips, pulls, mode changes, codec changes and restarts; counters add up and
// the play-out point moves as each pull says.
#include "input.h"

#include "rtp/jitter-buffer.h"

#include <array>
#include <memory>

using namespace trunkgate::rtp;

namespace {

bool quiet(void* context, std::span<const std::uint8_t> octets) noexcept {
  return *static_cast<bool*>(context) && !octets.empty();
}

/// The other codec takes over, as a port does it: what came before is followed to its end.
void handOver(std::unique_ptr<JitterBuffer>& buffer, std::unique_ptr<JitterBuffer>& next, JitterConfig config, Instant now) {
  const std::uint64_t packets = buffer->counters().packets;
  const std::uint16_t before = buffer->config().unitSamples;
  config.unitSamples = before == 80 ? 1 : 80;
  config.unitOctets = before == 80 ? 1 : 10;
  config.sidOctets = before == 80 ? 0 : 2;
  next->takeOver(*buffer, config);
  LAW(next->counters().packets == packets);
  std::array<std::uint8_t, 480> out;
  for (int i = 0; i < 60 && buffer->running() && buffer->hasLater(); i++) {
    buffer->pull(out, 80, 0xD5, now, {});
    next->follow(*buffer);
    const auto behind = static_cast<std::int32_t>(buffer->playoutTimestamp() - next->playoutTimestamp());
    LAW(behind < config.unitSamples);
  }
  *buffer = JitterBuffer{};
  std::swap(buffer, next);
}

JitterConfig configuration(Input& input) {
  JitterConfig config;
  config.minMs = input.octet();
  config.maxMs = input.word();
  config.initialMs = input.word();
  const std::uint8_t kind = input.octet();
  config.fixed = (kind & 1) != 0;
  if ((kind & 2) != 0) {
    config.unitSamples = 80;
    config.unitOctets = 10;
    config.sidOctets = 2;
  }
  return config;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  static auto buffer = std::make_unique<JitterBuffer>();
  static auto next = std::make_unique<JitterBuffer>();
  *buffer = JitterBuffer{};
  const JitterConfig config = configuration(input);
  buffer->configure(config);
  static std::array<std::uint8_t, 1500> payload;
  std::array<std::uint8_t, 480> out;
  Instant now = 0;
  std::uint16_t sequence = input.word();
  std::uint32_t timestamp = input.longWord();
  std::uint64_t put = 0;
  while (!input.empty()) {
    const std::uint8_t step = input.octet();
    const bool frames = buffer->config().unitSamples == 80;
    now += (step >> 4) * 2500;
    switch (step & 7) {
      case 0:
      case 1: {
        std::size_t count = frames ? input.octet() % 63 : input.octet() * 2u;
        sequence = static_cast<std::uint16_t>(sequence + static_cast<std::int8_t>(input.octet()));
        timestamp += static_cast<std::uint32_t>(static_cast<std::int8_t>(input.octet())) * 40u;
        buffer->put(sequence, timestamp, (step & 8) != 0, std::span(payload).first(count), now);
        put++;
        break;
      }
      case 2:
        buffer->put(input.word(), input.longWord(), (step & 8) != 0,
                    std::span(payload).first(input.word() % payload.size()), now);
        put++;
        break;
      case 3:
        buffer->skip(static_cast<std::uint16_t>(sequence + 1), timestamp);
        break;
      case 4:
        if ((step & 8) != 0) buffer->restart();
        if ((step & 32) != 0) handOver(buffer, next, config, now);
        buffer->setFixed((step & 16) != 0);
        break;
      default: {
        bool pause = (step & 8) != 0;
        const std::uint16_t samples = frames || (step & 1) != 0 ? 80 : 8;
        const std::uint32_t before = buffer->playoutTimestamp();
        const Pulled pulled = buffer->pull(out, samples, 0xD5, now, {quiet, &pause});
        if (pulled.kind == Play::idle) break;
        const std::uint32_t moved = buffer->playoutTimestamp() - before;
        LAW(moved == static_cast<std::uint32_t>(samples - pulled.correction));
        LAW(pulled.octets <= out.size());
        LAW((pulled.kind == Play::speech || pulled.kind == Play::sid) == (pulled.octets > 0));
      }
    }
    const JitterCounters& counters = buffer->counters();
    LAW(counters.packets == put);
    LAW(counters.duplicates + counters.late + counters.malformed + counters.early <= put);
    LAW(buffer->wantedDepth() >= buffer->config().minMs * 8);
    LAW(buffer->wantedDepth() <= buffer->config().maxMs * 8);
  }
  return 0;
}
