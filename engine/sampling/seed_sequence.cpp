#include "engine/sampling/seed_sequence.h"

#include <cstddef>

namespace studio::engine {
namespace {

/// A multiplicative hash whose constant moves on with every word.
class WordHash {
 public:
  WordHash(std::uint32_t constant, std::uint32_t factor) : constant_(constant), factor_(factor) {}

  std::uint32_t operator()(std::uint32_t word) {
    word ^= constant_;
    constant_ *= factor_;
    word *= constant_;
    return word ^ (word >> 16);
  }

 private:
  std::uint32_t constant_;
  std::uint32_t factor_;
};

std::uint32_t mixed(std::uint32_t into, std::uint32_t word) {
  const std::uint32_t result = 0xca01f9ddU * into - 0x4973f715U * word;
  return result ^ (result >> 16);
}

/// A whole number as 32-bit words, lowest first, at least one.
void appendWords(std::vector<std::uint32_t>& words, std::uint64_t number) {
  words.push_back(static_cast<std::uint32_t>(number));
  if (number >> 32 != 0) words.push_back(static_cast<std::uint32_t>(number >> 32));
}

}  // namespace

std::vector<std::uint32_t> seedSequence(std::uint64_t entropy, std::span<const std::uint64_t> spawnKey, int poolSize,
                                        int count) {
  const auto size = static_cast<std::size_t>(poolSize);
  std::vector<std::uint32_t> words;
  appendWords(words, entropy);
  if (!spawnKey.empty() && words.size() < size) words.resize(size);
  for (const std::uint64_t key : spawnKey) appendWords(words, key);

  WordHash absorb(0x43b0d7e5U, 0x931e8875U);
  std::vector<std::uint32_t> pool(size);
  for (std::size_t i = 0; i < size; ++i) pool[i] = absorb(i < words.size() ? words[i] : 0);
  for (std::size_t from = 0; from < size; ++from) {
    for (std::size_t to = 0; to < size; ++to) {
      if (from != to) pool[to] = mixed(pool[to], absorb(pool[from]));
    }
  }
  for (std::size_t from = size; from < words.size(); ++from) {
    for (std::uint32_t& word : pool) word = mixed(word, absorb(words[from]));
  }

  WordHash give(0x8b51f9ddU, 0x58f38dedU);
  std::vector<std::uint32_t> state(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = give(pool[i % size]);
  return state;
}

}  // namespace studio::engine
