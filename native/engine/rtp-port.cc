#include "rtp-port.h"

#include "worker.h"

#include <algorithm>
#include <cstring>

namespace trunkgate::engine {

void RtpView::setLatched(const rtp::Address& address) noexcept {
  std::array<std::uint64_t, 3> words{};
  std::memcpy(words.data(), address.ip.data(), 16);
  words[2] = std::uint64_t{address.port} << 8 | address.family;
  version_.fetch_add(1, std::memory_order_acq_rel);
  for (std::size_t i = 0; i < words.size(); i++) words_[i].store(words[i], std::memory_order_release);
  version_.fetch_add(1, std::memory_order_release);
}

rtp::Address RtpView::latched() const noexcept {
  std::array<std::uint64_t, 3> words{};
  std::uint32_t before = 0;
  do {
    before = version_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < words.size(); i++) words[i] = words_[i].load(std::memory_order_acquire);
  } while ((before & 1) != 0 || before != version_.load(std::memory_order_acquire));
  rtp::Address address;
  std::memcpy(address.ip.data(), words.data(), 16);
  address.port = static_cast<std::uint16_t>(words[2] >> 8);
  address.family = static_cast<std::uint8_t>(words[2]);
  return address;
}

RtpPort::RtpPort(EventHub& hub, double* slot, std::unique_ptr<net::Socket> rtp,
                 std::unique_ptr<net::Socket> rtcp, const RtpIdentity& identity) noexcept
    : Port(Kind::rtp, hub, slot),
      rtpSocket_(std::move(rtp)),
      rtcpSocket_(std::move(rtcp)),
      tags_{Tag{this, false}, Tag{this, true}},
      cname_(identity.cname),
      ssrc_(identity.ssrc) {
  sender_.configure({.ssrc = identity.ssrc, .timestamp = identity.timestamp,
                     .sequence = identity.sequence, .payloadType = 0, .packetSamples = 160});
  latch_.configure({});
  dtmf_generator_init(&digitTone_, dtmf_default_levels, 40, 40);
}

void RtpPort::attach(Worker& worker) noexcept {
  worker.poller().add(*rtpSocket_, &tags_[0]);
  worker.poller().add(*rtcpSocket_, &tags_[1]);
}

void RtpPort::detach(Worker& worker) noexcept {
  worker.poller().remove(*rtpSocket_);
  worker.poller().remove(*rtcpSocket_);
}

void RtpPort::configure(RtpSettings& settings, Worker& worker, std::int64_t now) noexcept {
  if (settings.ssrc && *settings.ssrc != ssrc_) {
    ssrc_ = *settings.ssrc;
    sender_.configure({.ssrc = ssrc_, .timestamp = sender_.timestamp(), .sequence = sender_.sequence(),
                       .payloadType = 0, .packetSamples = 160});
    if (sendRow_ != nullptr && !settings.send) settings.send = changes_ ? nextFormat_ : sendFormat_;
  }
  if (settings.cname) cname_.swap(*settings.cname);
  if (settings.remote || settings.relatch) {
    const rtp::Address remote = settings.remote.value_or(signalled_);
    if (settings.relatch || !(remote == signalled_)) {
      rejectedBefore_ += latch_.rejected();
      latch_ = {};
      latch_.configure({});
      rtpSocket_->preferNobody();
      rtcpSocket_->preferNobody();
      rtcpSource_ = {};
      view_.setLatched({});
    }
    signalled_ = remote;
    latch_.signal(remote);
  }
  if (settings.remoteRtcp) remoteRtcp_ = *settings.remoteRtcp;
  if (settings.rtcp) rtcpOn_ = *settings.rtcp;
  configureStream(settings, worker, now);
  if (rtcpOn_ && !rtcpStarted_ && signalled_.family != 0) {
    rtcpStarted_ = true;
    schedule_.start({}, 100, now, worker.chance());
  }
  reconsider();
}

void RtpPort::configureStream(RtpSettings& settings, Worker& worker, std::int64_t now) noexcept {
  if (settings.direction) {
    if (receives(*settings.direction) && !receives(direction_)) lastRtp_ = now;
    direction_ = *settings.direction;
  }
  configureSend(settings, worker);
  if (settings.concealment) playout_.setConcealment(*settings.concealment);
  if (settings.telephoneEvents) telephoneEvents_ = *settings.telephoneEvents;
  if (settings.timeoutMs) timeoutUs_ = std::int64_t{*settings.timeoutMs} * 1000;
  if (settings.releaseMs) releaseUs_ = std::int64_t{*settings.releaseMs} * 1000;
  if (settings.timeoutMs || settings.releaseMs || settings.remote) {
    lastRtp_ = lastAny_ = now;
    releaseSaid_ = false;
  }
  if (settings.receive) receive_ = *settings.receive;
  if (settings.jitter) playout_.setJitter(*settings.jitter);
  const codec* const row = playout_.row();
  // A stream that runs goes on in its codec until a packet of another comes.
  if (row == nullptr || (!playout_.buffer().running() && std::ranges::find(receive_, row) == receive_.end())) {
    const auto first = std::ranges::find_if(receive_, [](const codec* other) { return other != nullptr && !isComfortNoise(*other); });
    if (first != receive_.end()) playout_.begin(**first);
  }
}

void RtpPort::configureSend(RtpSettings& settings, Worker& worker) noexcept {
  seat_.give(settings.encoder, settings.decoder);
  if (!settings.send) return;
  nextFormat_ = *settings.send;
  changes_ = true;
  worker.useLane(*this, nextFormat_.row->lanes != nullptr);
  if (sendRow_ == nullptr || sender_.gathered() == 0) adoptFormat();
}

void RtpPort::endDataCall() noexcept {
  playout_.setDataCall(false);
  Port::endDataCall();
}

const DigitState& RtpPort::digit() const noexcept {
  return receivesEvents() ? digit_ : Port::digit();
}

int RtpPort::digitLevelDbm0() const noexcept {
  return receivesEvents() ? digitLevel_ : Port::digitLevelDbm0();
}

void RtpPort::produce(Tick& tick) noexcept {
  if (eventReceiver_.active()) {
    rtp::EventReports reports;
    takeEventReports(reports, eventReceiver_.wake(tick.now, reports), tick.now);
  }
  watchSilence(tick);
  runRtcp(tick);
  if (playout_.row() == nullptr) {
    inward_.idle(G711_ALAW);
  } else {
    playout_.pull(inward_, receives(direction_), tick.now);
  }
  if (inward_.frameKind() == FrameKind::none) {
    completeInward(tick);
    return;
  }
  if (wantsSamples()) {
    playout_.decode(inward_, tick.bank, tick.worker.lanes());
  } else {
    playout_.pass();
  }
  tick.await(*this);
}

/// False where all that hear it take the frames as they are.
bool RtpPort::wantsSamples() const noexcept {
  bool isHeard = false;
  bool allTake = !looksInside();
  forEachHearer([&](const Port& hearer) {
    isHeard = true;
    allTake = allTake && hearer.takesFrames(*playout_.playing(), playout_.hasSid());
  });
  return !isHeard || !allTake;
}

void RtpPort::finishProduce(Tick& tick) noexcept {
  if (!playout_.decodes() && !encodes_) seat_.stand(tick.worker.lanes());
  completeInward(tick);
}

void RtpPort::completeInward(Tick& tick) noexcept {
  if (receives(direction_)) playout_.complete(inward_);
  // RFC 4733 §2.5.2: the event is played instead of whatever else came.
  if (dtmf_generator_busy(&digitTone_)) {
    static_cast<void>(dtmf_generate(&digitTone_, inward_.samples().data(), kBlock));
  }
  finishInward(tick);
  if (++blocks_ % 10 == 0) publish();
}

void RtpPort::watchSilence(Tick& tick) noexcept {
  if (timeoutUs_ > 0 && !timedOut_ && receives(direction_) && signalled_.family != 0 &&
      tick.now - lastRtp_ >= timeoutUs_) {
    timedOut_ = true;
    notify(Notice::rtpTimeout, tick.nowMs);
  }
  // Never on hold: a stream that is one-way or inactive is silent on purpose.
  if (releaseUs_ > 0 && !releaseSaid_ && direction_ == Direction::sendrecv &&
      tick.now - std::max(lastRtp_, lastAny_) >= releaseUs_) {
    releaseSaid_ = true;
    notify(Notice::rtpReleaseDue, tick.nowMs);
  }
}

}  // namespace trunkgate::engine
