#include "ui/bridge/hash_search.h"

#include <chrono>
#include <utility>

namespace studio::ui {
namespace {

constexpr std::chrono::milliseconds kBetweenReports{120};

}  // namespace

HashSearch::HashSearch(const engine::Inspector& inspector, QObject* parent) : QObject(parent), inspector_(inspector) {
  worker_.setMaxThreadCount(1);
}

HashSearch::~HashSearch() {
  stop_.request_stop();
  worker_.clear();
  worker_.waitForDone();
}

void HashSearch::start(std::vector<engine::NeededFile> wanted, std::vector<std::filesystem::path> files) {
  stop_.request_stop();
  stop_ = std::stop_source();
  running_ = true;
  worker_.start([this, number = ++number_, wanted = std::move(wanted), files = std::move(files),
                 stop = stop_.get_token()]() mutable { search(number, std::move(wanted), files, stop); });
}

void HashSearch::stop() { stop_.request_stop(); }

/// On the worker's thread.
void HashSearch::search(int number, std::vector<engine::NeededFile> wanted,
                        const std::vector<std::filesystem::path>& files, const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point next{};
  const auto report = [&](engine::Bytes read, engine::Bytes of) {
    if (Clock::now() < next) return;
    next = Clock::now() + kBetweenReports;
    QMetaObject::invokeMethod(this, [this, number, read, of] {
      if (number == number_) Q_EMIT progressed(read.count, of.count);
    });
  };
  for (engine::NeededFile& file : wanted) {
    if (stop.stop_requested()) break;
    file.found = inspector_.findByHash(file.hash, files, stop, report);
    file.byHash = !file.found.empty();
  }
  QMetaObject::invokeMethod(this, [this, number, stopped = stop.stop_requested(), wanted = std::move(wanted)] {
    if (number != number_) return;
    running_ = false;
    Q_EMIT finished(wanted, stopped);
  });
}

}  // namespace studio::ui
