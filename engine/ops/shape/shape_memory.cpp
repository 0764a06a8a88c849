#include "engine/ops/shape/shape_memory.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

#include <utility>

namespace studio::engine::ops {

/// Of one ShapeMemory; tensors that outlive it keep it alive.
struct ShapeMemory::Counts {
  LiveBytes live, peak;
  double work = 0;

  void add(std::int64_t bytes, std::int64_t scratch) {
    live.total += bytes;
    live.scratch += scratch;
    if (live.total > peak.total) peak = live;
  }
};

namespace {

thread_local std::shared_ptr<ShapeMemory::Counts> current;
thread_local bool counting = false;

std::int64_t rounded(std::int64_t bytes) { return (bytes + 63) / 64 * 64; }

struct CountedTensor {
  std::shared_ptr<ShapeMemory::Counts> counts;
  std::int64_t bytes;
};

void forgetTensor(void* context) {
  const std::unique_ptr<CountedTensor> tensor(static_cast<CountedTensor*>(context));
  if (tensor != nullptr) tensor->counts->add(-tensor->bytes, 0);
}

/// Gives null pointers, as torch's own allocator of meta tensors does.
class ShapeAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    CountedTensor* tensor = nullptr;
    if (counting && current != nullptr && bytes > 0) {
      tensor = new CountedTensor{current, rounded(static_cast<std::int64_t>(bytes))};
      current->add(tensor->bytes, 0);
    }
    return {nullptr, tensor, &forgetTensor, c10::Device(c10::kMeta)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void*, const void*, std::size_t) const override {}
};

void installShapeAllocator() {
  static ShapeAllocator* const allocator = [] {
    auto* created = new ShapeAllocator;
    c10::SetAllocator(c10::kMeta, created, 100);
    return created;
  }();
  static_cast<void>(allocator);
}

}  // namespace

ShapeMemory::ShapeMemory() : counts_(std::make_shared<Counts>()) {
  TORCH_INTERNAL_ASSERT(current == nullptr, "a shape run inside another");
  installShapeAllocator();
  current = counts_;
}

ShapeMemory::~ShapeMemory() { current = nullptr; }

LiveBytes ShapeMemory::live() const { return counts_->live; }

LiveBytes ShapeMemory::takePeak() {
  const LiveBytes peak = counts_->peak;
  counts_->peak = counts_->live;
  return peak;
}

double ShapeMemory::takeWork() { return std::exchange(counts_->work, 0.0); }

CountedScope::CountedScope() : before_(counting) { counting = true; }
CountedScope::~CountedScope() { counting = before_; }

ShapeScratch::ShapeScratch(std::int64_t bytes) : bytes_(rounded(bytes)) {
  if (counting && current != nullptr) current->add(bytes_, bytes_);
}
ShapeScratch::~ShapeScratch() {
  if (counting && current != nullptr) current->add(-bytes_, -bytes_);
}

void countWork(double multiplications) {
  if (counting && current != nullptr) current->work += multiplications;
}

}  // namespace studio::engine::ops
