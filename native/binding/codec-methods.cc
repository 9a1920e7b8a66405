// Codecs apart from any engine, for files and for measuring: whole buffers in, whole buffers out. The state of a codec is
// memory of the caller's, a Uint8Array of the size that the row asks for.
#include "methods.h"

#include "../engine/codec-buffers.h"
#include "../engine/codec-cost.h"

namespace trunkgate::binding {

namespace {

const codec* readRow(Arguments& in, std::size_t index) {
  const std::string name = in.text(index);
  const codec* row = engine::findCodec(name);
  if (row == nullptr || row->encode == nullptr) in.fail("no codec of this name");
  return row;
}

/// State of `size` octets where there is any.
void* readState(Arguments& in, std::size_t index, std::size_t size) {
  const auto octets = in.octets(index);
  void* state = const_cast<std::uint8_t*>(octets.data());
  const bool aligned = reinterpret_cast<std::uintptr_t>(state) % alignof(std::max_align_t) == 0;
  if (in.good() && (octets.size() < size || !aligned)) in.fail("the state is not one of this codec");
  return state;
}

napi_value present(napi_env env, const engine::Converted& converted) {
  const auto number = [env](std::size_t value) { return makeNumber(env, static_cast<double>(value)); };
  const auto& [octets, taken, malformed, frames] = converted;
  return makeArray(env, {makeOctets(env, octets), number(taken), makeBoolean(env, malformed), number(frames[0]),
                         number(frames[1]), number(frames[2]), number(frames[3])});
}

/// [[name, payload type (255: none), octets of a frame, of a SID frame, look-ahead in samples, [names of lane rows]]...]
napi_value codecRows(napi_env env, napi_callback_info) {
  const auto number = [env](auto value) { return makeNumber(env, static_cast<double>(value)); };
  napi_value rows = nullptr;
  napi_create_array(env, &rows);
  std::uint32_t index = 0;
  for (const codec* row : {&codec_pcma, &codec_pcmu, &codec_g729}) {
    napi_value lanes = nullptr;
    napi_create_array(env, &lanes);
    for (unsigned i = 0; row->lanes != nullptr && row->lanes(i) != nullptr; i++) {
      napi_set_element(env, lanes, i, makeText(env, row->lanes(i)->name));
    }
    napi_set_element(env, rows, index++,
                     makeArray(env, {makeText(env, row->name), number(row->payload_type), number(row->frame_octets),
                                     number(row->sid_octets), number(row->encoder_delay), lanes}));
  }
  return rows;
}

/// (name, decoder, discontinuous): a fresh state
napi_value codecState(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const codec* row = readRow(in, 0);
  const bool decoder = in.boolean(1);
  const bool discontinuous = in.boolean(2);
  if (!in.good()) return nullptr;
  const std::size_t size = decoder ? row->decoder_size : row->encoder_size;
  napi_value buffer = nullptr;
  napi_value array = nullptr;
  void* data = nullptr;
  if (napi_create_arraybuffer(env, std::max<std::size_t>(size, 1), &data, &buffer) != napi_ok) return nullptr;
  napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &array);
  if (size == 0) return array;
  if (decoder) row->init_decoder(data);
  else row->init_encoder(data, discontinuous ? CODEC_OPTION_DTX : CODEC_OPTION_NONE);
  return array;
}

using Convert = engine::Converted (*)(const codec&, void*, std::span<const std::uint8_t>, bool);

/// (name, state, octets, serial): [octets, taken, malformed, speech, SID, untransmitted, erased frames]
napi_value convert(napi_env env, napi_callback_info info, std::size_t codec::*size, Convert run) {
  Arguments in(env, info);
  const codec* row = readRow(in, 0);
  void* state = in.good() ? readState(in, 1, row->*size) : nullptr;
  const auto octets = in.good() ? in.octets(2) : std::span<const std::uint8_t>{};
  const bool serial = in.good() && in.boolean(3);
  return in.good() ? present(env, run(*row, state, octets, serial)) : nullptr;
}

napi_value codecEncode(napi_env env, napi_callback_info info) {
  return convert(env, info, &codec::encoder_size, engine::encodeBuffer);
}

napi_value codecDecode(napi_env env, napi_callback_info info) {
  return convert(env, info, &codec::decoder_size, engine::decodeBuffer);
}

/// (name, index of the lane row or -1, discontinuous, channels, rounds): seconds of CPU [encode, decode] of all frames
napi_value codecCost(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const codec* row = readRow(in, 0);
  const double lanes = in.number(1);
  const bool discontinuous = in.boolean(2);
  const double channels = in.number(3);
  const double rounds = in.number(4);
  if (in.good() && (channels < 1 || channels > 4096 || rounds < 1 || rounds > 1e6)) in.fail("1 to 4096 channels");
  if (!in.good()) return nullptr;
  const codec_lanes* group =
      lanes < 0 || row->lanes == nullptr ? nullptr : row->lanes(static_cast<unsigned>(lanes));
  if (lanes >= 0 && group == nullptr) in.fail("no such row of lanes");
  if (!in.good()) return nullptr;
  const engine::CodecCost cost = engine::measureCodec(*row, group, discontinuous, static_cast<std::size_t>(channels),
                                      static_cast<std::size_t>(rounds));
  return makeArray(env, {makeNumber(env, cost.encodeSeconds), makeNumber(env, cost.decodeSeconds)});
}

constexpr Function kFunctions[] = {
    {"codecRows", codecRows},     {"codecState", codecState}, {"codecEncode", codecEncode},
    {"codecDecode", codecDecode}, {"codecCost", codecCost},
};

}  // namespace

std::span<const Function> codecFunctions() noexcept { return kFunctions; }

}  // namespace trunkgate::binding
