#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

/// Counting what networks on meta tensors would allocate. Tensors without memory come and go in the same order as
/// real ones; an allocator behind at::kMeta adds up the sizes of those that are alive.
namespace studio::engine::ops {

/// Bytes alive at once, and the part of them that is operators' scratch.
struct LiveBytes {
  std::int64_t total = 0;
  std::int64_t scratch = 0;
};

/// Counts this thread's meta tensors that are made inside a CountedScope, from construction to destruction; one at a
/// time on a thread. Tensors are counted as multiples of 64 bytes, like those of the CPU's pools.
class ShapeMemory {
 public:
  ShapeMemory();
  ~ShapeMemory();
  ShapeMemory(const ShapeMemory&) = delete;
  ShapeMemory& operator=(const ShapeMemory&) = delete;

  LiveBytes live() const;
  /// The most that was alive since the last call, or since the beginning.
  LiveBytes takePeak();
  /// Multiplications of operators since the last call: what a device's rate turns into time.
  double takeWork();

  struct Counts;

 private:
  std::shared_ptr<Counts> counts_;
};

/// Where counting happens; nothing when this thread has no ShapeMemory.
class CountedScope {
 public:
  CountedScope();
  ~CountedScope();
  CountedScope(const CountedScope&) = delete;
  CountedScope& operator=(const CountedScope&) = delete;

 private:
  bool before_;
};

/// An operator's scratch on meta, for its scope.
class ShapeScratch {
 public:
  explicit ShapeScratch(std::int64_t bytes);
  ~ShapeScratch();
  ShapeScratch(const ShapeScratch&) = delete;
  ShapeScratch& operator=(const ShapeScratch&) = delete;

 private:
  std::int64_t bytes_;
};

/// Adds to what takeWork() answers.
void countWork(double multiplications);

}  // namespace studio::engine::ops
