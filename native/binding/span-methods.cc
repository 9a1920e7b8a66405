#include "methods.h"

namespace trunkgate::binding {

namespace {

using engine::Engine;

/// (id, t1, law, signallingTimeslot, hdlc, worker): [code, a, b]
napi_value openSpanPair(Arguments& in, Engine& engine) {
  const engine::SpanOptions options{.t1 = in.boolean(1),
                                    .law = in.number(2) != 0 ? G711_ULAW : G711_ALAW,
                                    .signallingTimeslot = static_cast<std::size_t>(std::max(in.number(3), 0.0)),
                                    .hdlc = in.boolean(4),
                                    .worker = static_cast<int>(in.number(5))};
  if (!in.good()) return nullptr;
  const engine::Outcome outcome = engine.openSpanPair(options);
  return makeArray(in.env(), {makeCode(in.env(), outcome), makeNumber(in.env(), static_cast<double>(outcome.handle)),
                              makeNumber(in.env(), static_cast<double>(outcome.second))});
}

napi_value closeSpan(Arguments& in, Engine& engine) {
  const engine::Handle span = in.handle(1);
  return in.good() ? makeCode(in.env(), engine.closeSpan(span)) : nullptr;
}

napi_value checkSpan(Arguments& in, Engine& engine) {
  const engine::Handle span = in.handle(1);
  return in.good() ? makeCode(in.env(), engine.checkSpan(span)) : nullptr;
}

napi_value sendSignalling(Arguments& in, Engine& engine) {
  const engine::Handle span = in.handle(1);
  const auto octets = in.octets(2);
  return in.good() ? makeCode(in.env(), engine.sendSignalling(span, octets)) : nullptr;
}

napi_value setFault(Arguments& in, Engine& engine) {
  const engine::Handle span = in.handle(1);
  const napi_value settings = in.at(2);
  engine::SpanFault fault;
  if (const auto value = in.optionalNumber(settings, "delayMs")) fault.delayMs = static_cast<unsigned>(*value);
  fault.bitErrorRate = in.optionalNumber(settings, "bitErrorRate");
  if (const auto value = in.optionalNumber(settings, "flipSignallingBit")) {
    fault.flipSignallingBit = static_cast<std::uint64_t>(*value);
  }
  if (const auto value = in.optionalNumber(settings, "slip")) fault.slip = static_cast<std::int64_t>(*value);
  fault.clockOffsetPpm = in.optionalNumber(settings, "clockOffsetPpm");
  if (const auto value = in.optionalNumber(settings, "alarm")) fault.alarm = static_cast<tdm::Alarm>(*value);
  return in.good() ? makeCode(in.env(), engine.setFault(span, fault)) : nullptr;
}

constexpr Method kMethods[] = {
    {"openSpanPair", openSpanPair}, {"closeSpan", closeSpan}, {"checkSpan", checkSpan},
    {"sendSignalling", sendSignalling}, {"setFault", setFault},
};

}  // namespace

std::span<const Method> spanMethods() noexcept { return kMethods; }

}  // namespace trunkgate::binding
