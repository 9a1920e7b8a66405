// Addresses as text and as the kernel wants them.
#pragma once

#include "transport.h"

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace trunkgate::net {

/// An IPv4 or IPv6 literal. False for anything else.
[[nodiscard]] bool parseAddress(std::string_view text, std::uint16_t port, Address& address);
[[nodiscard]] std::string printAddress(const Address& address);

/// Returns the length; 0 for an address of no family.
socklen_t toKernel(const Address& address, sockaddr_storage& storage) noexcept;
[[nodiscard]] Address fromKernel(const sockaddr_storage& storage) noexcept;

}  // namespace trunkgate::net
