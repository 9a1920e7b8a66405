// The way of a G.711 packet of 20 ms: parsed, judged, counted, put and pulled; and one made. The
// baseline copies the packet in and its octets out. Streams are visited in turn, 2,000 of them, so
// that caches are as cold as in service.
#include "bench.h"

#include "rtp/jitter-buffer.h"
#include "rtp/latch.h"
#include "rtp/packet.h"
#include "rtp/reception.h"
#include "rtp/sender.h"

#include <array>
#include <cstring>
#include <memory>
#include <vector>

using namespace trunkgate::rtp;

namespace {

constexpr std::size_t kHere = 1;
constexpr std::size_t kService = 2000;

struct Stream {
  JitterBuffer buffer;
  Reception reception;
  Latch latch;
  Sender sender;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::array<std::uint8_t, 172> packet{};
  std::array<std::uint8_t, 160> timeslot{};
};

struct Bench {
  explicit Bench(std::size_t count) : streams(count) {
    for (auto& stream : streams) {
      stream = std::make_unique<Stream>();
      stream->buffer.configure({});
      stream->latch.configure({});
      stream->latch.signal(address);
      stream->reception.start(1, 0, 8000, 1);
      stream->sender.configure({.ssrc = 1, .payloadType = 8, .packetSamples = 160});
      printHeader(8, false, 0, 0, 1, std::span(stream->packet).first<12>());
    }
  }

  Stream& next() {
    if (++at >= streams.size()) {
      at = 0;
      now += 20'000;
    }
    return *streams[at];
  }

  Address address{.ip = {127, 0, 0, 1}, .port = 4000, .family = 4};
  std::vector<std::unique_ptr<Stream>> streams;
  std::size_t at = 0;
  Instant now = 0;
};

void receive(Stream& stream, const Address& from, Instant now) {
  printHeader(8, false, stream.sequence, stream.timestamp, 1, std::span(stream.packet).first<12>());
  stream.sequence++;
  stream.timestamp += 160;
  Packet packet;
  if (parsePacket(stream.packet, packet) != PacketFault::none) return;
  stream.latch.receive(from, packet.ssrc, packet.sequence, now);
  stream.reception.receive(packet.sequence, packet.timestamp, now);
  stream.buffer.put(packet.sequence, packet.timestamp, packet.marker, packet.payload, now);
}

double baselineOf(std::size_t count) {
  Bench bench(count);
  return nanoseconds([&] {
    Stream& stream = bench.next();
    std::array<std::uint8_t, 172> copy;
    std::memcpy(copy.data(), stream.packet.data(), copy.size());
    keep(copy.data());
    std::memcpy(stream.timeslot.data(), copy.data() + 12, 160);
    keep(stream.timeslot.data());
  });
}

double receiveOf(std::size_t count, std::uint16_t pull) {
  Bench bench(count);
  return nanoseconds([&] {
    Stream& stream = bench.next();
    receive(stream, bench.address, bench.now);
    for (std::uint16_t done = 0; done < 160; done = static_cast<std::uint16_t>(done + pull))
      stream.buffer.pull(std::span(stream.timeslot).subspan(done), pull, 0xD5,
                         bench.now + done * 125, {});
    keep(stream.timeslot.data());
  });
}

double sendOf(std::size_t count) {
  Bench bench(count);
  return nanoseconds([&] {
    Stream& stream = bench.next();
    stream.sender.push(std::span(stream.timeslot).first(80), 80);
    const auto packet = stream.sender.push(std::span(stream.timeslot).last(80), 80);
    keep(packet.data());
  });
}

}  // namespace

int main() {
  for (const std::size_t count : {kHere, kService}) {
    std::printf("%zu stream%s, %zu octets of state each\n", count, count == 1 ? "" : "s",
                sizeof(Stream));
    const double baseline = baselineOf(count);
    printRow("copy in and out (baseline)", baseline, "packet", baseline);
    printRow("parse, latch, count, put, pull in blocks of 10 ms", receiveOf(count, 80), "packet",
             baseline);
    printRow("parse, latch, count, put, pull in blocks of 1 ms", receiveOf(count, 8), "packet",
             baseline);
    printRow("packetise", sendOf(count), "packet", baseline);
  }
  return 0;
}
