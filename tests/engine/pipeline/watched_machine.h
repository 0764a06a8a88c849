#pragma once

#include "engine/device/host_memory.h"
#include "engine/memory/budget_allocator.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace studio::engine {

inline constexpr std::int64_t kMebi = 1 << 20;
/// Of a machine this small.
inline constexpr std::int64_t kHalfMargin = 128 * kMebi;

/// A machine of 4 GiB on which nothing but the engine and others take memory. Asked on the engine's thread.
struct WatchedMachine {
  std::atomic<std::int64_t> forEngine{std::int64_t{3} << 30};  ///< what others leave
  std::atomic<double> stalled{0};
  int looks = 0;
  int tightAt = -1;  ///< at this look others take all but `left` of what the engine does not hold then
  std::int64_t left = 0;

  static std::int64_t held() {
    return devicePool().current.count + hostPool().current.count + idlePool().current.count + cachedBytes().count;
  }
  HostMemory look() {
    if (++looks == tightAt) forEngine = held() + left;
    return {{std::int64_t{4} << 30}, {std::max<std::int64_t>(forEngine - held(), 1)}, stalled};
  }
  LookAtHost seen() {
    return [this] { return look(); };
  }
};

}  // namespace studio::engine
