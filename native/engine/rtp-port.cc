#include "rtp-port.h"

#include "worker.h"

#include <algorithm>
#include <cstring>

namespace trunkgate::engine {

namespace {

constexpr std::uint16_t kClearFixedMs = 60;  ///< play-out delay of unrestricted calls unless asked otherwise
constexpr std::uint16_t kInitialMs = 40;
constexpr std::uint8_t kClearIdle = 0xFF;

struct Judgement {
  const pause_meter* meter;
  g711_law law;
};

bool isPause(void* context, std::span<const std::uint8_t> octets) noexcept {
  const auto& judgement = *static_cast<const Judgement*>(context);
  return pause_meter_judge(judgement.meter,
                           level_energy_octets(judgement.law, octets.data(), octets.size()),
                           octets.size());
}

}  // namespace

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
  pause_meter_init(&pauses_);
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
    if (sendRow_ != nullptr && !settings.send) settings.send = sendFormat_;
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
  configureStream(settings, now);
  if (rtcpOn_ && !rtcpStarted_ && signalled_.family != 0) {
    rtcpStarted_ = true;
    schedule_.start({}, 100, now, worker.chance());
  }
  reconsider();
}

void RtpPort::configureStream(RtpSettings& settings, std::int64_t now) noexcept {
  if (settings.direction) {
    if (receives(*settings.direction) && !receives(direction_)) lastRtp_ = now;
    direction_ = *settings.direction;
  }
  if (settings.send) {
    // A fax or modem that G.711 was agreed for goes on.
    if (sendRow_ != settings.send->row && !isG711(*settings.send->row)) endDataCall();
    sendRow_ = settings.send->row;
    sendFormat_ = *settings.send;
    if (settings.encoder != nullptr || sendRow_->encoder_size == 0) encoder_.swap(settings.encoder);
    if (encoder_ != nullptr) sendRow_->init_encoder(encoder_.get(), sendFormat_.vad ? CODEC_OPTION_DTX : CODEC_OPTION_NONE);
    sender_.change(settings.send->payloadType,
                   static_cast<std::uint16_t>(settings.send->ptimeMs * 8));
    eventSender_.configure(static_cast<std::uint16_t>(settings.send->ptimeMs * 8));
  }
  if (settings.concealment) conceal_ = *settings.concealment;
  if (settings.telephoneEvents) telephoneEvents_ = *settings.telephoneEvents;
  if (settings.timeoutMs) timeoutUs_ = std::int64_t{*settings.timeoutMs} * 1000;
  if (settings.releaseMs) releaseUs_ = std::int64_t{*settings.releaseMs} * 1000;
  if (settings.timeoutMs || settings.releaseMs || settings.remote) {
    lastRtp_ = lastAny_ = now;
    releaseSaid_ = false;
  }
  if (settings.receive) {
    receive_ = *settings.receive;
    decoder_.swap(settings.decoder);
  }
  const bool newJitter = settings.jitter.has_value();
  if (newJitter) jitterSettings_ = *settings.jitter;
  const bool gone = receiveRow_ != nullptr && std::ranges::find(receive_, receiveRow_) == receive_.end();
  if (gone || receiveRow_ == nullptr) {
    const auto first = std::ranges::find_if(receive_, [](const codec* row) { return row != nullptr; });
    if (first != receive_.end()) configureReceive(**first);
  } else if (newJitter) {
    configureReceive(*receiveRow_);
  }
}

void RtpPort::configureReceive(const codec& row) noexcept {
  receiveRow_ = &row;
  rtp::JitterConfig config;
  config.fixed = jitterSettings_.fixed || isClearMode(row) || isDataCall();
  config.minMs = jitterSettings_.minMs;
  config.maxMs = jitterSettings_.maxMs;
  config.initialMs = std::clamp(kInitialMs, config.minMs, config.maxMs);
  if (jitterSettings_.fixed) config.initialMs = jitterSettings_.minMs;
  else if (isClearMode(row)) config.initialMs = kClearFixedMs;
  config.unitSamples = row.unit_samples;
  config.unitOctets = row.unit_octets;
  config.sidOctets = row.sid_octets;
  jitter_.configure(config);
  if (isG711(row)) octet_concealment_init(&concealment_, lawOf(row));
  comfortNoise_ = false;
  if (decoder_ != nullptr && row.init_decoder != nullptr) row.init_decoder(decoder_.get());
}

void RtpPort::endDataCall() noexcept {
  if (isDataCall() && receiveRow_ != nullptr) {
    jitter_.setFixed(jitterSettings_.fixed || isClearMode(*receiveRow_));
  }
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
  if (receiveRow_ == nullptr) {
    inward_.idle(G711_ALAW);
  } else {
    fillFromBuffer(tick);
  }
  // RFC 4733 §2.5.2: the event is played instead of whatever else came.
  if (dtmf_generator_busy(&digitTone_)) {
    static_cast<void>(dtmf_generate(&digitTone_, inward_.samples().data(), kBlock));
  }
  finishInward(tick);
  watchSilence(tick);
  runRtcp(tick);
  if (++blocks_ % 10 == 0) publish();
}

void RtpPort::fillFromBuffer(Tick& tick) noexcept {
  const g711_law law = lawOf(*receiveRow_);
  const bool clear = isClearMode(*receiveRow_);
  Octets octets;
  Judgement judgement{&pauses_, law};
  const rtp::PauseJudge judge{isG711(*receiveRow_) ? isPause : nullptr, &judgement};
  const rtp::Pulled pulled = jitter_.pull(octets, kBlock, clear ? kClearIdle : g711_idle(law), tick.now, judge);
  if (!receives(direction_)) {
    inward_.idle(law);
    return;
  }
  if (pulled.kind == rtp::Play::speech || pulled.kind == rtp::Play::sid) playedBlocks_++;
  if (clear) {
    Octets& data = inward_.data();
    if (pulled.kind == rtp::Play::speech) data = octets;
    else data.fill(kClearIdle);
  } else if (isG711(*receiveRow_)) {
    fillOctets(pulled, octets);
    static_cast<void>(pause_meter_update(&pauses_, inward_.energy(), kBlock));
  } else {
    fillDecoded(pulled, octets);
  }
}

void RtpPort::fillOctets(const rtp::Pulled& pulled, const Octets& octets) noexcept {
  const g711_law law = lawOf(*receiveRow_);
  const bool conceals = conceal_ && !isDataCall();
  const bool lost = pulled.kind == rtp::Play::lost || pulled.kind == rtp::Play::late;
  if (pulled.kind == rtp::Play::idle || (pulled.kind == rtp::Play::silence && !conceals) || (lost && !conceals)) {
    inward_.idle(law);
    return;
  }
  Octets& out = inward_.octets(law);
  if (lost) {
    concealedBlocks_++;
    octet_concealment_lose(&concealment_, out.data());
  } else if (pulled.kind == rtp::Play::silence) {
    Octets idle;
    idle.fill(g711_idle(law));
    octet_concealment_receive(&concealment_, idle.data(), out.data());
  } else if (conceals) {
    octet_concealment_receive(&concealment_, octets.data(), out.data());
  } else {
    out = octets;
  }
}

// Codecs of frames: one frame is one block.
void RtpPort::fillDecoded(const rtp::Pulled& pulled, const Octets& octets) noexcept {
  switch (pulled.kind) {
    case rtp::Play::silence:
      // Silence that no SID frame announced (hold, telephone-events) is no comfort noise of the sender's.
      if (!comfortNoise_) {
        inward_.idle(G711_ALAW);
        return;
      }
      [[fallthrough]];
    case rtp::Play::speech:
    case rtp::Play::sid:
      comfortNoise_ = pulled.kind != rtp::Play::speech;
      static_cast<void>(receiveRow_->decode(decoder_.get(), octets.data(), pulled.octets, inward_.samples().data()));
      return;
    case rtp::Play::lost:
    case rtp::Play::late:
      concealedBlocks_++;
      receiveRow_->conceal(decoder_.get(), inward_.samples().data());
      return;
    case rtp::Play::idle:
      inward_.idle(G711_ALAW);
  }
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
