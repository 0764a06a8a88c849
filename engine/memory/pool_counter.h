#pragma once

#include "engine/memory/budget_allocator.h"

#include <atomic>
#include <cstdint>

namespace studio::engine {

/// Bytes of one pool, and the most there were. Thread-safe.
class PoolCounter {
 public:
  /// False when the limit would be passed; nothing is counted then.
  bool add(std::int64_t bytes) {
    const std::int64_t now = current_.fetch_add(bytes) + bytes, limit = limit_.load();
    if (limit > 0 && now > limit) {
      current_.fetch_sub(bytes);
      return false;
    }
    raise(peak_, now);
    raise(phasePeak_, now);
    return true;
  }
  /// Whatever the limit is.
  void addFreely(std::int64_t bytes) {
    const std::int64_t now = current_.fetch_add(bytes) + bytes;
    raise(peak_, now);
    raise(phasePeak_, now);
  }
  void remove(std::int64_t bytes) { current_.fetch_sub(bytes); }
  void resetPeak() {
    peak_.store(current_.load());
    beginPhase();
  }
  void beginPhase() { phasePeak_.store(current_.load()); }
  std::int64_t phasePeak() const { return phasePeak_.load(); }
  void setLimit(std::int64_t limit) { limit_.store(limit); }
  std::int64_t limit() const { return limit_.load(); }
  std::int64_t current() const { return current_.load(); }
  PoolStatistics statistics() const { return {{current_.load()}, {peak_.load()}}; }

 private:
  static void raise(std::atomic<std::int64_t>& peak, std::int64_t now) {
    std::int64_t before = peak.load();
    while (now > before && !peak.compare_exchange_weak(before, now)) {
    }
  }

  std::atomic<std::int64_t> current_{0}, peak_{0}, phasePeak_{0}, limit_{0};
};

}  // namespace studio::engine
