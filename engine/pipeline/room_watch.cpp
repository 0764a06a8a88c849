#include "engine/pipeline/room_watch.h"

#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/device_room.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

std::int64_t heldOnHost() { return devicePool().current.count + hostPool().current.count + cachedBytes().count; }

}  // namespace

RoomWatch::RoomWatch(LookAtHost look, Clock::duration every) : look_(std::move(look)), every_(every) {}

RoomWatch::~RoomWatch() { end(); }

void RoomWatch::begin(const EngineOptions& options, at::Device device) {
  options_ = options;
  device_ = device;
  look();
}

void RoomWatch::end() { setHostLimit({}); }

void RoomWatch::look() {
  looked_ = Clock::now();
  machine_ = look_();
  if (machine_.available.count <= 0) return setHostLimit({});
  const std::int64_t reserve = device_.is_cpu() ? std::max<std::int64_t>(options_.reserve.count, 0) : 0;
  const std::int64_t left = hostMargin(machine_).count / 2 + reserve;
  setHostLimit({std::max<std::int64_t>(machine_.available.count + heldOnHost() - left, 1)});
}

bool RoomWatch::lookIfDue() {
  if (Clock::now() - looked_ < every_) return false;
  look();
  return true;
}

bool RoomWatch::isShort() const {
  const std::int64_t free = machine_.available.count;
  return free > 0 && free + cachedBytes().count < hostMargin(machine_).count / 2;
}

Bytes RoomWatch::budget() const {
  return device_.is_cpu() ? usableBudget(options_, freeOnHost(machine_)) : usableBudget(options_, device_);
}

}  // namespace studio::engine
