#include "environment.h"

#include "../net/address.h"

#include <cstring>

namespace trunkgate::binding {

std::unique_ptr<BoundEngine> BoundEngine::open(napi_env env, engine::EngineOptions&& options,
                                               napi_value wake) {
  std::unique_ptr<BoundEngine> bound(new BoundEngine(env));
  napi_value name = makeText(env, "trunkgate-media");
  if (napi_create_threadsafe_function(env, wake, nullptr, name, 1, 1, nullptr, nullptr, nullptr,
                                      nullptr, &bound->wakeFunction_) != napi_ok) {
    napi_throw_error(env, "ERR_ENGINE", "no thread-safe function could be made");
    return nullptr;
  }
  // An engine alone does not keep the process alive.
  napi_unref_threadsafe_function(env, bound->wakeFunction_);
  options.counterMemory = [engine = bound.get()](engine::CounterPage page, std::size_t, std::size_t doubles) {
    return engine->allocatePage(page, doubles);
  };
  options.wake = &BoundEngine::wake;
  options.context = bound.get();
  bound->engine_ = std::make_unique<engine::Engine>(std::move(options));
  bound->open_ = true;
  // Added after the thread-safe function's own hook, so it runs before it: no worker is left to call it.
  napi_add_env_cleanup_hook(env, &BoundEngine::closeWithEnvironment, bound.get());
  return bound;
}

BoundEngine::~BoundEngine() { close(); }

void BoundEngine::close() noexcept {
  if (!open_) return;
  open_ = false;
  napi_remove_env_cleanup_hook(env_, &BoundEngine::closeWithEnvironment, this);
  engine_->close();
  napi_release_threadsafe_function(wakeFunction_, napi_tsfn_abort);
  for (auto& kind : pages_) {
    for (const Page& page : kind) {
      if (page.view != nullptr) napi_delete_reference(env_, page.view);
    }
    kind.clear();
  }
}

void BoundEngine::closeWithEnvironment(void* context) noexcept {
  static_cast<BoundEngine*>(context)->close();
}

void BoundEngine::wake(void* context) noexcept {
  auto& bound = *static_cast<BoundEngine*>(context);
  if (bound.wakePending_.exchange(true, std::memory_order_acq_rel)) return;
  napi_call_threadsafe_function(bound.wakeFunction_, nullptr, napi_tsfn_nonblocking);
}

// Not the environment's memory: one that is being torn down has none to give (a worker thread may be ended in mid-call).
double* BoundEngine::allocatePage(engine::CounterPage page, std::size_t doubles) {
  auto& pages = pages_[static_cast<std::size_t>(page)];
  pages.push_back({std::make_shared<double[]>(doubles), doubles, nullptr});
  return pages.back().memory.get();
}

// A view holds the memory too: JavaScript may keep looking at it after the engine is closed.
bool BoundEngine::makeView(napi_env env, Page& page) {
  auto held = std::make_unique<std::shared_ptr<double[]>>(page.memory);
  const auto release = [](napi_env, void*, void* hint) { delete static_cast<std::shared_ptr<double[]>*>(hint); };
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(env, page.memory.get(), page.doubles * sizeof(double), release,
                                       held.get(), &buffer) != napi_ok) {
    return false;
  }
  static_cast<void>(held.release());
  napi_value array = nullptr;
  return napi_create_typedarray(env, napi_float64_array, page.doubles, buffer, 0, &array) == napi_ok &&
         napi_create_reference(env, array, 1, &page.view) == napi_ok;
}

napi_value BoundEngine::counterPage(napi_env env, std::size_t kind, std::size_t index) {
  napi_value view = nullptr;
  if (kind < pages_.size() && index < pages_[kind].size()) {
    Page& page = pages_[kind][index];
    if (page.view != nullptr || makeView(env, page)) napi_get_reference_value(env, page.view, &view);
  }
  if (view == nullptr) napi_get_undefined(env, &view);
  return view;
}

namespace {

napi_value presentEvent(napi_env env, const engine::Event& event) {
  using engine::EventKind;
  const auto number = [env](auto value) { return makeNumber(env, static_cast<double>(value)); };
  const auto text = [env](const rtp::Address& address) { return makeText(env, net::printAddress(address)); };
  const napi_value kind = number(event.kind);
  const napi_value handle = number(event.handle);
  const napi_value at = number(event.atMs);
  switch (event.kind) {
    case EventKind::digit:
      return makeArray(env, {kind, handle, at, makeText(env, std::string(1, dtmf_character(event.detected.code))),
                             number(event.detected.durationMs), makeBoolean(env, event.detected.rfc4733)});
    case EventKind::tone:
      return makeArray(env, {kind, handle, at, number(event.detected.frequency), makeBoolean(env, event.detected.present)});
    case EventKind::sourceLatched:
      return makeArray(env, {kind, handle, at, text(event.from), number(event.from.port)});
    case EventKind::ssrcChanged:
      return makeArray(env, {kind, handle, at, number(event.ssrc)});
    case EventKind::faxOrModem:
      return makeArray(env, {kind, handle, at,
                             number(static_cast<unsigned>(event.fax) - static_cast<unsigned>(engine::Notice::ans))});
    case EventKind::signalling:
      return makeArray(env, {kind, handle, at, makeOctets(env, event.octets)});
    case EventKind::signallingErrors:
      return makeArray(env, {kind, handle, at, number(event.fcsErrors), number(event.aborts)});
    case EventKind::spanAlarm:
      return makeArray(env, {kind, handle, at, number(event.alarm)});
    case EventKind::datagram:
      return makeArray(env, {kind, handle, at, text(event.from), number(event.from.port), text(event.to),
                             number(event.to.port), makeOctets(env, event.octets)});
    default:
      return makeArray(env, {kind, handle, at});
  }
}

}  // namespace

napi_value BoundEngine::drain(napi_env env) {
  wakePending_.store(false, std::memory_order_release);
  std::vector<engine::Event> events;
  if (!engine_->isClosed()) engine_->drain(events);
  napi_value array = nullptr;
  napi_create_array_with_length(env, events.size(), &array);
  std::uint32_t index = 0;
  for (const engine::Event& event : events) {
    napi_handle_scope scope = nullptr;
    napi_open_handle_scope(env, &scope);
    napi_set_element(env, array, index++, presentEvent(env, event));
    napi_close_handle_scope(env, scope);
  }
  return array;
}

std::size_t Environment::add(std::unique_ptr<BoundEngine> bound) {
  engines_.push_back(std::move(bound));
  return engines_.size() - 1;
}

BoundEngine* Environment::find(double id) noexcept {
  const auto index = static_cast<std::size_t>(id);
  return id >= 0 && index < engines_.size() ? engines_[index].get() : nullptr;
}

}  // namespace trunkgate::binding
