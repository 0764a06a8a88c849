#include "app/commands/interrupt_watcher.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace studio::app {
namespace {

constexpr std::chrono::milliseconds kInterval{50};

}  // namespace

InterruptWatcher::InterruptWatcher(std::function<bool()> interrupted)
    : thread_([this, interrupted = std::move(interrupted)](const std::stop_token& ending) {
        std::mutex mutex;
        std::condition_variable_any ended;
        std::unique_lock lock(mutex);
        while (!ending.stop_requested() && !interrupted()) {
          ended.wait_for(lock, ending, kInterval, [] { return false; });
        }
        if (!ending.stop_requested()) work_.request_stop();
      }) {}

}  // namespace studio::app
