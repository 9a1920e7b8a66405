// Who hears whom, seen from the control side: ports that are joined come to one worker, or meet over a link.
#include "engine.h"

#include <algorithm>

namespace trunkgate::engine {

Outcome Engine::bridge(Handle handleA, Handle handleB, bool both) {
  if (const Outcome checked = checkPort(handleA); !checked.ok()) return checked;
  if (const Outcome checked = checkPort(handleB); !checked.ok()) return checked;
  if (!hasRoom()) return {Code::ringFull};
  PortRecord& a = *ports_.find(handleA);
  PortRecord& b = *ports_.find(handleB);
  // Joined already: nothing is touched, a fax call goes on.
  if (doesHear(b, a) && (!both || doesHear(a, b))) return {};
  setHears(b, nullptr);
  if (both) setHears(a, nullptr);
  if (bringTogether(a, b)) {
    setHears(b, &a);
    if (both) setHears(a, &b);
    return {};
  }
  const auto [nearA, nearB] = openLink(a, b);
  if (nearA == nullptr) return {Code::limit};
  setHears(*nearA, &a);
  setHears(b, nearB);
  if (!both) return {};
  setHears(*nearB, &b);
  setHears(a, nearA);
  return {};
}

Outcome Engine::unbridge(Handle handle) {
  if (const Outcome checked = checkPort(handle); !checked.ok()) return checked;
  if (!hasRoom()) return {Code::ringFull};
  PortRecord& record = *ports_.find(handle);
  PortRecord* const partner = record.hears;
  if (partner == nullptr) return {};
  if (PortRecord* const far = partner->twin; far != nullptr) {  // across a link
    PortRecord* const other = far->hears;
    if (other != nullptr && other->hears == far && partner->hears == &record) setHears(*other, nullptr);
  } else if (partner->hears == &record) {
    setHears(*partner, nullptr);
  }
  if (record.hears != nullptr) setHears(record, nullptr);
  return {};
}

/// Directly, or across a link.
bool Engine::doesHear(const PortRecord& listener, const PortRecord& source) noexcept {
  const PortRecord* heard = listener.hears;
  if (heard != nullptr && heard->twin != nullptr) heard = heard->twin->hears;
  return heard == &source;
}

/// The listener and its source are on one worker already.
void Engine::setHears(PortRecord& listener, PortRecord* source) {
  PortRecord* const former = listener.hears;
  if (former == source) return;
  if (former != nullptr) std::erase(former->heardBy, &listener);
  listener.hears = source;
  if (source != nullptr) source->heardBy.push_back(&listener);
  post(listener.worker, [listening = listener.port.get(), heard = source == nullptr ? nullptr : source->port.get()](Worker& worker) noexcept {
    worker.connect(*listening, heard);
  });
  if (former != nullptr && former->twin != nullptr) closeLinkIfUnused(*former);
}

bool Engine::haveOneClock(const PortRecord& a, const PortRecord& b) const noexcept {
  if (a.worker != b.worker) return false;
  if (a.span == nullptr || b.span == nullptr || (a.span == b.span && a.end == b.end)) return true;
  return !a.span->clockIsOff[a.end] && !b.span->clockIsOff[b.end];
}

/// All ports that are joined to this one, itself included.
std::vector<Engine::PortRecord*> Engine::joined(PortRecord& record) {
  std::vector<PortRecord*> found{&record};
  for (std::size_t i = 0; i < found.size(); i++) {
    const auto add = [&](PortRecord* next) {
      if (next != nullptr && std::ranges::find(found, next) == found.end()) found.push_back(next);
    };
    add(found[i]->hears);
    for (PortRecord* listener : found[i]->heardBy) add(listener);
  }
  return found;
}

/// Moves whichever is not bound to a timeslot to the other's worker. False when neither can move.
bool Engine::bringTogether(PortRecord& a, PortRecord& b) {
  if (haveOneClock(a, b)) return true;
  const auto isFixed = [](const PortRecord* record) { return record->isFixed(); };
  const std::vector<PortRecord*> withA = joined(a);
  if (std::ranges::none_of(withA, isFixed)) {
    moveAll(withA, b.worker);
    return true;
  }
  const std::vector<PortRecord*> withB = joined(b);
  if (std::ranges::any_of(withB, isFixed)) return false;
  moveAll(withB, a.worker);
  return true;
}

namespace {

/// Waits until the former worker has let go of the port.
class Adopt final : public Command {
 public:
  explicit Adopt(Port& port) : port_(port) {}
  [[nodiscard]] bool isReady(const Worker& worker) const noexcept override {
    return port_.owner.load(std::memory_order_acquire) == worker.index();
  }
  void run(Worker& worker) noexcept override { worker.addPort(port_); }

 private:
  Port& port_;
};

}  // namespace

void Engine::moveAll(const std::vector<PortRecord*>& records, unsigned worker) {
  std::vector<std::pair<PortRecord*, PortRecord*>> joints;
  for (PortRecord* record : records) {
    if (record->hears == nullptr) continue;
    joints.emplace_back(record, record->hears);
    setHears(*record, nullptr);
  }
  for (PortRecord* record : records) {
    if (record->worker == worker) continue;
    Port* const port = record->port.get();
    post(record->worker, [port, worker](Worker& from) noexcept {
      from.removePort(*port);
      port->owner.store(worker, std::memory_order_release);
    });
    load_[record->worker]--;
    load_[worker]++;
    if (record->hasCodec) {
      lanes_[record->worker].ports--;
      provideLanes(worker);
    }
    record->worker = worker;
    auto adopt = std::make_unique<Adopt>(*port);
    if (workers_[worker]->post(adopt.get())) static_cast<void>(adopt.release());
  }
  for (const auto& [listener, source] : joints) setHears(*listener, source);
}

std::pair<Engine::PortRecord*, Engine::PortRecord*> Engine::openLink(PortRecord& a, PortRecord& b) {
  auto toB = std::make_shared<LinkRing>();
  auto toA = std::make_shared<LinkRing>();
  toB->law.store(b.timeslotSettings.law, std::memory_order_relaxed);
  toA->law.store(a.timeslotSettings.law, std::memory_order_relaxed);
  auto nearA = std::make_unique<PortRecord>();
  auto nearB = std::make_unique<PortRecord>();
  double* const countersA = reservePort(*nearA);
  double* const countersB = countersA == nullptr ? nullptr : reservePort(*nearB);
  if (countersB == nullptr) {
    if (countersA != nullptr) {
      ports_.release(nearA->handle);
      ports_.recycle(HandleTable<PortRecord>::indexOf(nearA->handle));
    }
    return {nullptr, nullptr};
  }
  nearA->worker = a.worker;
  nearB->worker = b.worker;
  nearA->twin = nearB.get();
  nearB->twin = nearA.get();
  nearA->port = std::make_unique<LinkPort>(shared_.hub, countersA, toA, toB);
  nearB->port = std::make_unique<LinkPort>(shared_.hub, countersB, toB, toA);
  const std::pair link{nearA.get(), nearB.get()};
  static_cast<void>(addPort(std::move(nearA)));
  static_cast<void>(addPort(std::move(nearB)));
  return link;
}

/// Nobody hears through it any more; with the last listener it is gone.
void Engine::closeLink(PortRecord& link) {
  std::vector<PortRecord*> listeners = link.twin->heardBy;
  listeners.insert(listeners.end(), link.heardBy.begin(), link.heardBy.end());
  for (PortRecord* listener : listeners) setHears(*listener, nullptr);
}

void Engine::closeLinkIfUnused(PortRecord& link) {
  PortRecord& twin = *link.twin;
  if (!link.heardBy.empty() || !twin.heardBy.empty()) return;
  link.twin = twin.twin = nullptr;
  removePort(link);
  removePort(twin);
}

}  // namespace trunkgate::engine
