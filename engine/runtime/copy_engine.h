#pragma once

#include <cstdint>

namespace studio::engine {

/// What a device does on its own while the host goes on, as a ring of copies needs it: one stream that copies and one
/// that computes, each in the order of what is asked of it. A processor has a thread in the place of the first, and
/// computes at once.
class CopyEngine {
 public:
  /// A moment on one of the streams: everything asked of it before. 0: no moment, which has always passed.
  using Event = std::uint64_t;

  virtual ~CopyEngine() = default;

  /// The copy stream goes on after this moment of the compute stream, which has been recorded already.
  virtual void copyAfter(Event computed) = 0;
  /// Brings `bytes` of what `source` stands for to this place in the ring. What goes wrong is thrown here, or by
  /// computeAfter.
  virtual void copy(std::uint64_t source, std::int64_t offset, std::int64_t bytes) = 0;
  virtual Event recordCopied() = 0;

  /// The compute stream goes on after this moment of the copy stream.
  virtual void computeAfter(Event copied) = 0;
  virtual Event recordComputed() = 0;

  /// Gives up copies that have not begun, and returns when none writes any more.
  virtual void drain() noexcept = 0;
};

}  // namespace studio::engine
