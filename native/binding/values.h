// JavaScript values to plain ones and back. The only includer of node-api, with addon.cc and what stands beside it.
//
// A wrong argument throws a TypeError with code ERR_INVALID_ARG_TYPE; the reader then gives zeros and the caller returns at once.
#pragma once

#include "../engine/engine.h"

#include <node_api.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace trunkgate::binding {

/// The arguments of one call.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) noexcept;

  [[nodiscard]] napi_env env() const noexcept { return env_; }
  /// False once something was wrong: an exception waits to be thrown.
  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] napi_value at(std::size_t index) const noexcept { return values_[index]; }
  [[nodiscard]] void* data() const noexcept { return data_; }

  [[nodiscard]] double number(std::size_t index) noexcept { return number(values_[index]); }
  [[nodiscard]] bool boolean(std::size_t index) noexcept { return boolean(values_[index]); }
  [[nodiscard]] std::string text(std::size_t index) noexcept { return text(values_[index]); }
  [[nodiscard]] engine::Handle handle(std::size_t index) noexcept { return handle(values_[index]); }
  [[nodiscard]] std::span<const std::uint8_t> octets(std::size_t index) noexcept;
  [[nodiscard]] std::span<const std::int16_t> samples(std::size_t index) noexcept;
  [[nodiscard]] rtp::Address address(std::size_t text, std::size_t port) noexcept;

  [[nodiscard]] double number(napi_value value) noexcept;
  [[nodiscard]] bool boolean(napi_value value) noexcept;
  [[nodiscard]] std::string text(napi_value value) noexcept;
  [[nodiscard]] engine::Handle handle(napi_value value) noexcept;
  [[nodiscard]] rtp::Address address(napi_value text, napi_value port) noexcept;
  [[nodiscard]] std::vector<double> numbers(napi_value value) noexcept;

  [[nodiscard]] bool isAbsent(napi_value value) noexcept { return is(value, napi_undefined); }
  [[nodiscard]] bool isNull(napi_value value) noexcept { return is(value, napi_null); }
  [[nodiscard]] napi_value property(napi_value object, const char* name) noexcept;
  [[nodiscard]] napi_value element(napi_value array, std::uint32_t index) noexcept;
  [[nodiscard]] std::uint32_t length(napi_value array) noexcept;
  [[nodiscard]] std::optional<double> optionalNumber(napi_value object, const char* name) noexcept;
  [[nodiscard]] std::optional<double> optionalNumber(std::size_t index) noexcept;
  [[nodiscard]] std::optional<bool> optionalBoolean(napi_value object, const char* name) noexcept;

  void fail(const char* message) noexcept;

 private:
  static constexpr std::size_t kMost = 8;
  [[nodiscard]] bool is(napi_value value, napi_valuetype type) noexcept;
  [[nodiscard]] bool check(napi_status status, const char* message) noexcept;

  napi_env env_;
  std::array<napi_value, kMost> values_{};
  void* data_ = nullptr;
  bool good_ = true;
};

[[nodiscard]] napi_value makeNumber(napi_env env, double value) noexcept;
[[nodiscard]] napi_value makeText(napi_env env, const std::string& value) noexcept;
[[nodiscard]] napi_value makeBoolean(napi_env env, bool value) noexcept;
[[nodiscard]] napi_value makeNull(napi_env env) noexcept;
[[nodiscard]] napi_value makeOctets(napi_env env, std::span<const std::uint8_t> octets) noexcept;
[[nodiscard]] napi_value makeArray(napi_env env, std::initializer_list<napi_value> values) noexcept;

/// 0, the code, or 1000 + errno: src/addon/outcomes.ts reads it.
[[nodiscard]] napi_value makeCode(napi_env env, const engine::Outcome& outcome) noexcept;
/// The handle, or the code as above made negative.
[[nodiscard]] napi_value makeHandle(napi_env env, const engine::Outcome& outcome) noexcept;

}  // namespace trunkgate::binding
