#pragma once

#include "engine/runtime/copy_engine.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

/// How weights get from the host's memory to the device that works with them, while it works. Engine thread only.
namespace studio::engine {

/// Copies to `ring` (bytes [n]), which must outlive the engine; sources are addresses of host memory that stay valid
/// until the copy is over. On a GPU a stream of its own copies beside the current one, and the host waits for neither;
/// on the processor a thread copies.
std::unique_ptr<CopyEngine> makeCopyEngine(const at::Tensor& ring);

/// Memory of the host (bytes [n]) that the system may not move, which copies to a GPU need to run beside the work. An
/// undefined tensor where there is none (left), or no GPU.
at::Tensor pinnedBytes(std::int64_t bytes);

/// Bytes a second from the host's memory to the device, of the best of some copies (about 50 ms); 0 when the memory for
/// the trial is not to be had.
double measureCopyRate(at::Device device, bool pinned);

}  // namespace studio::engine
