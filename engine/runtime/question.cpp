#include "engine/runtime/question.h"

namespace studio::engine {

bool Question::ask(JobId job, const std::stop_token& stop, const std::function<void()>& put) {
  {
    const std::lock_guard lock(mutex_);
    asking_ = job;
    answer_.reset();
  }
  put();
  std::unique_lock lock(mutex_);
  answered_.wait(lock, stop, [this] { return answer_.has_value(); });
  asking_.reset();
  return answer_.value_or(false);
}

void Question::answer(JobId job, bool yes) {
  const std::lock_guard lock(mutex_);
  if (asking_ != job) return;
  answer_ = yes;
  answered_.notify_all();
}

}  // namespace studio::engine
