// Codecs, concealment and detectors, per sample; the baseline is a copy of 16-bit samples.
#include "bench.h"

#include "codecs/comfort-noise/comfort-noise.h"
#include "codecs/concealment/concealment.h"
#include "codecs/g711/g711.h"
#include "codecs/tones/answer-tone.h"
#include "codecs/tones/dtmf.h"
#include "codecs/tones/level.h"
#include "codecs/tones/tone.h"
#include "codecs/tones/v21-preamble.h"

#include <cmath>
#include <cstring>

namespace {

constexpr std::size_t kSamples = 8000;
std::int16_t samples[kSamples], output[kSamples];
std::uint8_t octets[kSamples], other[kSamples];

/// Runs `body(block index * 80)` over a second in blocks of 10 ms; nanoseconds per sample.
template <class Body>
double perSample(Body body) {
  return nanoseconds([&] {
           for (std::size_t at = 0; at < kSamples; at += 80) body(at);
           keep(output);
           keep(octets);
           keep(other);
         }) /
         kSamples;
}

void fillSpeech() {
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < kSamples; i++) {
    seed = seed * 1664525 + 1013904223;
    const double phase = 2 * 3.141592653589793 * static_cast<double>(i) / 67.0;
    const double envelope = 0.5 + 0.5 * std::sin(static_cast<double>(i) / 900.0);
    samples[i] = static_cast<std::int16_t>(
        envelope * (4000 * std::sin(phase) + 2500 * std::sin(3 * phase)) + (seed >> 26));
  }
}

void benchComfortNoise(double baseline) {
  static comfort_noise_sender sender;
  static comfort_noise_payload payload;
  comfort_noise_sender_init(&sender);
  printRow("comfort noise: judging what to send", perSample([](std::size_t at) {
             if (comfort_noise_judge(&sender, samples + at) == COMFORT_NOISE_UPDATE)
               comfort_noise_take(&sender, &payload);
           }),
           "sample", baseline);
  comfort_noise_take(&sender, &payload);
  static comfort_noise_generator generator;
  comfort_noise_generator_init(&generator, 1);
  comfort_noise_generator_update(&generator, &payload);
  printRow("comfort noise: making it",
           perSample([](std::size_t at) { comfort_noise_generate(&generator, output + at); }), "sample",
           baseline);
}

}  // namespace

int main() {
  fillSpeech();
  const double baseline = perSample([](std::size_t at) {
    std::memcpy(output + at, samples + at, 160);
    keep(output + at);
  });
  printRow("copy of samples (baseline)", baseline, "sample", baseline);
  printRow("A-law encode",
           perSample([](std::size_t at) { g711_encode(G711_ALAW, samples + at, 80, octets + at); }),
           "sample", baseline);
  printRow("A-law decode",
           perSample([](std::size_t at) { g711_decode(G711_ALAW, octets + at, 80, output + at); }),
           "sample", baseline);
  printRow("mu-law encode",
           perSample([](std::size_t at) { g711_encode(G711_ULAW, samples + at, 80, octets + at); }),
           "sample", baseline);
  printRow("mu-law decode",
           perSample([](std::size_t at) { g711_decode(G711_ULAW, octets + at, 80, output + at); }),
           "sample", baseline);
  printRow("A-law to mu-law", perSample([](std::size_t at) {
             g711_convert(G711_ALAW, G711_ULAW, octets + at, 80, other + at);
           }),
           "sample", baseline);

  static octet_concealment concealing;
  octet_concealment_init(&concealing, G711_ALAW);
  printRow("concealment of octets, no loss", perSample([](std::size_t at) {
             octet_concealment_receive(&concealing, octets + at, other + at);
           }),
           "sample", baseline);
  printRow("concealment of octets, 5 % loss", perSample([](std::size_t at) {
             if (at / 80 % 20 == 7)
               octet_concealment_lose(&concealing, other + at);
             else
               octet_concealment_receive(&concealing, octets + at, other + at);
           }),
           "sample", baseline);

  benchComfortNoise(baseline);
  static dtmf_detector dtmf;
  dtmf_detector_init(&dtmf);
  const auto detect = [](std::size_t at) {
    dtmf_event events[DTMF_EVENTS];
    dtmf_detect(&dtmf, samples + at, 80, events);
    keep(events);
  };
  printRow("DTMF detector, speech", perSample(detect), "sample", baseline);
  static answer_tone_detector answer;
  answer_tone_init(&answer);
  printRow("answer tone detector, speech",
           perSample([](std::size_t at) { answer_tone_detect(&answer, samples + at, 80); }),
           "sample", baseline);
  static v21_preamble_detector preamble;
  v21_preamble_init(&preamble);
  printRow("V.21 preamble detector, speech",
           perSample([](std::size_t at) { v21_preamble_detect(&preamble, samples + at, 80); }),
           "sample", baseline);
  printRow("level of octets", perSample([](std::size_t at) {
             *reinterpret_cast<std::uint64_t*>(output + at) =
                 level_energy_octets(G711_ALAW, octets + at, 80);
           }),
           "sample", baseline);
  static tone_generator tone;
  tone_start_steady(&tone, 350, 440, -100);
  printRow("tone of two frequencies",
           perSample([](std::size_t at) { tone_generate(&tone, output + at, 80); }), "sample",
           baseline);
  std::memset(samples, 0, sizeof samples);
  printRow("DTMF detector, silence", perSample(detect), "sample", baseline);
  return 0;
}
