#include "methods.h"

extern "C" {
#include "../../codecs/tones/country.h"
}

#include <algorithm>
#include <cstring>

namespace trunkgate::binding {

tone_pattern readTone(Arguments& in, napi_value value) {
  tone_pattern pattern{};
  const napi_value country = in.property(value, "country");
  if (!in.good()) return pattern;
  if (!in.isAbsent(country)) {
    const auto name = static_cast<std::size_t>(std::max(in.number(in.property(value, "name")), 0.0));
    const std::string code = in.text(country);
    if (in.good() && name < COUNTRY_TONE_COUNT) pattern = country_find(code.c_str())->tones[name];
    return pattern;
  }
  pattern.level = static_cast<std::int16_t>(in.number(in.property(value, "level")));
  pattern.repeats = static_cast<std::uint8_t>(in.number(in.property(value, "repeats")));
  const std::vector<double> numbers = in.numbers(in.property(value, "segments"));
  constexpr std::size_t kNumbers = TONE_FREQUENCIES + 1;
  pattern.segment_count = static_cast<std::uint8_t>(std::min<std::size_t>(numbers.size() / kNumbers, TONE_SEGMENTS));
  for (std::size_t i = 0; i < pattern.segment_count; i++) {
    for (std::size_t j = 0; j < TONE_FREQUENCIES; j++) {
      pattern.segments[i].frequencies[j] = static_cast<std::uint16_t>(numbers[i * kNumbers + j]);
    }
    pattern.segments[i].duration_ms = static_cast<std::uint16_t>(numbers[i * kNumbers + TONE_FREQUENCIES]);
  }
  return pattern;
}

namespace {

using engine::Engine;

engine::SoundRef readSound(Arguments& in, Engine& engine, napi_value object, bool& stale) {
  const engine::Handle handle = in.handle(in.property(object, "sound"));
  engine::SoundRef sound = engine.findSound(handle);
  stale = stale || sound == nullptr;
  return sound;
}

std::unique_ptr<engine::Source> readHybrid(Arguments& in, Engine& engine, napi_value value, bool& stale) {
  engine::HybridSettings hybrid;
  hybrid.delayMs = static_cast<std::uint32_t>(in.number(in.property(value, "delayMs")));
  hybrid.erlDb = in.number(in.property(value, "erlDb"));
  const napi_value talker = in.property(value, "talker");
  if (in.good() && !in.isAbsent(talker)) {
    hybrid.talker = readSound(in, engine, talker, stale);
    hybrid.gapMs = static_cast<std::uint32_t>(in.number(in.property(talker, "gapMs")));
  }
  return in.good() ? engine::makeHybrid(hybrid) : nullptr;
}

/// The source as the TypeScript side gives it, with all defaults filled in.
std::unique_ptr<engine::Source> readSource(Arguments& in, Engine& engine, napi_value value, bool& stale) {
  const std::string kind = in.text(in.property(value, "kind"));
  const auto number = [&](const char* name) { return in.number(in.property(value, name)); };
  const auto law = [&] { return number("law") != 0 ? G711_ULAW : G711_ALAW; };
  std::unique_ptr<engine::Source> source;
  if (!in.good()) return source;
  if (kind == "silence") {
    source = engine::makeSilence(law());
  } else if (kind == "tone") {
    source = engine::makeTone(readTone(in, in.property(value, "tone")));
  } else if (kind == "milliwatt") {
    source = number("frequency") == 1004 ? engine::makeTone(tone_milliwatt_1004) : engine::makeMilliwatt(law());
  } else if (kind == "sound") {
    engine::SoundRef sound = readSound(in, engine, value, stale);
    const bool loop = in.boolean(in.property(value, "loop"));
    const auto gapMs = static_cast<std::uint32_t>(number("gapMs"));
    if (sound != nullptr) source = engine::makePlayer(std::move(sound), loop, gapMs);
  } else if (kind == "noise") {
    source = engine::makeNoise(number("levelDbm0"), static_cast<std::uint32_t>(number("burstMs")),
                               static_cast<std::uint32_t>(number("pauseMs")));
  } else if (kind == "digits") {
    source = engine::makeDigits(in.text(in.property(value, "digits")), static_cast<std::uint16_t>(number("onMs")),
                                static_cast<std::uint16_t>(number("offMs")));
  } else if (kind == "echo") {
    source = engine::makeEcho();
  } else if (kind == "hybrid") {
    source = readHybrid(in, engine, value, stale);
  } else if (kind == "prbs") {
    source = engine::makePrbs();
  } else {
    in.fail("no source of this kind");
  }
  return source;
}

std::unique_ptr<engine::Sink> readSink(Arguments& in, napi_value value) {
  auto sink = std::make_unique<engine::Sink>();
  const double recordMs = in.number(in.property(value, "recordMs"));
  sink->collectDigits = in.boolean(in.property(value, "collectDigits"));
  sink->checkPrbs = in.boolean(in.property(value, "checkPrbs"));
  sink->dtmf.reset();
  for (const double frequency : in.numbers(in.property(value, "detectTones"))) {
    sink->tones.emplace_back(static_cast<std::uint16_t>(frequency));
  }
  if (in.good() && recordMs > 0) {
    sink->recording = std::make_shared<engine::Recording>(static_cast<std::size_t>(recordMs * 8));
  }
  return sink;
}

napi_value openTerminal(Arguments& in, Engine& engine) {
  return makeHandle(in.env(), engine.openTerminal());
}

/// (id, port, source?, sink?)
napi_value configureTerminal(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  engine::TerminalSettings settings;
  bool stale = false;
  if (!in.isAbsent(in.at(2))) settings.source = readSource(in, engine, in.at(2), stale);
  if (!in.isAbsent(in.at(3))) settings.sink = readSink(in, in.at(3));
  if (!in.good()) return nullptr;
  if (stale) return makeCode(in.env(), {.code = engine::Code::staleHandle});
  return makeCode(in.env(), engine.configureTerminal(port, std::move(settings)));
}

napi_value loadSound(Arguments& in, Engine& engine) {
  const auto samples = in.samples(1);
  return in.good() ? makeHandle(in.env(), engine.loadSound(samples)) : nullptr;
}

napi_value unloadSound(Arguments& in, Engine& engine) {
  const engine::Handle sound = in.handle(1);
  return in.good() ? makeCode(in.env(), engine.unloadSound(sound)) : nullptr;
}

/// An Int16Array, or null when there is no recording.
napi_value readRecording(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  if (!in.good()) return nullptr;
  const std::shared_ptr<engine::Recording> recording = engine.recording(port);
  if (recording == nullptr) return makeNull(in.env());
  const auto samples = recording->samples();
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value made = nullptr;
  if (napi_create_arraybuffer(in.env(), samples.size_bytes(), &data, &buffer) != napi_ok) return nullptr;
  if (!samples.empty()) std::memcpy(data, samples.data(), samples.size_bytes());
  napi_create_typedarray(in.env(), napi_int16_array, samples.size(), buffer, 0, &made);
  return made;
}

constexpr Method kMethods[] = {
    {"openTerminal", openTerminal}, {"configureTerminal", configureTerminal},
    {"loadSound", loadSound}, {"unloadSound", unloadSound}, {"readRecording", readRecording},
};

}  // namespace

std::span<const Method> terminalMethods() noexcept { return kMethods; }

}  // namespace trunkgate::binding
