#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace studio::engine {

/// Carries out writes one after the other, in the order they were asked for, on a thread of its own, so that whoever
/// asks does not wait for a disk. All members are thread-safe. The destructor carries out what waits and joins.
class WriterThread {
 public:
  /// Must not throw.
  using Write = std::function<void()>;

  WriterThread();
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  void post(Write write);

  /// Takes the place of a write with this key (not 0) that still waits: only the newest counts.
  void postNewest(std::uint64_t key, Write write);

  /// Returns when all that was posted before is done.
  void flush();

 private:
  struct Waiting {
    std::uint64_t key = 0;
    Write write;
  };
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::uint64_t posted_ = 0;  ///< writes that were given a place in the line
  std::uint64_t done_ = 0;
  bool closed_ = false;
  std::thread thread_;  ///< last: starts when all else is there
};

}  // namespace studio::engine
