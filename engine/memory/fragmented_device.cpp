#include "engine/memory/fragmented_device.h"

namespace studio::engine {

void FragmentedDevice::replace(Bytes size) {
  const std::lock_guard lock(mutex_);
  ++device_;
  range_.reset();
  if (size.count > 0) range_.emplace(size.count);
}

std::optional<FragmentedDevice::Place> FragmentedDevice::take(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!range_) return Place();
  const auto offset = range_->take(bytes);
  if (!offset) return std::nullopt;
  return Place{*offset, device_};
}

void FragmentedDevice::give(const Place& place) {
  const std::lock_guard lock(mutex_);
  if (range_ && place.device == device_) range_->give(place.offset);
}

std::optional<FreePieces> FragmentedDevice::pieces() const {
  const std::lock_guard lock(mutex_);
  if (!range_) return std::nullopt;
  return FreePieces{{range_->free()}, {range_->largestGap()}};
}

}  // namespace studio::engine
