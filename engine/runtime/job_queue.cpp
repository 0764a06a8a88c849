#include "engine/runtime/job_queue.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

JobId JobQueue::push(GenerationRequest request, OutputOptions output, EngineOptions options) {
  const std::lock_guard lock(mutex_);
  const JobId id{++lastId_};
  if (!closed_) waiting_.push_back({id, std::move(request), std::move(output), std::move(options)});
  changed_.notify_one();
  return id;
}

JobQueue::CancelResult JobQueue::cancel(JobId job) {
  const std::lock_guard lock(mutex_);
  if (running_ == job) {
    stop_.request_stop();
    return CancelResult::IsRunning;
  }
  const auto removed = std::erase_if(waiting_, [job](const Job& waiting) { return waiting.id == job; });
  return removed > 0 ? CancelResult::WasWaiting : CancelResult::NotFound;
}

std::optional<Job> JobQueue::take() {
  std::unique_lock lock(mutex_);
  running_.reset();
  changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  if (closed_) return std::nullopt;
  Job job = std::move(waiting_.front());
  waiting_.pop_front();
  running_ = job.id;
  stop_ = std::stop_source();
  return job;
}

std::stop_token JobQueue::runningToken() const {
  const std::lock_guard lock(mutex_);
  return stop_.get_token();
}

void JobQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  waiting_.clear();
  stop_.request_stop();
  changed_.notify_all();
}

}  // namespace studio::engine
