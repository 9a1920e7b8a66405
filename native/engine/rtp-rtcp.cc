// RTCP of an RTP port (RFC 3550 §6).
#include "rtp-port.h"
#include "worker.h"

namespace trunkgate::engine {

namespace {
constexpr std::uint32_t kUdpIpOctets = 28;  // headers count for the bandwidth (RFC 3550 §6.2)
constexpr double kMsOfUnit = 1000.0 / 65536;
}  // namespace

void RtpPort::receiveRtcp(Worker& worker, std::int64_t now) noexcept {
  net::Batch& batch = worker.batch();
  rtcpSocket_->receive(batch);
  for (std::size_t i = 0; i < batch.count; i++) {
    receiveCompound(batch.from[i], std::span(batch.data[i]).first(batch.octets[i]), worker, now);
  }
}

void RtpPort::receiveCompound(const rtp::Address& from, std::span<const std::uint8_t> octets,
                              Worker& worker, std::int64_t now) noexcept {
  if (!latch_.acceptRtcp(from)) {
    rtcpRejected_++;
    return;
  }
  if (rtp::checkCompound(octets) != rtp::RtcpFault::none) {
    malformed_++;
    return;
  }
  rtcpReceived_++;
  rtcpSource_ = from;
  lastAny_ = now;
  schedule_.observe(static_cast<std::uint32_t>(octets.size()) + kUdpIpOctets);
  rtp::CompoundReader reader(octets);
  for (rtp::RtcpPacket packet; reader.next(packet);) {
    switch (static_cast<rtp::RtcpType>(packet.type)) {
      case rtp::RtcpType::sr:
        lastSr_ = {rtp::ntpMiddle(packet.sender.ntp), now, true};
        takeReportBlocks(packet.blocks, worker, now);
        break;
      case rtp::RtcpType::rr:
        takeReportBlocks(packet.blocks, worker, now);
        break;
      case rtp::RtcpType::bye:
        schedule_.membersLeft(1, now);
        notify(Notice::rtcpBye, static_cast<double>(now) / 1000);
        break;
      default:
        break;
    }
  }
}

void RtpPort::takeReportBlocks(std::span<const std::uint8_t> blocks, Worker& worker,
                               std::int64_t now) noexcept {
  for (std::size_t i = 0; i < blocks.size() / 24; i++) {
    const rtp::ReportBlock block = rtp::reportBlock(blocks, i);
    if (block.ssrc != ssrc_) continue;
    remoteLossFraction_ = block.reception.fractionLost / 256.0;
    remoteLost_ = block.reception.cumulativeLost;
    remoteJitterMs_ = block.reception.jitter / 8.0;
    std::uint32_t units = 0;
    if (rtp::roundTrip(rtp::ntpMiddle(worker.wallTime(now)), block, units)) {
      roundTripMs_ = units * kMsOfUnit;
    }
  }
}

rtp::RtcpMembers RtpPort::members() const noexcept {
  const bool weSent = sender_.packets() != packetsAtReport_;
  const bool theySend = reception_.started();
  return {.members = 2, .senders = static_cast<std::uint32_t>(weSent) + static_cast<std::uint32_t>(theySend), .weSent = weSent};
}

void RtpPort::runRtcp(Tick& tick) noexcept {
  if (!rtcpStarted_ || !rtcpOn_ || tick.now < schedule_.deadline()) return;
  if (schedule_.expire(members(), tick.now, tick.worker.chance())) {
    sendReport(tick.worker, tick.now, false);
  }
}

void RtpPort::sendReport(Worker& worker, std::int64_t now, bool bye) noexcept {
  const bool weSent = sender_.packets() != packetsAtReport_;
  packetsAtReport_ = sender_.packets();
  const rtp::SenderInfo info{.ntp = worker.wallTime(now), .rtpTimestamp = sender_.timestamp(),
                             .packets = sender_.packets(), .octets = sender_.octets()};
  rtp::ReportBlock block;
  if (reception_.started()) {
    block.ssrc = reception_.ssrc();
    block.reception = reception_.report();
    lastSr_.fill(block, now);
  }
  rtp::Report report;
  report.ssrc = ssrc_;
  report.sender = weSent ? &info : nullptr;
  if (reception_.started()) report.blocks = std::span(&block, 1);
  report.cname = cname_;
  report.bye = bye;
  std::array<std::uint8_t, 512> octets;
  const std::size_t count = rtp::printReport(report, octets);
  const rtp::Address to = rtcpDestination();
  if (count == 0 || to.family == 0) return;
  schedule_.observe(static_cast<std::uint32_t>(count) + kUdpIpOctets);
  if (rtcpSocket_->send(to, std::span(octets).first(count)) != 0) {
    sendErrors_++;
    return;
  }
  rtcpSent_++;
  rtcpEverSent_ = true;
}

// The signalled place, unless RTP or RTCP has been seen to come from elsewhere (symmetric RTP).
rtp::Address RtpPort::rtcpDestination() const noexcept {
  if (rtcpSource_.family != 0) return rtcpSource_;
  rtp::Address to = latch_.destination();
  if (to == signalled_ && remoteRtcp_.family != 0) return remoteRtcp_;
  to.port = static_cast<std::uint16_t>(to.port + 1);
  return to;
}

void RtpPort::sayBye(Worker& worker, std::int64_t now) noexcept {
  if (rtcpOn_ && (rtcpEverSent_ || packetsSent_ > 0)) sendReport(worker, now, true);
}

}  // namespace trunkgate::engine
