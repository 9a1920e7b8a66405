// What one JavaScript environment (the main thread, or a worker thread) holds of the addon: its engines.
#pragma once

#include "values.h"

#include <atomic>
#include <memory>
#include <vector>

namespace trunkgate::binding {

/// An engine with its wake-up and its pages of counters.
class BoundEngine {
 public:
  /// `wake` is called with no arguments when there are events to drain. Throws into JavaScript and gives null on failure.
  static std::unique_ptr<BoundEngine> open(napi_env env, engine::EngineOptions&& options, napi_value wake);
  ~BoundEngine();
  BoundEngine(const BoundEngine&) = delete;
  BoundEngine& operator=(const BoundEngine&) = delete;

  [[nodiscard]] engine::Engine& engine() noexcept { return *engine_; }
  /// The events since the last call, as an array of arrays (src/addon/event-reader.ts reads them).
  [[nodiscard]] napi_value drain(napi_env env);
  /// A Float64Array over a page of counters; undefined when there is none.
  [[nodiscard]] napi_value counterPage(napi_env env, std::size_t kind, std::size_t index);
  void close() noexcept;

 private:
  explicit BoundEngine(napi_env env) noexcept : env_(env) {}
  [[nodiscard]] double* allocatePage(engine::CounterPage page, std::size_t doubles);
  struct Page {
    std::shared_ptr<double[]> memory;
    std::size_t doubles;
    napi_ref view;
  };
  [[nodiscard]] static bool makeView(napi_env env, Page& page);
  static void wake(void* context) noexcept;
  static void closeWithEnvironment(void* context) noexcept;

  napi_env env_;
  std::unique_ptr<engine::Engine> engine_;
  napi_threadsafe_function wakeFunction_ = nullptr;
  std::atomic<bool> wakePending_{false};
  std::array<std::vector<Page>, 3> pages_;
  bool open_ = false;
};

class Environment {
 public:
  [[nodiscard]] std::size_t add(std::unique_ptr<BoundEngine> bound);
  [[nodiscard]] BoundEngine* find(double id) noexcept;

 private:
  std::vector<std::unique_ptr<BoundEngine>> engines_;
};

}  // namespace trunkgate::binding
