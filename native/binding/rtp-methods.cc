#include "methods.h"

#include "../net/address.h"

namespace trunkgate::binding {

namespace {

using engine::Engine;

/// {address, port}, or null for none.
std::optional<rtp::Address> optionalAddress(Arguments& in, napi_value object, const char* name) {
  const napi_value value = in.property(object, name);
  if (!in.good() || in.isAbsent(value)) return std::nullopt;
  if (in.isNull(value)) return rtp::Address{};
  return in.address(in.property(value, "address"), in.property(value, "port"));
}

const codec* readCodec(Arguments& in, napi_value object) {
  const codec* row = engine::findCodec(in.text(in.property(object, "codec")));
  if (row == nullptr) in.fail("no codec of this name");
  return row;
}

std::uint8_t readPayloadType(Arguments& in, napi_value object) {
  const double value = in.number(in.property(object, "payloadType"));
  if (value < 0 || value > 127) in.fail("a payload type is 0 to 127");
  return static_cast<std::uint8_t>(value);
}

engine::SendFormat readFormat(Arguments& in, napi_value send) {
  engine::SendFormat format{.row = readCodec(in, send), .payloadType = readPayloadType(in, send),
                            .ptimeMs = static_cast<std::uint16_t>(in.number(in.property(send, "ptimeMs")))};
  format.vad = in.optionalBoolean(send, "vad").value_or(false);
  format.sid = in.optionalBoolean(send, "sid").value_or(format.vad);
  format.comfortNoisePayloadType =
      static_cast<int>(in.optionalNumber(send, "comfortNoisePayloadType").value_or(engine::kNoPayloadType));
  if (in.good() && engine::isComfortNoise(*format.row)) in.fail("comfort noise is no codec to send speech in");
  return format;
}

void readStream(Arguments& in, napi_value object, engine::RtpSettings& settings) {
  if (const napi_value send = in.property(object, "send"); in.good() && !in.isAbsent(send)) {
    settings.send = readFormat(in, send);
  }
  if (const napi_value receive = in.property(object, "receive"); in.good() && !in.isAbsent(receive)) {
    engine::ReceiveTable table{};
    const std::uint32_t count = in.length(receive);
    for (std::uint32_t i = 0; i < count && in.good(); i++) {
      const napi_value row = in.element(receive, i);
      const std::uint8_t payloadType = readPayloadType(in, row);
      const codec* codec = readCodec(in, row);
      if (in.good()) table[payloadType] = codec;
    }
    settings.receive = table;
  }
  if (const napi_value event = in.property(object, "telephoneEvent"); in.good() && !in.isAbsent(event)) {
    engine::TelephoneEvents events;
    if (!in.isNull(event)) {
      events.sendPayloadType = static_cast<int>(in.optionalNumber(event, "sendPayloadType").value_or(-1));
      events.receivePayloadType = static_cast<int>(in.optionalNumber(event, "receivePayloadType").value_or(-1));
    }
    settings.telephoneEvents = events;
  }
}

void readRest(Arguments& in, napi_value object, engine::RtpSettings& settings) {
  settings.remote = optionalAddress(in, object, "remote");
  settings.remoteRtcp = optionalAddress(in, object, "remoteRtcp");
  if (const auto value = in.optionalNumber(object, "direction")) {
    settings.direction = static_cast<engine::Direction>(*value);
  }
  if (const auto minimum = in.optionalNumber(object, "jitterMinMs")) {
    settings.jitter = engine::JitterSettings{
        static_cast<std::uint16_t>(*minimum),
        static_cast<std::uint16_t>(in.optionalNumber(object, "jitterMaxMs").value_or(*minimum)),
        in.optionalBoolean(object, "jitterFixed").value_or(false)};
  }
  settings.concealment = in.optionalBoolean(object, "concealment");
  settings.rtcp = in.optionalBoolean(object, "rtcp");
  settings.relatch = in.optionalBoolean(object, "relatch").value_or(false);
  if (const napi_value cname = in.property(object, "cname"); in.good() && !in.isAbsent(cname)) {
    settings.cname = in.text(cname);
  }
  const auto count = [&](const char* name) -> std::optional<std::uint32_t> {
    const auto value = in.optionalNumber(object, name);
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  };
  settings.ssrc = count("ssrc");
  settings.timeoutMs = count("timeoutMs");
  settings.releaseMs = count("releaseMs");
}

napi_value openRtp(Arguments& in, Engine& engine) {
  const rtp::Address local = in.address(1, 2);
  return in.good() ? makeHandle(in.env(), engine.openRtp(local)) : nullptr;
}

napi_value configureRtp(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  engine::RtpSettings settings;
  readStream(in, in.at(2), settings);
  readRest(in, in.at(2), settings);
  return in.good() ? makeCode(in.env(), engine.configureRtp(port, std::move(settings))) : nullptr;
}

/// [code, local address, RTP port, RTCP port, latched address ("" if none), its port, ssrc, remote ssrc (-1 if none)]
napi_value rtpAddresses(Arguments& in, Engine& engine) {
  const engine::Handle port = in.handle(1);
  if (!in.good()) return nullptr;
  engine::RtpAddresses found;
  const engine::Outcome outcome = engine.rtpAddresses(port, found);
  const napi_env env = in.env();
  const auto number = [env](auto value) { return makeNumber(env, static_cast<double>(value)); };
  return makeArray(env, {makeCode(env, outcome), makeText(env, net::printAddress(found.local)), number(found.local.port),
                         number(found.localRtcp.port), makeText(env, net::printAddress(found.latched)),
                         number(found.latched.port), number(found.ssrc), number(found.remoteSsrc)});
}

napi_value sendDatagram(Arguments& in, Engine& engine) {
  const rtp::Address from = in.address(1, 2);
  const rtp::Address to = in.address(3, 4);
  const auto octets = in.octets(5);
  return in.good() ? makeCode(in.env(), engine.sendDatagram(from, to, octets)) : nullptr;
}

napi_value impairNetwork(Arguments& in, Engine& engine) {
  const net::Impairment impairment{.delayMs = static_cast<std::uint32_t>(in.number(1)),
                                   .jitterMs = static_cast<std::uint32_t>(in.number(2)),
                                   .loss = in.number(3), .duplicate = in.number(4)};
  return in.good() ? makeCode(in.env(), engine.impairNetwork(impairment)) : nullptr;
}

constexpr Method kMethods[] = {
    {"openRtp", openRtp}, {"configureRtp", configureRtp}, {"rtpAddresses", rtpAddresses},
    {"sendDatagram", sendDatagram}, {"impairNetwork", impairNetwork},
};

}  // namespace

std::span<const Method> rtpMethods() noexcept { return kMethods; }

}  // namespace trunkgate::binding
