#include "engine/runtime/job_queue.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

JobId JobQueue::push(GenerationRequest request, OutputOptions output, EngineOptions options) {
  return push({{}, std::move(request), std::move(output), std::move(options), nullptr, {}, {}});
}

JobId JobQueue::push(Job job) {
  const std::lock_guard lock(mutex_);
  job.id = JobId{++lastId_};
  const JobId id = job.id;
  if (!closed_) waiting_.push_back(std::move(job));
  changed_.notify_one();
  return id;
}

JobId JobQueue::pushFirst(Job job) {
  const std::lock_guard lock(mutex_);
  job.id = JobId{++lastId_};
  const JobId id = job.id;
  if (closed_) return id;
  waiting_.push_front(std::move(job));
  if (running_ && runningIsKept_ && reason_ == Stop::NotAsked) stopRunning(Stop::GivesWay);
  changed_.notify_one();
  return id;
}

void JobQueue::putBack(Job job) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  waiting_.insert(waiting_.empty() ? waiting_.end() : waiting_.begin() + 1, std::move(job));
}

void JobQueue::stopRunning(Stop reason) {
  reason_ = reason;
  stop_.request_stop();
}

void JobQueue::pause(JobId job) {
  const std::lock_guard lock(mutex_);
  if (running_ == job && runningIsKept_ && reason_ == Stop::NotAsked) stopRunning(Stop::Paused);
}

JobQueue::Stop JobQueue::stopReason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

JobQueue::CancelResult JobQueue::cancel(JobId job) {
  const std::lock_guard lock(mutex_);
  if (running_ == job) {
    stopRunning(Stop::Cancelled);
    return CancelResult::IsRunning;
  }
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [job](const Job& other) { return other.id == job; });
  if (found == waiting_.end()) return CancelResult::NotFound;
  if (found->record != nullptr) found->record->end(JobEnd::Done);
  waiting_.erase(found);
  return CancelResult::WasWaiting;
}

std::optional<Job> JobQueue::take(const WhileWaiting& meanwhile, std::chrono::milliseconds every) {
  std::unique_lock lock(mutex_);
  running_.reset();
  const auto ready = [this] { return closed_ || !waiting_.empty(); };
  bool again = static_cast<bool>(meanwhile);
  while (again && !changed_.wait_for(lock, every, ready)) {
    lock.unlock();
    again = meanwhile();
    lock.lock();
  }
  changed_.wait(lock, ready);
  if (closed_) return std::nullopt;
  Job job = std::move(waiting_.front());
  waiting_.pop_front();
  running_ = job.id;
  runningIsKept_ = job.record != nullptr || !job.resumes.empty();
  reason_ = Stop::NotAsked;
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
  if (reason_ != Stop::Cancelled) reason_ = Stop::Closed;
  stop_.request_stop();
  changed_.notify_all();
}

}  // namespace studio::engine
