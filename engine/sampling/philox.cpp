#include "engine/sampling/philox.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace studio::engine {
namespace {

using Words = std::array<std::uint32_t, 4>;

Words philox(Words counter, std::uint64_t seed) {
  constexpr int kRounds = 10;
  constexpr std::uint64_t kFactor0 = 0xD2511F53, kFactor1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  auto key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t a = kFactor0 * counter[0], b = kFactor1 * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(a)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

/// One of the two normal numbers of a pair of words: the sine's, then the cosine's.
float normal(std::uint32_t x, std::uint32_t y, bool cosine) {
  constexpr double kUnit = 2.3283064e-10F, kTurn = 2.3283064e-10F * 6.2831855F;
  const double u = x * kUnit + kUnit / 2, v = y * kTurn + kTurn / 2;
  return static_cast<float>(std::sqrt(-2 * std::log(u)) * (cosine ? std::cos(v) : std::sin(v)));
}

/// torch starts whole blocks of 256 threads, as many as the numbers need, up to what the card holds.
std::int64_t threadsAtWork(std::int64_t count, std::int64_t threads) {
  constexpr std::int64_t kBlock = 256;
  const std::int64_t needed = (count + kBlock - 1) / kBlock * kBlock;
  return threads > 0 ? std::max(std::min(needed, threads / kBlock * kBlock), kBlock) : needed;
}

}  // namespace

std::vector<float> philoxNormals(std::uint64_t seed, std::uint32_t call, std::int64_t count, std::int64_t threads) {
  const std::int64_t atWork = threadsAtWork(count, threads);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t thread = i % atWork, turn = i / atWork;
    const Words words = philox({call + static_cast<std::uint32_t>(turn / 4), 0, static_cast<std::uint32_t>(thread),
                                static_cast<std::uint32_t>(thread >> 32)},
                               seed);
    const auto pair = static_cast<std::size_t>(turn % 4 / 2 * 2);
    numbers[static_cast<std::size_t>(i)] = normal(words[pair], words[pair + 1], turn % 2 == 1);
  }
  return numbers;
}

std::uint32_t philoxCalls(std::int64_t count, std::int64_t threads) {
  const std::int64_t atWork = threadsAtWork(count, threads);
  return static_cast<std::uint32_t>(std::max<std::int64_t>(count - 1, 0) / (atWork * 4) + 1);
}

}  // namespace studio::engine
