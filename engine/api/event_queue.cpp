#include "engine/api/event_queue.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

void EventQueue::setWake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void EventQueue::push(EngineEvent event) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (events_.empty()) wake = wake_;  // before a waiting preview makes way for a newer one
    if (std::holds_alternative<PreviewReady>(event)) {
      const JobId job = jobOf(event);
      std::erase_if(events_, [job](const EngineEvent& waiting) {
        return std::holds_alternative<PreviewReady>(waiting) && jobOf(waiting) == job;
      });
    }
    events_.push_back(std::move(event));
  }
  filled_.notify_one();
  if (wake) wake();
}

std::vector<EngineEvent> EventQueue::drain() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

bool EventQueue::waitFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return filled_.wait_for(lock, time, [this] { return !events_.empty(); });
}

}  // namespace studio::engine
