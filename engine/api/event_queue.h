#pragma once

#include "engine/api/engine_event.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace studio::engine {

/// The way of events out of the engine thread. Any thread may push, one thread drains.
/// A waiting preview is replaced by a newer one of the same job; everything else is kept, in order.
class EventQueue {
 public:
  /// `wake` is called from the pushing thread when the queue stops being empty, without the lock held.
  /// Set it before the first push; it must be cheap and must not call back into the queue's users.
  void setWake(std::function<void()> wake);

  void push(EngineEvent event);
  std::vector<EngineEvent> drain();

  /// Waits until there is something to drain or the time is over; true if there is something.
  bool waitFor(std::chrono::milliseconds time);

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::vector<EngineEvent> events_;
  std::function<void()> wake_;
};

}  // namespace studio::engine
