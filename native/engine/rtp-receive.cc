// What comes in at the RTP socket.
#include "rtp-port.h"
#include "worker.h"

#include <algorithm>

namespace trunkgate::engine {

namespace {
constexpr double toMs(std::int64_t us) { return static_cast<double>(us) / 1000; }
}  // namespace

std::size_t RtpPort::receiveRtp(Worker& worker, std::int64_t now) noexcept {
  net::Batch& batch = worker.batch();
  rtpSocket_->receive(batch);
  for (std::size_t i = 0; i < batch.count; i++) {
    receivePacket(batch.from[i], std::span(batch.data[i]).first(batch.octets[i]), worker, now);
  }
  return batch.count;
}

void RtpPort::receivePacket(const rtp::Address& from, std::span<const std::uint8_t> octets,
                            Worker& worker, std::int64_t now) noexcept {
  if (rtp::classify(octets) == rtp::Datagram::rtcp) {  // RFC 5761: both on one port
    receiveCompound(from, octets, worker, now);
    return;
  }
  rtp::Packet packet;
  if (rtp::parsePacket(octets, packet) != rtp::PacketFault::none) {
    malformed_++;
    return;
  }
  if (!acceptSource(packet, from, now)) return;
  packetsReceived_++;
  octetsReceived_ += packet.payload.size();
  lastRtp_ = lastAny_ = now;
  releaseSaid_ = false;
  if (timedOut_) {
    timedOut_ = false;
    notify(Notice::rtpResumed, toMs(now));
  }
  const bool isEvent = packet.payloadType == telephoneEvents_.receivePayloadType;
  static_cast<void>(reception_.receive(packet.sequence, packet.timestamp, now, !isEvent));
  if (isEvent) {
    receiveEvent(packet, now);
  } else if (const codec* const row = rowOf(packet.payloadType); row == nullptr) {
    unknownPayload_++;
  } else if (isComfortNoise(*row)) {
    playout_.putNoise(packet);
  } else {
    receiveMedia(*row, packet, now);
  }
}

/// The static number of comfort noise is understood without having been agreed on.
const codec* RtpPort::rowOf(std::uint8_t payloadType) const noexcept {
  const codec* const row = receive_[payloadType];
  return row == nullptr && payloadType == kComfortNoise.payload_type ? &kComfortNoise : row;
}

bool RtpPort::acceptSource(const rtp::Packet& packet, const rtp::Address& from,
                           std::int64_t now) noexcept {
  switch (latch_.receive(from, packet.ssrc, packet.sequence, now)) {
    case rtp::Latched::reject:
      return false;
    case rtp::Latched::newSsrc:
      ssrcChanges_++;
      notify(Notice::ssrcChanged, toMs(now));
      newSource(packet.ssrc, packet.sequence, now);
      break;
    case rtp::Latched::locked:
      rtpSocket_->prefer(from);
      view_.setLatched(from);
      notify(Notice::sourceLatched, toMs(now));
      break;
    case rtp::Latched::accept:
    case rtp::Latched::provisional:
      break;
  }
  if (!reception_.started() || reception_.ssrc() != packet.ssrc) newSource(packet.ssrc, packet.sequence, now);
  return true;
}

void RtpPort::newSource(std::uint32_t ssrc, std::uint16_t sequence, std::int64_t now) noexcept {
  lostBefore_ += static_cast<std::uint64_t>(std::max<std::int64_t>(reception_.lost(), 0));
  reception_ = {};
  // The address was proved by the latch: no probation (RFC 3550 A.1).
  reception_.start(ssrc, sequence, 8000, 0);
  playout_.restart();
  drift_.restart();
  lastSr_ = {};
  if (eventReceiver_.active()) {
    rtp::EventReports reports;
    takeEventReports(reports, eventReceiver_.wake(now + 3'600'000'000, reports), now);
  }
  eventReceiver_.restart();
  view_.remoteSsrc.store(ssrc, std::memory_order_release);
}

void RtpPort::receiveMedia(const codec& row, const rtp::Packet& packet, std::int64_t now) noexcept {
  if (!receives(direction_)) return;
  playout_.put(row, packet, now);
  drift_.receive(packet.timestamp, 8000, now);
}

void RtpPort::receiveEvent(const rtp::Packet& packet, std::int64_t now) noexcept {
  eventsReceived_++;
  playout_.skip(packet.sequence, packet.timestamp);
  rtp::EventReports reports;
  const std::size_t count = eventReceiver_.receive(packet.timestamp, packet.payload, now, reports);
  if (receives(direction_)) takeEventReports(reports, count, now);
}

void RtpPort::takeEventReports(const rtp::EventReports& reports, std::size_t count,
                               std::int64_t now) noexcept {
  for (std::size_t i = 0; i < count; i++) {
    const rtp::EventReport& report = reports[i];
    if (report.event >= DTMF_CODES) continue;  // 0 to 15 are digits (RFC 4733 §3.2)
    if (report.kind == rtp::EventReportKind::begin) {
      digit_ = {true, true, report.event};
      digitLevel_ = -static_cast<int>(report.volume);
      static_cast<void>(dtmf_generator_hold(&digitTone_, report.event));
      continue;
    }
    digit_ = {};
    dtmf_generator_release(&digitTone_);
    digitsReceived_++;
    this->report({.rfc4733 = true, .code = report.event,
                  .durationMs = report.duration / 8.0, .atMs = toMs(now)});
  }
}

}  // namespace trunkgate::engine
