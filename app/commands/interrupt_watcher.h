#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace studio::app {

/// Turns "has somebody pressed Ctrl+C?" into a stop token, for work that blocks the calling thread.
class InterruptWatcher {
 public:
  explicit InterruptWatcher(std::function<bool()> interrupted);
  std::stop_token token() const { return work_.get_token(); }

 private:
  std::stop_source work_;
  std::jthread thread_;
};

}  // namespace studio::app
