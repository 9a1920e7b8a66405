#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace trunkgate::net {

namespace {
// An IPv4 source on a socket of both families (RFC 4291 §2.5.5.2).
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
}  // namespace

bool parseAddress(std::string_view text, std::uint16_t port, Address& address) {
  const std::string literal(text);
  address = {};
  address.port = port;
  if (inet_pton(AF_INET, literal.c_str(), address.ip.data()) == 1) {
    address.family = 4;
    return true;
  }
  if (inet_pton(AF_INET6, literal.c_str(), address.ip.data()) == 1) {
    address.family = 6;
    return true;
  }
  return false;
}

std::string printAddress(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.family == 4) inet_ntop(AF_INET, address.ip.data(), text, sizeof text);
  if (address.family == 6) inet_ntop(AF_INET6, address.ip.data(), text, sizeof text);
  return text;
}

socklen_t toKernel(const Address& address, sockaddr_storage& storage) noexcept {
  if (address.family == 4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    std::memcpy(&in.sin_addr, address.ip.data(), 4);
    std::memcpy(&storage, &in, sizeof in);
    return sizeof in;
  }
  if (address.family == 6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(address.port);
    std::memcpy(&in.sin6_addr, address.ip.data(), 16);
    std::memcpy(&storage, &in, sizeof in);
    return sizeof in;
  }
  return 0;
}

Address fromKernel(const sockaddr_storage& storage) noexcept {
  Address address;
  if (storage.ss_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &storage, sizeof in);
    address.family = 4;
    address.port = ntohs(in.sin_port);
    std::memcpy(address.ip.data(), &in.sin_addr, 4);
  } else if (storage.ss_family == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, &storage, sizeof in);
    address.port = ntohs(in.sin6_port);
    const auto* octets = in.sin6_addr.s6_addr;
    if (std::equal(kMapped.begin(), kMapped.end(), octets)) {
      address.family = 4;
      std::memcpy(address.ip.data(), octets + 12, 4);
    } else {
      address.family = 6;
      std::memcpy(address.ip.data(), octets, 16);
    }
  }
  return address;
}

}  // namespace trunkgate::net
