#include "lanes.h"

#include <bit>
#include <new>
#include <utility>

namespace trunkgate::engine {

namespace {
constexpr std::align_val_t kAlignment{CODEC_LANES_ALIGNMENT};
constexpr std::uint16_t bit(unsigned lane) noexcept { return static_cast<std::uint16_t>(1U << lane); }
}  // namespace

LaneGroup::LaneGroup(const codec_lanes& lanes)
    : encoders(::operator new(lanes.encoder_size, kAlignment)), decoders(::operator new(lanes.decoder_size, kAlignment)) {
  lanes.init_encoders(encoders);
  lanes.init_decoders(decoders);
}

LaneGroup::~LaneGroup() {
  ::operator delete(encoders, kAlignment);
  ::operator delete(decoders, kAlignment);
}

LanePool::~LanePool() {
  while (owned_ != nullptr) delete std::exchange(owned_, owned_->nextOwned);
}

void LanePool::add(LaneGroup* group) noexcept {
  group->nextOwned = owned_;
  owned_ = group;
  giveBack(*group);
}

LaneGroup* LanePool::take() noexcept {
  return free_ == nullptr ? nullptr : std::exchange(free_, free_->below);
}

void LanePool::giveBack(LaneGroup& group) noexcept {
  group.below = free_;
  free_ = &group;
}

unsigned LaneBank::decode(const LanePool& pool) noexcept {
  unsigned frames = 0;
  for (LaneGroup* group = top_; group != nullptr; group = group->below) {
    if (group->toDecode == 0) continue;
    pool.lanes()->decode(group->decoders, group->toDecode, group->frames.data(), group->decoded.data());
    frames += static_cast<unsigned>(std::popcount(group->toDecode));
    group->toDecode = 0;
  }
  return frames;
}

unsigned LaneBank::encode(const LanePool& pool) noexcept {
  unsigned frames = 0;
  for (LaneGroup* group = top_; group != nullptr; group = group->below) {
    if (group->toEncode == 0) continue;
    pool.lanes()->encode(group->encoders, group->toEncode, group->samples.data(), group->octets.data(), group->counts.data());
    frames += static_cast<unsigned>(std::popcount(group->toEncode));
    group->toEncode = 0;
  }
  return frames;
}

void CodecSeat::give(CodecMemory& encoder, CodecMemory& decoder) noexcept {
  if (encoder_ != nullptr) return;
  encoder_.swap(encoder);
  decoder_.swap(decoder);
}

void CodecSeat::startEncoder(const codec& row, bool vad) noexcept {
  encoderRow_ = &row;
  row.init_encoder(encoder_.get(), vad ? CODEC_OPTION_DTX : CODEC_OPTION_NONE);
  loadsEncoder_ = true;
}

void CodecSeat::startDecoder(const codec& row) noexcept {
  decoderRow_ = &row;
  row.init_decoder(decoder_.get());
  loadsDecoder_ = true;
}

void CodecSeat::decode(LaneBank& bank, LanePool& pool, const codec_lane_frame& frame, std::int16_t* samples) noexcept {
  if (sit(bank, pool, *decoderRow_)) {
    if (std::exchange(loadsDecoder_, false)) pool.lanes()->load_decoder(group_->decoders, lane_, decoder_.get());
    group_->frames[lane_] = frame;
    group_->decoded[lane_] = samples;
    group_->toDecode |= bit(lane_);
  } else if (frame.lost) {
    decoderRow_->conceal(decoder_.get(), samples);
  } else {
    static_cast<void>(decoderRow_->decode(decoder_.get(), frame.octets, frame.count, samples));
  }
}

void CodecSeat::encode(LaneBank& bank, LanePool& pool, const std::int16_t* samples, std::uint8_t* octets) noexcept {
  inLane_ = sit(bank, pool, *encoderRow_);
  if (inLane_) {
    if (std::exchange(loadsEncoder_, false)) pool.lanes()->load_encoder(group_->encoders, lane_, encoder_.get());
    group_->samples[lane_] = samples;
    group_->octets[lane_] = octets;
    group_->toEncode |= bit(lane_);
  } else {
    count_ = encoderRow_->encode(encoder_.get(), samples, octets);
  }
}

/// False where the codec has no lanes or the pool no group.
bool CodecSeat::sit(LaneBank& bank, LanePool& pool, const codec& row) noexcept {
  if (pool.lanes() == nullptr || row.lanes == nullptr) return false;
  if (group_ != nullptr) return true;
  if (bank.top_ == nullptr || bank.top_->taken == CODEC_LANES) {
    LaneGroup* const group = pool.take();
    if (group == nullptr) return false;
    group->below = bank.top_;
    bank.top_ = group;
  }
  bank_ = &bank;
  group_ = bank.top_;
  lane_ = group_->taken++;
  group_->seats[lane_] = this;
  load(pool);
  return true;
}

void CodecSeat::stand(LanePool& pool) noexcept {
  if (group_ == nullptr) return;
  store(pool);
  // The last of the bank takes the place, so that all groups but one are full.
  LaneGroup& top = *bank_->top_;
  CodecSeat& last = *top.seats[--top.taken];
  if (&last != this) {
    last.store(pool);
    last.group_ = group_;
    last.lane_ = lane_;
    group_->seats[lane_] = &last;
    last.load(pool);
  }
  if (top.taken == 0) {
    bank_->top_ = top.below;
    pool.giveBack(top);
  }
  bank_ = nullptr;
  group_ = nullptr;
}

void CodecSeat::load(const LanePool& pool) noexcept {
  loadsEncoder_ = encoderRow_ != nullptr && encoderRow_->lanes != nullptr;
  loadsDecoder_ = decoderRow_ != nullptr && decoderRow_->lanes != nullptr;
  if (std::exchange(loadsEncoder_, false)) pool.lanes()->load_encoder(group_->encoders, lane_, encoder_.get());
  if (std::exchange(loadsDecoder_, false)) pool.lanes()->load_decoder(group_->decoders, lane_, decoder_.get());
}

void CodecSeat::store(const LanePool& pool) noexcept {
  const codec_lanes& lanes = *pool.lanes();
  if (encoderRow_ != nullptr && encoderRow_->lanes != nullptr && !loadsEncoder_) lanes.store_encoder(group_->encoders, lane_, encoder_.get());
  if (decoderRow_ != nullptr && decoderRow_->lanes != nullptr && !loadsDecoder_) lanes.store_decoder(group_->decoders, lane_, decoder_.get());
}

}  // namespace trunkgate::engine
