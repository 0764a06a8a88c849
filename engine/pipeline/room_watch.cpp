#include "engine/pipeline/room_watch.h"

#include "engine/memory/budget_allocator.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

/// Percent of the time; a machine that has room for everybody knows no stalls.
constexpr double kMuchStalled = 10;

std::int64_t heldOnHost() {
  return devicePool().current.count + hostPool().current.count + idlePool().current.count + cachedBytes().count;
}

}  // namespace

RoomWatch::RoomWatch(LookAtHost look, LookAtGpu lookAtGpu, Clock::duration every)
    : look_(std::move(look)), lookAtGpu_(std::move(lookAtGpu)), every_(every) {}

RoomWatch::~RoomWatch() { end(); }

void RoomWatch::begin(const EngineOptions& options, at::Device device) {
  options_ = options;
  device_ = device;
  look();
}

void RoomWatch::end() { setHostLimit({}); }

bool RoomWatch::findsPressure() {
  machine_ = look_();
  lookAtGpu();
  return isPressed();
}

void RoomWatch::look() {
  looked_ = Clock::now();
  machine_ = look_();
  lookAtGpu();
  if (machine_.available.count <= 0) return setHostLimit({});
  const std::int64_t reserve = device_.is_cpu() ? std::max<std::int64_t>(options_.reserve.count, 0) : 0;
  const std::int64_t left = hostMargin(machine_).count / 2 + reserve;
  setHostLimit({std::max<std::int64_t>(machine_.available.count + heldOnHost() - left, 1)});
}

void RoomWatch::lookAtGpu() { gpu_ = device_.is_cpu() ? DeviceRoom() : lookAtGpu_(device_); }

bool RoomWatch::lookIfDue() {
  if (Clock::now() - looked_ < every_) return false;
  look();
  return true;
}

bool RoomWatch::isHostShort() const {
  const std::int64_t free = machine_.available.count;
  return free > 0 && free + cachedBytes().count < hostMargin(machine_).count / 2;
}

bool RoomWatch::isGpuShort() const {
  return gpu_.total.count > 0 && gpu_.free.count + gpu_.unused.count < gpuMargin(gpu_).count / 2;
}

bool RoomWatch::isShort() const { return isHostShort() || isGpuShort(); }

bool RoomWatch::isPressed() const { return isShort() || machine_.stalled >= kMuchStalled; }

Bytes RoomWatch::roomBeside(const MemoryPlan& plan, Bytes copies) const {
  if (machine_.available.count <= 0) return {};
  const bool oneMemory = device_.is_cpu();
  const std::int64_t all = machine_.available.count + heldOnHost() - hostMargin(machine_).count;
  const std::int64_t needed = plan.hostPeak().count + (oneMemory ? plan.peak().count : copies.count);
  const std::int64_t reserve = oneMemory ? std::max<std::int64_t>(options_.reserve.count, 0) : 0;
  return {std::max<std::int64_t>(all - hostPool().current.count - needed - reserve, 0)};
}

Bytes RoomWatch::budget() const {
  return usableBudget(options_, device_.is_cpu() ? freeOnHost(machine_) : freeOnGpu(gpu_));
}

}  // namespace studio::engine
