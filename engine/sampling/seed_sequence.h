#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace studio::engine {

/// The first `count` 32-bit words of numpy's SeedSequence(entropy, spawn_key, pool_size) (M. E. O'Neill 2015,
/// "Developing a seed_seq Alternative"), bit for bit.
std::vector<std::uint32_t> seedSequence(std::uint64_t entropy, std::span<const std::uint64_t> spawnKey, int poolSize,
                                        int count);

}  // namespace studio::engine
