#pragma once

#include "engine/api/phase.h"
#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <c10/core/Device.h>

#include <functional>

namespace studio::engine {

/// Whether a step took so much longer than the fastest one, while the device was full, that its driver has probably
/// moved device memory to the host instead of refusing it. Pure.
bool looksLikeSpill(Seconds step, Seconds fastest, Bytes free, Bytes total);

/// Watches a job's steps for that and says it once. Asks the device only after a step that was far too slow, and never
/// on the processor. Engine thread only.
class SpillWatch {
 public:
  explicit SpillWatch(at::Device device) : device_(device) {}
  void afterStep(Seconds step, const std::function<void(const Sentence&)>& tell);

 private:
  at::Device device_;
  Seconds fastest_{};  ///< 0: none yet
  bool told_ = false;
};

}  // namespace studio::engine
