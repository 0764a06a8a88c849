#pragma once

#include "engine/runtime/copy_engine.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace studio::engine {

/// Copies on a thread of its own; work is done by who calls, and has ended when its moment is recorded. All members are
/// to be called from that one thread, which waits in computeAfter while a copy is not there yet.
class ThreadCopyEngine final : public CopyEngine {
 public:
  /// Called on the copying thread; may throw, which computeAfter then does.
  using Copy = std::function<void(std::uint64_t source, std::int64_t offset, std::int64_t bytes)>;

  explicit ThreadCopyEngine(Copy copy);
  ~ThreadCopyEngine() override;
  ThreadCopyEngine(const ThreadCopyEngine&) = delete;
  ThreadCopyEngine& operator=(const ThreadCopyEngine&) = delete;

  void copyAfter(Event computed) override;
  void copy(std::uint64_t source, std::int64_t offset, std::int64_t bytes) override;
  Event recordCopied() override;
  void computeAfter(Event copied) override;
  Event recordComputed() override;
  void drain() noexcept override;

 private:
  struct Order {
    Event after = 0;  ///< of the compute stream
    std::uint64_t source = 0;
    std::int64_t offset = 0, bytes = 0;
  };
  void work();

  Copy copy_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Order> orders_;  ///< that have not begun
  Event after_ = 0;           ///< of the next order
  Event ordered_ = 0;         ///< copies that were asked for
  Event copied_ = 0;          ///< of them those that are over
  Event computed_ = 0;
  std::map<Event, std::exception_ptr> failures_;
  bool busy_ = false, closed_ = false;
  std::thread thread_;  ///< last: starts when all else is there
};

}  // namespace studio::engine
