#pragma once

#include <cstdint>
#include <vector>

namespace studio::engine {

/// Normal numbers as torch draws them on an NVIDIA card: Philox 4x32-10 (Salmon et al. 2011, "Parallel Random Numbers:
/// As Easy as 1, 2, 3") and Box-Muller. A card with `threads` threads at work (multiprocessors times threads of each)
/// uses a counter per thread and four numbers per count, so that large draws depend on the card; 0 stands for a card
/// that has a thread for every number. `call` counts the draws since the seed; answers with numbers call, call + 1, …
/// being those of a draw of `count`.
std::vector<float> philoxNormals(std::uint64_t seed, std::uint32_t call, std::int64_t count, std::int64_t threads = 0);

/// How far such a draw moves `call` on.
std::uint32_t philoxCalls(std::int64_t count, std::int64_t threads = 0);

}  // namespace studio::engine
