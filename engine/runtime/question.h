#pragma once

#include "engine/api/units.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

namespace studio::engine {

/// A yes-or-no question from the engine thread to whoever follows its jobs; one at a time. Thread-safe.
class Question {
 public:
  /// Calls `put`, which lets the others know, and waits for the answer. No when `stop` is requested first.
  bool ask(JobId job, const std::stop_token& stop, const std::function<void()>& put);

  /// Answers the question of this job; nothing happens when it has none.
  void answer(JobId job, bool yes);

 private:
  std::mutex mutex_;
  std::condition_variable_any answered_;
  std::optional<JobId> asking_;
  std::optional<bool> answer_;
};

}  // namespace studio::engine
