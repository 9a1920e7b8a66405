// A ring of bits in words of 64: ranges set, cleared and counted word by word.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace trunkgate::rtp {

/// `change` is called with each word of a range and the mask of its bits. `ring` is a multiple of 64.
template <std::size_t N, class Change>
void eachWord(std::array<std::uint64_t, N>& bits, std::uint32_t first, std::uint32_t count,
              std::uint32_t ring, Change change) noexcept {
  const std::uint32_t start = first & 63;
  if (start + count <= 64 && count < 64) {  // most often, with blocks of 1 ms
    change(bits[first >> 6], ((std::uint64_t{1} << count) - 1) << start);
    return;
  }
  while (count > 0) {
    const std::uint32_t shift = first & 63;
    const std::uint32_t part = std::min({count, 64 - shift, ring - first});
    const std::uint64_t mask = (part == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << part) - 1)
                               << shift;
    change(bits[first >> 6], mask);
    first += part;
    if (first == ring) first = 0;
    count -= part;
  }
}

template <std::size_t N>
void setBits(std::array<std::uint64_t, N>& bits, std::uint32_t first, std::uint32_t count,
             std::uint32_t ring) noexcept {
  eachWord(bits, first, count, ring,
           [](std::uint64_t& word, std::uint64_t mask) noexcept { word |= mask; });
}

template <std::size_t N>
void clearBits(std::array<std::uint64_t, N>& bits, std::uint32_t first, std::uint32_t count,
               std::uint32_t ring) noexcept {
  eachWord(bits, first, count, ring,
           [](std::uint64_t& word, std::uint64_t mask) noexcept { word &= ~mask; });
}

template <std::size_t N>
std::uint32_t countBits(const std::array<std::uint64_t, N>& bits, std::uint32_t first,
                        std::uint32_t count, std::uint32_t ring) noexcept {
  std::uint32_t sum = 0;
  eachWord(const_cast<std::array<std::uint64_t, N>&>(bits), first, count, ring,
           [&sum](const std::uint64_t& word, std::uint64_t mask) noexcept {
             sum += static_cast<std::uint32_t>(std::popcount(word & mask));
           });
  return sum;
}

template <std::size_t N>
bool testBit(const std::array<std::uint64_t, N>& bits, std::uint32_t unit) noexcept {
  return (bits[unit >> 6] >> (unit & 63) & 1) != 0;
}

}  // namespace trunkgate::rtp
