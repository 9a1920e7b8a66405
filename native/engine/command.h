// A command travels to a worker, is run there, and comes back to be freed.
#pragma once

#include <utility>

namespace trunkgate::engine {

class Worker;

class Command {
 public:
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  virtual ~Command() = default;
  virtual void run(Worker& worker) noexcept = 0;
  /// A command that waits for another worker holds up those behind it.
  [[nodiscard]] virtual bool isReady(const Worker&) const noexcept { return true; }

  Command* nextRetired = nullptr;
};

/// What is captured is freed by the control side, after the worker is done with it.
template <class Function>
class FunctionCommand final : public Command {
 public:
  explicit FunctionCommand(Function&& function) : function_(std::move(function)) {}
  void run(Worker& worker) noexcept override { function_(worker); }

 private:
  Function function_;
};

}  // namespace trunkgate::engine
