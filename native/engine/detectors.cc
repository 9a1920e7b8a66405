#include "detectors.h"

namespace trunkgate::engine {

namespace {

// Below -45 dBm0 no detector operates (T.30 §5.1: -43 dBm0; Q.24: -36 dBm0).
constexpr std::uint64_t kQuietEnergy =
    static_cast<std::uint64_t>(22827.0 * 22827.0 / 2 * 3.1623e-5 * kBlock);

// A detector is fed a while longer, so that it sees the end of what it found.
constexpr unsigned kQuietBlocks = 12;

bool isQuiet(const Block& block, unsigned& quiet) noexcept {
  quiet = block.energy() < kQuietEnergy ? quiet + 1 : 0;
  return quiet > kQuietBlocks;
}

unsigned signalsOf(unsigned flags) noexcept {
  if ((flags & ANSWER_TONE_PRESENT) == 0) return 0;
  const bool modulated = (flags & ANSWER_TONE_MODULATED) != 0;
  unsigned signals = modulated ? kFaxAnsam : kFaxAns;
  if ((flags & ANSWER_TONE_REVERSED) != 0) signals = modulated ? kFaxAnsamReversed : kFaxAnsReversed;
  return signals;
}

}  // namespace

void DtmfListener::reset() noexcept {
  dtmf_detector_init(&detector_);
  digit_ = {};
  quiet_ = 0;
}

bool DtmfListener::listen(const Block& block, double& durationMs) noexcept {
  if (isQuiet(block, quiet_)) return false;
  dtmf_event events[DTMF_EVENTS];
  const std::size_t count = dtmf_detect(&detector_, block.asSamples().data(), kBlock, events);
  bool ended = false;
  for (std::size_t i = 0; i < count; i++) {
    switch (events[i].kind) {
      case DTMF_EARLY:
        digit_ = {true, false, DTMF_NONE};
        break;
      case DTMF_BEGIN:
        digit_ = {true, true, events[i].code};
        level_ = events[i].level;
        break;
      case DTMF_END:
        ended = true;
        durationMs = events[i].duration / 8.0;
        digit_ = {false, false, digit_.code};
        break;
      default:
        digit_ = {};
    }
  }
  return ended;
}

void FaxListener::reset() noexcept {
  answer_tone_init(&answer_);
  v21_preamble_init(&v21_);
  quiet_ = 0;
}

unsigned FaxListener::listen(const Block& block) noexcept {
  if (isQuiet(block, quiet_)) return 0;
  const Samples& samples = block.asSamples();
  unsigned found = 0;
  if (answer_tone_detect(&answer_, samples.data(), kBlock)) {
    found = signalsOf(answer_tone_flags(&answer_));
  }
  if (v21_preamble_detect(&v21_, samples.data(), kBlock)) found |= kFaxV21;
  return found;
}

}  // namespace trunkgate::engine
