#include "engine/weights/block_formats.h"

#include "engine/api/engine_error.h"

#include <c10/util/Half.h>

#include <array>
#include <cstring>
#include <utility>

// Layouts of the blocks as ggml (https://github.com/ggml-org/ggml, ggml-common.h) defines them; every number is
// little-endian. Formats of 32 keep one scale for 32 numbers, those of 256 ("K") a scale and a minimum in 4 or 6 bits
// for each 16 or 32 of them.

namespace studio::engine {
namespace {

using Bytes8 = const std::uint8_t*;

float halfAt(Bytes8 at) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return static_cast<float>(c10::Half(bits, c10::Half::from_bits()));
}

/// Values of the non-linear 4-bit formats.
constexpr std::array<std::int8_t, 16> kNonLinear{-127, -104, -83, -65, -49, -35, -22, -10,
                                                 1,    13,   25,  38,  53,  69,  89,  113};

void expandQ8_0(Bytes8 block, float* to) {
  const float scale = halfAt(block);
  for (int i = 0; i < 32; ++i) to[i] = scale * static_cast<float>(static_cast<std::int8_t>(block[2 + i]));
}

/// Low nibbles are the first half of the block, high nibbles the second; `fifth` holds a fifth bit for each number.
template <class Value>
void expandNibbles(Bytes8 nibbles, std::uint32_t fifth, float* to, Value value) {
  for (int i = 0; i < 16; ++i) {
    to[i] = value((nibbles[i] & 15) | static_cast<int>((fifth >> i & 1) << 4));
    to[i + 16] = value((nibbles[i] >> 4) | static_cast<int>((fifth >> (i + 16) & 1) << 4));
  }
}

std::uint32_t bitsAt(Bytes8 at) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return bits;
}

void expandQ4_0(Bytes8 block, float* to) {
  const float scale = halfAt(block);
  expandNibbles(block + 2, 0, to, [scale](int q) { return static_cast<float>(q - 8) * scale; });
}

void expandQ4_1(Bytes8 block, float* to) {
  const float scale = halfAt(block), minimum = halfAt(block + 2);
  expandNibbles(block + 4, 0, to, [scale, minimum](int q) { return static_cast<float>(q) * scale + minimum; });
}

void expandQ5_0(Bytes8 block, float* to) {
  const float scale = halfAt(block);
  expandNibbles(block + 6, bitsAt(block + 2), to, [scale](int q) { return static_cast<float>(q - 16) * scale; });
}

void expandQ5_1(Bytes8 block, float* to) {
  const float scale = halfAt(block), minimum = halfAt(block + 2);
  expandNibbles(block + 8, bitsAt(block + 4), to,
                [scale, minimum](int q) { return static_cast<float>(q) * scale + minimum; });
}

void expandIQ4_NL(Bytes8 block, float* to) {
  const float scale = halfAt(block);
  expandNibbles(block + 2, 0, to,
                [scale](int q) { return scale * static_cast<float>(kNonLinear[static_cast<std::size_t>(q)]); });
}

/// 16 scales (4 bits scale, 4 bits minimum), 64 bytes of 2-bit numbers, scale and minimum of the block.
void expandQ2_K(Bytes8 block, float* to) {
  const float scale = halfAt(block + 80), minimum = halfAt(block + 82);
  for (int half = 0, group = 0; half < 2; ++half) {
    const Bytes8 quants = block + 16 + 32 * half;
    for (int shift = 0; shift < 8; shift += 2) {
      for (int part = 0; part < 2; ++part, ++group) {
        const float step = scale * static_cast<float>(block[group] & 15);
        const float least = minimum * static_cast<float>(block[group] >> 4);
        for (int i = 0; i < 16; ++i) *to++ = step * static_cast<float>(quants[16 * part + i] >> shift & 3) - least;
      }
    }
  }
}

/// 32 bytes of third bits, 64 bytes of 2-bit numbers, 16 scales of 6 bits in 12 bytes, scale of the block.
void expandQ3_K(Bytes8 block, float* to) {
  const Bytes8 packed = block + 96;
  const float scale = halfAt(block + 108);
  for (int half = 0, group = 0; half < 2; ++half) {
    const Bytes8 quants = block + 32 + 32 * half;
    for (int pair = 0; pair < 4; ++pair) {
      const int third = 1 << (4 * half + pair);
      for (int part = 0; part < 2; ++part, ++group) {
        const int low = group < 8 ? packed[group] & 15 : packed[group - 8] >> 4;
        const int high = packed[8 + group % 4] >> (2 * (group / 4)) & 3;
        const float step = scale * static_cast<float>((low | high << 4) - 32);
        for (int i = 16 * part; i < 16 * part + 16; ++i)
          *to++ = step * static_cast<float>((quants[i] >> (2 * pair) & 3) - ((block[i] & third) != 0 ? 0 : 4));
      }
    }
  }
}

/// Scale and minimum number `group` of the eight that Q4_K and Q5_K keep, 6 bits each, in 12 bytes.
std::pair<float, float> scaleAndMinimum(Bytes8 packed, int group) {
  if (group < 4) return {static_cast<float>(packed[group] & 63), static_cast<float>(packed[group + 4] & 63)};
  return {static_cast<float>((packed[group + 4] & 15) | (packed[group - 4] >> 6) << 4),
          static_cast<float>((packed[group + 4] >> 4) | (packed[group] >> 6) << 4)};
}

/// `fifth`: 32 bytes, bit n of byte i belongs to number i of group n; null for Q4_K.
void expandQ45_K(Bytes8 block, Bytes8 fifth, Bytes8 quants, float* to) {
  const float scale = halfAt(block), minimum = halfAt(block + 2);
  for (int group = 0; group < 8; ++group) {
    const auto [groupScale, groupMinimum] = scaleAndMinimum(block + 4, group);
    const float step = scale * groupScale, least = minimum * groupMinimum;
    const int shift = 4 * (group % 2);
    for (int i = 0; i < 32; ++i) {
      const int high = fifth != nullptr && (fifth[i] >> group & 1) != 0 ? 16 : 0;
      *to++ = step * static_cast<float>((quants[32 * (group / 2) + i] >> shift & 15) + high) - least;
    }
  }
}

void expandQ4_K(Bytes8 block, float* to) { expandQ45_K(block, nullptr, block + 16, to); }

void expandQ5_K(Bytes8 block, float* to) { expandQ45_K(block, block + 16, block + 48, to); }

/// 128 bytes of low nibbles, 64 bytes of 2 high bits, 16 signed scales, scale of the block.
void expandQ6_K(Bytes8 block, float* to) {
  const float scale = halfAt(block + 208);
  for (int half = 0; half < 2; ++half) {
    const Bytes8 low = block + 64 * half, high = block + 128 + 32 * half, scales = block + 192 + 8 * half;
    for (int quarter = 0; quarter < 4; ++quarter) {
      for (int i = 0; i < 32; ++i) {
        const int nibble = low[32 * (quarter % 2) + i] >> (4 * (quarter / 2)) & 15;
        const int number = (nibble | (high[i] >> (2 * quarter) & 3) << 4) - 32;
        const auto step = static_cast<std::int8_t>(scales[2 * quarter + i / 16]);
        *to++ = scale * static_cast<float>(step) * static_cast<float>(number);
      }
    }
  }
}

/// Scale, 8 scales of 6 bits (2 high bits in 2 bytes, 4 low ones in 4), 128 bytes of 4-bit indices.
void expandIQ4_XS(Bytes8 block, float* to) {
  const float scale = halfAt(block);
  const int high = block[2] | block[3] << 8;
  for (int group = 0; group < 8; ++group) {
    const int low = block[4 + group / 2] >> (4 * (group % 2)) & 15;
    const float step = scale * static_cast<float>((low | (high >> (2 * group) & 3) << 4) - 32);
    expandNibbles(block + 8 + 16 * group, 0, to + 32 * group,
                  [step](int q) { return step * static_cast<float>(kNonLinear[static_cast<std::size_t>(q)]); });
  }
}

using Expand = void (*)(Bytes8 block, float* to);

Expand expanderOf(ElementType type) {
  static constexpr std::array<std::pair<ElementType, Expand>, 12> kExpanders{{{ElementType::Q8_0, expandQ8_0},
                                                                              {ElementType::Q5_0, expandQ5_0},
                                                                              {ElementType::Q5_1, expandQ5_1},
                                                                              {ElementType::Q4_0, expandQ4_0},
                                                                              {ElementType::Q4_1, expandQ4_1},
                                                                              {ElementType::Q2_K, expandQ2_K},
                                                                              {ElementType::Q3_K, expandQ3_K},
                                                                              {ElementType::Q4_K, expandQ4_K},
                                                                              {ElementType::Q5_K, expandQ5_K},
                                                                              {ElementType::Q6_K, expandQ6_K},
                                                                              {ElementType::IQ4_NL, expandIQ4_NL},
                                                                              {ElementType::IQ4_XS, expandIQ4_XS}}};
  for (const auto& [known, expand] : kExpanders) {
    if (known == type) return expand;
  }
  throw EngineException(ErrorKind::Internal, "A tensor without blocks was expanded.");
}

}  // namespace

void expandBlocks(ElementType type, std::span<const std::byte> blocks, std::span<float> to) {
  const ElementBlock layout = blockOf(type);
  const Expand expand = expanderOf(type);
  const auto* block = reinterpret_cast<Bytes8>(blocks.data());
  const std::size_t count = blocks.size() / static_cast<std::size_t>(layout.bytes);
  if (to.size() != count * static_cast<std::size_t>(layout.elements))
    throw EngineException(ErrorKind::Internal, "Blocks were expanded into memory of another size.");
  for (std::size_t i = 0; i < count; ++i)
    expand(block + i * static_cast<std::size_t>(layout.bytes),
           to.data() + i * static_cast<std::size_t>(layout.elements));
}

}  // namespace studio::engine
