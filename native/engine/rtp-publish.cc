// The counters of an RTP port.
#include "rtp-port.h"

#include <algorithm>

namespace trunkgate::engine {

void RtpPort::publish() noexcept {
  Port::publish();
  const auto set = [this](PortCounter name, auto value) { counters.set(name, static_cast<double>(value)); };
  const rtp::JitterCounters jitter = playout_.jitterCounters();
  const Playout::Counters& played = playout_.counters();
  set(PortCounter::packetsSent, packetsSent_);
  set(PortCounter::octetsSent, octetsSent_);
  set(PortCounter::sendErrors, sendErrors_);
  set(PortCounter::eventsSent, eventsSent_);
  set(PortCounter::packetsReceived, packetsReceived_);
  set(PortCounter::octetsReceived, octetsReceived_);
  // A duplicate counts as received (RFC 3550 A.3); it must not hide a loss here.
  const std::int64_t lost = reception_.lost() + static_cast<std::int64_t>(jitter.duplicates);
  set(PortCounter::lost, static_cast<double>(lostBefore_) + static_cast<double>(std::max<std::int64_t>(lost, 0)));
  set(PortCounter::late, jitter.late);
  set(PortCounter::duplicates, jitter.duplicates);
  set(PortCounter::reordered, jitter.reordered);
  set(PortCounter::discarded, jitter.early);
  set(PortCounter::malformed, malformed_ + jitter.malformed);
  set(PortCounter::unknownPayload, unknownPayload_);
  set(PortCounter::rejectedSource, rejectedBefore_ + latch_.rejected());
  set(PortCounter::ssrcChanges, ssrcChanges_);
  set(PortCounter::eventsReceived, eventsReceived_);
  set(PortCounter::jitterMs, reception_.jitter() / 8.0);
  set(PortCounter::bufferDepthMs, playout_.buffer().depth() / 8.0);
  set(PortCounter::bufferTargetMs, playout_.buffer().wantedDepth() / 8.0);
  set(PortCounter::concealedMs, played.concealed * 10);
  set(PortCounter::playedMs, played.played * 10);
  set(PortCounter::underrunMs, static_cast<double>(jitter.lateSamples) / 8);
  set(PortCounter::correctionsInserted, jitter.insertions + jitter.forcedInsertions);
  set(PortCounter::correctionsRemoved, jitter.drops + jitter.forcedDrops);
  set(PortCounter::correctedMs, static_cast<double>(jitter.insertedSamples + jitter.forcedInsertedSamples + jitter.droppedSamples + jitter.forcedDroppedSamples) / 8);
  set(PortCounter::rtcpSent, rtcpSent_);
  set(PortCounter::rtcpReceived, rtcpReceived_);
  set(PortCounter::rtcpRejected, rtcpRejected_);
  set(PortCounter::remoteLossFraction, remoteLossFraction_);
  set(PortCounter::remoteLost, remoteLost_);
  set(PortCounter::remoteJitterMs, remoteJitterMs_);
  set(PortCounter::roundTripMs, roundTripMs_);
  set(PortCounter::mutedMs, mutedBlocks_ * 10);
  set(PortCounter::clockDriftPpm, drift_.known() ? drift_.partsPerMillion() : 0);
  set(PortCounter::sidSent, sidSent_);
  set(PortCounter::sidReceived, played.sid);
  set(PortCounter::pausedMs, pausedBlocks_ * 10);
  set(PortCounter::comfortNoiseMs, played.comfort * 10);
  set(PortCounter::passedBlocks, passedBlocks_);
  if (digitsReceived_ > 0) set(PortCounter::digitsDetected, digitsReceived_);
}

}  // namespace trunkgate::engine
