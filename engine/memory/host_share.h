#pragma once

#include "engine/api/choices.h"
#include "engine/api/memory_plan.h"

#include <string>

namespace studio::engine {

/// Who works on the host instead of the device: nobody, all but the network that denoises (and the one that takes over
/// from it), or everybody.
enum class HostShare { Nobody, AllButDenoising, Everybody };

/// The share that a mode means.
HostShare hostShareOf(MemoryMode mode);

/// The mode that has this share in its name; `mode` itself where nobody works on the host.
MemoryMode modeWith(HostShare host, MemoryMode mode);

WorkPlace placeOf(const std::string& network, HostShare host);

}  // namespace studio::engine
