#pragma once

#include "engine/api/device_catalog.h"
#include "engine/api/engine_options.h"
#include "engine/device/host_memory.h"
#include "engine/memory/host_blocks.h"
#include "engine/memory/oom_ladder.h"

#include <c10/core/Device.h>

#include <vector>

namespace studio::engine {

/// Free memory of a device, with what the engine itself holds there and would use again; of the host so much less that
/// the rest of the machine can go on. 0 where it is not known. Any thread.
Bytes freeMemoryOf(at::Device device);
/// The host's, with what the engine holds of it as its device; of a look at it.
Bytes freeOnHost(const HostMemory& host);

/// The programs beside this one that hold most of a device's memory, the largest first. Any thread; a driver may take
/// seconds to answer.
std::vector<ProgramMemory> programsOn(at::Device device, std::size_t most);

/// The most that a job may take: the options' budget, or what is free where that is less, without the reserve. `free`
/// 0: not known. 0: there is no limit.
Bytes usableBudget(const EngineOptions& options, Bytes free);
/// What is free on a GPU counts only where a reserve is asked for: its driver refuses what it does not have. The host's
/// memory counts always, because Linux ends processes instead.
Bytes usableBudget(const EngineOptions& options, at::Device device);

/// For copies on the host of weights that pass by on the device, of which `held` are there already: what is free, and
/// of memory that the system may not move no more than 60 % of all and 6 GiB less than all.
HostRoom roomForCopies(HostCopies copies, at::Device device, Bytes held);

/// The same with what the host can hold.
MemoryShortage withHostRoom(MemoryShortage shortage, at::Device device);

}  // namespace studio::engine
