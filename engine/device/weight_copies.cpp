#include "engine/device/weight_copies.h"

#include "engine/device/gpu_device.h"
#include "engine/runtime/thread_copy_engine.h"

#include <ATen/ops/empty.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>

namespace studio::engine {
namespace {

constexpr std::int64_t kTrialBytes = std::int64_t{64} << 20;
constexpr int kTrials = 4;  ///< the first of them also wakes the device

void finishWork(at::Device device) {
  if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
}

double secondsOfCopy(const at::Tensor& to, const at::Tensor& from) {
  const auto start = std::chrono::steady_clock::now();
  to.copy_(from, /*non_blocking=*/true);
  finishWork(to.device());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::unique_ptr<CopyEngine> makeCopyEngine(const at::Tensor& ring) {
  if (!ring.is_cpu()) return makeGpuCopyEngine(ring);
  auto* begin = static_cast<std::byte*>(ring.data_ptr());
  return std::make_unique<ThreadCopyEngine>([begin](std::uint64_t source, std::int64_t offset, std::int64_t bytes) {
    std::memcpy(begin + offset, reinterpret_cast<const void*>(source), static_cast<std::size_t>(bytes));
  });
}

at::Tensor pinnedBytes(std::int64_t bytes) { return pinnedGpuBytes(bytes); }

double measureCopyRate(at::Device device, bool pinned) {
  try {
    const at::Tensor from = pinned ? pinnedBytes(kTrialBytes) : at::empty({kTrialBytes}, at::kByte);
    if (!from.defined()) return 0;
    from.fill_(1);
    const at::Tensor to = at::empty({kTrialBytes}, at::TensorOptions().device(device).dtype(at::kByte));
    double best = secondsOfCopy(to, from);
    for (int trial = 1; trial < kTrials; ++trial) best = std::min(best, secondsOfCopy(to, from));
    return static_cast<double>(kTrialBytes) / std::max(best, 1e-9);
  } catch (const c10::OutOfMemoryError&) {
    return 0;
  }
}

}  // namespace studio::engine
