#include "ui/bridge/unfinished_list.h"

#include <utility>

namespace studio::ui {

UnfinishedList::UnfinishedList(const engine::UnfinishedJobs& jobs, QObject* parent) : QObject(parent), jobs_(jobs) {
  worker_.setMaxThreadCount(1);
  look();
}

UnfinishedList::~UnfinishedList() { worker_.waitForDone(); }

/// Another studio may be at some of them; those that cannot be read are for the command line.
void UnfinishedList::look() {
  worker_.start([this] {
    std::vector<engine::UnfinishedJob> found = jobs_.list();
    std::erase_if(found, [](const engine::UnfinishedJob& job) { return job.running || !job.readable; });
    QMetaObject::invokeMethod(this, [this, found = std::move(found)]() mutable {
      found_ = std::move(found);
      Q_EMIT changed();
    });
  });
}

void UnfinishedList::add(const engine::UnfinishedJob& job) {
  found_.push_back(job);
  Q_EMIT changed();
}

void UnfinishedList::take(const std::string& id) {
  std::erase_if(found_, [&id](const engine::UnfinishedJob& job) { return job.id == id; });
  Q_EMIT changed();
}

void UnfinishedList::discard(const std::string& id) {
  worker_.start([this, id] {
    if (auto failed = jobs_.discard(id))
      QMetaObject::invokeMethod(this, [this, failed = std::move(*failed)] { Q_EMIT discardFailed(failed); });
  });
  take(id);
}

void UnfinishedList::postpone() {
  found_.clear();
  Q_EMIT changed();
}

}  // namespace studio::ui
