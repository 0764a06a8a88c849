#include "engine/runtime/writer_thread.h"

#include <algorithm>
#include <utility>

namespace studio::engine {

WriterThread::WriterThread() : thread_([this] { work(); }) {}

WriterThread::~WriterThread() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void WriterThread::post(Write write) { postNewest(0, std::move(write)); }

void WriterThread::postNewest(std::uint64_t key, Write write) {
  Write replaced;  // destroyed without the lock held
  const std::lock_guard lock(mutex_);
  const auto same = std::find_if(waiting_.begin(), waiting_.end(),
                                 [key](const Waiting& waiting) { return key != 0 && waiting.key == key; });
  if (same != waiting_.end()) {
    replaced = std::exchange(same->write, std::move(write));
    return;
  }
  waiting_.push_back({key, std::move(write)});
  ++posted_;
  changed_.notify_all();
}

void WriterThread::flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, until = posted_] { return done_ >= until; });
}

void WriterThread::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    next.write();
    next.write = {};  // what it holds goes before anybody learns that it is done
    lock.lock();
    ++done_;
    changed_.notify_all();
  }
}

}  // namespace studio::engine
