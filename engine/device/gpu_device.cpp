#include "engine/device/gpu_device.h"

#include <ATen/ops/from_blob.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <cstddef>
#include <deque>
#include <utility>

#include <dlfcn.h>

namespace studio::engine {
namespace {

// Of the runtime that torch's back end has loaded; it is not linked here, so that its version is torch's affair.
#ifdef STUDIO_BACKEND_ROCM
constexpr const char *kAllocate = "hipHostMalloc", *kFree = "hipHostFree", *kLastError = "hipGetLastError";
#else
constexpr const char *kAllocate = "cudaHostAlloc", *kFree = "cudaFreeHost", *kLastError = "cudaGetLastError";
#endif

template <class Function>
Function* ofRuntime(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

void freePinned(void* memory) {
  if (auto* free = ofRuntime<int(void*)>(kFree)) free(memory);
}

void* allocatePinned(std::size_t bytes) {
  constexpr unsigned kDefault = 0;
  constexpr int kSuccess = 0;
  auto* allocate = ofRuntime<int(void**, std::size_t, unsigned)>(kAllocate);
  void* memory = nullptr;
  if (allocate != nullptr && allocate(&memory, bytes, kDefault) == kSuccess) return memory;
  // Or the next call would be taken for the one that failed.
  if (auto* forget = ofRuntime<int()>(kLastError)) forget();
  return nullptr;
}

/// Moments of one stream that have been recorded, without those that are known to have passed.
class Moments {
 public:
  CopyEngine::Event record(const c10::Stream& stream) {
    while (!events_.empty() && events_.front().query()) {
      events_.pop_front();
      ++first_;
    }
    c10::Event event(stream.device_type());
    event.record(stream);
    events_.push_back(std::move(event));
    return first_ + events_.size() - 1;
  }
  /// The stream goes on when the moment has passed.
  void block(const c10::Stream& stream, CopyEngine::Event moment) const {
    if (moment >= first_) events_.at(static_cast<std::size_t>(moment - first_)).block(stream);
  }

 private:
  CopyEngine::Event first_ = 1;  ///< number of the first that is kept
  std::deque<c10::Event> events_;
};

/// Copies on a stream of the device's own pool; computing is what is asked of the current stream.
class GpuCopyEngine final : public CopyEngine {
 public:
  explicit GpuCopyEngine(const at::Tensor& ring)
      : ring_(ring),
        device_(ring.device().type()),
        copying_(device_.getStreamFromGlobalPool(ring.device(), /*isHighPriority=*/true)) {
    // What the ring's memory was used for before may not be over.
    copyAfter(recordComputed());
  }

  void copyAfter(Event computed) override { computed_.block(copying_, computed); }
  void copy(std::uint64_t source, std::int64_t offset, std::int64_t bytes) override {
    const c10::StreamGuard guard(copying_);
    ring_.narrow(0, offset, bytes)
        .copy_(at::from_blob(reinterpret_cast<void*>(source), {bytes}, at::kByte),
               /*non_blocking=*/true);
  }
  Event recordCopied() override { return copied_.record(copying_); }
  void computeAfter(Event copied) override { copied_.block(computing(), copied); }
  Event recordComputed() override { return computed_.record(computing()); }
  void drain() noexcept override {
    try {
      device_.synchronizeStream(copying_);
    } catch (...) {  // the device is lost, and nothing writes any more
    }
  }

 private:
  c10::Stream computing() const { return device_.getStream(ring_.device()); }

  at::Tensor ring_;
  c10::impl::VirtualGuardImpl device_;
  c10::Stream copying_;
  Moments copied_, computed_;
};

}  // namespace

std::unique_ptr<CopyEngine> makeGpuCopyEngine(const at::Tensor& ring) { return std::make_unique<GpuCopyEngine>(ring); }

at::Tensor pinnedGpuBytes(std::int64_t bytes) {
  void* memory = allocatePinned(static_cast<std::size_t>(bytes));
  return memory == nullptr ? at::Tensor() : at::from_blob(memory, {bytes}, freePinned, at::kByte);
}

}  // namespace studio::engine
