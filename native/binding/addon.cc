// The addon: one environment's state, and the methods of the engine by name. Each takes the number of an engine first, but for
// those of codecs.
#include "methods.h"

namespace trunkgate::binding {

namespace {

Environment* environmentOf(napi_env env) noexcept {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return static_cast<Environment*>(data);
}

/// ({stepped, workers, cpus, seed, startMs, realtime, dscp, path?}, wake): the engine's number
napi_value createEngine(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  const napi_value object = in.at(0);
  engine::EngineOptions options;
  options.stepped = in.boolean(in.property(object, "stepped"));
  options.workers = static_cast<unsigned>(in.number(in.property(object, "workers")));
  for (const double cpu : in.numbers(in.property(object, "cpus"))) options.cpus.push_back(static_cast<int>(cpu));
  options.seed = static_cast<std::uint64_t>(in.number(in.property(object, "seed")));
  options.startMs = static_cast<std::int64_t>(in.number(in.property(object, "startMs")));
  options.realtime = in.boolean(in.property(object, "realtime"));
  options.dscp = static_cast<std::uint8_t>(in.number(in.property(object, "dscp")));
  if (const napi_value path = in.property(object, "path"); in.good() && !in.isAbsent(path)) {
    options.path = net::PathImpairment{
        .delayMs = static_cast<std::uint32_t>(in.number(in.property(path, "delayMs"))),
        .jitterMs = static_cast<std::uint32_t>(in.number(in.property(path, "jitterMs"))),
        .loss = in.number(in.property(path, "loss")),
        .burst = in.number(in.property(path, "burst")),
        .seed = static_cast<std::uint64_t>(in.number(in.property(path, "seed")))};
  }
  if (!in.good()) return nullptr;
  auto bound = BoundEngine::open(env, std::move(options), in.at(1));
  if (bound == nullptr) return nullptr;
  return makeNumber(env, static_cast<double>(environmentOf(env)->add(std::move(bound))));
}

BoundEngine* boundOf(Arguments& in) {
  const double id = in.number(std::size_t{0});
  BoundEngine* bound = environmentOf(in.env())->find(id);
  if (in.good() && bound == nullptr) in.fail("no engine of this number");
  return bound;
}

napi_value now(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  BoundEngine* bound = boundOf(in);
  return in.good() ? makeNumber(env, bound->engine().nowMs()) : nullptr;
}

napi_value advance(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  BoundEngine* bound = boundOf(in);
  const double ms = in.number(1);
  return in.good() ? makeCode(env, bound->engine().advance(static_cast<unsigned>(ms))) : nullptr;
}

napi_value close(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  BoundEngine* bound = boundOf(in);
  if (in.good()) bound->close();
  return nullptr;
}

napi_value drain(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  BoundEngine* bound = boundOf(in);
  return in.good() ? bound->drain(env) : nullptr;
}

/// (id, kind, index)
napi_value counterPage(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  BoundEngine* bound = boundOf(in);
  const auto kind = static_cast<std::size_t>(in.number(1));
  const auto index = static_cast<std::size_t>(in.number(2));
  return in.good() ? bound->counterPage(env, kind, index) : nullptr;
}

/// [[port counters], [span counters], [worker counters], [histogram bounds], [slot sizes], slots of a page]
napi_value layout(napi_env env, napi_callback_info) {
  const auto names = [env](const auto& list) {
    napi_value array = nullptr;
    napi_create_array_with_length(env, list.size(), &array);
    std::uint32_t index = 0;
    for (const auto name : list) napi_set_element(env, array, index++, makeText(env, std::string(name)));
    return array;
  };
  napi_value bounds = nullptr;
  napi_create_array(env, &bounds);
  std::uint32_t index = 0;
  for (const std::uint32_t bound : engine::kHistogramBoundsUs) napi_set_element(env, bounds, index++, makeNumber(env, bound));
  return makeArray(env, {names(engine::kPortCounterNames), names(engine::kSpanCounterNames),
                         names(engine::kWorkerCounterNames), bounds,
                         makeArray(env, {makeNumber(env, engine::kPortSlot), makeNumber(env, engine::kSpanSlot),
                                         makeNumber(env, engine::kWorkerSlot)}),
                         makeNumber(env, engine::kSlotsOfPage)});
}

/// A method of an engine; its row is the function's data.
napi_value callMethod(napi_env env, napi_callback_info info) {
  Arguments in(env, info);
  BoundEngine* bound = boundOf(in);
  if (!in.good()) return nullptr;
  return static_cast<const Method*>(in.data())->call(in, bound->engine());
}

void define(napi_env env, napi_value exports, const char* name, napi_callback callback, const void* data = nullptr) {
  napi_value function = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, const_cast<void*>(data), &function);
  napi_set_named_property(env, exports, name, function);
}

napi_value initialize(napi_env env, napi_value exports) {
  napi_set_instance_data(env, new Environment(),
                         [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); }, nullptr);
  define(env, exports, "createEngine", createEngine);
  define(env, exports, "now", now);
  define(env, exports, "advance", advance);
  define(env, exports, "close", close);
  define(env, exports, "drain", drain);
  define(env, exports, "counterPage", counterPage);
  define(env, exports, "layout", layout);
  for (const Function& function : codecFunctions()) define(env, exports, function.name, function.call);
  for (const auto methods : {spanMethods(), portMethods(), rtpMethods(), terminalMethods()}) {
    for (const Method& method : methods) define(env, exports, method.name, callMethod, &method);
  }
  return exports;
}

}  // namespace

}  // namespace trunkgate::binding

NAPI_MODULE_INIT() { return trunkgate::binding::initialize(env, exports); }
