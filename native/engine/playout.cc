#include "playout.h"

#include <algorithm>
#include <bit>

namespace trunkgate::engine {

namespace {

constexpr std::uint16_t kClearFixedMs = 60;  ///< play-out delay of unrestricted calls unless asked otherwise
constexpr std::uint16_t kInitialMs = 40;
constexpr std::uint8_t kClearIdle = 0xFF;
constexpr unsigned kPauseBlocks = 5;
constexpr unsigned kBlendBlocks = 2;
constexpr std::uint32_t kNoiseSeed = 3389;

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

// A frame cannot be judged before it is decoded: where the sound before it was a pause for a while, it is taken for one.
bool wasPause(void* context, std::span<const std::uint8_t>) noexcept {
  return *static_cast<const unsigned*>(context) >= kPauseBlocks;
}

FrameKind kindOf(rtp::Play play) noexcept {
  switch (play) {
    case rtp::Play::speech: return FrameKind::speech;
    case rtp::Play::sid: return FrameKind::sid;
    case rtp::Play::lost: return FrameKind::lost;
    case rtp::Play::late: return FrameKind::late;
    case rtp::Play::silence: return FrameKind::silent;
    case rtp::Play::idle: break;
  }
  return FrameKind::none;
}

bool isFrames(const codec& row) noexcept { return row.unit_samples != 1; }

}  // namespace

Playout::Playout(CodecSeat& seat) noexcept : seat_(seat) {
  pause_meter_init(&pauses_);
  comfort_noise_generator_init(&generator_, kNoiseSeed);
}

rtp::JitterConfig Playout::configOf(const codec& row) const noexcept {
  rtp::JitterConfig config;
  config.fixed = jitter_.fixed || isClearMode(row) || dataCall_;
  config.minMs = jitter_.minMs;
  config.maxMs = jitter_.maxMs;
  config.initialMs = std::clamp(kInitialMs, config.minMs, config.maxMs);
  if (jitter_.fixed) config.initialMs = jitter_.minMs;
  else if (isClearMode(row)) config.initialMs = kClearFixedMs;
  config.unitSamples = row.unit_samples;
  config.unitOctets = row.unit_octets;
  config.sidOctets = row.sid_octets;
  return config;
}

/// Other limits of an adaptive buffer break nothing; a data call keeps the buffer that it has.
void Playout::setJitter(const JitterSettings& settings) noexcept {
  const bool onlyLimits = !settings.fixed && !jitter_.fixed;
  jitter_ = settings;
  if (row() == nullptr) return;
  if (!onlyLimits) {
    settings.fixed ? begin(*row()) : change(*row());
  } else if (!configOf(*row()).fixed) {
    current().buffer.setLimits(settings.minMs, settings.maxMs);
  }
}

void Playout::setDataCall(bool is) noexcept {
  dataCall_ = is;
  if (row() != nullptr) current().buffer.setFixed(configOf(*row()).fixed);
}

void Playout::begin(const codec& row) noexcept {
  handing_ = false;
  current().row = &row;
  current().buffer.configure(configOf(row));
  startPlaying(row);
}

void Playout::restart() noexcept {
  handing_ = false;
  hasSid_ = false;
  noise_ = false;
  for (NoiseNote& note : notes_) note.waits = false;
  current().buffer.restart();
}

void Playout::startPlaying(const codec& row) noexcept {
  if (isG711(row)) octet_concealment_init(&concealment_, lawOf(row));
  comfort_ = false;
  decodes_ = false;
  hasSid_ = false;
  pauseBlocks_ = 0;
  blends_ = 0;
}

/// What came of the former codec has been played. A decoder that begins is silent for a block or so, and so is concealment: the former
/// sound goes on, or is put before.
void Playout::takeTurn(const Block& before) noexcept {
  handing_ = false;
  const codec& row = *current().row;
  const codec& old = *former().row;
  if (&row == &old) return;
  startPlaying(row);
  if (!conceal_ || dataCall_) return;
  if (isG711(old) && isFrames(row)) blends_ = kBlendBlocks;
  if (!isG711(row)) return;
  Octets octets;
  static_cast<void>(before.asOctets(lawOf(row), octets));
  octet_concealment_receive(&concealment_, octets.data(), octets.data());
}

void Playout::blend(Block& block) noexcept {
  const auto length = static_cast<std::int32_t>(kBlendBlocks * kBlock);
  auto left = static_cast<std::int32_t>(blends_-- * kBlock);
  Octets octets;
  octet_concealment_lose(&concealment_, octets.data());
  Samples old;
  g711_decode(lawOf(*former().row), octets.data(), kBlock, old.data());
  Samples& samples = block.decoded();
  for (std::size_t i = 0; i < kBlock; i++, left--) {
    samples[i] = static_cast<std::int16_t>((old[i] * left + samples[i] * (length - left)) / length);
  }
}

void Playout::put(const codec& row, const rtp::Packet& packet, rtp::Instant now) noexcept {
  Track* track = &current();
  if (track->row != &row) {
    const bool newer = !track->buffer.running() || rtp::sequenceDistance(track->buffer.newestSequence(), packet.sequence) > 0;
    if (!newer && former().row == &row) {
      track = &former();
    } else {
      change(row);
      track = &current();
    }
  }
  static_cast<void>(track->buffer.put(packet.sequence, packet.timestamp, packet.marker, packet.payload, now));
}

void Playout::putNoise(const rtp::Packet& packet) noexcept {
  skip(packet.sequence, packet.timestamp);
  NoiseNote& note = notes_[nextNote_++ % notes_.size()];
  note.timestamp = packet.timestamp;
  note.waits = comfort_noise_parse(packet.payload.data(), packet.payload.size(), &note.payload);
}

/// What is said of the noise up to the end of the block at `timestamp`, in the order of its time.
void Playout::heedNoise(std::uint32_t timestamp) noexcept {
  for (;;) {
    NoiseNote* first = nullptr;
    for (NoiseNote& note : notes_) {
      if (!note.waits || rtp::timestampDistance(timestamp, note.timestamp) >= static_cast<std::int32_t>(kBlock)) continue;
      if (first == nullptr || rtp::timestampDistance(first->timestamp, note.timestamp) < 0) first = &note;
    }
    if (first == nullptr) return;
    first->waits = false;
    noise_ = true;
    comfort_noise_generator_update(&generator_, &first->payload);
  }
}

void Playout::change(const codec& row) noexcept {
  Track& before = current();
  if (before.row == nullptr || isClearMode(row) || isClearMode(*before.row)) {
    begin(row);
    return;
  }
  current_ = 1 - current_;
  current().row = &row;
  current().buffer.takeOver(before.buffer, configOf(row));
  before.buffer.setFixed(true);
  handing_ = before.buffer.running();
  if (!handing_) startPlaying(row);
}

void Playout::pull(Block& block, bool listens, rtp::Instant now) noexcept {
  if (handing_ && !former().buffer.hasLater()) takeTurn(block);
  Track& track = handing_ ? former() : current();
  const g711_law law = lawOf(*track.row);
  const bool clear = isClearMode(*track.row);
  Octets octets;
  Judgement judgement{&pauses_, law};
  rtp::PauseJudge judge;
  if (isG711(*track.row)) judge = {isPause, &judgement};
  else if (isFrames(*track.row)) judge = {wasPause, &pauseBlocks_};
  const std::uint32_t timestamp = track.buffer.playoutTimestamp();
  const rtp::Pulled pulled = track.buffer.pull(octets, kBlock, clear ? kClearIdle : g711_idle(law), now, judge);
  if (handing_) current().buffer.follow(track.buffer);
  if (!listens) {
    block.idle(law);
    return;
  }
  if (pulled.kind == rtp::Play::speech || pulled.kind == rtp::Play::sid) counters_.played++;
  if (clear) {
    Octets& data = block.data();
    if (pulled.kind == rtp::Play::speech) data = octets;
    else data.fill(kClearIdle);
  } else if (isFrames(*track.row)) {
    fillFrame(block, pulled, octets);
  } else {
    if (pulled.kind == rtp::Play::speech) noise_ = false;
    else heedNoise(timestamp);
    fillOctets(block, pulled, octets, law);
  }
}

void Playout::fillOctets(Block& block, const rtp::Pulled& pulled, const Octets& octets, g711_law law) noexcept {
  const bool conceals = conceal_ && !dataCall_;
  const bool lost = pulled.kind == rtp::Play::lost || pulled.kind == rtp::Play::late;
  if (pulled.kind == rtp::Play::idle || (pulled.kind == rtp::Play::silence && !conceals) || (lost && !conceals)) {
    block.idle(law);
    return;
  }
  Octets& out = block.octets(law);
  if (pulled.kind != rtp::Play::speech && noise_) {  // a block so made is a good one to concealment
    counters_.comfort++;
    Samples noise;
    comfort_noise_generate(&generator_, noise.data());
    g711_encode(law, noise.data(), kBlock, out.data());
    octet_concealment_receive(&concealment_, out.data(), out.data());
  } else if (lost) {
    counters_.concealed++;
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

void Playout::fillFrame(Block& block, const rtp::Pulled& pulled, const Octets& octets) noexcept {
  FrameKind kind = kindOf(pulled.kind);
  // What is lost in a silence is silence too (G.729 §B.4.4).
  if (comfort_ && (kind == FrameKind::lost || kind == FrameKind::late)) kind = FrameKind::silent;
  if (kind == FrameKind::none) {
    block.idle(G711_ALAW);
    return;
  }
  std::copy_n(octets.begin(), pulled.octets, block.frame(kind, pulled.octets).begin());
  if (kind == FrameKind::speech || kind == FrameKind::sid) comfort_ = kind == FrameKind::sid;
  hasSid_ = hasSid_ || kind == FrameKind::sid;
  if (kind == FrameKind::sid) counters_.sid++;
  if (kind == FrameKind::lost || kind == FrameKind::late) counters_.concealed++;
  if (kind == FrameKind::silent && comfort_) counters_.comfort++;
}

void Playout::decode(Block& block, LaneBank& bank, LanePool& pool) noexcept {
  const FrameKind kind = block.frameKind();
  // Silence that no SID frame announced (hold, telephone-events) is no comfort noise of the sender's.
  if (kind == FrameKind::silent && !comfort_) {
    block.idle(G711_ALAW);
    return;
  }
  if (!decodes_) seat_.startDecoder(*playing());
  decodes_ = true;
  const codec_lane_frame frame{.octets = block.frameOctets().data(), .count = static_cast<std::uint8_t>(block.frameOctets().size()),
                               .lost = kind == FrameKind::lost || kind == FrameKind::late};
  seat_.decode(bank, pool, frame, block.decoded().data());
}

void Playout::complete(Block& block) noexcept {
  if (block.isData()) return;
  if (blends_ > 0 && block.frameKind() != FrameKind::none && decodes_) blend(block);
  if (block.frameKind() != FrameKind::none && !decodes_) {  // nobody has looked
    pauseBlocks_ = 0;
    return;
  }
  const bool pause = pause_meter_update(&pauses_, block.energy(), kBlock);
  pauseBlocks_ = pause ? pauseBlocks_ + 1 : 0;
}

rtp::JitterCounters Playout::jitterCounters() const noexcept {
  using Words = std::array<std::uint64_t, sizeof(rtp::JitterCounters) / sizeof(std::uint64_t)>;
  auto sum = std::bit_cast<Words>(tracks_[0].buffer.counters());
  const auto more = std::bit_cast<Words>(tracks_[1].buffer.counters());
  for (std::size_t i = 0; i < sum.size(); i++) sum[i] += more[i];
  return std::bit_cast<rtp::JitterCounters>(sum);
}

}  // namespace trunkgate::engine
