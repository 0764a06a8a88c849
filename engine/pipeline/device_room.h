#pragma once

#include "engine/api/device_catalog.h"
#include "engine/api/engine_options.h"
#include "engine/device/host_memory.h"
#include "engine/memory/device_meter.h"
#include "engine/memory/host_blocks.h"
#include "engine/memory/oom_ladder.h"

#include <c10/core/Device.h>

#include <functional>
#include <vector>

namespace studio::engine {

/// Free memory of a device, with what the engine itself holds there and would use again, less the margin that is left
/// to the rest of the machine. 0 where it is not known. Any thread.
Bytes freeMemoryOf(at::Device device);
/// The host's, with what the engine holds of it as its device; of a look at it.
Bytes freeOnHost(const HostMemory& host);

/// Tells how a GPU's memory is now; zeros where it is not known.
using LookAtGpu = std::function<DeviceRoom(at::Device)>;
/// As its allocator tells, and before that is there as its driver does, less what the engine's first use will take for
/// itself. Any thread; a driver may take seconds to answer.
DeviceRoom gpuRoom(at::Device device);
/// Left to the driver, the desktop and other programs.
Bytes gpuMargin(const DeviceRoom& room);
/// For the engine, of a look at it. 0: not known.
Bytes freeOnGpu(const DeviceRoom& room);

/// The programs beside this one that hold most of a device's memory, the largest first. Any thread; a driver may take
/// seconds to answer.
std::vector<ProgramMemory> programsOn(at::Device device, std::size_t most);

/// The most that a job may take: the options' budget, or what is free where that is less, without the reserve. `free`
/// 0: not known. 0: there is no limit.
Bytes usableBudget(const EngineOptions& options, Bytes free);
Bytes usableBudget(const EngineOptions& options, at::Device device);

/// For copies on the host of weights that pass by on the device, of which `held` are there already: what is free, and
/// of memory that the system may not move no more than 60 % of all and 6 GiB less than all.
HostRoom roomForCopies(HostCopies copies, at::Device device, Bytes held);

/// The same with what the host can hold.
MemoryShortage withHostRoom(MemoryShortage shortage, at::Device device);

}  // namespace studio::engine
