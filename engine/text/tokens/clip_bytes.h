#pragma once

#include <array>
#include <cstdint>

namespace studio::engine {

/// CLIP's vocabulary begins with the 256 bytes: first those that print in Latin-1, then the others, each ascending;
/// the same 256 again are the forms that end a word (Radford et al. 2019, byte-level BPE).
constexpr bool printsInLatin1(int byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

constexpr std::array<std::uint16_t, 256> makeClipByteIds() {
  std::array<std::uint16_t, 256> ids{};
  std::uint16_t next = 0;
  for (const bool printing : {true, false}) {
    for (int byte = 0; byte < 256; ++byte) {
      if (printsInLatin1(byte) == printing) ids[byte] = next++;
    }
  }
  return ids;
}

inline constexpr std::array<std::uint16_t, 256> kClipByteIds = makeClipByteIds();
inline constexpr std::uint16_t kClipWordEnd = 256;  ///< added to a byte's id at the end of a word

}  // namespace studio::engine
