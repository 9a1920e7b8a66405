#include "values.h"

#include "../net/address.h"

#include <cmath>
#include <cstring>

namespace trunkgate::binding {

namespace {
constexpr double kSystemCode = 1000;

double codeOf(const engine::Outcome& outcome) noexcept {
  if (outcome.code == engine::Code::system) return kSystemCode + outcome.error;
  return static_cast<double>(outcome.code);
}
}  // namespace

Arguments::Arguments(napi_env env, napi_callback_info info) noexcept : env_(env) {
  std::size_t count = kMost;
  good_ = napi_get_cb_info(env, info, &count, values_.data(), nullptr, &data_) == napi_ok;
}

void Arguments::fail(const char* message) noexcept {
  if (good_) napi_throw_type_error(env_, "ERR_INVALID_ARG_TYPE", message);
  good_ = false;
}

bool Arguments::check(napi_status status, const char* message) noexcept {
  if (status != napi_ok) fail(message);
  return status == napi_ok;
}

bool Arguments::is(napi_value value, napi_valuetype type) noexcept {
  napi_valuetype found = napi_undefined;
  return napi_typeof(env_, value, &found) == napi_ok && found == type;
}

double Arguments::number(napi_value value) noexcept {
  double number = 0;
  if (!check(napi_get_value_double(env_, value, &number), "a number is expected")) return 0;
  if (!std::isfinite(number)) fail("a finite number is expected");
  return good_ ? number : 0;
}

bool Arguments::boolean(napi_value value) noexcept {
  bool boolean = false;
  static_cast<void>(check(napi_get_value_bool(env_, value, &boolean), "true or false is expected"));
  return boolean;
}

std::string Arguments::text(napi_value value) noexcept {
  std::size_t length = 0;
  if (!check(napi_get_value_string_utf8(env_, value, nullptr, 0, &length), "a string is expected")) return {};
  std::string text(length, '\0');
  napi_get_value_string_utf8(env_, value, text.data(), length + 1, &length);
  return text;
}

engine::Handle Arguments::handle(napi_value value) noexcept {
  const double number = this->number(value);
  // What is no handle at all is simply stale.
  return number >= 0 && number < 0x1p53 ? static_cast<engine::Handle>(number) : 0;
}

std::span<const std::uint8_t> Arguments::octets(std::size_t index) noexcept {
  napi_typedarray_type type = napi_int8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(env_, values_[index], &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint8_array) {
    fail("a Uint8Array is expected");
    return {};
  }
  return {static_cast<const std::uint8_t*>(data), length};
}

std::span<const std::int16_t> Arguments::samples(std::size_t index) noexcept {
  napi_typedarray_type type = napi_int8_array;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(env_, values_[index], &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_int16_array) {
    fail("an Int16Array is expected");
    return {};
  }
  return {static_cast<const std::int16_t*>(data), length};
}

rtp::Address Arguments::address(std::size_t text, std::size_t port) noexcept {
  return address(values_[text], values_[port]);
}

rtp::Address Arguments::address(napi_value literal, napi_value port) noexcept {
  const std::string words = text(literal);
  const double number = this->number(port);
  rtp::Address address;
  if (!good_) return address;
  if (number < 0 || number > 65535 || !net::parseAddress(words, static_cast<std::uint16_t>(number), address)) {
    fail("an address is an IPv4 or IPv6 literal and a port of 0 to 65535");
  }
  return address;
}

std::vector<double> Arguments::numbers(napi_value value) noexcept {
  std::vector<double> numbers;
  const std::uint32_t count = length(value);
  for (std::uint32_t i = 0; i < count && good_; i++) numbers.push_back(number(element(value, i)));
  return numbers;
}

napi_value Arguments::property(napi_value object, const char* name) noexcept {
  napi_value value = nullptr;
  static_cast<void>(check(napi_get_named_property(env_, object, name, &value), "an object is expected"));
  return value;
}

napi_value Arguments::element(napi_value array, std::uint32_t index) noexcept {
  napi_value value = nullptr;
  static_cast<void>(check(napi_get_element(env_, array, index, &value), "an array is expected"));
  return value;
}

std::uint32_t Arguments::length(napi_value array) noexcept {
  std::uint32_t length = 0;
  static_cast<void>(check(napi_get_array_length(env_, array, &length), "an array is expected"));
  return length;
}

std::optional<double> Arguments::optionalNumber(napi_value object, const char* name) noexcept {
  const napi_value value = property(object, name);
  if (!good_ || isAbsent(value)) return std::nullopt;
  return number(value);
}

std::optional<double> Arguments::optionalNumber(std::size_t index) noexcept {
  if (isAbsent(values_[index])) return std::nullopt;
  return number(values_[index]);
}

std::optional<bool> Arguments::optionalBoolean(napi_value object, const char* name) noexcept {
  const napi_value value = property(object, name);
  if (!good_ || isAbsent(value)) return std::nullopt;
  return boolean(value);
}

napi_value makeNumber(napi_env env, double value) noexcept {
  napi_value made = nullptr;
  napi_create_double(env, value, &made);
  return made;
}

napi_value makeText(napi_env env, const std::string& value) noexcept {
  napi_value made = nullptr;
  napi_create_string_utf8(env, value.data(), value.size(), &made);
  return made;
}

napi_value makeBoolean(napi_env env, bool value) noexcept {
  napi_value made = nullptr;
  napi_get_boolean(env, value, &made);
  return made;
}

napi_value makeNull(napi_env env) noexcept {
  napi_value made = nullptr;
  napi_get_null(env, &made);
  return made;
}

napi_value makeOctets(napi_env env, std::span<const std::uint8_t> octets) noexcept {
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value made = nullptr;
  if (napi_create_arraybuffer(env, octets.size(), &data, &buffer) != napi_ok) return makeNull(env);
  if (!octets.empty()) std::memcpy(data, octets.data(), octets.size());
  napi_create_typedarray(env, napi_uint8_array, octets.size(), buffer, 0, &made);
  return made;
}

napi_value makeArray(napi_env env, std::initializer_list<napi_value> values) noexcept {
  napi_value made = nullptr;
  napi_create_array_with_length(env, values.size(), &made);
  std::uint32_t index = 0;
  for (const napi_value value : values) napi_set_element(env, made, index++, value);
  return made;
}

napi_value makeCode(napi_env env, const engine::Outcome& outcome) noexcept {
  return makeNumber(env, codeOf(outcome));
}

napi_value makeHandle(napi_env env, const engine::Outcome& outcome) noexcept {
  return makeNumber(env, outcome.ok() ? static_cast<double>(outcome.handle) : -codeOf(outcome));
}

}  // namespace trunkgate::binding
