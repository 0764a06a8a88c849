#include "engine/device/time_limit.h"

#include <atomic>
#include <system_error>
#include <thread>

namespace studio::engine {
namespace {

constexpr int kMostThreads = 16;  // at work or left behind, all callers together

std::atomic<int> threads = 0;

}  // namespace

bool startThread(std::function<void()> work) {
  if (threads.fetch_add(1) >= kMostThreads) {
    --threads;
    return false;
  }
  try {
    std::thread([work = std::move(work)]() mutable {
      work();
      work = nullptr;
      --threads;
    }).detach();
  } catch (const std::system_error&) {
    --threads;
    return false;
  }
  return true;
}

}  // namespace studio::engine
