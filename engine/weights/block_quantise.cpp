#include "engine/weights/block_quantise.h"

#include "engine/api/engine_error.h"

#include <c10/util/Half.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace studio::engine {
namespace {

constexpr int kBlockNumbers = 32;

void putHalf(float value, std::uint8_t* to) {
  const std::uint16_t bits = c10::Half(value).x;
  std::memcpy(to, &bits, sizeof bits);
}

/// The number furthest from zero, with its sign.
float furthest(const float* x) {
  return *std::max_element(x, x + kBlockNumbers, [](float a, float b) { return std::abs(a) < std::abs(b); });
}

float inverse(float scale) { return scale == 0 ? 0 : 1 / scale; }

void quantiseQ8_0(const float* x, std::uint8_t* to) {
  const float scale = std::abs(furthest(x)) / 127, factor = inverse(scale);
  putHalf(scale, to);
  for (int i = 0; i < kBlockNumbers; ++i)
    to[2 + i] = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::round(x[i] * factor)));
}

/// Numbers from 0 to 2·middle-1 around `middle`; the furthest one becomes exactly 0.
int nibbleOf(float x, float factor, int middle) {
  return std::min(2 * middle - 1, static_cast<int>(x * factor + static_cast<float>(middle) + 0.5F));
}

void quantiseQ4_0(const float* x, std::uint8_t* to) {
  const float scale = furthest(x) / -8, factor = inverse(scale);
  putHalf(scale, to);
  for (int i = 0; i < kBlockNumbers / 2; ++i)
    to[2 + i] = static_cast<std::uint8_t>(nibbleOf(x[i], factor, 8) | nibbleOf(x[i + 16], factor, 8) << 4);
}

void quantiseQ5_0(const float* x, std::uint8_t* to) {
  const float scale = furthest(x) / -16, factor = inverse(scale);
  putHalf(scale, to);
  std::uint32_t fifth = 0;
  for (int i = 0; i < kBlockNumbers / 2; ++i) {
    const int low = nibbleOf(x[i], factor, 16), high = nibbleOf(x[i + 16], factor, 16);
    to[6 + i] = static_cast<std::uint8_t>((low & 15) | (high & 15) << 4);
    fifth |= static_cast<std::uint32_t>(low >> 4) << i | static_cast<std::uint32_t>(high >> 4) << (i + 16);
  }
  std::memcpy(to + 2, &fifth, sizeof fifth);
}

}  // namespace

void quantiseBlocks(ElementType type, std::span<const float> from, std::span<std::byte> to) {
  const auto quantise = type == ElementType::Q8_0   ? quantiseQ8_0
                        : type == ElementType::Q5_0 ? quantiseQ5_0
                        : type == ElementType::Q4_0 ? quantiseQ4_0
                                                    : nullptr;
  const std::size_t count = from.size() / kBlockNumbers, bytes = static_cast<std::size_t>(blockOf(type).bytes);
  if (quantise == nullptr || from.size() % kBlockNumbers != 0 || to.size() != count * bytes)
    throw EngineException(ErrorKind::Internal, "Numbers were rounded to blocks of another size.");
  for (std::size_t i = 0; i < count; ++i)
    quantise(from.data() + i * kBlockNumbers, reinterpret_cast<std::uint8_t*>(to.data()) + i * bytes);
}

}  // namespace studio::engine
