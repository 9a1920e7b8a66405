#include "methods.h"

namespace trunkgate::binding {

namespace {

using engine::Engine;

std::optional<g711_law> optionalLaw(Arguments& in, std::size_t index) {
  const auto law = in.optionalNumber(index);
  if (!law) return std::nullopt;
  return *law != 0 ? G711_ULAW : G711_ALAW;
}

std::optional<bool> optionalBoolean(Arguments& in, std::size_t index) {
  if (in.isAbsent(in.at(index))) return std::nullopt;
  return in.boolean(index);
}

std::optional<engine::Detect> optionalDetect(Arguments& in, std::size_t index) {
  const auto value = in.optionalNumber(index);
  if (!value) return std::nullopt;
  return static_cast<engine::Detect>(*value);
}

/// (id, span, timeslot, clearChannel?, law?)
napi_value openTimeslot(Arguments& in, Engine& engine) {
  const engine::Handle span = in.handle(1);
  const double timeslot = in.number(2);
  const auto clear = optionalBoolean(in, 3);
  const auto law = optionalLaw(in, 4);
  if (!in.good()) return nullptr;
  return makeHandle(in.env(), engine.openTimeslot(span, static_cast<std::size_t>(std::max(timeslot, 0.0)),
                                                  clear.value_or(false), law));
}

napi_value configureTimeslot(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  const auto clear = optionalBoolean(in, 2);
  const auto law = optionalLaw(in, 3);
  return in.good() ? makeCode(in.env(), engine.configureTimeslot(port, clear, law)) : nullptr;
}

napi_value closePort(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  return in.good() ? makeCode(in.env(), engine.closePort(port)) : nullptr;
}

napi_value checkPort(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  return in.good() ? makeCode(in.env(), engine.checkPort(port)) : nullptr;
}

napi_value bridge(Arguments& in, Engine& engine) {
  const engine::Handle a = in.handle(1);
  const engine::Handle b = in.handle(2);
  const bool both = in.boolean(3);
  return in.good() ? makeCode(in.env(), engine.bridge(a, b, both)) : nullptr;
}

napi_value unbridge(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  return in.good() ? makeCode(in.env(), engine.unbridge(port)) : nullptr;
}

napi_value overlayTone(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  if (in.isNull(in.at(2))) return makeCode(in.env(), engine.overlayTone(port, nullptr));
  const tone_pattern pattern = readTone(in, in.at(2));
  return in.good() ? makeCode(in.env(), engine.overlayTone(port, &pattern)) : nullptr;
}

/// (id, port, code, ms)
napi_value sendDigit(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  const auto code = static_cast<std::uint8_t>(in.number(2));
  const auto ms = static_cast<std::uint16_t>(in.number(3));
  return in.good() ? makeCode(in.env(), engine.sendDigit(port, code, ms)) : nullptr;
}

napi_value setGain(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  const auto inward = in.optionalNumber(2);
  const auto outward = in.optionalNumber(3);
  return in.good() ? makeCode(in.env(), engine.setGain(port, inward, outward)) : nullptr;
}

napi_value setDetectors(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  const auto dtmf = optionalDetect(in, 2);
  const auto fax = optionalDetect(in, 3);
  return in.good() ? makeCode(in.env(), engine.setDetectors(port, dtmf, fax)) : nullptr;
}

constexpr Method kMethods[] = {
    {"openTimeslot", openTimeslot}, {"configureTimeslot", configureTimeslot},
    {"closePort", closePort}, {"checkPort", checkPort}, {"bridge", bridge}, {"unbridge", unbridge},
    {"overlayTone", overlayTone}, {"sendDigit", sendDigit}, {"setGain", setGain},
    {"setDetectors", setDetectors},
};

}  // namespace

std::span<const Method> portMethods() noexcept { return kMethods; }

}  // namespace trunkgate::binding
