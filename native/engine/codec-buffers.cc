#include "codec-buffers.h"

extern "C" {
#include "../../codecs/g729/serial.h"
}

#include <cstring>

namespace trunkgate::engine {

namespace {

Converted encodeG711(const codec& row, std::span<const std::uint8_t> pcm) {
  Converted out;
  const std::size_t count = pcm.size() / 2;
  std::vector<std::int16_t> samples(count);
  std::memcpy(samples.data(), pcm.data(), count * 2);
  out.octets.resize(count);
  g711_encode(lawOf(row), samples.data(), count, out.octets.data());
  out.taken = count * 2;
  out.frames[0] = count / row.frame_samples;
  return out;
}

Converted decodeG711(const codec& row, std::span<const std::uint8_t> octets) {
  Converted out;
  std::vector<std::int16_t> samples(octets.size());
  g711_decode(lawOf(row), octets.data(), octets.size(), samples.data());
  out.octets.resize(octets.size() * 2);
  std::memcpy(out.octets.data(), samples.data(), out.octets.size());
  out.taken = octets.size();
  out.frames[0] = octets.size() / row.frame_samples;
  return out;
}

Converted encodeFrames(const codec& row, void* encoder, std::span<const std::uint8_t> pcm, bool serial) {
  Converted out;
  const std::size_t size = std::size_t{row.frame_samples} * 2;
  std::array<std::int16_t, 80> samples;
  std::array<std::uint8_t, 80> octets;
  std::array<std::uint8_t, G729_SERIAL_OCTETS> printed;
  for (; out.taken + size <= pcm.size(); out.taken += size) {
    std::memcpy(samples.data(), pcm.data() + out.taken, size);
    const std::size_t count = row.encode(encoder, samples.data(), octets.data());
    out.frames[count == row.frame_octets ? 0 : count == 0 ? 2 : 1]++;
    if (serial) {
      const std::size_t written = g729_serial_print(octets.data(), count, printed.data());
      out.octets.insert(out.octets.end(), printed.begin(), printed.begin() + static_cast<std::ptrdiff_t>(written));
    } else {
      out.octets.insert(out.octets.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }
  return out;
}

Converted decodeFrames(const codec& row, void* decoder, std::span<const std::uint8_t> octets, bool serial) {
  Converted out;
  std::array<std::int16_t, 80> samples;
  for (;;) {
    const auto rest = octets.subspan(out.taken);
    g729_serial_frame frame{false, static_cast<std::uint8_t>(row.frame_octets), {}};
    std::size_t taken = 0;
    if (serial) {
      taken = g729_serial_parse(rest.data(), rest.size(), &frame);
    } else if (rest.size() >= row.frame_octets) {
      taken = row.frame_octets;
      std::memcpy(frame.octets, rest.data(), taken);
    }
    out.malformed = taken == G729_SERIAL_MALFORMED;
    if (taken == 0 || out.malformed) return out;
    out.taken += taken;
    if (frame.erased) {
      row.conceal(decoder, samples.data());
    } else {
      static_cast<void>(row.decode(decoder, frame.octets, frame.count, samples.data()));
    }
    out.frames[frame.erased ? 3 : frame.count == 0 ? 2 : frame.count == row.sid_octets ? 1 : 0]++;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(samples.data());
    out.octets.insert(out.octets.end(), bytes, bytes + std::size_t{row.frame_samples} * 2);
  }
}

}  // namespace

Converted encodeBuffer(const codec& row, void* encoder, std::span<const std::uint8_t> pcm, bool serial) {
  return isG711(row) ? encodeG711(row, pcm) : encodeFrames(row, encoder, pcm, serial);
}

Converted decodeBuffer(const codec& row, void* decoder, std::span<const std::uint8_t> octets, bool serial) {
  return isG711(row) ? decodeG711(row, octets) : decodeFrames(row, decoder, octets, serial);
}

}  // namespace trunkgate::engine
