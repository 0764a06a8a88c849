#include "engine/runtime/thread_copy_engine.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

ThreadCopyEngine::ThreadCopyEngine(Copy copy) : copy_(std::move(copy)), thread_([this] { work(); }) {}

ThreadCopyEngine::~ThreadCopyEngine() {
  drain();
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ThreadCopyEngine::copyAfter(Event computed) {
  const std::lock_guard lock(mutex_);
  after_ = std::max(after_, computed);
}

void ThreadCopyEngine::copy(std::uint64_t source, std::int64_t offset, std::int64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back({std::exchange(after_, 0), source, offset, bytes});
    ++ordered_;
  }
  changed_.notify_all();
}

CopyEngine::Event ThreadCopyEngine::recordCopied() {
  const std::lock_guard lock(mutex_);
  return ordered_;
}

void ThreadCopyEngine::computeAfter(Event copied) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return copied_ >= copied; });
  const auto failure = failures_.find(copied);
  if (failure == failures_.end()) return;
  const std::exception_ptr what = failure->second;
  failures_.erase(failure);
  std::rethrow_exception(what);
}

CopyEngine::Event ThreadCopyEngine::recordComputed() {
  Event now = 0;
  {
    const std::lock_guard lock(mutex_);
    now = ++computed_;
  }
  changed_.notify_all();
  return now;
}

void ThreadCopyEngine::drain() noexcept {
  std::unique_lock lock(mutex_);
  orders_.clear();
  failures_.clear();
  after_ = 0;
  changed_.wait(lock, [this] { return !busy_; });
  failures_.clear();
  copied_ = ordered_;
}

void ThreadCopyEngine::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closed_ || (!orders_.empty() && computed_ >= orders_.front().after); });
    if (closed_) return;
    const Order order = orders_.front();
    orders_.pop_front();
    const Event number = copied_ + 1;
    busy_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
      copy_(order.source, order.offset, order.bytes);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    busy_ = false;
    if (failure) failures_[number] = failure;
    copied_ = number;
    changed_.notify_all();
  }
}

}  // namespace studio::engine
