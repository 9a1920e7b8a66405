// The methods of the addon, as rows: name and function.
#pragma once

#include "environment.h"

#include <span>

namespace trunkgate::binding {

struct Method {
  const char* name;
  napi_value (*call)(Arguments& arguments, engine::Engine& engine);
};

/// A function that belongs to no engine.
struct Function {
  const char* name;
  napi_callback call;
};

[[nodiscard]] std::span<const Function> codecFunctions() noexcept;

[[nodiscard]] std::span<const Method> spanMethods() noexcept;
[[nodiscard]] std::span<const Method> portMethods() noexcept;
[[nodiscard]] std::span<const Method> rtpMethods() noexcept;
[[nodiscard]] std::span<const Method> terminalMethods() noexcept;

/// A tone as the TypeScript side gives it: {country, name} (name: its number) or {level, repeats, segments} with five numbers a
/// segment (four frequencies, ms).
[[nodiscard]] tone_pattern readTone(Arguments& arguments, napi_value value);

}  // namespace trunkgate::binding
