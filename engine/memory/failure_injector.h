#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/units.h"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace studio::engine {

/// Counts allocations and says which of them are to fail, for tests of what happens then. Thread-safe.
class FailureInjector {
 public:
  /// Starts counting. An empty value lets everything succeed.
  void arm(const AllocationFailure& failure);
  /// What a sticky failure's percentage is of; before it is known there is no limit.
  void setPlannedPeak(Bytes peak);

  /// To be called once for each allocation; `inUse` as it would be with it.
  bool refuses(std::int64_t bytes, std::int64_t inUse);

  /// Of the planned peak the device has in one piece; 0: it has no pieces.
  int fragmentedPercent() const;
  std::int64_t count() const { return count_.load(); }
  /// Of a sticky failure that has begun; 0 while there is none.
  Bytes limit() const;

 private:
  std::atomic<bool> armed_{false};
  std::atomic<std::int64_t> count_{0};
  mutable std::mutex mutex_;
  AllocationFailure failure_;
  Bytes stickyLimit_;
};

}  // namespace studio::engine
