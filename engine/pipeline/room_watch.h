#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/memory_plan.h"
#include "engine/device/host_memory.h"
#include "engine/pipeline/device_room.h"

#include <c10/core/Device.h>

#include <chrono>

namespace studio::engine {

/// Watches main memory, and that of the GPU where one works, while a job runs. Linux ends processes instead of failing
/// their allocations: so the engine's own limit follows what is free, up to half of the margin that is left to the rest
/// of the machine. Engine thread only.
class RoomWatch {
 public:
  using Clock = std::chrono::steady_clock;

  /// `look` and `lookAtGpu` tell how things are; lookIfDue() asks at most as often as `every` says.
  explicit RoomWatch(LookAtHost look, LookAtGpu lookAtGpu = gpuRoom, Clock::duration every = std::chrono::seconds(2));
  ~RoomWatch();
  RoomWatch(const RoomWatch&) = delete;
  RoomWatch& operator=(const RoomWatch&) = delete;

  /// A job begins on the device.
  void begin(const EngineOptions& options, at::Device device);
  /// No job runs: there is no limit.
  void end();

  /// Looks, and sets the limit.
  void look();
  /// False when it was not due.
  bool lookIfDue();

  /// For when no job runs: looks, sets no limit, and tells isPressed().
  bool findsPressure();
  /// The machine is short, or programs wait for memory.
  bool isPressed() const;

  /// Other programs have taken more than half of a margin; as it was at the last look.
  bool isShort() const;
  /// That of main memory.
  bool isHostShort() const;
  /// The most that a job may take on the device, as it was at the last look: the options' budget, or what is free where
  /// that is less, without the reserve. 0: there is no limit.
  Bytes budget() const;
  /// What main memory has beside a job with this plan, which keeps these copies of weights there, as it was at the last
  /// look. 0: nothing, or not known.
  Bytes roomBeside(const MemoryPlan& plan, Bytes copies) const;

 private:
  void lookAtGpu();
  bool isGpuShort() const;

  LookAtHost look_;
  LookAtGpu lookAtGpu_;
  Clock::duration every_;
  Clock::time_point looked_;
  HostMemory machine_;
  DeviceRoom gpu_;
  EngineOptions options_;
  at::Device device_ = at::kCPU;
};

}  // namespace studio::engine
