#include "port.h"

extern "C" {
#include "../../codecs/tones/level.h"
}

namespace trunkgate::engine {

Port::Port(Kind kind, EventHub& hub, double* slot) noexcept
    : Notifier(Notifier::Kind::port, hub), counters(slot), kind_(kind) {
  inward_.idle(G711_ALAW);
  dtmf_.reset();
  fax_.reset();
  // Q.24: at least 40 ms of tone and of pause; the queue keeps the real lengths.
  dtmf_generator_init(&digitGenerator_, dtmf_default_levels, 40, 40);
}

void Port::hear(Port* source) noexcept {
  if (source == source_) return;
  if (source_ != nullptr) {
    Port** link = &source_->firstHearer_;
    while (*link != this) link = &(*link)->nextHearer_;
    *link = nextHearer_;
    nextHearer_ = nullptr;
  }
  source_ = source;
  if (source != nullptr) {
    nextHearer_ = source->firstHearer_;
    source->firstHearer_ = this;
  }
}

void Port::reconsider() noexcept {
  const bool dtmf = wantsDtmf();
  if (dtmf && !dtmfOn_) dtmf_.reset();
  if (!dtmf && dtmfOn_) dtmf_.reset();
  dtmfOn_ = dtmf;
  const bool fax = wantsFax();
  if (fax && !faxOn_) fax_.reset();
  faxOn_ = fax;
}

bool Port::wantsDtmf() const noexcept {
  if (detectors_.dtmf != Detect::automatic) return detectors_.dtmf == Detect::on;
  if (receivesEvents()) return false;
  bool wanted = false;
  forEachHearer([&](const Port& hearer) { wanted = wanted || hearer.sendsEvents(); });
  return wanted;
}

bool Port::wantsFax() const noexcept {
  if (detectors_.faxModem != Detect::automatic) return detectors_.faxModem == Detect::on;
  bool heard = false;
  bool wanted = isSpeechRtp();
  forEachHearer([&](const Port& hearer) {
    heard = true;
    wanted = wanted || hearer.isSpeechRtp();
  });
  return heard && wanted && kind_ != Kind::terminal;
}

void Port::setGain(std::int32_t inward, std::int32_t outward) noexcept {
  inwardGain_ = inward;
  outwardGain_ = outward;
}

void Port::setDetectors(const DetectorSettings& settings) noexcept {
  detectors_ = settings;
  reconsider();
}

void Port::setOverlay(const tone_pattern* pattern) noexcept {
  overlayActive_ = pattern != nullptr;
  if (pattern != nullptr) tone_start(&overlay_, pattern);
}

void Port::finishInward(Tick& tick) noexcept {
  const bool measure = blocks_++ % 10 == 0;
  if (inward_.isData()) return;
  if (inwardGain_ != kUnityGain && !dataCall_) {
    Samples louder = inward_.asSamples();
    applyGain(louder, inwardGain_);
    inward_.samples() = louder;
  }
  if (measure) inwardLevel_ = levelOf(inward_);
  if (faxOn_) {
    const unsigned signals = fax_.listen(inward_);
    if (signals != 0) foundFax(signals, tick);
  }
  if (!dtmfOn_ || dataCall_) return;
  double durationMs = 0;
  if (dtmf_.listen(inward_, durationMs)) {
    digitsDetected_++;
    report({.kind = Detected::Kind::digit, .code = dtmf_.digit().code,
            .durationMs = durationMs, .atMs = tick.nowMs});
  }
}

void Port::foundFax(unsigned signals, Tick& tick) noexcept {
  constexpr std::array<std::pair<unsigned, Notice>, 5> kNotices{{
      {kFaxAns, Notice::ans},
      {kFaxAnsReversed, Notice::ansPhaseReversed},
      {kFaxAnsam, Notice::ansam},
      {kFaxAnsamReversed, Notice::ansamPhaseReversed},
      {kFaxV21, Notice::v21Preamble},
  }};
  for (const auto& [bit, notice] : kNotices) {
    if ((signals & bit) != 0) notify(notice, tick.nowMs);
  }
  enterDataCall();
  if (source_ != nullptr) source_->enterDataCall();
  forEachHearer([](Port& hearer) { hearer.enterDataCall(); });
}

void Port::enterDataCall() noexcept {
  if (dataCall_) return;
  dataCall_ = true;
  dtmf_.reset();
  dataCallBegan();
}

const Block* Port::outward(Tick&) noexcept {
  const Block* out = source_ == nullptr ? nullptr : &source_->inward();
  if (digits_.busy()) {
    static_cast<void>(digitsInBand(outwardBlock_.samples()));
    out = &outwardBlock_;
  } else if (overlayActive_) {
    overlayActive_ = tone_generate(&overlay_, outwardBlock_.samples().data(), kBlock);
    out = &outwardBlock_;
  } else if (out != nullptr && outwardGain_ != kUnityGain && !out->isData() && !dataCall_) {
    Samples louder = out->asSamples();
    applyGain(louder, outwardGain_);
    outwardBlock_.samples() = louder;
    out = &outwardBlock_;
  }
  if (blocks_ % 10 == 0) outwardLevel_ = out == nullptr ? -120 : levelOf(*out);
  return out;
}

bool Port::digitsInBand(Samples& samples) noexcept {
  if (!digits_.busy()) return false;
  const DigitQueue::Step step = digits_.step();
  if (step.phase == DigitQueue::Phase::begin) dtmf_generator_hold(&digitGenerator_, step.code);
  if (step.phase == DigitQueue::Phase::end) dtmf_generator_release(&digitGenerator_);
  static_cast<void>(dtmf_generate(&digitGenerator_, samples.data(), kBlock));
  return true;
}

double Port::levelOf(const Block& block) noexcept {
  return level_from_energy(block.energy(), kBlock) / 10.0;
}

void Port::notify(Notice notice, double atMs) noexcept {
  noticedAt_[static_cast<std::size_t>(notice)].store(atMs, std::memory_order_release);
  mark(1U << static_cast<unsigned>(notice));
}

void Port::report(const Detected& detected) noexcept {
  if (detected_.put(detected)) mark(1U << static_cast<unsigned>(Notice::queued));
}

void Port::publish() noexcept {
  counters.set(PortCounter::transparentBlocks, static_cast<double>(transparentBlocks_));
  counters.set(PortCounter::convertedBlocks, static_cast<double>(convertedBlocks_));
  counters.set(PortCounter::digitsDetected, static_cast<double>(digitsDetected_));
  counters.set(PortCounter::inwardLevelDbm0, inwardLevel_);
  counters.set(PortCounter::outwardLevelDbm0, outwardLevel_);
}

}  // namespace trunkgate::engine
