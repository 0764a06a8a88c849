#include "engine/memory/failure_injector.h"

namespace studio::engine {

void FailureInjector::arm(const AllocationFailure& failure) {
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  stickyLimit_ = {};
  count_ = 0;
  armed_ = failure != AllocationFailure();
}

void FailureInjector::setPlannedPeak(Bytes peak) {
  const std::lock_guard lock(mutex_);
  stickyLimit_ = {peak.count * failure_.stickyPercent / 100};
}

bool FailureInjector::refuses(std::int64_t bytes, std::int64_t inUse) {
  const std::int64_t number = ++count_;
  if (!armed_) return false;
  const std::lock_guard lock(mutex_);
  if (failure_.largerThan.count > 0 && bytes > failure_.largerThan.count) return true;
  if (failure_.stickyPercent <= 0) return number == failure_.number;
  return number >= failure_.number && stickyLimit_.count > 0 && inUse > stickyLimit_.count;
}

int FailureInjector::fragmentedPercent() const {
  const std::lock_guard lock(mutex_);
  return failure_.fragmentedPercent;
}

Bytes FailureInjector::limit() const {
  if (!armed_) return {};
  const std::lock_guard lock(mutex_);
  return failure_.stickyPercent > 0 && count_ >= failure_.number ? stickyLimit_ : Bytes();
}

}  // namespace studio::engine
