#pragma once

#include <exception>
#include <stop_token>

namespace studio::engine {

/// Thrown inside the engine when its `stop_token` was asked to stop; its face turns it into JobCancelled.
/// Not an error: deliberately no EngineException.
class Cancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

/// The one way to look at a stop token.
inline void throwIfStopped(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Cancelled();
}

}  // namespace studio::engine
