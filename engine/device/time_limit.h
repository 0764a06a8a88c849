#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace studio::engine {

/// Starts work on a thread of its own that may be left behind: a driver that hangs cannot be stopped. False when too
/// many already run in this process, so that they cannot pile up. `work` must own all it uses.
bool startThread(std::function<void()> work);

/// Work that is waited for only so long. Its thread outlives this where it hangs, so it must own all it uses.
template <class Result>
class TimedWork {
 public:
  explicit TimedWork(std::function<Result()> work) {
    const auto task = std::make_shared<std::packaged_task<Result()>>(std::move(work));
    std::future<Result> result = task->get_future();
    if (startThread([task] { (*task)(); })) result_ = std::move(result);
  }

  /// Nothing where it is not done by then, or could not be started. To be asked once. Throws what the work throws.
  std::optional<Result> resultBy(std::chrono::steady_clock::time_point end) {
    if (!result_.valid() || result_.wait_until(end) != std::future_status::ready) return std::nullopt;
    return result_.get();
  }

 private:
  std::future<Result> result_;
};

}  // namespace studio::engine
