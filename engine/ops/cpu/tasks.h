#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace studio::engine::ops::cpu {

/// Threads that `count` tasks would be given.
inline std::int64_t workersFor(std::int64_t count) {
  at::internal::lazy_init_num_threads();  // else a thread that has not yet worked in parallel says another number
  return at::in_parallel_region()
             ? 1
             : std::clamp<std::int64_t>(at::get_num_threads(), 1, std::max<std::int64_t>(count, 1));
}

/// Calls work(task, worker) for every task; worker < workersFor(count). Threads take the next task when they are done
/// with one, so that a core busy with something else delays nobody. Tasks must not depend on each other's order.
template <class Work>
void forEachTask(std::int64_t count, const Work& work) {
  std::atomic<std::int64_t> next{0};
  at::parallel_for(0, workersFor(count), 1, [&](std::int64_t begin, std::int64_t) {
    for (std::int64_t task = next++; task < count; task = next++) work(task, begin);
  });
}

/// Parts of nearly equal size: part i of `parts` covers [begin(i), begin(i + 1)).
struct Split {
  std::int64_t total = 0, parts = 1;
  std::int64_t begin(std::int64_t part) const { return total * part / parts; }
  std::int64_t size(std::int64_t part) const { return begin(part + 1) - begin(part); }
  std::int64_t largest() const { return (total + parts - 1) / parts; }
  /// Parts of about `size`, at least one.
  static Split bySize(std::int64_t total, std::int64_t size) {
    return {total, std::max<std::int64_t>(1, (total + size - 1) / std::max<std::int64_t>(size, 1))};
  }
};

/// Distance between rows of scratch that are read side by side: a first cache maps addresses 4 KiB apart to the same
/// few lines, so multiples of 1 KiB get one more line.
inline std::int64_t rowStrideFor(std::int64_t floats) { return floats % 256 == 0 ? floats + 16 : floats; }

/// Uninitialised fp32 scratch, counted like any activation and given back at the end of the scope.
class Scratch {
 public:
  explicit Scratch(std::int64_t floats) : memory_(at::empty({std::max<std::int64_t>(floats, 1)}, at::kFloat)) {}
  float* data() const { return memory_.data_ptr<float>(); }

 private:
  at::Tensor memory_;
};

inline at::Tensor imageLike(const at::Tensor& x, std::int64_t channels, std::int64_t height, std::int64_t width) {
  return at::empty({x.size(0), channels, height, width}, x.options(), at::MemoryFormat::ChannelsLast);
}

}  // namespace studio::engine::ops::cpu
