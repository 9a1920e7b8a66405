#include "source.h"

#include "prbs.h"

extern "C" {
#include "../../codecs/tones/level.h"
}

#include <algorithm>
#include <cmath>

namespace trunkgate::engine {

namespace {

class Silence final : public Source {
 public:
  explicit Silence(g711_law law) : law_(law) {}
  bool fill(Block& block, const Block&) noexcept override {
    block.idle(law_);
    return true;
  }

 private:
  g711_law law_;
};

class Tone final : public Source {
 public:
  explicit Tone(const tone_pattern& pattern) { tone_start(&tone_, &pattern); }
  bool fill(Block& block, const Block&) noexcept override {
    return tone_generate(&tone_, block.samples().data(), kBlock);
  }

 private:
  tone_generator tone_{};
};

class Milliwatt final : public Source {
 public:
  explicit Milliwatt(g711_law law) : law_(law) {}
  bool fill(Block& block, const Block&) noexcept override {
    milliwatt_generate(law_, &phase_, block.octets(law_).data(), kBlock);
    return true;
  }

 private:
  g711_law law_;
  std::uint8_t phase_ = 0;
};

/// A sound once, or again and again with a gap.
class Player final : public Source {
 public:
  Player(SoundRef sound, bool loop, std::uint32_t gapMs)
      : sound_(std::move(sound)), gap_(std::size_t{gapMs} * 8), loop_(loop) {}

  bool fill(Block& block, const Block&) noexcept override {
    Samples& samples = block.samples();
    for (std::int16_t& sample : samples) sample = next();
    return loop_ || position_ < sound_->size();
  }

  [[nodiscard]] std::int16_t next() noexcept {
    if (loop_ && position_ >= sound_->size() + gap_) position_ = 0;
    const std::size_t at = position_;
    if (loop_ || at < sound_->size()) position_++;
    return at < sound_->size() ? (*sound_)[at] : std::int16_t{0};
  }

 private:
  SoundRef sound_;
  std::size_t gap_;
  std::size_t position_ = 0;
  bool loop_;
};

/// Background noise (flat, near to Gaussian) in bursts.
class Noise final : public Source {
 public:
  Noise(double levelDbm0, std::uint32_t burstMs, std::uint32_t pauseMs)
      // Root mean square of a sine of that level; four uniform values summed have a third of their peak squared as variance.
      : scale_(level_to_peak(static_cast<int>(std::lround(levelDbm0 * 10))) / std::sqrt(2.0) / std::sqrt(4.0 / 3.0)),
        burst_(std::max<std::uint32_t>(burstMs / 10, 1)), pause_(pauseMs / 10) {}

  bool fill(Block& block, const Block&) noexcept override {
    const bool sounds = at_ < burst_;
    at_ = (at_ + 1) % (burst_ + pause_);
    for (std::int16_t& sample : block.samples()) sample = sounds ? next() : std::int16_t{0};
    return true;
  }

 private:
  [[nodiscard]] std::int16_t next() noexcept {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      state_ = state_ * 1664525 + 1013904223;
      sum += static_cast<double>(static_cast<std::int32_t>(state_)) * 0x1p-31;
    }
    return static_cast<std::int16_t>(std::clamp(std::lround(sum * scale_), -32768L, 32767L));
  }

  double scale_;
  std::uint32_t burst_;
  std::uint32_t pause_;
  std::uint32_t at_ = 0;
  std::uint32_t state_ = 22695477;
};

class Digits final : public Source {
 public:
  Digits(const std::string& digits, std::uint16_t onMs, std::uint16_t offMs) : digits_(digits) {
    dtmf_generator_init(&generator_, dtmf_default_levels, onMs, offMs);
  }
  bool fill(Block& block, const Block&) noexcept override {
    while (at_ < digits_.size()) {
      const std::uint8_t code = dtmf_code(digits_[at_]);
      if (code != DTMF_NONE && !dtmf_generator_push(&generator_, code)) break;
      at_++;
    }
    static_cast<void>(dtmf_generate(&generator_, block.samples().data(), kBlock));
    return dtmf_generator_busy(&generator_) || at_ < digits_.size();
  }

 private:
  std::string digits_;
  std::size_t at_ = 0;
  dtmf_generator generator_{};
};

class Echo final : public Source {
 public:
  bool fill(Block& block, const Block& heard) noexcept override {
    block = heard;
    return true;
  }
};

/// A two-wire line behind a hybrid: part of what goes in comes back, later and weaker, and somebody may be talking.
class Hybrid final : public Source {
 public:
  explicit Hybrid(const HybridSettings& settings)
      : loss_(std::pow(10, -settings.erlDb / 20)),
        line_(std::max<std::size_t>(std::size_t{settings.delayMs} * 8, 1)) {
    if (settings.talker) talker_ = std::make_unique<Player>(settings.talker, true, settings.gapMs);
  }

  bool fill(Block& block, const Block& heard) noexcept override {
    const Samples& in = heard.asSamples();
    Samples& out = block.samples();
    for (std::size_t i = 0; i < kBlock; i++) {
      const double echo = line_[at_] * loss_;
      line_[at_] = in[i];
      at_ = at_ + 1 == line_.size() ? 0 : at_ + 1;
      const double talk = talker_ == nullptr ? 0 : talker_->next();
      out[i] = static_cast<std::int16_t>(std::clamp(std::lround(echo + talk), -32768L, 32767L));
    }
    return true;
  }

 private:
  double loss_;
  std::vector<std::int16_t> line_;
  std::size_t at_ = 0;
  std::unique_ptr<Player> talker_;
};

class Prbs final : public Source {
 public:
  bool fill(Block& block, const Block&) noexcept override {
    for (std::uint8_t& octet : block.data()) octet = generator_.next();
    return true;
  }

 private:
  PrbsGenerator generator_;
};

}  // namespace

std::unique_ptr<Source> makeSilence(g711_law law) { return std::make_unique<Silence>(law); }
std::unique_ptr<Source> makeTone(const tone_pattern& pattern) {
  return std::make_unique<Tone>(pattern);
}
std::unique_ptr<Source> makeMilliwatt(g711_law law) { return std::make_unique<Milliwatt>(law); }
std::unique_ptr<Source> makePlayer(SoundRef sound, bool loop, std::uint32_t gapMs) {
  return std::make_unique<Player>(std::move(sound), loop, gapMs);
}
std::unique_ptr<Source> makeNoise(double levelDbm0, std::uint32_t burstMs, std::uint32_t pauseMs) {
  return std::make_unique<Noise>(levelDbm0, burstMs, pauseMs);
}
std::unique_ptr<Source> makeDigits(const std::string& digits, std::uint16_t onMs,
                                   std::uint16_t offMs) {
  return std::make_unique<Digits>(digits, onMs, offMs);
}
std::unique_ptr<Source> makeEcho() { return std::make_unique<Echo>(); }
std::unique_ptr<Source> makeHybrid(const HybridSettings& settings) {
  return std::make_unique<Hybrid>(settings);
}
std::unique_ptr<Source> makePrbs() { return std::make_unique<Prbs>(); }

}  // namespace trunkgate::engine
